"""Tracing past the warehouse: from a portal's value to 1C's bytes, from 1C's record to portals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.operate.reckoned import Reckoned, find_reckoned
from tasks.operate.tracing import WRITERS, Cell, NotTraceableError, Trace, link_to, trace_writers

DATASETS: Final = {
    "product": "goods",
    "product_group": "groups",
    "property": "properties",
    "category": "categories",
    "unit": "units",
    "offer": "offers",
    "price": "prices",
    "stock": "stock",
    "stock_movement": "movements",
    "price_type": "price_types",
    "warehouse": "warehouses",
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """A delivery that told a portal of a record."""

    portal: str
    delivery_key: int
    state: str
    effect: str
    file_name: str
    message_key: int | None
    planned_at: datetime
    ended_at: datetime | None

    def __str__(self) -> str:
        when = f"{self.ended_at:%F %T}" if self.ended_at else "not yet"
        return (
            f"**{self.portal}**: {self.effect} in delivery {self.delivery_key} "
            f"({self.file_name or 'no file'}, message {self.message_key}), {self.state}, {when}"
        )


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """A value as a portal was told it, and where our source told it to us."""

    portal: str
    delivery_key: int
    effect: str
    told: Trace
    came_from: Trace | None  # None: what we made ourselves, such as a customer's own groups
    reckoned: Reckoned | None = None  # of a price that was computed: what made it

    def as_json(self) -> dict[str, Any]:
        """Return all of it as the run's result."""
        return asdict(self)

    def as_markdown(self, store: Store) -> str:
        """Return all of it as the run's artifact: the portal's file, then the source's."""
        told = (
            f"Delivery {self.delivery_key} told **{self.portal}** of it ({self.effect}).\n\n"
            f"{self.told.as_markdown(link_to(self.told, store))}"
        )
        if self.reckoned:
            told = f"{told}\n\n{self.reckoned.as_markdown(store)}"
        if self.came_from is None:
            return f"{told}\n\nNo file of a source holds this record: it is ours."
        source = self.came_from.as_markdown(link_to(self.came_from, store))
        return f"{told}\n\n## Where the source told it to us\n\n{source}"


def trace_shown(warehouse: Warehouse, store: Store, cell: Cell) -> ShownTrace:
    """Find what a portal (`cell.partner`) was told last of a cell, and the source's bytes.

    Raises NotTraceableError.
    """
    dataset = DATASETS[cell.table]
    with warehouse.transaction("select_shown") as transaction:
        rows = transaction.run("select_shown", portal=cell.partner, dataset=dataset, key=cell.key)
        if not rows:
            message = f"{cell.partner} never acknowledged a {cell.table} {cell.key!r}"
            raise NotTraceableError(message)
        shown = rows[0]
        writers = transaction.run(
            "select_writers_before",
            source_key=shown["source_key"],
            before=shown["message_key"],
            dataset=dataset,
            most=WRITERS,
        )
    row = {"dataset": dataset, "key": shown["key"], "values": {}}
    told = next(trace_writers(store, cell, row, [shown]))
    reckoned = find_reckoned(warehouse, store, shown) if shown["reckoning"] else None
    # A computed price came from the source's base price.
    key = reckoned.base_key if reckoned else shown["key"]
    source = Cell(shown["source"], cell.table, key, cell.column)
    traces = list(trace_writers(store, source, row | {"key": key}, writers))
    came_from = next((each for each in traces if each.field), next(iter(traces), None))
    return ShownTrace(
        cell.partner, shown["delivery_key"], shown["effect"], told, came_from, reckoned
    )


def is_portal(warehouse: Warehouse, name: str) -> bool:
    """Say whether a partner is one that we publish to."""
    with warehouse.transaction("select_partner") as transaction:
        rows = transaction.run("select_partner", name=name)
    return bool(rows) and bool(rows[0]["settings"].get("publication", {}).get("source"))


def list_carriers(warehouse: Warehouse, trace: Trace, source: str) -> Sequence[Carrier]:
    """List every delivery that told a portal of a traced record of a source."""
    with warehouse.transaction("select_carriers") as transaction:
        rows = transaction.run(
            "select_carriers", source=source, dataset=trace.dataset, key=trace.record_key
        )
    return [Carrier(**row) for row in rows]


def describe_carriers(carriers: Sequence[Carrier]) -> str:
    """Return, as Markdown, to whom a record was told."""
    if not carriers:
        return "No portal was told of this record."
    return "\n".join(["## Told to portals", "", *(f"* {each}" for each in carriers)])
