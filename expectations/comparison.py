"""The report of a verification: what we hold, what the other side shows, and where they differ.

As the validation report it needs no network, no script and no clock. A lag is shown as lag.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from expectations.pages import DATASETS_RU, page_template, spaced

_KINDS = {
    "missing_at_target": "нет у получателя, хотя он подтвердил",
    "unknown_at_target": "есть у получателя, но ему не передавалось",
    "different": "значения различаются",
    "lag": "ещё не подтверждено получателем",
}
_FIELDS = {
    "": "",
    "amount": "цена",
    "article": "артикул",
    "gone": "удалено у нас",
    "name": "наименование",
    "quantity": "количество",
}


@dataclass(frozen=True, slots=True)
class SidesLine:
    """One kind of record: counts, sums and hashes, each as (ours, theirs)."""

    dataset: str
    records: tuple[int, int]
    totals: tuple[str | None, str | None]
    hashes: tuple[str, str]
    differing: int
    lagging: int


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One record on which both sides differ, or in which the other side lags."""

    dataset: str
    key: str
    kind: str
    field: str
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class ComparisonInput:
    """All that the report is made of; `differences` and `lags` may hold only the first ones."""

    portal: str
    base: str
    verified_at: str
    sides: Sequence[SidesLine]
    differences: Sequence[DifferenceLine]
    differing: int
    lags: Sequence[DifferenceLine]
    lagging: int


def render_comparison(given: ComparisonInput) -> bytes:
    """Return the report as UTF-8 HTML."""
    return (
        page_template("comparison.html")
        .render(
            portal=given.portal,
            base=given.base,
            verified_at=given.verified_at,
            answer=_answer(given),
            sides=[_side(line) for line in given.sides],
            lists=[
                _list("Расхождения", "bad", given.differences, given.differing),
                _list("Отставание", "told", given.lags, given.lagging),
            ],
        )
        .encode()
    )


def _answer(given: ComparisonInput) -> dict[str, str]:
    if given.differing:
        return {
            "tone": "bad",
            "title": f"Есть расхождения: {spaced(given.differing)}",
            "explained": "Получатель подтвердил одно, а показывает другое. Записи названы ниже.",
        }
    if given.lagging:
        return {
            "tone": "told",
            "title": f"Расхождений нет, отставание: {spaced(given.lagging)}",
            "explained": "Эти записи изменились у нас, получатель их ещё не подтвердил. Они уйдут "
            "со следующим пакетом, делать ничего не нужно.",
        }
    return {
        "tone": "good",
        "title": "Обе стороны совпадают",
        "explained": "Количества, суммы и контрольные суммы по всем видам записей равны.",
    }


def _side(line: SidesLine) -> dict[str, object]:
    ours, theirs = line.records
    is_equal = line.hashes[0] == line.hashes[1]
    if is_equal:
        mark = ("good", "✓ да")
    elif line.differing:
        mark = ("bad", "✗ нет")
    else:
        mark = ("told", "отстаёт")
    return {
        "title": DATASETS_RU.get(line.dataset, line.dataset),
        "ours": spaced(ours),
        "theirs": spaced(theirs),
        "our_total": line.totals[0] or "–",
        "their_total": line.totals[1] or "–",
        "our_hash": line.hashes[0] or "–",
        "their_hash": line.hashes[1] or "–",
        "differing": spaced(line.differing),
        "lagging": spaced(line.lagging),
        "tone": mark[0],
        "mark": mark[1],
    }


def _list(title: str, tone: str, lines: Sequence[DifferenceLine], count: int) -> dict[str, object]:
    return {
        "title": title,
        "tone": tone,
        "count": spaced(count),
        "more": spaced(count - len(lines)) if count > len(lines) else "",
        "lines": [
            {
                "dataset": DATASETS_RU.get(line.dataset, line.dataset),
                "key": line.key,
                "kind": _KINDS[line.kind],
                "field": _FIELDS.get(line.field, line.field),
                "ours": "–" if line.ours is None else line.ours,
                "theirs": "–" if line.theirs is None else line.theirs,
            }
            for line in lines
        ],
    }
