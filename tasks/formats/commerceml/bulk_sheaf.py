"""Records of a chunk of offers, gathered in any order and bound in that of the file."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tasks.formats.commerceml.bulk_columns import Read, Records
from tasks.formats.commerceml.bulk_tokens import Chunk, Positions
from tasks.formats.rows import CONTENT_COLUMNS
from tasks.model.datasets import SCHEMAS, Batch, Dataset, RecordFault

_FIGURES = (Dataset.PRICES, Dataset.STOCK)


@dataclass(slots=True)
class Decoded:
    """A chunk's records, numbered from 1, and what is known of each of its offers."""

    batches: list[Batch]
    keys: list[str]  # "" where an offer has none
    figures: dict[Dataset, Positions]  # how many prices and stock figures each has
    is_clean: np.ndarray  # without a fault
    has_repeats: bool  # a figure is told twice

    @property
    def records(self) -> Positions:
        """How many records each offer gives."""
        return 1 + self.figures[Dataset.PRICES] + self.figures[Dataset.STOCK]


@dataclass(slots=True)
class _Rows:
    """Records of one dataset: of which offer, which of its records, and all else."""

    numbers: list[Positions] = field(default_factory=list)
    ordinals: list[Positions] = field(default_factory=list)
    batches: list[pa.RecordBatch] = field(default_factory=list)


class Sheaf:
    """Gathers the records of `count` offers, whose numbers begin at 0."""

    def __init__(self, count: int) -> None:
        """Begin empty."""
        self._count = count
        self._rows: dict[Dataset, _Rows] = {}
        self._faults: list[tuple[int, int, RecordFault]] = []
        self._keys = [""] * count
        self._records = np.zeros(count, np.int64)
        self.numbers = np.zeros(0, np.int64)  # of the plain offers it has

    def add(self, read: Read) -> None:
        """Take the offers of a group."""
        chunk, places = read.group.chunk, read.group.offers
        numbers = chunk.numbers[places]
        self.numbers = np.concatenate((self.numbers, numbers))
        shifts = chunk.in_file[places] - chunk.starts[places]
        for number, key in zip(numbers.tolist(), read.offers.keys, strict=True):
            self._keys[number] = key
        self._records[numbers] = 1 + len(read.parts)
        whole = read.offers, chunk.starts[places], chunk.ends[places]
        for ordinal, (records, begins, ends) in enumerate([whole, *read.parts]):
            batch = _make_batch(records, begins + shifts, ends - begins)
            self._take(records.dataset, numbers, ordinal, batch)

    def add_others(self, batches: Sequence[Batch], chunk: Chunk, head_length: int) -> None:
        """Take what the general decoder made of a chunk that stood behind so many bytes."""
        firsts = np.full(len(chunk.numbers), np.iinfo(np.int64).max)
        counts = np.zeros(len(chunk.numbers), np.int64)
        placed = [(batch, *_find_offers(batch, chunk, head_length)) for batch in batches]
        for batch, owners, fault_owners in placed:
            record_nos = batch.records["record_no"].to_numpy()
            fault_nos = np.array([fault.record_no for fault in batch.faults], np.int64)
            for nos, of in ((record_nos, owners), (fault_nos, fault_owners)):
                np.minimum.at(firsts, of, nos)
                np.add.at(counts, of, 1)
        self._records[chunk.numbers] = counts
        shifts = chunk.in_file - chunk.starts - head_length
        for batch, owners, fault_owners in placed:
            ordinals = batch.records["record_no"].to_numpy() - firsts[owners]
            offsets = batch.records["byte_offset"].to_numpy() + shifts[owners]
            records = set_column(batch.records, "byte_offset", offsets)
            self._take(batch.dataset, chunk.numbers[owners], ordinals, records)
            for fault, owner in zip(batch.faults, fault_owners.tolist(), strict=True):
                moved = dataclasses.replace(
                    fault, byte_offset=fault.byte_offset + int(shifts[owner])
                )
                ordinal = fault.record_no - int(firsts[owner])
                self._faults.append((int(chunk.numbers[owner]), ordinal, moved))
            if batch.dataset is Dataset.OFFERS:
                keys = batch.records["key"].to_pylist()
                for number, key in zip(chunk.numbers[owners].tolist(), keys, strict=True):
                    self._keys[number] = key

    def bind(self) -> Decoded:
        """Number the records in the order of the file."""
        bases = np.cumsum(self._records) - self._records + 1
        is_clean = np.ones(self._count, bool)
        faults: dict[Dataset, list[RecordFault]] = {}
        for number, ordinal, fault in self._faults:
            is_clean[number] = False
            record_no = int(bases[number]) + ordinal
            numbered = dataclasses.replace(fault, record_no=record_no)
            faults.setdefault(fault.dataset, []).append(numbered)
        batches = [
            Batch(dataset, self._bind(dataset, bases), tuple(faults.get(dataset, ())))
            for dataset in Dataset
            if dataset in self._rows or dataset in faults
        ]
        return Decoded(
            batches,
            self._keys,
            {dataset: self._count_figures(dataset) for dataset in _FIGURES},
            is_clean,
            any(_has_repeats(batch) for batch in batches),
        )

    def _take(
        self, dataset: Dataset, numbers: Positions, ordinals: Positions | int, batch: pa.RecordBatch
    ) -> None:
        rows = self._rows.setdefault(dataset, _Rows())
        rows.numbers.append(numbers)
        rows.ordinals.append(np.broadcast_to(np.asarray(ordinals, np.int64), numbers.shape))
        rows.batches.append(batch)

    def _bind(self, dataset: Dataset, bases: Positions) -> pa.RecordBatch:
        rows = self._rows.get(dataset)
        if rows is None:
            return pa.RecordBatch.from_pylist([], SCHEMAS[dataset])
        record_nos = bases[np.concatenate(rows.numbers)] + np.concatenate(rows.ordinals)
        table = pa.Table.from_batches(rows.batches).combine_chunks()
        (batch,) = table.to_batches() or [pa.RecordBatch.from_pylist([], SCHEMAS[dataset])]
        batch = set_column(batch, "record_no", record_nos)
        is_sorted = bool((record_nos[:-1] < record_nos[1:]).all())
        return batch if is_sorted else batch.take(pa.array(np.argsort(record_nos)))

    def _count_figures(self, dataset: Dataset) -> Positions:
        numbers = self._rows[dataset].numbers if dataset in self._rows else []
        refused = [number for number, _, fault in self._faults if fault.dataset is dataset]
        every = np.concatenate([*numbers, np.array(refused, np.int64)])
        return np.bincount(every, minlength=self._count)


