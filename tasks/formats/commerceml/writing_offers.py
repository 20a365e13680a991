"""Offers with their prices and stock: three sorted streams merged window by window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.writing_terms import WritingError, WritingTerms
from tasks.model.datasets import SCHEMAS, Dataset, Extent

WINDOW_ROWS: Final = 16_384


class Stream:
    """A table that is sorted by the id of its offers, taken piece by piece."""

    def __init__(self, dataset: Dataset, table: pa.Table) -> None:
        """Begin before the first row."""
        self._dataset = dataset
        self._table = table
        self._name = "id" if dataset is Dataset.OFFERS else "offer_id"
        self._ids = table.column(self._name)
        self._position = 0
        self._last = ""

    def peek(self, count: int) -> str | None:
        """The id of the row `count` rows ahead, or of the last; None at the end."""
        if self._position == len(self._ids):
            return None
        return self._read(min(self._position + count, len(self._ids)) - 1)

    def take(self, bound: str) -> pa.RecordBatch:
        """All rows up to and with those of the offer `bound`.

        Raises:
            WritingError: the rows are not in the order of their offers' ids.
        """
        low, high = self._position, len(self._ids)
        while low < high:
            middle = (low + high) // 2
            if self._read(middle) <= bound:
                low = middle + 1
            else:
                high = middle
        batch = take_batch(self._table, self._position, low - self._position)
        self._position = low
        self._check_order(batch.column(self._name))
        return batch

    def _read(self, row: int) -> str:
        text = self._ids[row].as_py()
        if not text:
            message = f"{self._dataset} in row {row + 1}: {self._name} is empty"
            raise WritingError(message)
        return str(text)

    def _check_order(self, ids: pa.Array) -> None:
        if not len(ids):
            return
        first, last = ids[0].as_py(), ids[-1].as_py()
        is_unique = self._dataset is Dataset.OFFERS  # an offer has many prices
        compare = pc.less if is_unique else pc.less_equal
        in_order = pc.all(compare(ids[:-1], ids[1:]), min_count=0).as_py()
        if first < self._last or not in_order:
            message = (
                f"{self._dataset}: rows are not sorted by {self._name}, or an offer stands twice, "
                f"between {first!r} and {last!r}"
            )
            raise WritingError(message)
        self._last = last


def take_batch(table: pa.Table, start: int, count: int) -> pa.RecordBatch:
    """Some rows of a table as one batch, of those columns that it has."""
    batches = table.slice(start, count).combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


@dataclass(frozen=True, slots=True)
class Window:
    """All rows of some offers; `ids` are sorted, also those of figures without an offer."""

    ids: pa.Array
    batches: Mapping[Dataset, pa.RecordBatch]

    def take(self, dataset: Dataset) -> pa.RecordBatch:
        """The rows of one dataset."""
        if dataset in self.batches:
            return self.batches[dataset]
        return pa.RecordBatch.from_pylist([], schema=SCHEMAS[dataset])


def list_windows(
    tables: Mapping[Dataset, pa.Table], datasets: tuple[Dataset, ...]
) -> Iterator[Window]:
    """The offers of a package in order, some thousand rows in one go.

    Raises:
        WritingError: a table is not sorted by the id of its offers, by code points.
    """
    streams = {
        dataset: Stream(dataset, tables[dataset]) for dataset in datasets if dataset in tables
    }
    while bounds := [
        bound for stream in streams.values() if (bound := stream.peek(WINDOW_ROWS)) is not None
    ]:
        batches = {dataset: stream.take(min(bounds)) for dataset, stream in streams.items()}
        yield Window(_list_ids(batches), batches)


def name_unpriced(prices: pa.Array, window: Window, terms: WritingTerms) -> pa.Array:
    """`Цены` of a window's offers, empty where a file of changes tells that an offer has none.

    Such a file leaves prices as they are that it does not name. Who gives no table of prices tells
    nothing of them; of an offer that goes, nothing is told beside that.
    """
    is_told = {Dataset.OFFERS, Dataset.PRICES} <= window.batches.keys()
    if terms.extent is not Extent.CHANGES or not is_told:
        return prices
    offers = window.take(Dataset.OFFERS)
    living = offers.column("id")
    if "is_deleted" in offers.schema.names:
        is_going = pc.fill_null(offers.column("is_deleted"), pa.scalar(value=False))
        living = living.filter(pc.invert(is_going))
    is_unpriced = pc.and_(pc.is_null(prices), pc.is_in(window.ids, value_set=living))
    return pc.if_else(is_unpriced, pa.scalar("<Цены></Цены>"), prices)


def _list_ids(batches: Mapping[Dataset, pa.RecordBatch]) -> pa.Array:
    parts = [
        pc.cast(batch.column("id" if dataset is Dataset.OFFERS else "offer_id"), pa.string())
        for dataset, batch in batches.items()
    ]
    ids = pc.unique(pa.concat_arrays(parts))
    return ids.take(pc.sort_indices(ids))
