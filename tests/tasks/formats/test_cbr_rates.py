"""The Bank of Russia's daily rates: what is read, what is refused and where."""

from pathlib import Path

import pytest

from tasks.formats.cbr_rates import Rate, read_cbr_rates
from tasks.formats.sheets import SheetError

_SAMPLE = Path(__file__).parents[2] / "samples" / "cbr" / "XML_daily.xml"
_VALUTE = (
    "<Valute><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal>"
    "<Name>Доллар США</Name><Value>81,1234</Value></Valute>"
)


def _document(valute: str, day: str = "20.11.2026") -> bytes:
    return f'<ValCurs Date="{day}" name="x">{valute}</ValCurs>'.encode()


def test_a_document_gives_roubles_for_so_many_units() -> None:
    rates, refused = read_cbr_rates(_SAMPLE.read_bytes())

    assert [] == refused
    assert [
        ("AUD", "1", "52.441"),
        ("BYN", "1", "27.3305"),
        ("KZT", "100", "15.55"),
        ("USD", "1", "81.1234"),
        ("XDR", "1", "110.9876"),
        ("JPY", "100", "51.7004"),
    ] == [(rate.currency, rate.units, rate.rate) for rate in rates]
    assert Rate(4, "USD", "2026-11-20", "1", "81.1234", "ЦБ РФ") == rates[3]


@pytest.mark.parametrize(
    ("was", "now", "column", "value"),
    [
        ("USD", "US", "CharCode", "US"),
        ("USD", "EUR", "NumCode", "840"),  # number and code disagree
        ("840</NumCode><CharCode>USD", "643</NumCode><CharCode>RUB", "NumCode", "643"),
        ("<Nominal>1<", "<Nominal>12<", "Nominal", "12"),
        ("<Nominal>1<", "<Nominal><", "Nominal", ""),
        ("81,1234", "-81", "Value", "-81"),
        ("81,1234", "0", "Value", "0"),
        ("81,1234", "1,234.5", "Value", "1,234.5"),
        ("<Name>", "<Bid>80</Bid><Name>", "Valute/Bid", "80"),
    ],
)
def test_a_rate_that_cannot_stand_is_refused_alone(
    was: str, now: str, column: str, value: str
) -> None:
    assert was in _VALUTE

    rates, (refused,) = read_cbr_rates(_document(_VALUTE.replace(was, now) + _VALUTE))

    assert ["USD"] == [rate.currency for rate in rates]
    assert (1, column, value) == (refused.row_no, refused.column, refused.value)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"<ValCurs", "no XML"),
        (_document(_VALUTE, day="1 ноября"), "ValCurs with a Date"),
        (b'<Rates Date="20.11.2026"/>', "ValCurs with a Date"),
        (b'<!DOCTYPE ValCurs [<!ENTITY a "b">]>' + _document(_VALUTE), "DOCTYPE"),
        (b" " * 1_000_001, "more than 1000000"),
    ],
)
def test_what_is_no_document_of_rates_is_refused_whole(payload: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read_cbr_rates(payload)
