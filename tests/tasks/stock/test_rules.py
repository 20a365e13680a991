"""Policies as people write them: what may stand, what may not, and where it says so."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from tasks.formats.sheets import SheetError
from tasks.stock.rules import COLUMNS, judge_rules
from tasks.stock.tables import Table, read_table
from tests.tasks.stock.company import policy

_BASE = {"kind": "base", "price_type": "rub"}
_OFF = {"kind": "discount", "percent": "5"}


def _read(*rules: dict[str, str]) -> Table:
    table = read_table("policy.csv", policy(rules).encode(), COLUMNS)
    return table.without(judge_rules(table.lines))


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "member", "partner": "shop", "dealer_group": "gold"},
        {"kind": "участник", "partner": "shop", "dealer_group": "gold"},
        _BASE,
        {**_BASE, "dealer_group": "gold", "currency": "руб."},
        _OFF,
        {**_OFF, "percent": "-7,5 %"},  # a surcharge
        {**_OFF, "product_group": "g1", "vendor": "Acme", "min_qty": "10"},
        {
            "kind": "fixed",
            "partner": "shop",
            "offer": "p1",
            "amount": "1 000,50",
            "currency": "RUB",
        },
        {"kind": "rounding", "step": "0,5", "dealer_group": "gold"},
    ],
)
def test_a_rule_that_says_what_it_must_and_no_more_stands(rule: dict[str, str]) -> None:
    assert [] == _read(rule).refused


@pytest.mark.parametrize(
    ("rule", "column", "words"),
    [
        ({"kind": "подарок"}, "kind", "нарушено правило"),
        ({"percent": "5"}, "kind", "не заполнено"),
        ({"kind": "member", "partner": "shop"}, "dealer_group", "Не заполнено «группа дилеров»"),
        ({"kind": "base"}, "price_type", "Не заполнено «тип цен»"),
        ({"kind": "discount"}, "percent", "Не заполнено"),
        ({**_OFF, "percent": "101"}, "percent", "-1000 … 100"),
        ({**_OFF, "percent": "пять"}, "percent", "не число"),
        ({**_OFF, "percent": "1,234"}, "percent", "двояко"),
        ({**_OFF, "min_qty": "-1"}, "min_qty", "недопустимо"),
        ({**_OFF, "price_type": "rub"}, "price_type", "не может зависеть от «тип цен»"),
        ({**_BASE, "product": "p1"}, "product", "не может зависеть от «товар»"),
        ({**_OFF, "partner": "shop", "dealer_group": "gold"}, "dealer_group", "не то и другое"),
        ({**_OFF, "product": "p1", "offer": "p1"}, "offer", "Или группа товаров"),
        ({**_OFF, "product_group": "g1", "product": "p1"}, "product", "Или группа товаров"),
        ({**_OFF, "product": "p1", "vendor": "Acme"}, "vendor", "лишний"),
        ({"kind": "fixed", "amount": "5", "currency": "RUB"}, "offer", "товару или предложению"),
        ({"kind": "fixed", "offer": "p1", "amount": "5"}, "currency", "Не заполнено «валюта»"),
        ({"kind": "fixed", "offer": "p1", "amount": "5", "currency": "у.е."}, "currency", "ISO"),
        ({"kind": "rounding", "step": "0"}, "step", "недопустимо"),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused_with_its_place(
    rule: dict[str, str], column: str, words: str
) -> None:
    (refused,) = _read(rule).refused

    assert (2, column) == (refused.row_no, refused.column)
    assert words in refused.sentence_ru


@pytest.mark.parametrize(
    ("first", "second", "column", "value"),
    [
        (_BASE, {**_BASE, "price_type": "usd"}, "kind", "base"),
        (_OFF, {**_OFF, "percent": "6"}, "kind", "discount"),
        (_OFF, {**_OFF, "min_qty": "0"}, "min_qty", "0"),
        ({**_OFF, "vendor": "Acme"}, {**_OFF, "vendor": "ACME"}, "vendor", "ACME"),
        ({**_OFF, "min_qty": "10"}, {**_OFF, "min_qty": "10,0"}, "min_qty", "10"),
        (
            {"kind": "member", "partner": "shop", "dealer_group": "gold"},
            {"kind": "member", "partner": "shop", "dealer_group": "silver"},
            "partner",
            "shop",
        ),
    ],
)
def test_of_rules_that_tie_the_second_names_the_first(
    first: dict[str, str], second: dict[str, str], column: str, value: str
) -> None:
    (refused,) = _read(first, second).refused

    assert (3, column, value) == (refused.row_no, refused.column, refused.value)
    assert "строка 2" in refused.sentence_ru


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("вид;скидка %;от колличества", "'от колличества', which nobody knows"),
        ("скидка %;партнёр", "0 columns kind or вид"),
        ("вид;kind", "2 columns kind or вид"),
        ("", "empty"),
    ],
)
def test_a_heading_that_can_be_misunderstood_refuses_the_file(heading: str, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read_table("policy.csv", heading.encode(), COLUMNS)


def test_a_workbook_says_what_excel_shows() -> None:
    book, sink = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Вид", "Скидка, %", "От количества", "Примечание"])
    sheet.append(["скидка", 0.1 + 0.2, 10, datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)])
    book.save(sink)

    table = read_table("policy.xlsx", sink.getvalue(), COLUMNS)

    assert [("0.3", "10")] == [(line["percent"], line["min_qty"]) for line in table.lines]
