"""From a cell of the warehouse back to the bytes of the file it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from blocks.warehouse import Row, Warehouse
from tasks.formats.locating import Excerpt, Span, locate_text
from tasks.journal.manifest import load_manifest
from tasks.journal.outcome import LINK_S
from tasks.model.datasets import Dataset

_SHOWN_BYTES = 4000
_READ_BYTES = 4_000_000
_HEAD_BYTES = 65_536
_NO_FIELD = "no field of the record holds this column by itself"
WRITERS = 20  # so many messages back a value is looked for that the newest record does not hold
# What the warehouse keeps for itself: no file holds it.
_OURS = {"digest", "message_key", "withdrawn_at", "partner_key"}


class NotTraceableError(LookupError):
    """There is no such cell, or no message that wrote it kept a manifest."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the row of `core.<table>` that a partner calls `key`."""

    partner: str
    table: str
    key: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.key}"


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a value came from. Offsets and lengths are bytes of the archived file.

    The text is that of the field where the record holds it (`field` is its path), else the record.
    """

    cell: str
    value: str
    message_key: int
    file_name: str
    object_key: str
    sha256: str
    dataset: str
    record_key: str
    record_no: int
    record_offset: int
    record_length: int
    field: str
    byte_offset: int
    byte_length: int
    text: str
    record: str
    why: str = ""  # where no field says the value: what makes it so

    def as_json(self) -> dict[str, Any]:
        """Return all of it as the run's result."""
        return asdict(self)

    def as_markdown(self, link: str) -> str:
        """Return all of it as the run's artifact; `link` opens the whole file."""
        found = (
            f"* field `{self.field}`, {_bytes(self.byte_offset, self.byte_length)}: "
            f"`{self.text.strip() or ' '}`"
            if self.field
            else f"* {self.why or _NO_FIELD}: here is the record"
        )
        return (
            f"The value is `{self.value}`. It came from:\n\n"
            f"* file [{self.file_name}]({link}), message {self.message_key}, "
            f"archived as `{self.object_key}`\n"
            f"* record {self.record_no} ({self.dataset}), "
            f"{_bytes(self.record_offset, self.record_length)}\n{found}\n\n"
            f"~~~~\n{self.record}\n~~~~"
        )


def trace_cell(warehouse: Warehouse, store: Store, cell: Cell) -> Trace:
    """Find where a value of the warehouse came from.

    The newest record of that key that holds the column's text; if none does, the record that wrote
    the row last. Raises NotTraceableError, which says what there is instead.
    """
    row = _find_row(warehouse, cell)
    if absence := _trace_absence(warehouse, store, cell, row):
        return absence
    traces = _trace_back(warehouse, store, cell, row)
    newest = next(traces, None)
    if newest is None:
        message = f"no manifest holds {row['dataset']} {row['key']!r} as accepted"
        raise NotTraceableError(message)
    return newest if newest.field else next((one for one in traces if one.field), newest)


def _trace_absence(warehouse: Warehouse, store: Store, cell: Cell, row: Row) -> Trace | None:
    """Trace a quantity that is 0 because a whole file gave its offer without that warehouse."""
    if cell.table != "stock":
        return None
    with warehouse.transaction("select_absence") as transaction:
        files = transaction.run(
            "select_absence_file", message_key=row["message_key"], key=row["key"]
        )
    if not files:
        return None
    file = files[0]
    place = _place_of_offer(load_manifest(store, file["manifest_key"]), file)
    told = {"dataset": place["dataset"], "key": place["key"], "values": row["values"]}
    why = (
        "the file is whole and gives this offer without that warehouse, so nothing is left there "
        f"(before: {file['was']}); agreed to by {file['decided_by']}, list {file['list_key']}"
    )
    return replace(_trace(cell, told, file, place, store), field="", text="", why=why)


