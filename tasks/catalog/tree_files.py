"""Reads a re-classification map: rows that say which of a customer's groups a thing belongs to.

CSV (UTF-8 or windows-1251; semicolon, comma or tab) or XLSX (its first sheet). The first row that
is not empty is the heading; it names three columns, in any order, in English or Russian:

    kind            вид                 group | группа | product | товар
    id              ид                  what the source calls the group or the product (its Ид)
    customer_group  группа покупателя   the customer's group with all above it: Чай/Зелёный/Китай

Other columns are left alone. A row may be wrong by itself and is refused with its column and value;
the same thing in two groups is two rows. Pure: bytes in, rows out.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

UNZIPPED_MAX: Final = 200_000_000  # bytes; a map of a million rows has about 100 MB
ROWS_MAX: Final = 1_000_000
DEPTH_MAX: Final = 10
_NAMES: Final = {
    "kind": {"kind", "вид"},
    "id": {"id", "ид"},
    "customer_group": {"customer_group", "группа покупателя"},
}
_KINDS: Final = {"group": "group", "группа": "group", "product": "product", "товар": "product"}
_ID_MAX, _NAME_MAX = 80, 250
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


class TreeFileError(ValueError):
    """The file as a whole is no map; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A thing of the source and where the customer wants it: the parts of the group's path."""

    row_no: int
    kind: str
    id: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that says nothing usable: its number in the file, the column, the value, a sentence."""

    row_no: int
    column: str
    value: str
    sentence_ru: str


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A map as it was read: every row is a line or was refused."""

    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]

    @property
    def received(self) -> int:
        """How many rows there were."""
        return len(self.lines) + len(self.refused)


def read_tree_file(file_name: str, payload: bytes) -> TreeFile:
    """Read a map, judged by its name's end. Raises TreeFileError."""
    if file_name.lower().endswith(".xlsx"):
        rows = _xlsx_rows(payload)
    elif file_name.lower().endswith(".csv"):
        rows = _csv_rows(payload)
    else:
        message = f"{file_name} is neither .csv nor .xlsx"
        raise TreeFileError(message)
    return _read_rows(rows)


def _read_rows(rows: Iterator[tuple[int, Sequence[object]]]) -> TreeFile:
    lines: dict[tuple[str, str, tuple[str, ...]], Line] = {}
    refused: list[Refused] = []
    columns: dict[str, int] | None = None
    for row_no, cells in rows:
        if not any(str(cell or "").strip() for cell in cells):
            continue
        if columns is None:
            columns = _read_heading(cells)
            continue
        if len(lines) + len(refused) >= ROWS_MAX:
            message = f"it has more than {ROWS_MAX} rows"
            raise TreeFileError(message)
        found = _read_row(row_no, cells, columns)
        if isinstance(found, Refused):
            refused.append(found)
        elif first := lines.get((found.kind, found.id, found.path)):
            again = f"То же уже сказано в строке {first.row_no}."
            refused.append(Refused(row_no, "id", found.id, again))
        else:
            lines[found.kind, found.id, found.path] = found
    if columns is None:
        message = "it is empty"
        raise TreeFileError(message)
    return TreeFile(tuple(lines.values()), tuple(refused))


def _read_heading(cells: Sequence[object]) -> dict[str, int]:
    said = [_spaced(str(cell or "")).lower() for cell in cells]
    columns: dict[str, int] = {}
    for column, names in _NAMES.items():
        places = [place for place, name in enumerate(said) if name in names]
        if len(places) != 1:
            wanted = " or ".join(sorted(names))
            message = f"its heading names {len(places)} columns {wanted}, it must name one"
            raise TreeFileError(message)
        columns[column] = places[0]
    return columns


def _read_row(row_no: int, cells: Sequence[object], columns: dict[str, int]) -> Line | Refused:
    texts: dict[str, str] = {}
    for column, place in columns.items():
        cell = cells[place] if place < len(cells) else None
        text = _text(cell)
        if text is None:
            why = "Ожидался текст; числа длиннее 15 знаков Excel искажает: запишите их текстом."
            return Refused(row_no, column, str(cell)[:200], why)
        texts[column] = text
    path = tuple(_spaced(part) for part in texts["customer_group"].split("/"))
    kind = _KINDS.get(texts["kind"].lower(), "")
    faults = (
        ("kind", not kind, "Вид должен быть «группа» или «товар»."),
        ("id", not texts["id"], "Не указан Ид."),
        ("id", len(texts["id"]) > _ID_MAX, f"Ид длиннее {_ID_MAX} знаков."),
        ("customer_group", not texts["customer_group"], "Не указана группа покупателя."),
        ("customer_group", "" in path, "В пути группы есть пустая часть."),
        ("customer_group", len(path) > DEPTH_MAX, f"В пути больше {DEPTH_MAX} уровней."),
        (
            "customer_group",
            any(len(part) > _NAME_MAX for part in path),
            f"Название группы длиннее {_NAME_MAX} знаков.",
        ),
    )
    for column, is_so, why in faults:
        if is_so:
            return Refused(row_no, column, texts[column][:200], why)
    return Line(row_no, kind, texts["id"], path)


def _text(cell: object) -> str | None:
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


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _csv_rows(payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = payload.decode("windows-1251")
        except UnicodeDecodeError as fault:
            message = "it is neither in UTF-8 nor in windows-1251"
            raise TreeFileError(message) from fault
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        message = f"line {reader.line_num} is no CSV: {fault}"
        raise TreeFileError(message) from fault


def _xlsx_rows(payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            unzipped = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as fault:
        message = f"it is no XLSX: {fault}"
        raise TreeFileError(message) from fault
    if unzipped > UNZIPPED_MAX:
        message = f"it unpacks to {unzipped} bytes, more than {UNZIPPED_MAX}"
        raise TreeFileError(message)
    try:
        book = load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
        book.close()
    except _NO_XLSX as fault:
        message = f"it is no XLSX: {fault}"
        raise TreeFileError(message) from fault
