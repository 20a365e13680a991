"""The draft of a manifest: places and names of a message's records, written while they are read.

What it lacks is by which exit each record left; `finish` adds that when the message is closed. The
draft lies in the store only meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from blocks.arrow import to_hex
from blocks.warehouse import Row, Transaction
from tasks.journal.manifest import SCHEMA
from tasks.model.datasets import Batch, Dataset

_FIELDS: Final = ("dataset", "record_no", "byte_offset", "byte_length", "key", "digest")
_DRAFT: Final = pa.schema([SCHEMA.field(name) for name in _FIELDS])
_ROWS: Final = 16_384
_EXITS: Final = ("unchanged", "accepted", "refused")
_ORDER: Final = {dataset: place for place, dataset in enumerate(Dataset)}


def draft_key(message_key: int) -> str:
    """Return where in the store the draft of a message lies."""
    return f"draft/{message_key}"


class DraftWriter:
    """Writes a draft to a file, in the order of the records' numbers."""

    def __init__(self, path: Path) -> None:
        """Begin an empty draft."""
        self._writer = pq.ParquetWriter(path, _DRAFT, compression="lz4")
        self._held: list[pa.Table] = []
        self._last = -1

    def add(self, batch: Batch) -> None:
        """Add the records of a batch, refused ones too."""
        place = _ORDER[batch.dataset]
        if place <= self._last and sum(table.num_rows for table in self._held) >= _ROWS:
            self._flush()  # a new chunk begins: all that is held comes before it
        self._last = place
        self._held.append(_places(batch))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held).sort_by("record_no"))
            self._held = []


@dataclass(frozen=True, slots=True)
class Exits:
    """By which exit the records of a dataset left: `codes[n]` is that of record `n`."""

    codes: np.ndarray
    causes: dict[int, str]  # of those refused


def read_exits(transaction: Transaction, message_key: int) -> dict[str, Exits]:
    """Return by which exit the staged records of each dataset left, after all merges."""
    told: dict[str, list[tuple[np.ndarray, Row]]] = {}
    for row in transaction.run("select_exits", message_key=message_key):
        numbers = np.array(row["record_nos"].split(","), np.int64)
        told.setdefault(row["dataset"], []).append((numbers, row))
    return {dataset: _exits_of(rows) for dataset, rows in told.items()}


def _exits_of(rows: list[tuple[np.ndarray, Row]]) -> Exits:
    codes = np.zeros(max(int(numbers.max()) for numbers, _ in rows) + 1, np.uint8)
    causes: dict[int, str] = {}
    for numbers, row in rows:
        codes[numbers] = _EXITS.index(row["exit"])
        if row["exit"] == "refused":
            causes |= dict.fromkeys(numbers.tolist(), row["cause"])
    return Exits(codes, causes)


_UNCHANGED: Final = Exits(np.zeros(0, np.uint8), {})


def finish(draft: Path, exits: dict[str, Exits], passed: pa.Table) -> Iterator[pa.Table]:
    """Yield the manifest's rows, in file order.

    `passed` are runs of records that were passed over (schema `slices.PASSED`).
    """
    runs = _as_rows(passed.sort_by([("record_no", "ascending"), ("dataset", "ascending")]))
    file = pq.ParquetFile(draft)
    for group in range(file.num_row_groups):
        places = file.read_row_group(group)
        numbers = places["record_no"].to_numpy()
        before = pc.less_equal(runs["record_no"], int(numbers[-1]))
        rows = [runs.filter(before), *_with_exits(places, exits)]
        runs = runs.filter(pc.invert(before))
        yield pa.concat_tables(rows).sort_by("record_no")
    if runs.num_rows:
        yield runs


def as_unchanged(dataset: Dataset, records: pa.RecordBatch) -> pa.Table:
    """Return the manifest's rows of records that say nothing new."""
    (rows,) = _with_exits(_places(Batch(dataset, records)), {})
    return rows


def _places(batch: Batch) -> pa.Table:
    records = batch.records
    columns = [
        pa.array([batch.dataset.value] * records.num_rows, pa.string()),
        *(records[name] for name in _FIELDS[1:-1]),
        to_hex(records["digest"]),
    ]
    refused = [
        {
            "dataset": batch.dataset.value,
            "record_no": fault.record_no,
            "byte_offset": fault.byte_offset,
            "byte_length": fault.byte_length,
            "key": fault.key,
            "digest": "",
        }
        for fault in batch.faults
    ]
    whole = pa.Table.from_arrays(columns, schema=_DRAFT)
    return pa.concat_tables([whole, pa.Table.from_pylist(refused, _DRAFT)]) if refused else whole


def _with_exits(places: pa.Table, exits: dict[str, Exits]) -> Iterator[pa.Table]:
    for dataset in pc.unique(places["dataset"]).to_pylist():
        own = places.filter(pc.equal(places["dataset"], dataset))
        numbers = own["record_no"].to_numpy()
        told = exits.get(dataset, _UNCHANGED)
        codes = np.zeros(len(numbers), np.uint8)
        is_told = numbers < len(told.codes)
        codes[is_told] = told.codes[numbers[is_told]]
        causes = pa.nulls(len(numbers), pa.string())
        if told.causes:
            causes = pa.array([told.causes.get(one) for one in numbers.tolist()], pa.string())
        ones = pa.array(np.ones(len(numbers), np.int64))
        left_by = pa.array(_EXITS).take(pa.array(codes))
        yield pa.Table.from_arrays([*own.columns, left_by, causes, ones], schema=SCHEMA)


def _as_rows(passed: pa.Table) -> pa.Table:
    blank = pa.array([""] * passed.num_rows, pa.string())
    exits = pa.array(["unchanged"] * passed.num_rows, pa.string())
    return pa.table(
        {
            **{name: passed[name] for name in _FIELDS[:4]},
            "key": blank,
            "digest": blank,
            "exit": exits,
            "cause": pa.nulls(passed.num_rows, pa.string()),
            "records": passed["records"],
        },
        schema=SCHEMA,
    )
