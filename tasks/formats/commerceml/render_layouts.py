"""In which order the elements of each record stand, and which column fills each.

The order is that of the standard (commerceml.md 1.4, 1.5), which all versions share; what a
version has beside the standard stands where its real files have it. `writing_unsaid` names what
a version cannot say.
"""

from typing import Final

from tasks.formats.commerceml.render_json import (
    cached,
    write_characteristics,
    write_choices,
    write_ids,
    write_packages,
    write_pictures,
    write_properties,
    write_requisites,
    write_taxes,
)
from tasks.formats.commerceml.render_nodes import (
    First,
    Kept,
    KeptRest,
    Leaf,
    Listed,
    Nest,
    Node,
    Text,
    Word,
    prune,
)
from tasks.model.datasets import Dataset

SINCE_LISTS: Final = "2.08"  # units, categories and what shops add were first seen in 2.08
SINCE_MARKS: Final = "2.09"  # НомерВерсии and ПометкаУдаления
_LAST_2: Final = "2.10"
_SPLIT: Final = "3.1"

_ID: Final = Leaf("Ид", "id")
_NAME: Final = Leaf("Наименование", "name")
_VERSION: Final = Leaf("НомерВерсии", "version", SINCE_MARKS)
_MARKS: Final[tuple[Node, ...]] = (_VERSION, Leaf("ПометкаУдаления", "is_deleted", SINCE_MARKS))
# A product has its deletion in an attribute that the standard knows; 3.1 has the mark only.
_STATUS: Final[tuple[Node, ...]] = (
    Word("@Статус", "is_deleted", {"true": "Удален", "false": "Изменен"}, until=_LAST_2),
    _ID,
    _VERSION,
    Leaf("ПометкаУдаления", "is_deleted", _SPLIT),
)
_REST: Final = KeptRest(SINCE_LISTS)

_UNIT: Final = Nest(
    "БазоваяЕдиница",
    (
        Leaf("@Код", "-unit_code"),
        Kept("БазоваяЕдиница/@МеждународноеСокращение"),
        Leaf("@НаименованиеКраткое", "-unit_short"),
        Text("-unit"),
        Listed("packages", cached(write_packages)),
    ),
)
_PRODUCER: Final = Nest(
    "Изготовитель",
    (
        Leaf("Ид", "manufacturer_id"),
        Leaf("Наименование", "manufacturer_name"),
        Kept("Изготовитель/ОфициальноеНаименование"),
    ),
)
_PROPERTIES: Final = Listed("properties", cached(write_properties))
_CHARACTERISTICS: Final = Listed("characteristics", cached(write_characteristics))
_REQUISITES: Final = Listed("requisites", cached(write_requisites))

_GOODS: Final = Nest(
    "Товар",
    (
        *_STATUS,
        Leaf("Штрихкод", "barcode"),
        Leaf("Артикул", "article"),
        _NAME,
        _UNIT,
        Kept("ИдТовараУКонтрагента"),
        Nest("Группы", (Listed("group_ids", cached(write_ids)),)),
        Leaf("Категория", "category_id", SINCE_LISTS),
        First((Kept("Описание"), Leaf("Описание", "description"))),
        Listed("pictures", cached(write_pictures)),
        Leaf("Страна", "country"),
        Leaf("ТорговаяМарка", "brand"),
        _PRODUCER,
        _PROPERTIES,
        Listed("taxes", cached(write_taxes)),
        Kept("Акцизы"),
        Kept("Комплектующие"),
        Kept("Аналоги"),
        _CHARACTERISTICS,
        _REQUISITES,
        Leaf("Вес", "weight_kg", _SPLIT),
        _REST,
    ),
)

# What only the product owns is kept in an offer and written where a product has it.
_OFFERS: Final = Nest(
    "Предложение",
    (
        *_STATUS,
        Leaf("Штрихкод", "barcode"),
        Leaf("Артикул", "article"),
        _NAME,
        _UNIT,
        *map(
            Kept,
            (
                "ИдТовараУКонтрагента", "Группы", "Описание", "Картинка", "Страна",
                "ТорговаяМарка", "Изготовитель",
            ),
        ),
        _PROPERTIES,
        *map(Kept, ("СтавкиНалогов", "Акцизы", "Комплектующие", "Аналоги")),
        _CHARACTERISTICS,
        _REQUISITES,
        _REST,
    ),
)  # fmt: skip

