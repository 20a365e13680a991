"""What a round brought about: fields changed at portals, how long it took, how both sides stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from blocks.store import Store
from blocks.warehouse import Row, Warehouse
from tasks.journal.latency import DAY_H, Latency, measure_latency
from tasks.journal.outcome import LINK_S

FIELDS: Final = ("prices", "stock")  # each of their records is one field at the portal


@dataclass(frozen=True, slots=True)
class Told:
    """Records of a kind that acknowledged packages of this round changed at a portal."""

    portal: str
    dataset: str
    records: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a portal stood to us when it was asked last: what differs, and what it had not heard."""

    portal: str
    verified_at: datetime
    our_records: int
    differing: int
    lagging: int
    is_equal: bool
    report: str  # where the report opens


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to say of a round beside the books."""

    told: Sequence[Told]
    latencies: Sequence[Latency]  # of this round
    day: Sequence[Latency]  # of the last day
    changed: Sequence[tuple[str, int, int]]  # of the last day: kind, received, changed here
    standings: Sequence[Standing]

    @property
    def fields(self) -> int:
        """How many prices and quantities changed at portals."""
        return sum(each.records for each in self.told if each.dataset in FIELDS)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as part of the run's result; latency in seconds, of this round."""
        return {
            "fields": self.fields,
            "latency_s": {
                each.portal: {"p50": each.p50_s, "p95": each.p95_s, "max": each.max_s}
                for each in self.latencies
            },
            "differing": sum(each.differing for each in self.standings),
            "lagging": sum(each.lagging for each in self.standings),
        }


def look(warehouse: Warehouse, store: Store, base: str, delivery_keys: Sequence[int]) -> Seen:
    """Look back at a round that sent these deliveries; `base` is "" for a round of all bases."""
    asked = {"base": base or None, "hours": DAY_H}
    with warehouse.transaction("select_round") as transaction:
        told = transaction.run("stock/count_told", delivery_keys=list(delivery_keys))
        changed = transaction.run("stock/count_changed", **asked)
        verified = transaction.run("stock/select_verified", **asked)
    return Seen(
        [Told(**row) for row in told],
        measure_latency(warehouse, base, delivery_keys=delivery_keys, hours=None),
        measure_latency(warehouse, base),
        [
            (row["dataset"], row["received"], row["accepted"])
            for row in changed
            if row["dataset"] in FIELDS
        ],
        [_standing(row, store) for row in verified],
    )


def _standing(row: Row, store: Store) -> Standing:
    kept = dict(row)
    report = store.presign(kept.pop("report_key"), LINK_S)
    return Standing(**kept, report=report)
