"""How long a change takes: from 1C's `import` to the portal's acknowledgement, by portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blocks.warehouse import Warehouse
from tasks.journal.summary import markdown_table

DAY_H = 24


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one portal, in seconds; null where nothing was acknowledged, or where nothing waits."""

    portal: str
    messages: int
    p50_s: float | None
    p95_s: float | None
    max_s: float | None
    waiting: int  # messages of which the portal has not heard yet: its lag
    waiting_s: float | None  # the oldest of them


def measure_latency(
    warehouse: Warehouse,
    base: str = "",
    *,
    delivery_keys: Sequence[int] | None = None,
    hours: int | None = DAY_H,
) -> list[Latency]:
    """Measure over the messages of these deliveries, or of the last hours; of one base, or all."""
    asked: dict[str, Any] = {"base": base or None, "hours": hours, "delivery_keys": None}
    if delivery_keys is not None:
        asked["delivery_keys"] = list(delivery_keys)
    with warehouse.transaction("select_latency") as transaction:
        rows = transaction.run("select_latency", **asked)
    return [Latency(**{name: _plain(value) for name, value in row.items()}) for row in rows]


def latency_table(latencies: Sequence[Latency]) -> str:
    """Return latencies as a Markdown table; nothing when there are none."""
    if not latencies:
        return ""
    head = ["portal", "messages", "p50, s", "p95, s", "longest, s", "not heard of yet", "since, s"]
    rows = [
        [
            each.portal,
            each.messages,
            *(_said(value) for value in (each.p50_s, each.p95_s, each.max_s)),
            each.waiting,
            _said(each.waiting_s),
        ]
        for each in latencies
    ]
    return markdown_table(head, rows)


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a column holds
    return value if value is None or isinstance(value, int | str) else float(value)


def _said(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
