"""Currencies as 1C, the Bank and people spell them, and numbers of tax payers."""

import pytest

from tasks.formats.currencies import list_spellings, parse_currency
from tasks.formats.tax_ids import Country, is_tax_id
from tasks.formats.values import ValueFaultError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RUB", "RUB"),
        (" rub ", "RUB"),
        ("643", "RUB"),
        ("руб.", "RUB"),
        ("Руб", "RUB"),
        ("RUR", "RUB"),
        ("810", "RUB"),
        ("usd", "USD"),
        ("840", "USD"),
        ("036", "AUD"),
        ("BYN", "BYN"),
        ("", None),
    ],
)
def test_a_currency_is_known_by_all_its_spellings(text: str, code: str | None) -> None:
    assert code == parse_currency(text)


@pytest.mark.parametrize("text", ["у.е.", "$", "36", "ABC", "XX"])
def test_a_currency_that_nobody_knows_is_no_currency(text: str) -> None:
    with pytest.raises(ValueFaultError):
        parse_currency(text)


def test_exponents_are_those_of_the_standard_and_gold_is_no_money() -> None:
    exponents = {row["spelling"]: row["exponent"] for row in list_spellings()}

    assert {"RUB": 2, "JPY": 0, "KWD": 3, "РУБ.": 2} == {
        spelling: exponents[spelling] for spelling in ("RUB", "JPY", "KWD", "РУБ.")
    }
    assert "XAU" not in exponents


@pytest.mark.parametrize(
    ("country", "text", "is_so"),
    [
        (Country.RUSSIA, "7707083893", True),  # of a company
        (Country.RUSSIA, "500100732259", True),  # of a person
        (Country.RUSSIA, "7707083890", False),
        (Country.RUSSIA, "500100732258", False),
        (Country.RUSSIA, "77070838", False),
        (Country.RUSSIA, "770-708-3893", False),
        (Country.RUSSIA, "", False),
        (Country.BELARUS, "200988541", True),
        (Country.BELARUS, "200988542", False),
        (Country.BELARUS, "УНП 200988541", False),
        (Country.KAZAKHSTAN, "940740000911", True),
        (Country.KAZAKHSTAN, "940740000912", False),
        (Country.KAZAKHSTAN, "100140011059", True),
        (Country.KAZAKHSTAN, "7707083893", False),  # an INN is no BIN
        (Country.KAZAKHSTAN, "９４０７４００００９１１", False),
    ],
)
def test_a_tax_id_follows_the_rule_of_its_country(
    country: Country,
    text: str,
    is_so: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert is_so is is_tax_id(country, text)
