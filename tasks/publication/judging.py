"""Judge a formed file before anyone sees it: read it with our own reader and compare.

What is read back must be what was to be told, record by record: as many, by the same keys, with
the same amounts and quantities. A file that fails is a fault of ours; it never leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from blocks.arrow import to_hex
from tasks.formats import open_file
from tasks.formats.commerceml.writing import WritingTerms, fit_batch
from tasks.journal.manifest import SCHEMA as MANIFEST_SCHEMA
from tasks.model.datasets import Batch, Dataset

_SUMS = {Dataset.PRICES: "amount", Dataset.STOCK: "quantity"}
_KEYS = {Dataset.PRICES: "offer_id", Dataset.STOCK: "offer_id"}


class FormedWronglyError(RuntimeError):
    """A formed file does not say what it was to say; nothing of it was sent."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A formed file as our reader sees it."""

    path: Path
    heading: dict[str, Any]
    manifest: pa.Table
    records: Mapping[Dataset, pa.Table]


def judge_files(
    files: Sequence[Path], tables: Mapping[Dataset, pa.Table], terms: WritingTerms
) -> list[Judged]:
    """Read formed files back. Raises FormedWronglyError, which names what differs.

    Told is what the dialect can say of `tables`: what it cannot is on the writer's list.
    """
    judged = [_read(path) for path in files]
    for dataset, table in tables.items():
        read = [each.records[dataset] for each in judged if dataset in each.records]
        fitted = [fit_batch(dataset, batch, terms) for batch in table.to_batches()]
        told = pa.Table.from_batches(fitted) if fitted else table
        _compare(dataset, told, pa.concat_tables(read) if read else None)
    return judged


def _read(path: Path) -> Judged:
    reading = open_file(path)
    batches: dict[Dataset, list[Batch]] = {}
    for batch in reading.batches():
        if batch.faults:
            first = batch.faults[0]
            message = f"{path.name}: our reader refuses {first.key or first.record_no}: {first}"
            raise FormedWronglyError(message)
        batches.setdefault(batch.dataset, []).append(batch)
    records = {
        dataset: pa.Table.from_batches([batch.records for batch in held])
        for dataset, held in batches.items()
    }
    if Dataset.OFFERS in records:
        # The files of prices and stock name each offer once more, bare.
        offers = records[Dataset.OFFERS]
        records[Dataset.OFFERS] = offers.filter(pc.invert(offers["is_bare"]))
    records = {dataset: table for dataset, table in records.items() if table.num_rows}
    manifest = pa.concat_tables(
        [MANIFEST_SCHEMA.empty_table(), *(_lines(name, held) for name, held in records.items())]
    )
    heading = reading.heading
    return Judged(
        path,
        {"dialect": heading.dialect, "version": heading.version, "encoding": heading.encoding},
        manifest,
        records,
    )


def _lines(dataset: Dataset, records: pa.Table) -> pa.Table:
    size = records.num_rows
    digests = to_hex(records["digest"].combine_chunks())
    return pa.table(
        [
            pa.array([dataset.value] * size, pa.string()),
            *(records[name] for name in ("record_no", "byte_offset", "byte_length", "key")),
            digests,
            pa.array(["accepted"] * size, pa.string()),
            pa.nulls(size, pa.string()),
            pa.array([1] * size, pa.int64()),
        ],
        schema=MANIFEST_SCHEMA,
    )


def _compare(dataset: Dataset, told: pa.Table, read: pa.Table | None) -> None:
    heard = 0 if read is None else read.num_rows
    if not heard and not told.num_rows:
        return
    if read is None or heard != told.num_rows:
        message = (
            f"{dataset.value}: {told.num_rows} records were to be told, the files hold {heard}"
        )
        raise FormedWronglyError(message)
    column = _KEYS.get(dataset, "id")
    ours, theirs = (pc.sort_indices(table[column]) for table in (told, read))
    if not told[column].take(ours).equals(read[column].take(theirs).cast(told[column].type)):
        message = f"{dataset.value}: the files hold other keys than were to be told"
        raise FormedWronglyError(message)
    if (name := _SUMS.get(dataset)) and _sum(told[name]) != _sum(read[name]):
        message = (
            f"{dataset.value}: {_sum(told[name])} was to be told in all, {_sum(read[name])} is"
        )
        raise FormedWronglyError(message)


def _sum(column: pa.ChunkedArray) -> Decimal:
    return sum((Decimal(value) for value in column.to_pylist() if value), Decimal())
