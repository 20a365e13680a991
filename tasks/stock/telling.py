"""What a round of stock and prices tells people, in the shape of every run's artifact."""

from collections.abc import Sequence

from tasks.journal.latency import Latency, latency_table
from tasks.journal.summary import Summary, count_of, markdown_table
from tasks.model.messages import Closed
from tasks.stock.looking import FIELDS, Seen

EXCHANGE = "stock"


def summarise(closed: Sequence[Closed], seen: Seen, told: Summary, faults: str) -> Summary:
    """Return the run's artifact and figures; `told` says what the publication sent."""
    taken = Summary(EXCHANGE, closed)
    parts = [
        faults,
        _fields(seen),
        _latency("Latency of this run, from 1C's import to the acknowledgement", seen.latencies),
        _standings(seen),
        told.note,
        _day(seen),
    ]
    return Summary(
        EXCHANGE,
        closed,
        came_by="catalog",
        title=_headline(taken, seen, told),
        note="\n\n".join(filter(None, parts)),
        sent=told.sent,
        delivered=told.delivered,
        in_doubt=told.in_doubt,
    )


def _headline(taken: Summary, seen: Seen, told: Summary) -> str:
    if not taken.closed and not told.sent:
        return f"{EXCHANGE}: nothing was waiting{_differing(seen)}"
    prices, quantities = (_accepted(taken, kind) for kind in FIELDS)
    balance = "the books balance" if taken.is_balanced else "THE BOOKS DO NOT BALANCE"
    return (
        f"{EXCHANGE}: {count_of(prices, 'price')} and "
        f"{quantities} {'quantity' if quantities == 1 else 'quantities'} changed, "
        f"{count_of(seen.fields, 'field')} told, {balance}{_differing(seen)}"
    )


def _differing(seen: Seen) -> str:
    differing = sum(each.differing for each in seen.standings)
    return f", {count_of(differing, 'DIFFERENCE')}" if differing else ""


def _accepted(taken: Summary, kind: str) -> int:
    return sum(
        entry.accepted for each in taken.closed for entry in each.books if entry.dataset == kind
    )


def _fields(seen: Seen) -> str:
    if not seen.told:
        return ""
    rows = [[each.portal, each.dataset, each.records] for each in seen.told]
    return f"## Changed at portals\n\n{markdown_table(['portal', 'kind', 'records'], rows)}"


def _latency(title: str, latencies: Sequence[Latency]) -> str:
    table = latency_table(latencies)
    return f"## {title}\n\n{table}" if table else ""


def _standings(seen: Seen) -> str:
    """Say how both sides stand; a lag has its own column, for it is no difference."""
    if not seen.standings:
        return ""
    rows = [
        [
            each.portal,
            f"[{each.verified_at:%F %T %Z}]({each.report})",
            each.our_records,
            each.differing,
            each.lagging,
            "yes" if each.is_equal else "no",
        ]
        for each in seen.standings
    ]
    head = ["portal", "asked, with its report", "our records", "differ", "lag", "equal hashes"]
    return f"## Both sides, as asked last\n\n{markdown_table(head, rows)}"


def _day(seen: Seen) -> str:
    lines = [
        f"* {kind}: {received} received, {changed} changed"
        for kind, received, changed in seen.changed
    ]
    parts = ["\n".join(lines), latency_table(seen.day)]
    said = "\n\n".join(filter(None, parts))
    return f"## The last 24 hours\n\n{said}" if said else ""
