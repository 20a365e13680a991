"""The validation report: one HTML file that an accountant and an engineer can both read.

It needs no network, no script and no clock: the same input gives the same bytes. Labels are
Russian; rule names, beliefs and codes stay as they stand in the suite.
"""

from collections.abc import Sequence
from itertools import groupby

from expectations.facts import BooksLine, FileFacts, RefusalLine, ReportInput
from expectations.pages import DATASETS_RU, page_template, spaced
from expectations.rules import Severity
from expectations.verdict import Outcome, Verdict

__all__ = ["BooksLine", "FileFacts", "RefusalLine", "ReportInput", "render_report"]

_LINES_MAX = 50  # of one cause: the report is read by people, the journal keeps all of them
_EXAMPLES_MAX = 5


def render_report(given: ReportInput) -> bytes:
    """Return the report as UTF-8 HTML."""
    outcomes = given.verdict.outcomes if given.verdict else ()
    told = [outcome for outcome in outcomes if _is_told(outcome)]
    return (
        page_template("report.html")
        .render(
            file=given.file,
            answer=_answer(given, told),
            facts=_facts(given.file),
            books=_books(given.books),
            refused=spaced(sum(given.refused_by_cause.values())),
            causes=_causes(given),
            told=[_told(outcome) for outcome in told],
            pictures=given.missing_pictures,
            missing=spaced(given.missing_count),
            rules=_rules(given.verdict),
            closing=_closing(given.verdict),
        )
        .encode()
    )


def _answer(given: ReportInput, told: Sequence[Outcome]) -> dict[str, str]:
    stops = given.verdict.stops if given.verdict else ()
    refused = sum(given.refused_by_cause.values())
    if given.file_fault_ru or stops:
        reason = given.file_fault_ru or "; ".join(_stop(outcome) for outcome in stops)
        return {
            "tone": "bad",
            "title": "Файл не принят",
            "explained": f"{reason}. Прежние данные не изменены.",
        }
    if refused:
        return {
            "tone": "told",
            "title": f"Файл принят, но отклонено записей: {spaced(refused)}",
            "explained": "Остальные записи приняты. Исправьте отклонённые в учётной системе и "
            "выгрузите их ещё раз: причины названы ниже.",
        }
    if told or given.missing_count:
        return {
            "tone": "good",
            "title": "Файл принят полностью",
            "explained": "Есть замечания: данные приняты, но стоит на них взглянуть.",
        }
    return {"tone": "good", "title": "Файл принят полностью", "explained": "Замечаний нет."}


def _stop(outcome: Outcome) -> str:
    if outcome.rule.name == "books_mostly_good" and outcome.observed is not None:
        share = f"{outcome.observed:.0%}"
        return f"Отклонено {share} записей одного вида: повреждён, скорее всего, сам файл"
    return f"{outcome.rule.believe} ({outcome.observed}, {outcome.rule.expected})"


def _facts(file: FileFacts) -> list[tuple[str, str]]:
    extents = {"full": "полная выгрузка", "changes": "только изменения"}
    facts = (
        ("Партнёр", file.partner),
        ("Получен", file.received_at),
        ("Сформирован", file.formed_at),
        ("Размер", f"{spaced(file.size)} байт"),
        ("Формат", " ".join(filter(None, (file.dialect, file.version)))),
        ("Кодировка", file.encoding),
        ("Состав", extents.get(file.extent or "", file.extent)),
        ("SHA-256", file.sha256),
    )
    return [(label, value or "не указано") for label, value in facts]


def _books(books: Sequence[BooksLine]) -> list[dict[str, object]]:
    total = BooksLine(
        "",
        *(
            sum(getattr(line, name) for line in books if line.dataset != "file")
            for name in ("received", "accepted", "unchanged", "refused")
        ),
    )
    lines = [*(line for line in books if line.dataset != "file"), total]
    return [
        {
            "title": DATASETS_RU.get(line.dataset, line.dataset) or "Всего",
            "is_total": line is total,
            "received": spaced(line.received),
            "accepted": spaced(line.accepted),
            "unchanged": spaced(line.unchanged),
            "refused": spaced(line.refused),
            "is_balanced": line.received == line.accepted + line.unchanged + line.refused,
        }
        for line in lines
    ]


def _causes(given: ReportInput) -> list[dict[str, object]]:
    ordered = sorted(given.refused_by_cause.items(), key=lambda item: (-item[1], item[0]))
    return [_cause(given, code, count) for code, count in ordered if count]


def _cause(given: ReportInput, code: str, count: int) -> dict[str, object]:
    lines = sorted(
        (line for line in given.refusals if line.cause == code),
        key=lambda line: (line.byte_offset, line.dataset, line.record_no),
    )[:_LINES_MAX]
    return {
        "code": code,
        "title": given.causes_ru.get(code, code),
        "count": spaced(count),
        "more": spaced(count - len(lines)) if count > len(lines) else "",
        "lines": [
            {
                "dataset": DATASETS_RU.get(line.dataset, line.dataset),
                "key": line.key,
                "sentence": line.sentence_ru,
                "place": line.place,
                "value": line.value,
                "record_no": line.record_no,
                "first_byte": spaced(line.byte_offset),
                "last_byte": spaced(line.byte_offset + line.byte_length),
            }
            for line in lines
        ],
    }


def _is_told(outcome: Outcome) -> bool:
    return not outcome.holds and outcome.rule.severity is Severity.WARNING


def _told(outcome: Outcome) -> dict[str, str]:
    keys = outcome.example_keys
    more = ", …" if len(keys) > _EXAMPLES_MAX else ""
    return {
        "title": f"{DATASETS_RU.get(outcome.rule.dataset, outcome.rule.dataset)}: "
        f"{outcome.rule.place} — ожидается {outcome.rule.expected}",
        "name": outcome.rule.name,
        "found": _found(outcome),
        "examples": ", ".join(keys[:_EXAMPLES_MAX]) + more,
    }


def _rules(verdict: Verdict | None) -> list[dict[str, object]]:
    if verdict is None:
        return []
    return [
        {
            "title": DATASETS_RU.get(dataset, dataset),
            "rows": spaced(verdict.rows[dataset]) if dataset in verdict.rows else "",
            "lines": [_rule(outcome) for outcome in outcomes],
        }
        for dataset, outcomes in groupby(verdict.outcomes, key=lambda outcome: outcome.rule.dataset)
    ]


def _rule(outcome: Outcome) -> dict[str, str]:
    rule = outcome.rule
    tone, mark = (
        ("good", "✓ верно")
        if outcome.holds
        else (
            ("told", "! замечание") if rule.severity is Severity.WARNING else ("bad", "✗ нарушено")
        )
    )
    return {
        "name": rule.name,
        "believe": rule.believe,
        "expectation": rule.expectation,
        "place": rule.place,
        "expected": rule.expected,
        "tone": tone,
        "mark": mark,
        "found": _found(outcome),
    }


def _found(outcome: Outcome) -> str:
    if outcome.rule.is_total:
        return "–" if outcome.observed is None else f"{outcome.observed:.4g}"
    return spaced(outcome.failed)


def _closing(verdict: Verdict | None) -> str:
    if verdict is None:
        return "Правила не применялись: файл не удалось прочитать."
    who = {"gx": "Great Expectations", "sql": "PostgreSQL"}[str(verdict.engine)]
    return f"Проверено: {who}, {verdict.seconds:.1f} с."
