"""Packages to write, and what is read back from them."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats.commerceml.writing import WritingTerms, fit_batch, write_package
from tasks.formats.rows import compute_digest, write_json
from tasks.model.datasets import PLACE, SCHEMAS, Dataset, Extent
from tests.tasks.formats.reads import Read, read_path

DIALECTS = tuple(f"commerceml-{version}" for version in ("2.07", "2.08", "2.09", "2.10", "3.1"))

Row = Mapping[str, Any]
Tables = dict[Dataset, pa.Table]

_FORMED_AT = datetime(2026, 2, 6, 11, 15, 23, tzinfo=UTC)


def make_terms(dialect: str = "commerceml-2.09", **words: Any) -> WritingTerms:
    usual: dict[str, Any] = {
        "extent": Extent.FULL, "formed_at": _FORMED_AT, "catalog_id": "c",
        "catalog_name": "Каталог", "classifier_id": "k", "package_id": "c#", "owner_id": "o",
        "owner_name": "ООО «Ромашка»",
    }  # fmt: skip
    return WritingTerms(dialect, **usual | words)


def make_table(dataset: Dataset, *rows: Row) -> pa.Table:
    """Lists and objects become JSON text; what is not named is null."""
    schema = pa.schema(list(SCHEMAS[dataset])[len(PLACE) :])
    texts = [
        {name: write_json(value) if isinstance(value, (list, dict)) else value
         for name, value in row.items()}
        for row in rows
    ]  # fmt: skip
    assert {name for row in rows for name in row} <= set(schema.names)
    return pa.Table.from_pylist(texts, schema=schema)


def write(tables: Tables, terms: WritingTerms) -> dict[str, bytes]:
    """Name -> bytes of each file of the package, in order."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_package(tables, terms, Path(folder))
        assert sorted(paths) == sorted(Path(folder).iterdir())
        return {path.name: path.read_bytes() for path in paths}


def write_rows(terms: WritingTerms, **rows: Iterable[Row]) -> dict[str, str]:
    """The same of rows, by the names of their datasets; bytes as text."""
    tables = {Dataset(name): make_table(Dataset(name), *given) for name, given in rows.items()}
    files = write(tables, terms)
    return {
        name: content.decode(terms.encoding).lstrip("\ufeff") for name, content in files.items()
    }


def read_back(tables: Tables, terms: WritingTerms) -> list[Read]:
    with tempfile.TemporaryDirectory() as folder:
        return [read_path(path) for path in write_package(tables, terms, Path(folder))]


def expect(tables: Tables, terms: WritingTerms) -> set[tuple[str, str]]:
    """What a reader must find: dataset and content of each row, as it is said."""
    found = set()
    for dataset, table in tables.items():
        for batch in table.to_batches():
            rows = fit_batch(dataset, batch, terms).to_pylist()
            found |= {_show(dataset, row) for row in rows if not _is_only_an_id(dataset, row)}
    return found


def find(reads: Iterable[Read]) -> set[tuple[str, str]]:
    """What our reader found. Every figure of 3.1 stands in an offer that is only its id."""
    found = set()
    for read in reads:
        assert read.fault is None
        assert read.faults == []
        for dataset, rows in read.rows.items():
            for row in rows:
                content = {name: row[name] for name in SCHEMAS[dataset].names[len(PLACE) :]}
                assert compute_digest(content) == row["digest"]
                if not _is_only_an_id(dataset, content):
                    found.add(_show(dataset, content))
    return found


def _is_only_an_id(dataset: Dataset, row: Row) -> bool:
    marks = ("unit_code", "version", "is_deleted")
    return (
        dataset is Dataset.OFFERS
        and row["is_bare"]
        and not any(row[name] is not None for name in marks)
    )


def _show(dataset: Dataset, row: Row) -> tuple[str, str]:
    there = {name: value for name, value in row.items() if value is not None}
    return str(dataset), json.dumps(there, sort_keys=True, ensure_ascii=False)


SAMPLES = Path(__file__).parents[2] / "samples" / "commerceml_written"


def load_sample(name: str) -> Tables:
    """A catalog of ours as tables."""
    rows = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return {
        Dataset(dataset): make_table(Dataset(dataset), *given) for dataset, given in rows.items()
    }