def _has_repeats(batch: Batch) -> bool:
    keys = batch.records["key"]
    return batch.dataset in _FIGURES and len(set(keys.to_pylist())) < len(keys)


def _find_offers(batch: Batch, chunk: Chunk, head_length: int) -> tuple[Positions, Positions]:
    """Say in which offer of the chunk each record and each fault stands."""
    begins = chunk.starts + head_length
    offsets = batch.records["byte_offset"].to_numpy()
    faults = np.array([fault.byte_offset for fault in batch.faults], np.int64)
    return (
        np.searchsorted(begins, offsets, "right") - 1,
        np.searchsorted(begins, faults, "right") - 1,
    )


def _make_batch(records: Records, offsets: Positions, lengths: Positions) -> pa.RecordBatch:
    schema, count = SCHEMAS[records.dataset], len(offsets)
    columns = [
        pa.array(np.zeros(count, np.int64)),  # numbered when all are there
        pa.array(offsets),
        pa.array(lengths),
        pa.array(records.keys, pa.string()),
        pa.array(records.digests, pa.binary(16)),
    ]
    for name in CONTENT_COLUMNS[records.dataset]:
        kind, column = schema.field(name).type, records.columns.get(name)
        columns.append(pa.nulls(count, kind) if column is None else pa.array(column, kind))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def set_column(batch: pa.RecordBatch, name: str, values: Positions) -> pa.RecordBatch:
    """Return the batch with other whole numbers in a column."""
    place = batch.schema.get_field_index(name)
    columns = [*batch.columns]
    columns[place] = pa.array(values, pa.int64())
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
