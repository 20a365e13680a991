"""Our own published format, for sources that are not 1C: CSV, one dataset a file.

README.md beside this file is its description for partners. A row becomes the record, key and digest
that the same content in CommerceML gives. Never guesses a column: a file with one column too few or
too many is refused whole.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tasks.formats.csv_columns import COLUMNS, VERSIONS, Column, make_record
from tasks.formats.rows import Shelf, Value
from tasks.formats.values import ValueFaultError
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.datasets import Batch, Dataset, Extent, Heading

SIGNATURE: Final = "#obmen-catalog"
_MARK: Final = b"\xef\xbb\xbf"
_CHUNK_ROWS: Final = 2_000
_ROW_BYTES_LIMIT: Final = 10_000_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SETTINGS: Final = ("dataset", "extent", "formed_at", "rows")


class Row(NamedTuple):
    """One logical line: quoted cells may hold line breaks."""

    offset: int
    length: int
    line: int
    cells: list[str]


class ObmenCsv:
    """The dialect: recognises a file and opens it."""

    name: Final = "obmen_csv"
    version: Final = "1"

    def recognise(self, head: bytes) -> bool:
        """Whether the file begins with our signature."""
        return head.removeprefix(_MARK).startswith(SIGNATURE.encode())

    def open(
        self, path: Path, *, left_alone: frozenset[str] = frozenset(), salvage: bool = False
    ) -> "ObmenCsvFile":
        """Read the first line.

        Raises:
            FileFaultError: VERSION_UNKNOWN, or FIELD_UNKNOWN for a setting we do not know.
        """
        del salvage  # rows are given as they are read; nothing is held back
        return ObmenCsvFile(path, left_alone)


class ObmenCsvFile:
    """One file being read; a `Source`."""

    def __init__(self, path: Path, left_alone: frozenset[str]) -> None:
        """Read the first line; see `ObmenCsv.open`."""
        self._path = path
        self._left_alone = left_alone
        self._met: set[str] = set()
        first = next(_read_rows(path)).cells
        self._version = _check_version(first[1] if len(first) > 1 else "")
        self._settings = _read_settings(first[2:])

    @property
    def heading(self) -> Heading:
        """What the first line says."""
        extent = self._settings.get("extent")
        return Heading(
            dialect=ObmenCsv.name,
            version=self._version,
            encoding="utf-8",
            declared_encoding=None,
            formed_at=self._settings.get("formed_at"),
            node=None,
            extent=Extent(extent) if extent else None,
            catalog_id=None,
            classifier_id=None,
            package_id=None,
            valid_from=None,
            valid_to=None,
            left_alone=tuple(sorted(self._met)),
        )

    def batches(self) -> Iterator[Batch]:
        """Read the rows.

        Raises:
            FileFaultError: a column is missing, unknown or repeated; the bytes are not UTF-8; a
                quote is not closed; the file has not the number of rows that it says.
        """
        rows = _read_rows(self._path)
        next(rows)
        names = next(rows, Row(0, 0, 2, [])).cells
        dataset, columns = self._choose_columns([name.strip() for name in names])
        shelf, count = Shelf(), 0
        for count, row in enumerate(rows, 1):
            _take(shelf, dataset, columns, row)
            if count % _CHUNK_ROWS == 0:
                yield from shelf.clear()
        yield from shelf.clear()
        self._check_count(count)

    def _choose_columns(self, names: list[str]) -> tuple[Dataset, list[Column | None]]:
        dataset = self._choose_dataset(names)
        known = {
            column.name: column for column in COLUMNS[dataset] if column.since <= int(self._version)
        }
        for name in names:
            if name in self._left_alone and name not in known:
                self._met.add(name)
            elif name not in known:
                raise _fault(Cause.FIELD_UNKNOWN, name, f"a column of {dataset}")
            elif names.count(name) > 1:
                raise _fault(Cause.FIELD_REPEATED, name)
        for column in known.values():
            if column.is_mandatory and column.name not in names:
                raise _fault(Cause.FIELD_MISSING, column.name)
        return dataset, [known.get(name) for name in names]

    def _choose_dataset(self, names: list[str]) -> Dataset:
        if word := self._settings.get("dataset"):
            return Dataset(word)
        if "moved_at" in names:
            return Dataset.MOVEMENTS
        if "offer_id" in names:
            return Dataset.STOCK if "quantity" in names else Dataset.PRICES
        return Dataset.OFFERS if "product_id" in names else Dataset.GOODS

    def _check_count(self, count: int) -> None:
        said = self._settings.get("rows")
        if said is not None and said != str(count):
            raise _fault(
                Cause.XML_NOT_WELL_FORMED, f"row {count}", f"the first line says {said} rows"
            )


def _check_version(version: str) -> str:
    if version.strip() not in VERSIONS:
        raise _fault(Cause.VERSION_UNKNOWN, SIGNATURE, version.strip(), ", ".join(VERSIONS))
    return version.strip()


def _read_settings(cells: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for cell in filter(None, cells):
        word, _, value = cell.partition("=")
        if word not in _SETTINGS:
            raise _fault(Cause.FIELD_UNKNOWN, word, value)
        if (word == "extent" and value not in tuple(Extent)) or (
            word == "dataset" and value not in tuple(COLUMNS)
        ):
            raise _fault(Cause.RULE_BROKEN, word, value, "a word of the format")
        settings[word] = value
    return settings


def _take(shelf: Shelf, dataset: Dataset, columns: list[Column | None], row: Row) -> None:
    place = row.offset, row.length
    try:
        values = _read_cells(columns, row)
        key, values = make_record(dataset, values)
    except ValueFaultError as error:
        found = dict(zip((column and column.name for column in columns), row.cells, strict=False))
        key = found.get("id") or found.get("offer_id") or ""
        fault = Fault(error.cause, error.place, error.value[:200], error.expected)
        shelf.refuse(dataset, place, key.strip(), fault)
        return
    shelf.take(dataset, place, key, values)


def _read_cells(columns: list[Column | None], row: Row) -> dict[str, Value]:
    if len(row.cells) != len(columns):
        found = str(len(row.cells))
        raise ValueFaultError(Cause.RULE_BROKEN, found, f"{len(columns)} cells", f"line {row.line}")
    values: dict[str, Value] = {}
    for column, cell in zip(columns, row.cells, strict=True):
        if column is None:
            continue
        if _CONTROL.search(cell):
            raise ValueFaultError(Cause.CTRL_CHAR, repr(cell), place=column.name)
        try:
            values[column.name] = column.parse(cell)
        except ValueFaultError as error:
            raise error.at(column.name) from None
        if column.is_mandatory and values[column.name] is None:
            raise ValueFaultError(Cause.FIELD_MISSING, "", place=column.name)
    return values


def _read_rows(path: Path) -> Iterator[Row]:
    offset, line, held, started = 0, 0, b"", 0
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            if offset == 0 and text.startswith(_MARK):
                text, offset = text.removeprefix(_MARK), len(_MARK)  # noqa: PLW2901 - the mark is no text
            if not held:
                started, line = offset, number
            held += text
            offset += len(text)
            if len(held) > _ROW_BYTES_LIMIT:
                raise _fault(Cause.XML_LIMIT, f"line {line}", "bytes in one row", "10000000")
            if held.count(b'"') % 2 == 0:
                if held.strip():
                    yield _split(held, started, line)
                held = b""
    if held:
        raise _fault(Cause.XML_NOT_WELL_FORMED, f"line {line}", "a quote is not closed", at=started)


def _split(held: bytes, offset: int, line: int) -> Row:
    body = held.rstrip(b"\r\n")
    try:
        text = body.decode().replace("\r\n", "\n")
        cells = next(csv.reader([text], delimiter=";", strict=True))
    except UnicodeDecodeError as error:
        place = f"line {line}, byte {offset + error.start}"
        seen = repr(body[error.start : error.start + 20])
        raise _fault(
            Cause.ENCODING_MISMATCH, place, seen, "utf-8", at=offset + error.start
        ) from None
    except csv.Error as error:
        raise _fault(Cause.XML_NOT_WELL_FORMED, f"line {line}", str(error), at=offset) from None
    return Row(offset, len(body), line, cells)


def _fault(
    cause: Cause, place: str, value: str = "", expected: str = "", *, at: int = 0
) -> FileFaultError:
    return FileFaultError(Fault(cause, place, value, expected), at)