def _place_of_offer(manifest: pa.Table, file: Row) -> dict[str, Any]:
    """Return the offer's own record, or in a file of figures alone the first of them."""
    is_offer = pc.and_(
        pc.equal(manifest["dataset"], "offers"), pc.equal(manifest["key"], file["offer_id"])
    )
    is_figure = pc.and_(
        pc.equal(manifest["dataset"], "stock"),
        pc.starts_with(manifest["key"], file["figures_begin"]),
    )
    found = [*manifest.filter(is_offer).to_pylist(), *manifest.filter(is_figure).to_pylist()]
    place: dict[str, Any] = found[0]
    return place


def link_to(trace: Trace, store: Store) -> str:
    """Return a link that opens the whole file."""
    return store.presign(trace.object_key, LINK_S)


def _find_row(warehouse: Warehouse, cell: Cell) -> Row:
    with warehouse.transaction("select_traced") as transaction:
        known = transaction.run("select_partner", name=cell.partner)
        rows = transaction.run(
            "select_traceable", partner=cell.partner, table=cell.table, key=cell.key
        )
    if not known:
        message = f"there is no partner {cell.partner!r}"
        raise NotTraceableError(message)
    if not rows:
        message = f"partner {cell.partner} has no {cell.table} with the key {cell.key!r}"
        raise NotTraceableError(message)
    if len(rows) > 1 and rows[0]["key"] != cell.key:
        keys = ", ".join(row["key"] for row in rows)
        message = f"more than one {cell.table} begins with {cell.key!r}; give one of: {keys}"
        raise NotTraceableError(message)
    columns = sorted(name for name in rows[0]["values"] if name not in _OURS)
    if cell.column not in columns:
        message = f"{cell.table} has no column {cell.column!r}; it has: {', '.join(columns)}"
        raise NotTraceableError(message)
    return rows[0]


def _trace_back(warehouse: Warehouse, store: Store, cell: Cell, row: Row) -> Iterator[Trace]:
    with warehouse.transaction("select_writers") as transaction:
        writers = transaction.run(
            "select_writers", message_key=row["message_key"], dataset=row["dataset"], most=WRITERS
        )
    yield from trace_writers(store, cell, row, writers)


def trace_writers(
    store: Store, cell: Cell, row: Mapping[Any, Any], writers: Sequence[Row]
) -> Iterator[Trace]:
    """Yield where each of these messages holds a record.

    `row` has dataset, key and values; of a column without a value the file's own text is shown.
    """
    for writer in writers:
        place = _place(load_manifest(store, writer["manifest_key"]), row)
        if place:
            yield _trace(cell, row, writer, place, store)


def _trace(
    cell: Cell, row: Mapping[Any, Any], writer: Row, place: dict[str, Any], store: Store
) -> Trace:
    offset, length = place["byte_offset"], place["byte_length"]
    record = store.get_range(writer["object_key"], offset, min(length, _READ_BYTES))
    encoding = writer["encoding"] or "utf-8"
    head = store.get_range(writer["object_key"], 0, _HEAD_BYTES)
    excerpt = Excerpt(writer["dialect"] or "", encoding, Dataset(row["dataset"]), head, record)
    found = locate_text(excerpt, cell.column) or Span("", 0, length, "")
    value = row["values"].get(cell.column, found.text)
    return Trace(
        cell=str(cell),
        value="(empty)" if value is None else str(value),
        message_key=writer["message_key"],
        file_name=writer["file_name"],
        object_key=writer["object_key"],
        sha256=writer["sha256"].hex(),
        dataset=row["dataset"],
        record_key=row["key"],
        record_no=place["record_no"],
        record_offset=offset,
        record_length=length,
        field=found.name,
        byte_offset=offset + found.offset,
        byte_length=found.length,
        text=found.text,
        record=record[:_SHOWN_BYTES].decode(encoding, errors="replace"),
    )


def _place(manifest: pa.Table, row: Mapping[Any, Any]) -> dict[str, Any] | None:
    is_it = pc.and_(
        pc.and_(
            pc.equal(manifest["dataset"], row["dataset"]), pc.equal(manifest["key"], row["key"])
        ),
        pc.equal(manifest["exit"], "accepted"),
    )
    return next(iter(manifest.filter(is_it).to_pylist()), None)


def _bytes(offset: int, length: int) -> str:
    return f"bytes {offset}–{offset + max(length, 1) - 1}"
