"""The rules of numbers, flags, dates and rates, as tables."""

from collections.abc import Callable

import pytest

from tasks.formats.values import (
    ValueFaultError,
    holds_html,
    parse_date,
    parse_decimal,
    parse_flag,
    parse_id,
    parse_rate,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("12.50", "12.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("100.00", "100"),
        ("000012", "12"),
        ("0.10", "0.1"),
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("+7", "7"),
        ("-3.25", "-3.25"),
        (" 8 ", "8"),
        ("1 234,50", "1234.5"),
        ("1\u00a0234,50", "1234.5"),
        ("1\u202f234\u202f567.89", "1234567.89"),
        ("12 345", "12345"),
        ("1 234,567", "1234.567"),
        ("0,234", "0.234"),
        ("1234,567", "1234.567"),
        ("1.234", "1.234"),
        ("999999999999999999", "999999999999999999"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_number_has_one_canonical_form(text: str, expected: str | None) -> None:
    assert expected == parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("NaN", "NUM_FORMAT"),
        ("Infinity", "NUM_FORMAT"),
        ("-inf", "NUM_FORMAT"),
        ("1e5", "NUM_FORMAT"),
        ("1E-3", "NUM_FORMAT"),
        ("1_000", "NUM_FORMAT"),
        ("٣", "NUM_FORMAT"),
        ("１２", "NUM_FORMAT"),
        ("12 руб.", "NUM_FORMAT"),
        ("--1", "NUM_FORMAT"),
        ("1-", "NUM_FORMAT"),
        (".5", "NUM_FORMAT"),
        ("5.", "NUM_FORMAT"),
        (".", "NUM_FORMAT"),
        ("12 34", "NUM_FORMAT"),
        ("1 2345", "NUM_FORMAT"),
        ("0x10", "NUM_FORMAT"),
        ("1,234", "NUM_AMBIGUOUS"),
        ("12,345", "NUM_AMBIGUOUS"),
        ("1.234,50", "NUM_AMBIGUOUS"),
        ("1,234.50", "NUM_AMBIGUOUS"),
        ("1,234,567", "NUM_AMBIGUOUS"),
        ("1.234.567", "NUM_AMBIGUOUS"),
        ("1234567890123456789", "NUM_RANGE"),
        ("0.1234567890123456789", "NUM_RANGE"),
    ],
)
def test_a_number_is_never_guessed(text: str, cause: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        parse_decimal(text)

    assert cause == caught.value.cause.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True), ("TRUE", True), ("1", True), ("Да", True), ("да", True), (" true ", True),
        ("false", False), ("False", False), ("0", False), ("Нет", False), ("", None), (" ", None),
    ],
)  # fmt: skip
def test_a_flag_is_read_in_all_its_forms(text: str, expected: object) -> None:
    assert expected is parse_flag(text)


@pytest.mark.parametrize("text", ["yes", "истина", "2", "-", "on", "t", "true;", "Да."])
def test_no_other_word_is_a_flag(text: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        parse_flag(text)

    assert caught.value.cause.name == "BOOL_FORMAT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("2026-11-22+03:00", "2026-11-22"),
        ("2026-11-22Z", "2026-11-22"),
        ("2026-11-22T10:20:30", "2026-11-22T10:20:30"),
        ("2026-11-22 10:20:30", "2026-11-22T10:20:30"),
        ("2026-11-22T0:36:33", "2026-11-22T00:36:33"),
        ("2026-11-22T10:20:30.950+03:00", "2026-11-22T10:20:30.950+03:00"),
        ("2026-11-22T10:20:30Z", "2026-11-22T10:20:30Z"),
        ("22.11.2026 1:02:03", "2026-11-22T01:02:03"),
        ("0001-01-01T00:00:00", None),
        ("0001-01-01", None),
        ("01.01.0001", None),
        ("0", None),
        ("T", None),
        ("", None),
    ],
)
def test_a_date_has_one_form_and_the_empty_date_of_1c_is_nothing(
    text: str, expected: str | None
) -> None:
    assert expected == parse_date(text)


@pytest.mark.parametrize(
    "text",
    ["2026-13-01", "2026-02-30", "31.02.2026", "20261122", "2026-W47-7", "22/11/2026",
     "2022-10-31UTC02:25:50", "2026-11-22T25:00:00", "завтра", "2026-11-22T", "٢٠٢٦-11-22"],
)  # fmt: skip
def test_no_other_text_is_a_date(text: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        parse_date(text)

    assert caught.value.cause.name == "DATE_FORMAT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20", "20"), ("18%", "18"), ("20.00", "20"), ("18 %", "18"), ("0", "0"), ("22", "22"),
        ("Без НДС", "Без НДС"), ("без ндс", "Без НДС"), ("Без налога", "Без НДС"),
        ("20/120", "20/120"), ("НДС 20", "НДС 20"), ("", None),
    ],
)  # fmt: skip
def test_a_tax_rate_stays_text_in_one_form(text: str, expected: str | None) -> None:
    assert expected == parse_rate(text)


def test_an_id_is_stripped_and_never_endless() -> None:
    assert parse_id(" 796 ") == "796"

    with pytest.raises(ValueFaultError) as caught:
        parse_id("x" * 256)

    assert caught.value.cause.name == "FIELD_TOO_LONG"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("<p>да</p>", True), ("a<br/>b", True), ("5 < 6 > 4", False), ("M<8", False), ("", False)],
)
def test_only_tags_are_markup(text: str, expected: object) -> None:
    assert expected is holds_html(text)


@pytest.mark.parametrize("parse", [parse_decimal, parse_flag, parse_date, parse_rate, parse_id])
def test_padding_alone_is_nothing(parse: Callable[[str], object]) -> None:
    assert parse(" \u00a0\n") is None
