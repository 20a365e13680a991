"""What we believe of prices, stock and movements, wherever in a file they stand.

Amounts are exact decimals. A record without amount, price type or quantity cannot be kept and is
refused; zero is kept and told, because 1C also writes zero for "no price".
"""

from expectations.catalog import CURRENCY
from expectations.rules import NegativeStock, Parameters, Rule, Severity, Suite, present

_PRICE = "Предложение/Цены/Цена"
_LIMIT = 10**15
_MAX_SCALE = 4


def suite(parameters: Parameters) -> Suite:
    """The rules for prices and stock under this partner's parameters."""
    return Suite(
        "prices", (*_PRICES, *_STOCK, _not_negative(parameters.negative_stock), *_MOVEMENTS)
    )


def _not_negative(policy: NegativeStock) -> Rule:
    is_refused = policy is NegativeStock.REFUSE
    return Rule(
        "stock_quantity_not_negative",
        "stock",
        "A quantity in stock is zero or more.",
        "expect_column_values_to_be_between",
        {"column": "quantity", "min_value": 0},
        Severity.CRITICAL if is_refused else Severity.WARNING,
        cause="STOCK_NEGATIVE",
        place="Предложение/Остатки/Остаток/Количество",
        expected="≥ 0",
    )


_PRICES = (
    present("prices", "offer_id", "Предложение/Ид"),
    present("prices", "price_type_id", f"{_PRICE}/ИдТипаЦены"),
    present("prices", "amount", f"{_PRICE}/ЦенаЗаЕдиницу"),
    Rule(
        "prices_amount_in_range",
        "prices",
        "A price is zero or more and below 10^15.",
        "expect_column_values_to_be_between",
        {"column": "amount", "min_value": 0, "max_value": _LIMIT, "strict_max": True},
        cause="NUM_RANGE",
        place=f"{_PRICE}/ЦенаЗаЕдиницу",
        expected="≥ 0, < 10^15",
    ),
    Rule(
        "prices_amount_scale",
        "prices",
        f"A price has at most {_MAX_SCALE} decimals.",
        "expect_column_values_to_be_between",
        {"column": "amount_scale", "max_value": _MAX_SCALE},
        cause="NUM_RANGE",
        place=f"{_PRICE}/ЦенаЗаЕдиницу",
        expected="0.0001",
        shows="amount",
    ),
    Rule(
        "prices_amount_not_zero",
        "prices",
        "A price is more than zero.",
        "expect_column_values_to_not_be_in_set",
        {"column": "amount", "value_set": [0]},
        Severity.WARNING,
        cause="NUM_RANGE",
        place=f"{_PRICE}/ЦенаЗаЕдиницу",
        expected="> 0",
    ),
    Rule(
        "prices_currency_written",
        "prices",
        "The currency is three letters or an ISO number.",
        "expect_column_values_to_match_regex",
        {"column": "currency", "regex": CURRENCY},
        Severity.WARNING,
        place=f"{_PRICE}/Валюта",
        expected="RUB | руб | 643",
    ),
    Rule(
        "prices_coefficient_positive",
        "prices",
        "The unit of a price holds more than nothing.",
        "expect_column_values_to_be_between",
        {"column": "coefficient", "min_value": 0, "strict_min": True},
        Severity.WARNING,
        cause="NUM_RANGE",
        place=f"{_PRICE}/Коэффициент",
        expected="> 0",
    ),
)

_STOCK = (
    present("stock", "offer_id", "Предложение/Ид"),
    present("stock", "quantity", "Предложение/Остатки/Остаток/Количество"),
    Rule(
        "stock_quantity_in_range",
        "stock",
        "A quantity is below 10^15, whatever its sign.",
        "expect_column_values_to_be_between",
        {
            "column": "quantity",
            "min_value": -_LIMIT,
            "max_value": _LIMIT,
            "strict_min": True,
            "strict_max": True,
        },
        cause="NUM_RANGE",
        place="Предложение/Остатки/Остаток/Количество",
        expected="> -10^15, < 10^15",
    ),
)

_KINDS = ("opening", "receipt", "sale", "return", "transfer", "writeoff")
_MOVEMENTS = (
    *(
        present("movements", column, column)
        for column in ("offer_id", "warehouse_id", "kind", "document", "quantity", "moved_at")
    ),
    Rule(
        "movements_kind_known",
        "movements",
        "A movement is of a kind that we know how to add up.",
        "expect_column_values_to_be_in_set",
        {"column": "kind", "value_set": list(_KINDS)},
        cause="RULE_BROKEN",
        place="kind",
        expected=" | ".join(_KINDS),
    ),
    Rule(
        "movements_quantity_in_range",
        "movements",
        "A movement is of less than 10^15, whatever its sign.",
        "expect_column_values_to_be_between",
        {
            "column": "quantity",
            "min_value": -_LIMIT,
            "max_value": _LIMIT,
            "strict_min": True,
            "strict_max": True,
        },
        cause="NUM_RANGE",
        place="quantity",
        expected="> -10^15, < 10^15",
    ),
)
