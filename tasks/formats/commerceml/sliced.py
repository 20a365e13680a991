"""A file of offers read by slices: those whose bytes are known are passed over.

The frame around the slices is read as any file is, then the slices, in the order of the file. What
is known of a slice is how many records it gives, so that all others are numbered as if nothing had
been passed over.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.bulk import BulkDecoder
from tasks.formats.commerceml.bulk_sheaf import Decoded, set_column
from tasks.formats.commerceml.bulk_tokens import Positions, lay
from tasks.formats.commerceml.decode import Decoder
from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.frames import Frame, Outline
from tasks.formats.commerceml.framing import Framer
from tasks.formats.commerceml.slicing import Run, Slices
from tasks.formats.reading import NotSliceableError
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Dataset, Heading
from tasks.model.slices import KNOWN, PASSED, READ

CHUNK_BYTES: Final = 2 << 20
_Figures = dict[Dataset, Positions]
_FIGURES: Final = (Dataset.PRICES, Dataset.STOCK)


class SlicedFile:
    """A file whose slices are found: a `Source` that may pass over those that are known."""

    def __init__(
        self, path: Path, encoding: Encoding, left_alone: frozenset[str], slices: Slices
    ) -> None:
        """Frame what is around the slices.

        Raises:
            NotSliceableError: the slices do not stand where offers may stand.
        """
        framer = Framer(slices.skeleton, encoding, left_alone)
        self.has_repeats = False
        self._path = path
        self._encoding = encoding
        self._slices = slices
        self._frames = _frame_skeleton(framer, slices)
        self._outline: Outline = framer.outline
        self._around = Decoder(slices.skeleton, encoding, left_alone, framer.outline)
        self._bulk = BulkDecoder(encoding, left_alone, framer.outline)
        self._known = KNOWN.empty_table()
        self._places = np.full(len(slices.starts), -1, np.int64)
        self._read: list[pa.RecordBatch] = []
        self._passed: list[pa.RecordBatch] = []
        self._next_no = 1
        self._shift = 0  # from the numbers of the decoder around to those of the file

    @property
    def heading(self) -> Heading:
        """What the file says of itself."""
        return self._outline.make_heading(self._encoding)

    @property
    def context(self) -> dict[str, object]:
        """What slices with the same bytes may still differ by."""
        owners = {frame.container_id for frame in self._frames if frame.dataset is Dataset.OFFERS}
        return {"encoding": self._encoding.name, "owners": sorted(map(str, owners))}

    @property
    def read(self) -> pa.Table:
        """What the slices gave that were read (schema READ); whole when the batches have ended."""
        return pa.Table.from_batches(self._read, READ)

    @property
    def passed(self) -> pa.Table:
        """What was passed over (schema PASSED); whole when the batches have ended."""
        return pa.Table.from_batches(self._passed, PASSED)

    def recognise(self, known: pa.Table) -> None:
        """Pass over slices of `known` (schema KNOWN), except those that the file holds twice."""
        digests = _digests(self._slices.digests)
        found = pc.index_in(digests, known["digest"].combine_chunks())
        places = np.asarray(found.fill_null(-1)).astype(np.int64)
        is_known = places >= 0
        counts = np.bincount(places[is_known], minlength=known.num_rows)
        is_known[is_known] = counts[places[is_known]] == 1
        self._places = np.where(is_known, places, -1)
        self._known = known

    def batches(self) -> Iterator[Batch]:
        """Decode what is not known of the file.

        Raises:
            NotSliceableError: the general way must be taken after all, from the beginning.
        """
        runs = {run.mark: run for run in self._slices.runs}
        around: list[Frame] = []
        with self._path.open("rb") as file:
            for frame in self._frames:
                if frame.dataset is not Dataset.OFFERS:
                    around.append(frame)
                    continue
                yield from self._read_around(around)
                around = []
                yield from self._read_run(runs[frame.start], frame.container_id, file.fileno())
        yield from self._read_around(around)
        self._find_repeats()

    def _read_around(self, frames: list[Frame]) -> Iterator[Batch]:
        if not frames:
            return
        try:
            batches = list(self._around.decode(frames))
        except FileFaultError as fault:
            raise NotSliceableError from fault
        read = 0
        for batch in batches:
            offsets = self._slices.to_file(batch.records["byte_offset"].to_numpy())
            places = np.array([fault.byte_offset for fault in batch.faults], np.int64)
            moved = tuple(
                replace(fault, byte_offset=offset)
                for fault, offset in zip(
                    batch.faults, self._slices.to_file(places).tolist(), strict=True
                )
            )
            records = set_column(batch.records, "byte_offset", offsets)
            read += records.num_rows + len(moved)
            yield _renumber(Batch(batch.dataset, records, moved), self._shift)
        self._next_no += read

    def _read_run(self, run: Run, container_id: str | None, file: int) -> Iterator[Batch]:
        begun = self._next_no
        first = run.first
        is_new = self._places[run.first : run.last] < 0
        for wanted in self._portion(run.first + np.flatnonzero(is_new)):
            decoded = self._decode(wanted, container_id, file)
            last = int(wanted[-1]) + 1
            bases = self._number(first, last, wanted, decoded)
            own = np.cumsum(decoded.records) - decoded.records + 1
            for batch in decoded.batches:
                yield _renumber_each(batch, own, bases - own)
            first = last
        if first < run.last:
            self._number(first, run.last, np.zeros(0, np.int64), None)
        self._shift += self._next_no - begun

    def _portion(self, wanted: Positions) -> Iterator[Positions]:
        """Divide slices into portions of some megabytes."""
        lengths = self._slices.ends[wanted] - self._slices.starts[wanted]
        portions = (np.cumsum(lengths) - lengths) // CHUNK_BYTES
        yield from np.split(wanted, np.flatnonzero(np.diff(portions)) + 1) if len(wanted) else ()

    def _decode(self, wanted: Positions, container_id: str | None, file: int) -> Decoded:
        starts, ends = self._slices.starts[wanted], self._slices.ends[wanted]
        span = int(ends[-1] - starts[0])
        if span <= 2 * int((ends - starts).sum()):
            view, begin = os.pread(file, span, int(starts[0])), int(starts[0])
            places = zip((starts - begin).tolist(), (ends - begin).tolist(), strict=True)
            offers = [view[start:end] for start, end in places]
        else:
            places = zip(starts.tolist(), (ends - starts).tolist(), strict=True)
            offers = [os.pread(file, length, start) for start, length in places]
        chunk = lay(offers, starts, np.arange(len(wanted)))
        return self._bulk.decode(chunk, container_id)

    def _number(
        self, first: int, last: int, wanted: Positions, decoded: Decoded | None
    ) -> Positions:
        """Number the slices from `first` to `last` (exclusive); return the numbers of the new."""
        places = self._places[first:last]
        told = self._known.take(pa.array(places, mask=places < 0))
        figures = {
            dataset: np.array(told[dataset.value].fill_null(0), np.int64) for dataset in _FIGURES
        }
        new = wanted - first
        if decoded is not None:
            for dataset in _FIGURES:
                figures[dataset][new] = decoded.figures[dataset]
        counts = 1 + figures[Dataset.PRICES] + figures[Dataset.STOCK]
        numbers = self._next_no + np.cumsum(counts) - counts
        self._next_no += int(counts.sum())
        if decoded is not None:
            self._tell_read(wanted, decoded, numbers[new])
        self._tell_passed(first, places >= 0, numbers, figures)
        return np.asarray(numbers[new])

    def _tell_read(self, wanted: Positions, decoded: Decoded, numbers: Positions) -> None:
        self.has_repeats |= decoded.has_repeats
        columns = {
            "digest": _digests(self._slices.digests[wanted]),
            "key": pa.array(decoded.keys, pa.string()),
            **{each.value: decoded.figures[each].astype(np.int32) for each in _FIGURES},
            "record_no": numbers,
            "is_clean": decoded.is_clean,
        }
        self._read += pa.table(columns, schema=READ).to_batches()

    def _tell_passed(
        self,
        first: int,
        is_known: np.ndarray,
        numbers: Positions,
        figures: dict[Dataset, Positions],
    ) -> None:
        """Tell of each run of known slices how many records of which dataset it holds."""
        edges = np.flatnonzero(np.diff(np.concatenate(([0], is_known.astype(np.int8), [0]))))
        begins, ends = edges[0::2], edges[1::2]
        if not len(begins):
            return
        offsets = self._slices.starts[first + begins]
        lengths = self._slices.ends[first + ends - 1] - offsets
        held = {Dataset.OFFERS: ends - begins}
        for dataset, counts in figures.items():
            before = np.concatenate(([0], np.cumsum(counts)))
            held[dataset] = before[ends] - before[begins]
        for dataset, counts in held.items():
            columns = [numbers[begins], offsets, lengths, counts]
            names = [pa.array([dataset.value] * len(begins)), *map(pa.array, columns)]
            table = pa.Table.from_arrays(names, schema=PASSED)
            self._passed += table.filter(pc.greater(table["records"], 0)).to_batches()

    def _find_repeats(self) -> None:
        """See whether an offer stands twice; one that was passed over must not."""
        keys = self.read["key"]
        self.has_repeats |= len(pc.unique(keys)) < len(keys)
        again = np.asarray(pc.is_in(self._known["key"], keys.combine_chunks()))
        is_passed = np.zeros(self._known.num_rows, bool)
        is_passed[self._places[self._places >= 0]] = True
        if (again & is_passed).any():
            raise NotSliceableError


def _frame_skeleton(framer: Framer, slices: Slices) -> list[Frame]:
    try:
        frames = list(framer.frames())
    except FileFaultError as fault:
        raise NotSliceableError from fault
    marks = [run.mark for run in slices.runs]
    if any(frame.dataset is Dataset.GOODS for frame in frames):
        raise NotSliceableError  # prices of goods may be those of an offer once more
    if marks != [frame.start for frame in frames if frame.dataset is Dataset.OFFERS]:
        raise NotSliceableError
    return frames


def _digests(digests: np.ndarray) -> pa.FixedSizeBinaryArray:
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(digests), [None, pa.py_buffer(np.ascontiguousarray(digests))]
    )


def _renumber(batch: Batch, shift: int) -> Batch:
    numbers = batch.records["record_no"].to_numpy() + shift
    faults = tuple(replace(fault, record_no=fault.record_no + shift) for fault in batch.faults)
    return Batch(batch.dataset, set_column(batch.records, "record_no", numbers), faults)


def _renumber_each(batch: Batch, own: Positions, shifts: Positions) -> Batch:
    """Number records anew: those from `own[i]` on are moved by `shifts[i]`."""
    if (shifts == shifts[0]).all():
        return _renumber(batch, int(shifts[0]))
    numbers = batch.records["record_no"].to_numpy()
    moved = numbers + shifts[np.searchsorted(own, numbers, "right") - 1]
    faults = tuple(
        replace(
            fault,
            record_no=fault.record_no
            + int(shifts[np.searchsorted(own, fault.record_no, "right") - 1]),
        )
        for fault in batch.faults
    )
    return Batch(batch.dataset, set_column(batch.records, "record_no", moved), faults)
