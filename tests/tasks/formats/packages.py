"""Hypothesis makes packages: every column of every dataset, with all that XML 1.0 can say."""

from typing import Any

from hypothesis import strategies as st

from tasks.model.datasets import SCHEMAS, Dataset
from tests.tasks.formats.writes import Tables, make_table

# All that XML 1.0 can say, with what it treats in its own way more often than chance would.
_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
_TEXTS = (
    st.text(st.one_of(st.sampled_from("аЯ<>&\"'\r\n\t]#|\\ ₽🙂"), _CHARACTERS), max_size=12)
    .map(str.strip)
    .filter(bool)
)
_IDS = st.text("аbZ0#-", min_size=1, max_size=6).filter(lambda text: text.strip("#") == text)
_NUMBERS = st.sampled_from(("0", "1", "-2.5", "12.000000000000000001", "999999999999999999"))
_FLAGS = st.booleans()
_RATES = st.sampled_from(("20", "22", "Без НДС", "10/110"))
_VALUES = st.lists(_TEXTS, max_size=3)
_LISTS: dict[str, st.SearchStrategy[Any]] = {
    "group_ids": st.lists(_IDS, min_size=1, max_size=3),
    "property_ids": st.lists(_IDS, min_size=1, max_size=3),
}


def _entries(**words: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    entry = st.fixed_dictionaries(words).filter(lambda entry: any(entry.values()))
    return st.lists(entry, min_size=1, max_size=3)


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


_NAMES = st.sampled_from(
    ("Полное наименование", "Код", "Вес", "Объём, м³", "PartNumber", "Страна", "ОписаниеФайла",
     "ОписаниеВФорматеHTML", "ВидНоменклатуры", "Цвет")
)  # fmt: skip
_REQUISITES = _entries(
    name=_some(_NAMES | _TEXTS),
    values=st.lists(_TEXTS | st.sampled_from(("5", "true")), max_size=2),
)
_LISTS |= {
    "packages": _entries(unit=_some(_TEXTS), coefficient=_some(_NUMBERS),
                         requisites=st.just([]) | _REQUISITES),
    "taxes": _entries(name=_some(st.just("НДС") | _TEXTS), rate=_some(_RATES)),
    "pictures": _entries(path=_IDS.map(lambda text: f"import_files/{text.replace('#', '-')}.jpg"),
                         caption=_some(_TEXTS)),
    "properties": _entries(id=_some(_IDS), values=_VALUES),
    "characteristics": _entries(id=_some(_IDS), name=_some(_TEXTS), value=_some(_TEXTS)),
    "requisites": _REQUISITES,
    "choices": _entries(id=_some(_IDS), value=_TEXTS),
}  # fmt: skip
_EXTRA = {
    Dataset.GROUPS: st.fixed_dictionaries({}, optional={"Описание": _TEXTS, "Картинка": _TEXTS}),
    Dataset.PROPERTIES: st.fixed_dictionaries({}, optional={"ДляДокументов": _TEXTS}),
    Dataset.PRICE_TYPES: st.fixed_dictionaries(
        {}, optional={"Описание": _TEXTS, "Налог/Акциз": _TEXTS}
    ),
    Dataset.WAREHOUSES: st.fixed_dictionaries(
        {}, optional={
            "Контакты": st.just({"Контакт": [{"Тип": "Почта", "Значение": "a"}, {"Тип": "Факс"}]}),
            "Адрес/АдресноеПоле": st.just([{"Тип": "Дом"}, {"Тип": "Дом"}]),
        },
    ),
    Dataset.GOODS: st.fixed_dictionaries(
        {}, optional={
            "Высота": _TEXTS, "БазоваяЕдиница/@МеждународноеСокращение": _TEXTS,
            "Изготовитель/ОфициальноеНаименование": _TEXTS, "ИдТовараУКонтрагента": _TEXTS,
            "Акцизы": st.just({"Акциз": {"Наименование": "а", "СуммаЗаЕдиницу": "1"}}),
        },
    ),
    Dataset.OFFERS: st.fixed_dictionaries(
        {}, optional={"Группы": st.just({"Ид": ["1", "2"]}), "Картинка": _TEXTS, "Ширина": _TEXTS}
    ),
    Dataset.PRICES: st.fixed_dictionaries(
        {}, optional={"Цены/Цена/ИдКаталога": _TEXTS, "Цены/Цена/КоличествоДо": _NUMBERS}
    ),
}  # fmt: skip
_WORDS = {
    "value_type": st.sampled_from(("text", "number", "dictionary", "datetime")),
    "vat_rate": _RATES,
    "amount": _NUMBERS, "coefficient": _NUMBERS, "min_qty": _NUMBERS, "quantity": _NUMBERS,
    "pack_qty": _NUMBERS, "weight_kg": _NUMBERS, "volume_m3": _NUMBERS,
    "category_id": _IDS, "manufacturer_id": _IDS, "price_type_id": _IDS, "warehouse_id": _IDS,
    "offer_id": _IDS,
}  # fmt: skip
_REQUIRED = {"id", "offer_id", "price_type_id", "amount", "quantity"}
_WRITTEN = [
    dataset
    for dataset in Dataset
    if dataset not in (Dataset.COUNTERPARTIES, Dataset.DOCUMENTS, Dataset.MOVEMENTS)
]
_PLACED = {"record_no", "byte_offset", "byte_length", "key", "digest"}


def _rows(dataset: Dataset) -> st.SearchStrategy[Any]:
    columns: dict[str, st.SearchStrategy[Any]] = {}
    values: st.SearchStrategy[Any]
    for field in SCHEMAS[dataset]:
        if field.name in _PLACED | {"parent_id"}:
            continue
        if field.name == "id":
            values = _IDS
        elif field.name == "extra":
            values = _EXTRA.get(dataset, st.none())
        elif str(field.type) == "bool":
            values = _FLAGS
        else:
            values = (_WORDS | _LISTS).get(field.name, _TEXTS)
        columns[field.name] = values if field.name in _REQUIRED else _some(values)
    return st.fixed_dictionaries(columns)


def _key(dataset: Dataset, row: dict[str, Any]) -> tuple[str, ...]:
    names = {
        Dataset.PRICES: ("offer_id", "price_type_id", "unit", "min_qty"),
        Dataset.STOCK: ("offer_id", "warehouse_id"),
    }.get(dataset, ("id",))
    return tuple(row[name] or "" for name in names)


_ROWS = {dataset: _rows(dataset) for dataset in _WRITTEN}


@st.composite
def draw_packages(draw: st.DrawFn) -> Tables:
    tables: Tables = {}
    for dataset in draw(st.sets(st.sampled_from(_WRITTEN), min_size=1)):
        rows = draw(st.lists(_ROWS[dataset], max_size=4))
        by_key = {_key(dataset, row): row for row in rows}
        tables[dataset] = make_table(dataset, *(by_key[key] for key in sorted(by_key)))
    return tables
