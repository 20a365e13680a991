"""The validation report: what it says, what it escapes, and that it is the same every time."""

from dataclasses import replace

import pyarrow as pa
import pytest
from lxml import html

from expectations import books, catalog, prices
from expectations.report import BooksLine, FileFacts, RefusalLine, ReportInput, render_report
from expectations.rules import Parameters, Rule
from expectations.verdict import Engine, Outcome, Verdict

HOSTILE = "<script>alert('x')</script>"
PARAMETERS = Parameters(is_full=True)
RULES = tuple(
    rule for module in (catalog, prices, books) for rule in module.suite(PARAMETERS).rules
)


def _outcome(rule: Rule, **broken: tuple[str, ...]) -> Outcome:
    keys = broken.get(rule.name, ())
    observed = 0.3 if rule.is_total else None
    return Outcome(rule, 1200, len(keys), not keys, keys, pa.array([], pa.int64()), observed)


def report_input(**broken: tuple[str, ...]) -> ReportInput:
    """A file with 2 refused prices and whatever rules the test breaks (name -> example keys)."""
    verdict = Verdict(
        Engine.GX,
        {"goods": 1200, "prices": 4800},
        tuple(_outcome(rule, **broken) for rule in RULES),
        1.234,
    )
    refusals = [
        RefusalLine(
            "prices",
            "a-17|retail|шт|0",
            "NUM_RANGE",
            "Предложение/Цены/Цена/ЦенаЗаЕдиницу",
            "-5",
            "цена меньше нуля",
            17,
            10_250,
            240,
        ),
        RefusalLine(
            "goods",
            HOSTILE,
            "FIELD_MISSING",
            "Товар/Наименование",
            "",
            "не заполнено обязательное поле «Товар/Наименование»",
            3,
            900,
            150,
        ),
    ]
    return ReportInput(
        FileFacts(
            "import0_1.xml",
            "ООО «Ромашка»",
            "ab" * 32,
            1_234_567,
            "22.11.2026 07:15",
            "2026-11-22T07:10:00",
            "commerceml",
            "2.07",
            "utf-8",
            "full",
        ),
        [BooksLine("goods", 1200, 1100, 99, 1), BooksLine("prices", 4800, 4700, 99, 1)],
        verdict,
        refusals,
        {"NUM_RANGE": 1, "FIELD_MISSING": 1},
        {"NUM_RANGE": "Значение вне допустимых пределов", "FIELD_MISSING": "Не заполнено поле"},
    )


def _text(given: ReportInput) -> str:
    return str(html.fromstring(render_report(given).decode()).xpath("string()"))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render_report(report_input()) == render_report(report_input())


def test_a_name_full_of_markup_stays_text() -> None:
    given = report_input()
    page = render_report(replace(given, file=replace(given.file, name=HOSTILE))).decode()

    assert html.fromstring(page).xpath("//script") == []
    assert HOSTILE in _text(given)


def test_the_report_needs_nothing_from_the_network() -> None:
    page = html.fromstring(render_report(report_input()).decode())

    assert page.xpath("//@src | //@href | //link") == []


def test_a_refused_record_is_shown_with_key_place_value_and_bytes() -> None:
    text = _text(report_input())

    for part in (
        "a-17|retail|шт|0",
        "Предложение/Цены/Цена/ЦенаЗаЕдиницу",
        "-5",
        "цена меньше нуля",
        "№ 17",
        "10\u00a0250–10\u00a0490",
    ):
        assert part in text


def test_the_books_show_whether_they_balance() -> None:
    given = report_input()
    wrong = replace(given, books=[BooksLine("goods", 10, 5, 4, 0)])

    assert "✗ нет" not in _text(given)
    assert "✗ нет" in _text(wrong)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_belief_is_written_down(rule: Rule) -> None:
    assert rule.believe in _text(report_input())


def test_a_warning_is_told_with_examples() -> None:
    text = _text(report_input(goods_barcode_digits=("a-1", "a-2")))

    assert "Принято, но стоит проверить" in text
    assert "a-1, a-2" in text


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({}, "Файл принят, но отклонено записей: 2"),
        ({"refused_by_cause": {}, "refusals": []}, "Файл принят полностью"),
        ({"verdict": None, "file_fault_ru": "файл обрезан"}, "Файл не принят"),
    ],
)
def test_the_answer_comes_first(changed: dict[str, object], title: str) -> None:
    page = html.fromstring(render_report(replace(report_input(), **changed)).decode())  # type: ignore[arg-type]

    assert title == page.xpath("string(//section[1]/strong)")


def test_a_stopped_file_says_why_in_russian() -> None:
    text = _text(report_input(books_mostly_good=("goods",)))

    assert "Файл не принят" in text
    assert "Отклонено 30% записей одного вида" in text


def test_a_long_list_is_cut_and_counted() -> None:
    given = report_input()
    many = [replace(given.refusals[0], record_no=n) for n in range(1, 81)]
    text = _text(replace(given, refusals=many, refused_by_cause={"NUM_RANGE": 1380}))

    assert "…и ещё 1\u00a0330" in text
