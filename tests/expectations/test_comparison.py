"""The report of a verification: what it says of two sides, and that it says lag for lag."""

from dataclasses import replace

import pytest
from lxml import html

from expectations.comparison import ComparisonInput, DifferenceLine, SidesLine, render_comparison

_STOCK = SidesLine("stock", (1200, 1200), ("7", "7"), ("aa", "aa"), 0, 0)
_EQUAL = ComparisonInput("shop", "base", "2026-11-20 12:00:00 UTC", [_STOCK], [], 0, [], 0)
_LAG = DifferenceLine("stock", "a|w", "lag", "quantity", "7", "10")
_WRONG = DifferenceLine("prices", "<b>|retail||", "different", "amount", "5", None)


def _differing(differing: int = 0, lagging: int = 0) -> ComparisonInput:
    side = SidesLine("stock", (1200, 1200), ("7", "10"), ("aa", "bb"), differing, lagging)
    return replace(
        _EQUAL,
        sides=[side],
        differences=[_WRONG][:differing],
        differing=differing,
        lags=[_LAG][:lagging],
        lagging=lagging,
    )


_ANSWERS = {
    "equal": (_EQUAL, "Обе стороны совпадают", "✓ да"),
    "lag": (_differing(lagging=1), "Расхождений нет, отставание: 1", "отстаёт"),
    "different": (_differing(differing=1), "Есть расхождения: 1", "✗ нет"),
    "both": (_differing(differing=1, lagging=1), "Есть расхождения: 1", "✗ нет"),
}


@pytest.mark.parametrize("name", _ANSWERS)
def test_the_report_answers_first_and_marks_each_kind(name: str) -> None:
    given, answer, mark = _ANSWERS[name]

    page = html.fromstring(render_comparison(given).decode())

    assert [answer] == page.xpath("//section[1]/strong/text()")
    assert [mark] == page.xpath("//section[2]//span[contains(@class, 'mark')]/text()")


def test_what_lags_is_never_listed_among_the_differences() -> None:
    given = _differing(differing=1, lagging=1)

    page = html.fromstring(render_comparison(given).decode())

    lists = {
        section.findtext("h2"): [code.text for code in section.iter("code")]
        for section in list(page.iter("section"))[3:]
    }
    assert {"Расхождения: 1": ["<b>|retail||"], "Отставание: 1": ["a|w"]} == lists


def test_more_than_is_shown_is_said() -> None:
    given = replace(_differing(lagging=1), lagging=1500)

    page = render_comparison(given).decode()

    assert "…и ещё 1\u00a0499" in page


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render_comparison(_EQUAL) == render_comparison(_EQUAL)
