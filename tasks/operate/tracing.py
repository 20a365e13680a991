"""From a cell of the warehouse back to the bytes of the file it came from."""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from blocks.warehouse import Row, Warehouse
from tasks.journal.manifest import load_manifest

_SHOWN_BYTES = 4000


class NotTraceableError(LookupError):
    """There is no such row, or the message that wrote it kept no manifest."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a value came from. Offsets and lengths are bytes of the archived file."""

    value: str
    message_key: int
    file_name: str
    object_key: str
    sha256: str
    dataset: str
    record_no: int
    byte_offset: int
    byte_length: int
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it as the run's result."""
        return asdict(self)

    def as_markdown(self) -> str:
        """Return all of it as the run's artifact."""
        return (
            f"# {self.value}\n\n"
            f"* file `{self.file_name}`, message {self.message_key}\n"
            f"* archived as `{self.object_key}`\n"
            f"* record {self.record_no} of {self.dataset}: "
            f"bytes {self.byte_offset}–{self.byte_offset + self.byte_length - 1}\n\n"
            f"```xml\n{self.text}\n```\n"
        )


def trace_cell(
    warehouse: Warehouse, store: Store, partner: str, table: str, key: str, column: str
) -> Trace:
    """Find the source of `core.<table>.<column>` in the row that the sender calls `key`.

    Raises NotTraceableError when there is none.
    """
    with warehouse.transaction("select_traced") as transaction:
        rows = transaction.run(
            "select_traced_row", partner=partner, table=table, key=key, column=column
        )
    if not rows:
        message = f"no {table} {key!r} of partner {partner}, or it has no column {column!r}"
        raise NotTraceableError(message)
    place = _place(load_manifest(store, rows[0]["manifest_key"]), rows[0]["dataset"], key)
    return _trace(rows[0], place, store)


def _trace(row: Row, place: dict[str, Any], store: Store) -> Trace:
    shown = store.get_range(
        row["object_key"], place["byte_offset"], min(place["byte_length"], _SHOWN_BYTES)
    )
    return Trace(
        value=row["value"],
        message_key=row["message_key"],
        file_name=row["file_name"],
        object_key=row["object_key"],
        sha256=row["sha256"].hex(),
        dataset=row["dataset"],
        record_no=place["record_no"],
        byte_offset=place["byte_offset"],
        byte_length=place["byte_length"],
        text=shown.decode(row["encoding"] or "utf-8", errors="replace"),
    )


def _place(manifest: pa.Table, dataset: str, key: str) -> dict[str, Any]:
    is_it = pc.and_(
        pc.and_(pc.equal(manifest["dataset"], dataset), pc.equal(manifest["key"], key)),
        pc.equal(manifest["exit"], "accepted"),
    )
    found = manifest.filter(is_it).to_pylist()
    if not found:
        message = f"the manifest has no accepted record {key!r} of {dataset}"
        raise NotTraceableError(message)
    return found[0]