_TAX: Final[tuple[Node, ...]] = (
    Leaf("Наименование", "tax_name"),
    Leaf("УчтеноВСумме", "is_tax_included"),
)
_PRICES: Final = Nest(
    "Цена",
    (
        Leaf("Представление", "presentation"),
        Leaf("ИдТипаЦены", "price_type_id"),
        Leaf("ЦенаЗаЕдиницу", "amount"),
        Leaf("Валюта", "currency"),
        Leaf("Единица", "unit"),
        Leaf("Коэффициент", "coefficient"),
        Leaf("МинКоличество", "min_qty"),
        Kept("Цены/Цена/КоличествоДо", SINCE_LISTS),
        Kept("Цены/Цена/ИдКаталога"),
        Nest("Налог", (*_TAX, Kept("Цены/Цена/Налог/Акциз"), Kept("Цены/Цена/Налог/Ставка")),
             _SPLIT),
    ),
)  # fmt: skip

_GROUPS: Final = Nest(
    "Группа",
    (
        _ID,
        *_MARKS,
        _NAME,
        Leaf("ИдРодителя", "-orphan_parent_id", SINCE_MARKS),
        Kept("Описание"),
        _REST,
    ),
)
_PROPERTY: Final = Nest(
    "Свойство",
    (
        _ID,
        *_MARKS,
        _NAME,
        Leaf("Описание", "description"),
        Word("Обязательное", "is_required", {"true": "Для каталога"}, until=_LAST_2),
        Leaf("Обязательное", "is_required", _SPLIT),
        Leaf("Множественное", "is_multiple"),
        Word(
            "ТипЗначений",
            "value_type",
            {"text": "Строка", "number": "Число", "dictionary": "Справочник", "datetime": "Время"},
        ),
        Listed("choices", cached(write_choices)),
        Leaf("ДляТоваров", "for_goods"),
        Leaf("ДляПредложений", "for_offers"),
        Kept("ДляДокументов"),
        Leaf("Внешний", "is_external", SINCE_MARKS),
        _REST,
    ),
)
_CATEGORY: Final = Nest(
    "Категория",
    (_ID, *_MARKS, _NAME, Nest("Свойства", (Listed("property_ids", cached(write_ids)),)), _REST),
)
_UNITS: Final = Nest(
    "ЕдиницаИзмерения",
    (
        _ID,
        *_MARKS,
        Leaf("НаименованиеКраткое", "name"),
        Leaf("Код", "code"),
        Leaf("НаименованиеПолное", "full_name"),
        Leaf("МеждународноеСокращение", "international"),
        _REST,
    ),
)
_PRICE_TYPE: Final = Nest(
    "ТипЦены",
    (
        _ID,
        *_MARKS,
        _NAME,
        Leaf("Валюта", "currency"),
        Kept("Описание"),
        Nest("Налог", (*_TAX, Kept("Налог/Акциз"), Kept("Налог/Ставка", SINCE_LISTS))),
        _REST,
    ),
)
_WAREHOUSE: Final = Nest(
    "Склад",
    (
        _ID,
        *_MARKS,
        _NAME,
        Kept("Комментарий"),
        Nest(
            "Адрес",
            (
                Leaf("Представление", "address"),
                Kept("Адрес/Комментарий"),
                Kept("Адрес/АдресноеПоле"),
            ),
        ),
        Kept("Контакты"),
        _REST,
    ),
)

_ALL: Final[dict[Dataset, Nest]] = {
    Dataset.GROUPS: _GROUPS,
    Dataset.PROPERTIES: _PROPERTY,
    Dataset.CATEGORIES: _CATEGORY,
    Dataset.UNITS: _UNITS,
    Dataset.PRICE_TYPES: _PRICE_TYPE,
    Dataset.WAREHOUSES: _WAREHOUSE,
    Dataset.GOODS: _GOODS,
    Dataset.OFFERS: _OFFERS,
    Dataset.PRICES: _PRICES,
}


def make_layout(dataset: Dataset, version: str) -> Nest:
    """The layout of a dataset in one version."""
    return prune(_ALL[dataset], version)
