"""The outline of a file: what is a section, a heading, a record, and what is left alone.

Everything is matched by local name: namespaces and ВерсияСхемы of real files contradict each
other (commerceml.md 1.1). What stands in none of the tables is a fault of the whole file unless the
partner's own list names it, because a section that nobody reads is data that nobody gets.
"""

from dataclasses import dataclass, field

from tasks.model.datasets import Dataset

ROOT = "КоммерческаяИнформация"
READ_VERSIONS = "2.021, 2.03–2.10, 3.1"
# What Bitrix adds to the standard when it exports its own catalog (ВерсияСхемы 2.021) all begins
# so: in a record it is kept in `extra`, around records it is left alone.
VENDOR_PREFIX = "Битрикс"


@dataclass(frozen=True, slots=True)
class Section:
    """An element that holds sections, headings and records.

    `headings` maps a child or `@attribute` to the word under which its text is remembered.
    """

    path: str
    headings: dict[str, str] = field(default_factory=dict)
    sections: dict[str, "Section"] = field(default_factory=dict)
    records: dict[str, Dataset] = field(default_factory=dict)
    left_alone: frozenset[str] = frozenset()


_OWNER = "the owner's requisites and bank accounts are the sender's own business"
_TITLE = "the title of the whole, nobody reads it"
_FORMS = "how Bitrix writes numbers and dates; every value is read strictly by its own text anyway"
_SIGNED = "who signed; a catalog has no signatures in the books"
_BITRIX = "a setting of the sender's own Bitrix site"
_GUIDES = "references of other exchanges (mode=info, type=reference), not goods"

# Paths of sections that are met and not read, each with its reason.
LEFT_ALONE: dict[str, str] = {
    f"{ROOT}/@noNamespaceSchemaLocation": "where the sender keeps his schema",
    f"{ROOT}/@schemaLocation": "where the sender keeps his schema",
    f"{ROOT}/@СинхронизацияТоваров": "МойСклад's setting for its own module",
    f"{ROOT}/@ФорматДаты": _FORMS,
    f"{ROOT}/@ФорматВремени": _FORMS,
    f"{ROOT}/@РазделительДатаВремя": _FORMS,
    f"{ROOT}/@ФорматСуммы": _FORMS,
    f"{ROOT}/@ФорматКоличества": _FORMS,
    "Классификатор/Владелец": _OWNER,
    "Классификатор/Описание": _TITLE,
    "Классификатор/ИдКлассификатора": "repeats Ид",
    "Классификатор/Подписанты": _SIGNED,
    "Каталог/Владелец": _OWNER,
    "Каталог/Наименование": _TITLE,
    "Каталог/Описание": _TITLE,
    "Каталог/Подписанты": _SIGNED,
    "ПакетПредложений/Владелец": _OWNER,
    "ПакетПредложений/Наименование": _TITLE,
    "ПакетПредложений/Описание": _TITLE,
    "ПакетПредложений/Подписанты": _SIGNED,
    "ПакетПредложений/ЗначенияСвойств": "properties of the package, not of an offer",
    "ПакетПредложений/ТипыЦен/ИдКлассификатора": "repeats the package's own",
    "ИзмененияПакетаПредложений/Наименование": _TITLE,
    "ИзмененияПакетаПредложений/Владелец": _OWNER,
    "Классификатор/Наименование": _TITLE,
    "Классификатор/СвойстваЭлементов": _BITRIX,
    "Классификатор/СвойстваГрупп": _BITRIX,
    "Каталог/НаследуемыеШаблоны": _BITRIX,
    "НаборыТоваров": "which goods a Bitrix shop offers together; no goods of their own",
    "Контейнер/Ид": "the name of the envelope",
    "Справочник": _GUIDES,
    "ПользовательскиеСправочники": _GUIDES,
}


def _section(path: str, **parts: object) -> Section:
    mine = frozenset(
        left.removeprefix(f"{path}/") for left in LEFT_ALONE if left.startswith(f"{path}/")
    )
    return Section(path, left_alone=mine, **parts)  # type: ignore[arg-type]


def _list(path: str, tag: str, dataset: Dataset) -> Section:
    return _section(path, records={tag: dataset})


_EXTENT = "СодержитТолькоИзменения"
_PACKAGE_HEADINGS = {
    f"@{_EXTENT}": "extent",
    _EXTENT: "extent",
    "Ид": "package_id",
    "ИдКаталога": "catalog_id",
    "ИдКлассификатора": "classifier_id",
    "ДействительноС": "valid_from",
    "ДействительноПо": "valid_to",
    "ДействительноДо": "valid_to",
}


def _make_package(path: str) -> Section:
    return _section(
        path,
        headings=_PACKAGE_HEADINGS,
        sections={
            "ТипыЦен": _list(f"{path}/ТипыЦен", "ТипЦены", Dataset.PRICE_TYPES),
            "Склады": _list(f"{path}/Склады", "Склад", Dataset.WAREHOUSES),
            "Предложения": _list(f"{path}/Предложения", "Предложение", Dataset.OFFERS),
        },
    )


_CLASSIFIER = _section(
    "Классификатор",
    headings={f"@{_EXTENT}": "extent", _EXTENT: "extent", "Ид": "classifier_id"},
    sections={
        "Группы": _list("Классификатор/Группы", "Группа", Dataset.GROUPS),
        "Свойства": _section(
            "Классификатор/Свойства",
            # УТ 10.3 calls a property of goods by its longer name.
            records={"Свойство": Dataset.PROPERTIES, "СвойствоНоменклатуры": Dataset.PROPERTIES},
        ),
        "Категории": _list("Классификатор/Категории", "Категория", Dataset.CATEGORIES),
        "ТипыЦен": _list("Классификатор/ТипыЦен", "ТипЦены", Dataset.PRICE_TYPES),
        "Склады": _list("Классификатор/Склады", "Склад", Dataset.WAREHOUSES),
        "ЕдиницыИзмерения": _list(
            "Классификатор/ЕдиницыИзмерения", "ЕдиницаИзмерения", Dataset.UNITS
        ),
    },
)

_CATALOG = _section(
    "Каталог",
    headings={
        f"@{_EXTENT}": "extent",
        _EXTENT: "extent",
        "Ид": "catalog_id",
        "ИдКлассификатора": "classifier_id",
    },
    sections={"Товары": _list("Каталог/Товары", "Товар", Dataset.GOODS)},
)

OUTLINE = Section(
    ROOT,
    headings={"@ВерсияСхемы": "version", "@ДатаФормирования": "formed_at", "@Ид": "node"},
    sections={
        "Классификатор": _CLASSIFIER,
        "Каталог": _CATALOG,
        "ПакетПредложений": _make_package("ПакетПредложений"),
        "ИзмененияПакетаПредложений": _make_package("ИзмененияПакетаПредложений"),
        "Контрагенты": _section(
            "Контрагенты",
            headings={f"@{_EXTENT}": "extent"},
            records={"Контрагент": Dataset.COUNTERPARTIES},
        ),
        "Контейнер": _section("Контейнер", records={"Документ": Dataset.DOCUMENTS}),
    },
    records={"Документ": Dataset.DOCUMENTS},
    left_alone=frozenset(
        {path.removeprefix(f"{ROOT}/") for path in LEFT_ALONE if path.startswith(ROOT)}
        | {"Справочник", "ПользовательскиеСправочники", "НаборыТоваров"}
    ),
)
