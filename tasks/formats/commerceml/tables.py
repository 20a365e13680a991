"""What every field of every record becomes: one table a dataset.

Columns that begin with a dash are gathered here and made into real columns by `records`. Fields
marked `KEEP` are real, have no column yet and stay under their Russian path in `extra`.
"""

from typing import Final

from tasks.formats.commerceml.fields import Apart, Inline, Item, Keep, Leaf, Table, Texts
from tasks.formats.values import parse_date, parse_decimal, parse_flag, parse_id, parse_rate
from tasks.model.datasets import Dataset

KEEP: Final = Keep()
APART: Final = Apart()

_ID: Final = Leaf("id", parse_id)
_VERSION: Final[Table] = {
    "НомерВерсии": Leaf("version"),
    "ПометкаУдаления": Leaf("-marked", parse_flag),
}
_STATUS: Final[Table] = {"@Статус": Leaf("-status"), "Статус": Leaf("-status")}

_REQUISITE: Final = Item("requisites", {"Наименование": Leaf("name"), "Значение": Texts("values")})
_REQUISITES: Final = Inline({"ЗначениеРеквизита": _REQUISITE})

_PROPERTY_VALUES: Final = Inline(
    {
        "ЗначенияСвойства": Item(
            "properties",
            {
                "Ид": _ID,
                "Наименование": Leaf("name", is_rare=True),
                "Значение": Texts("values"),
                # Bitrix: how the value is marked up, and the value once more with a remark.
                "Тип": Leaf("type", is_rare=True),
                "ЗначениеСвойства": KEEP,
            },
        )
    }
)

_CHARACTERISTICS: Final = Inline(
    {
        "ХарактеристикаТовара": Item(
            "characteristics", {"Ид": _ID, "Наименование": Leaf("name"), "Значение": Leaf("value")}
        )
    }
)

_UNIT: Final = Inline(
    {
        ".": Leaf("-unit"),
        "@Код": Leaf("-unit_code"),
        "@НаименованиеПолное": Leaf("-unit_full"),
        "@НаименованиеКраткое": Leaf("-unit_short"),
        "@МеждународноеСокращение": KEEP,
        "Пересчет": Item(
            "packages",
            {
                "Единица": Leaf("unit"),
                "Коэффициент": Leaf("coefficient", parse_decimal),
                "ДополнительныеДанные": _REQUISITES,
            },
        ),
    }
)

_IDENTITY: Final[Table] = {
    "Ид": _ID,
    "Наименование": Leaf("name"),
    "Артикул": Leaf("article"),
    "Штрихкод": Leaf("barcode"),
    "ШтрихКод": Leaf("barcode"),
    "БазоваяЕдиница": _UNIT,
    "ХарактеристикиТовара": _CHARACTERISTICS,
    "ЗначенияСвойств": _PROPERTY_VALUES,
    "ЗначенияРеквизитов": _REQUISITES,
    "ЗначениеРеквизита": _REQUISITE,  # УТ 10.3 writes the HTML description beside the list
    "Цены": Inline({"Цена": APART}),
}

# Measures of a parcel and rare lists of the standard: real, asked for by nobody yet.
_KEPT: Final[Table] = dict.fromkeys(
    (
        "Высота", "Длина", "Ширина", "КодГруппыТоваров", "ИдКлассификатора", "ИдКаталога",
        "ИдТовараУКонтрагента", "Комплектующие", "Аналоги", "Акцизы", "ДополнительноеОписание",
        "Модель", "Марки", "Взаимозаменяемости", "Комментарий", "ВидимостьТовара",
        "НаследуемыеШаблоны",
    ),
    KEEP,
)  # fmt: skip

GOODS: Final[Table] = {
    **_KEPT,
    **_IDENTITY,
    **_VERSION,
    **_STATUS,
    "ПолноеНаименование": Leaf("full_name"),
    "Код": Leaf("code"),
    "Описание": Leaf("description"),
    "Вес": Leaf("weight_kg", parse_decimal),
    "Объем": Leaf("volume_m3", parse_decimal),
    "Группы": Inline({"Ид": Texts("group_ids")}),
    "Категория": Leaf("category_id", parse_id),
    "Страна": Leaf("country"),
    "ТорговаяМарка": Leaf("brand"),
    "Изготовитель": Inline(
        {
            "Ид": Leaf("manufacturer_id", parse_id),
            "Наименование": Leaf("manufacturer_name"),
            "ОфициальноеНаименование": KEEP,
        }
    ),
    "СтавкиНалогов": Inline(
        {
            "СтавкаНалога": Item(
                "taxes", {"Наименование": Leaf("name"), "Ставка": Leaf("rate", parse_rate)}
            )
        }
    ),
    "Количество": APART,
    "Картинка": Texts("-pictures"),
    **{f"ДополнительнаяКартинка{number}": Texts("-pictures") for number in range(1, 21)},
}

# An offer is a product by the standard, so all of a product may stand in it; what only the
# product owns is kept and not merged.
OFFERS: Final[Table] = {
    **{tag: KEEP for tag in GOODS if tag not in _IDENTITY},
    **_IDENTITY,
    **_VERSION,
    **_STATUS,
    "ИдХарактеристики": Leaf("characteristic_id", parse_id),
    "КодЕдиницыИзмерения": Leaf("-unit_code"),
    "Предложение": APART,
    "Количество": APART,
    "Склад": APART,
    "Склады": APART,
    "Остатки": Inline({"Остаток": APART}),
    "КоличествоНаСкладах": Inline({"КоличествоНаСкладе": APART}),
}

_PRICE_TAX: Final = Inline(
    {
        "Наименование": Leaf("tax_name"),
        "УчтеноВСумме": Leaf("is_tax_included", parse_flag),
        "Акциз": KEEP,
        "Ставка": KEEP,
    }
)

