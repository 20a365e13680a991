"""What we believe of a catalog file: groups, properties, units, price types, goods, offers.

Duplicates, part numbers already taken and dangling references need the warehouse and are found
before this suite runs; a record they refused is not judged again. Lengths: `Ид` is an opaque
string of at most 80 characters (formats/commerceml.md 1.2); 1C cuts names to 250, others do not.
"""

from expectations.rules import Parameters, Rule, Severity, Suite, not_longer, present

_MAX_ID = 80
_MAX_NAME = 1000
_MAX_DESCRIPTION = 100_000

# The element of a record as the sender writes it; for places that people look up in their file.
_ELEMENTS = {
    "groups": "Группа",
    "properties": "Свойство",
    "categories": "Категория",
    "units": "ЕдиницаИзмерения",
    "price_types": "ТипЦены",
    "warehouses": "Склад",
    "goods": "Товар",
    "offers": "Предложение",
}

# Columns a partner's contract may promise, with their element's name.
_FIELDS = {
    "id": "Ид",
    "name": "Наименование",
    "full_name": "ПолноеНаименование",
    "article": "Артикул",
    "code": "Код",
    "barcode": "Штрихкод",
    "part_number": "PartNumber",
    "description": "Описание",
    "kind": "ВидНоменклатуры",
    "item_type": "ТипНоменклатуры",
    "unit_code": "БазоваяЕдиница",
    "unit_name": "БазоваяЕдиница",
    "pack_qty": "КоличествоВУпаковке",
    "weight_kg": "Вес",
    "volume_m3": "Объем",
    "group_ids": "Группы",
    "category_id": "Категория",
    "country": "Страна",
    "brand": "ТорговаяМарка",
    "manufacturer_name": "Изготовитель/Наименование",
    "manufacturer_id": "Изготовитель/Ид",
    "vat_rate": "СтавкиНалогов/СтавкаНалога/Ставка",
    "pictures": "Картинка",
    "parent_id": "Родитель",
    "currency": "Валюта",
    "address": "Адрес",
}

# What the rate of НДС looks like in real files: a number, with decimals, a percent sign, the
# calculated rate (20/120) or words. A rate outside is told, never guessed.
_RATES = (0, 5, 7, 10, 18, 20, 22)
VAT_RATES = (
    *(f"{rate}{tail}" for rate in _RATES for tail in ("", ".00", "%")),
    *(f"{rate}/{100 + rate}" for rate in _RATES if rate),
    "Без НДС",
    "без НДС",
    "Без налога",
    "НДС не облагается",
)

# Three letters of the currency's name in that 1C base, or its ISO number: RUB, грн, руб., 643.
# \A and \Z mean the same to Python and to PostgreSQL; ^ and $ do not. Groups must not capture.
CURRENCY = r"\A(?:[A-Za-z]{3}|[А-Яа-яЁё]{3}[.]?|[0-9]{3})\Z"


def suite(parameters: Parameters) -> Suite:
    """The rules for the catalog's datasets under this partner's parameters."""
    return Suite("catalog", (*_identity(), *_promised(parameters), *_GOODS, *_OFFERS, *_OTHERS))


def _identity() -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for dataset, element in _ELEMENTS.items():
        unless = ("is_bare", "is_deleted") if dataset == "offers" else ("is_deleted",)
        rules += [
            present(dataset, "id", f"{element}/Ид"),
            not_longer(dataset, "id", f"{element}/Ид", _MAX_ID),
            # A unit is known by its code; files name it short, in full or not at all.
            *(() if dataset == "units" else (_named(dataset, element, unless),)),
            not_longer(dataset, "name", f"{element}/Наименование", _MAX_NAME),
        ]
    return tuple(rules)


def _named(dataset: str, element: str, unless: tuple[str, ...]) -> Rule:
    return present(dataset, "name", f"{element}/Наименование", unless=unless)


def _promised(parameters: Parameters) -> tuple[Rule, ...]:
    return tuple(
        present(dataset, column, f"{_ELEMENTS[dataset]}/{_FIELDS[column]}", unless=("is_deleted",))
        for dataset, columns in parameters.required.items()
        for column in columns
        if dataset in _ELEMENTS and column not in ("id", "name")
    )


def _barcode(dataset: str) -> Rule:
    return Rule(
        f"{dataset}_barcode_digits",
        dataset,
        "A barcode has 8 to 14 digits.",
        "expect_column_values_to_match_regex",
        {"column": "barcode", "regex": r"\A[0-9]{8,14}\Z"},
        Severity.WARNING,
        place=f"{_ELEMENTS[dataset]}/Штрихкод",
        expected="8–14 цифр",
    )


def _measured(column: str, place: str, word: str) -> tuple[Rule, Rule]:
    return (
        Rule(
            f"goods_{column}_not_negative",
            "goods",
            f"The {word} of a product is zero or more.",
            "expect_column_values_to_be_between",
            {"column": column, "min_value": 0},
            cause="NUM_RANGE",
            place=place,
            expected="≥ 0",
        ),
        Rule(
            f"goods_{column}_not_zero",
            "goods",
            f"A product has a {word}; zero mostly means that nobody filled it in.",
            "expect_column_values_to_not_be_in_set",
            {"column": column, "value_set": [0]},
            Severity.WARNING,
            cause="NUM_RANGE",
            place=place,
            expected="≠ 0",
        ),
    )


_GOODS = (
    *_measured("weight_kg", "Товар/Вес", "weight"),
    *_measured("volume_m3", "Товар/Объем", "volume"),
    Rule(
        "goods_pack_qty_positive",
        "goods",
        "A package holds more than nothing.",
        "expect_column_values_to_be_between",
        {"column": "pack_qty", "min_value": 0, "strict_min": True},
        Severity.WARNING,
        cause="NUM_RANGE",
        place="Товар/КоличествоВУпаковке",
        expected="> 0",
    ),
    _barcode("goods"),
    Rule(
        "goods_vat_rate_known",
        "goods",
        "The VAT rate is one of those that exist.",
        "expect_column_values_to_be_in_set",
        {"column": "vat_rate", "value_set": list(VAT_RATES)},
        Severity.WARNING,
        place="Товар/СтавкиНалогов/СтавкаНалога/Ставка",
        expected="0 | 5 | 7 | 10 | 18 | 20 | 22 | Без НДС",
    ),
    Rule(
        "goods_choice_known",
        "goods",
        "The value of a dictionary property is one of its declared choices.",
        "expect_column_values_to_be_null",
        {"column": "unknown_choice"},
        Severity.WARNING,
        cause="REF_MISSING",
        place="Товар/ЗначенияСвойств/ЗначенияСвойства/Значение",
        expected="Свойство/ВариантыЗначений",
        unless=("is_deleted",),
    ),
    not_longer("goods", "description", "Товар/Описание", _MAX_DESCRIPTION, Severity.WARNING),
    Rule(
        "goods_mostly_grouped",
        "goods",
        "At least half of the goods stand in a group.",
        "expect_column_proportion_of_non_null_values_to_be_between",
        {"column": "first_group_id", "min_value": 0.5},
        Severity.WARNING,
        place="Товар/Группы/Ид",
        expected="≥ 0.5",
        unless=("is_deleted",),
    ),
)

_OFFERS = (_barcode("offers"),)

_OTHERS = (
    Rule(
        "price_types_currency_written",
        "price_types",
        "The currency of a price type is three letters or an ISO number.",
        "expect_column_values_to_match_regex",
        {"column": "currency", "regex": CURRENCY},
        Severity.WARNING,
        place="ТипЦены/Валюта",
        expected="RUB | руб | 643",
    ),
)
