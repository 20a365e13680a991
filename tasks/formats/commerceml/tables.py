"""What every field of every record becomes: one table a dataset.

Columns that begin with a dash are gathered here and made into real columns by `records`. Fields
marked `KEEP` are real, have no column yet and stay under their Russian path in `extra`.
"""

from typing import Final

from tasks.formats.commerceml.kinds import Inline, Item, Leaf, Table, Texts
from tasks.formats.commerceml.lists import (
    APART,
    CATEGORIES,
    GROUPS,
    ID,
    KEEP,
    PRICE_TAX,
    PRICE_TYPES,
    PROPERTIES,
    STATUS,
    UNITS,
    VERSION,
    WAREHOUSES,
)
from tasks.formats.values import parse_date, parse_decimal, parse_id, parse_rate
from tasks.model.datasets import Dataset

_REQUISITE: Final = Item("requisites", {"Наименование": Leaf("name"), "Значение": Texts("values")})
_REQUISITES: Final = Inline({"ЗначениеРеквизита": _REQUISITE})

_PROPERTY_VALUES: Final = Inline(
    {
        "ЗначенияСвойства": Item(
            "properties",
            {
                "Ид": ID,
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
            "characteristics", {"Ид": ID, "Наименование": Leaf("name"), "Значение": Leaf("value")}
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
    "Ид": ID,
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
        "НаследуемыеШаблоны", "Производитель", "Спецификация", "СкидкиНаценки", "КодТовараНаСайте",
    ),
    KEEP,
)  # fmt: skip

GOODS: Final[Table] = {
    **_KEPT,
    **_IDENTITY,
    **VERSION,
    **STATUS,
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
    "ОсновнаяКартинка": Texts("-pictures"),
    **{
        f"{tag}{number}": Texts("-pictures")
        for tag in ("ДополнительнаяКартинка", "Картинка")
        for number in range(1, 21)
    },
}

# An offer is a product by the standard, so all of a product may stand in it; what only the
# product owns is kept and not merged.
OFFERS: Final[Table] = {
    **{tag: KEEP for tag in GOODS if tag not in _IDENTITY},
    **_IDENTITY,
    **VERSION,
    **STATUS,
    "ИдХарактеристики": Leaf("characteristic_id", parse_id),
    "КодЕдиницыИзмерения": Leaf("-unit_code"),
    "Предложение": APART,
    "Количество": APART,
    "Склад": APART,
    "Склады": APART,
    "Остатки": Inline({"Остаток": APART}),
    "КоличествоНаСкладах": Inline({"КоличествоНаСкладе": APART}),
}

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
    "Налог": PRICE_TAX,
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
COUNTERPARTIES: Final[Table] = {"Ид": ID, "Наименование": Leaf("name")}
DOCUMENTS: Final[Table] = {
    "Ид": ID,
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