PRICES: Final[Table] = {
    "Представление": Leaf("presentation"),
    "ИдТипаЦены": Leaf("price_type_id", parse_id),
    "ЦенаЗаЕдиницу": Leaf("amount", parse_decimal),
    "Валюта": Leaf("currency"),
    "Единица": Leaf("unit"),
    "Коэффициент": Leaf("coefficient", parse_decimal),
    "МинКоличество": Leaf("min_qty", parse_decimal),
    "КоличествоОт": Leaf("min_qty", parse_decimal),  # Bitrix: the range that the price holds for
    "КоличествоДо": KEEP,
    "ИдКаталога": KEEP,
    "Налог": _PRICE_TAX,
}

GROUPS: Final[Table] = {
    "Ид": _ID,
    "ИдРодителя": Leaf("parent_id", parse_id),
    "Наименование": Leaf("name"),
    "Группы": Inline({}),  # the groups inside are records of their own, cut out by framing
    "Описание": KEEP,
    "Картинка": KEEP,
    "Свойства": KEEP,
    "ЗначенияСвойств": KEEP,
    "НаследуемыеШаблоны": KEEP,
    **_VERSION,
    **_STATUS,
}

_CHOICE_WORDS: Final[Table] = {
    "Значение": Leaf("value"),
    "ПоУмолчанию": Leaf("is_default", parse_flag, is_rare=True),
    "Сортировка": Leaf("sort", is_rare=True),
}
_CHOICES: Final[Table] = {
    "Справочник": Item(
        "choices", {"ИдЗначения": _ID, "Ид": Leaf("own_id", is_rare=True), **_CHOICE_WORDS}
    ),
    # Bitrix writes every choice twice: as a plain value and, after it, as a variant with its id.
    "Вариант": Item("choices", {"Ид": _ID, **_CHOICE_WORDS}),
    "Значение": Texts("-choices"),
}

PROPERTIES: Final[Table] = {
    "Ид": _ID,
    "Наименование": Leaf("name"),
    "Описание": Leaf("description"),
    "ТипЗначений": Leaf("-type"),
    "ВариантыЗначений": Inline({**_CHOICES, "ВариантыЗначений": Inline(_CHOICES)}),
    "Обязательное": Leaf("-required"),
    "Множественное": Leaf("is_multiple", parse_flag),
    "ДляТоваров": Leaf("for_goods", parse_flag),
    "ДляПредложений": Leaf("for_offers", parse_flag),
    "ДляДокументов": KEEP,
    "Внешний": Leaf("is_external", parse_flag),
    "Информационное": KEEP,
    "ЭтоФильтр": KEEP,
    "Сериализовано": KEEP,
    "Сортировка": KEEP,
    **_VERSION,
}

CATEGORIES: Final[Table] = {
    "Ид": _ID,
    "Наименование": Leaf("name"),
    "Свойства": Inline(
        {"Ид": Texts("property_ids"), "Свойство": Inline({"Ид": Texts("property_ids")})}
    ),
    **_VERSION,
}

UNITS: Final[Table] = {
    "Ид": _ID,
    "Код": Leaf("code"),
    "НаименованиеКраткое": Leaf("name"),
    "НаименованиеПолное": Leaf("full_name"),
    "МеждународноеСокращение": Leaf("international"),
    **_VERSION,
}

PRICE_TYPES: Final[Table] = {
    "Ид": _ID,
    "Наименование": Leaf("name"),
    "Валюта": Leaf("currency"),
    "Описание": KEEP,
    "Налог": _PRICE_TAX,
    **_VERSION,
}

WAREHOUSES: Final[Table] = {
    "Ид": _ID,
    "Наименование": Leaf("name"),
    "Комментарий": KEEP,
    "Адрес": Inline({"Представление": Leaf("address"), "Комментарий": KEEP, "АдресноеПоле": KEEP}),
    "Контакты": KEEP,
    **_VERSION,
}

_QUANTITY: Final = Leaf("quantity", parse_decimal)
_WAREHOUSE: Final = Leaf("warehouse_id", parse_id)

# The five shapes of stock (commerceml.md 1.5), by the tag of the element that holds one figure.
STOCK_TOTAL: Final[Table] = {".": _QUANTITY, "Количество": _QUANTITY}
STOCK_REST: Final[Table] = {**STOCK_TOTAL, "Склад": APART}
STOCK_IN_WAREHOUSE: Final[Table] = {
    "@ИдСклада": _WAREHOUSE,
    "@КоличествоНаСкладе": _QUANTITY,
    "ИдСклада": _WAREHOUSE,
    "Ид": _WAREHOUSE,
    "Количество": _QUANTITY,
}

# Of these the catalog reads a few words; the body is kept whole.
COUNTERPARTIES: Final[Table] = {"Ид": _ID, "Наименование": Leaf("name")}
DOCUMENTS: Final[Table] = {
    "Ид": _ID,
    "Номер": Leaf("number", parse_id),
    "Дата": Leaf("date", parse_date),
    "ХозОперация": Leaf("operation"),
}

TABLES: Final[dict[Dataset, Table]] = {
    Dataset.GROUPS: GROUPS,
    Dataset.PROPERTIES: PROPERTIES,
    Dataset.CATEGORIES: CATEGORIES,
    Dataset.UNITS: UNITS,
    Dataset.PRICE_TYPES: PRICE_TYPES,
    Dataset.WAREHOUSES: WAREHOUSES,
    Dataset.GOODS: GOODS,
    Dataset.OFFERS: OFFERS,
    Dataset.PRICES: PRICES,
    Dataset.COUNTERPARTIES: COUNTERPARTIES,
    Dataset.DOCUMENTS: DOCUMENTS,
}
