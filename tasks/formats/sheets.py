"""Rows of a table as people send it: CSV, or the first sheet of an XLSX.

CSV is UTF-8 or windows-1251, parted by semicolon, comma or tab. The first row that is not empty is
the heading; its columns stand in any order. Pure: bytes in, rows out.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

UNZIPPED_MAX: Final = 200_000_000  # bytes; a table of a million rows has about 100 MB
ROWS_MAX: Final = 1_000_000
# What the library says of an archive that holds something else; SyntaxError is that of its XML.
_NO_XLSX: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    SyntaxError,
    OSError,
)
_SAFE_DIGITS = 15  # a longer number has lost digits in Excel


class SheetError(ValueError):
    """The file as a whole is no such table; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that says nothing usable: its number in the file, the column, the value, a sentence."""

    row_no: int
    column: str
    value: str
    sentence_ru: str


def read_sheet(file_name: str, payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows that are not empty with their numbers, judged by the name's end.

    Raises SheetError.
    """
    if file_name.lower().endswith(".xlsx"):
        rows = _xlsx_rows(payload)
    elif file_name.lower().endswith(".csv"):
        rows = _csv_rows(payload)
    else:
        message = f"{file_name} is neither .csv nor .xlsx"
        raise SheetError(message)
    filled = ((row_no, row) for row_no, row in rows if any(str(c or "").strip() for c in row))
    for number, (row_no, cells) in enumerate(filled):
        if number > ROWS_MAX:
            message = f"it has more than {ROWS_MAX} rows"
            raise SheetError(message)
        yield row_no, cells


def find_columns(
    heading: Sequence[object], names: Mapping[str, Collection[str]], may_lack: Collection[str] = ()
) -> dict[str, int]:
    """Return the place of each column: names in lower case, by column.

    Raises SheetError when one stands there twice, or lacks and may not.
    """
    said = [spaced(str(cell or "")).lower() for cell in heading]
    columns: dict[str, int] = {}
    for column, spellings in names.items():
        places = [place for place, name in enumerate(said) if name in spellings]
        if not places and column in may_lack:
            continue
        if len(places) != 1:
            wanted = " or ".join(sorted(spellings))
            message = f"its heading names {len(places)} columns {wanted}, it must name one"
            raise SheetError(message)
        columns[column] = places[0]
    return columns


def read_text(cell: object) -> str | None:
    """Return what a cell says; None: it is no text, or Excel has spoilt it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFC", cell).strip()
        return None if re.search(r"[\x00-\x08\x0b-\x1f]", text) else text
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != int(cell):
        return None
    digits = str(int(cell))
    return digits if len(digits.lstrip("-")) <= _SAFE_DIGITS else None


def spaced(text: str) -> str:
    """Return a text with one space between its words."""
    return " ".join(text.split())


def _csv_rows(payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = payload.decode("windows-1251")
        except UnicodeDecodeError as fault:
            message = "it is neither in UTF-8 nor in windows-1251"
            raise SheetError(message) from fault
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        message = f"line {reader.line_num} is no CSV: {fault}"
        raise SheetError(message) from fault


def _xlsx_rows(payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            unzipped = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as fault:
        message = f"it is no XLSX: {fault}"
        raise SheetError(message) from fault
    if unzipped > UNZIPPED_MAX:
        message = f"it unpacks to {unzipped} bytes, more than {UNZIPPED_MAX}"
        raise SheetError(message)
    try:
        book = load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
        book.close()
    except _NO_XLSX as fault:
        message = f"it is no XLSX: {fault}"
        raise SheetError(message) from fault
