"""Decoded records on their way into Arrow: numbered, digested, then one batch for each dataset."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import orjson
import pyarrow as pa
import xxhash

from tasks.model.causes import Fault
from tasks.model.datasets import PLACE, SCHEMAS, Batch, Dataset, RecordFault

Value: TypeAlias = str | bool | None
Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"

CONTENT_COLUMNS: Final = {
    dataset: tuple(schema.names[len(PLACE) :]) for dataset, schema in SCHEMAS.items()
}


def write_json(value: Json) -> str | None:
    """Canonical JSON: keys sorted, no spaces. Nothing, and an empty list or object, is None."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if value else None


def compute_digest(values: Mapping[str, Value]) -> bytes:
    """xxh3_128 of the content: canonical JSON of the columns that are there.

    Columns that are not there are left out, so a column added to a schema later leaves the
    digests of all records without it as they are.
    """
    present = {column: value for column, value in values.items() if value is not None}
    return xxhash.xxh3_128_digest(orjson.dumps(present, option=orjson.OPT_SORT_KEYS))


def join_key(*parts: str | None) -> str:
    """One natural key of several parts; a `|` inside a part cannot be taken for the border."""
    key = "|".join([part or "" for part in parts])
    if key.count("|") == len(parts) - 1 and "\\" not in key:
        return key  # the common case: there is nothing to escape
    return "|".join((part or "").replace("\\", "\\\\").replace("|", "\\|") for part in parts)


class Shelf:
    """Takes records and refusals in file order and hands them out as batches.

    Numbers count all records of a file from 1, whatever their dataset, refused ones too.
    """

    def __init__(self) -> None:
        """Begin an empty shelf; the numbering goes on over its whole life."""
        self._count = 0
        self._rows: dict[Dataset, list[tuple[Value | bytes | int, ...]]] = {}
        self._faults: dict[Dataset, list[RecordFault]] = {}

    def take(
        self, dataset: Dataset, place: tuple[int, int], key: str, values: Mapping[str, Value]
    ) -> None:
        """Keep one whole record; `place` is its byte offset and length."""
        self._count += 1
        content = [values.get(name) for name in CONTENT_COLUMNS[dataset]]
        row = (self._count, *place, key, compute_digest(values), *content)
        self._rows.setdefault(dataset, []).append(row)

    def refuse(self, dataset: Dataset, place: tuple[int, int], key: str, fault: Fault) -> None:
        """Keep one refusal in the place of its record."""
        self._count += 1
        refusal = RecordFault(dataset, self._count, *place, key, fault)
        self._faults.setdefault(dataset, []).append(refusal)

    def clear(self) -> Iterator[Batch]:
        """Hand out what was taken since the last time, a batch for each dataset."""
        rows, self._rows = self._rows, {}
        faults, self._faults = self._faults, {}
        for dataset in Dataset:
            if dataset in rows or dataset in faults:
                records = _make_batch(SCHEMAS[dataset], rows.get(dataset, []))
                yield Batch(dataset, records, tuple(faults.get(dataset, ())))


def _make_batch(schema: pa.Schema, rows: list[tuple[Value | bytes | int, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
