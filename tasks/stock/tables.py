"""Tables that people load: typed columns, each row taken or refused with its place and value.

A heading that names a column nobody knows is a fault of the whole file: a misspelt `от количества`
would give a discount to everybody. Pure: bytes in, rows out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tasks.formats.sheets import Refused, SheetError, find_columns, read_sheet, read_text, spaced
from tasks.formats.values import ValueFaultError
from tasks.model.causes import Cause, Fault

NOTES: Final = frozenset({"", "примечание", "комментарий", "note"})  # columns for people
_EXCEL_DIGITS: Final = 15  # what stands behind them is noise of binary fractions


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how headings spell it (lower case), and how its text becomes a canonical one."""

    names: frozenset[str]
    parse: Callable[[str], str | None]
    is_required: bool = False  # in the heading, and filled in every row


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be read: its number in the file and its values, each once parsed."""

    row_no: int
    values: Mapping[str, str | None]

    def __getitem__(self, column: str) -> str | None:
        return self.values[column]

    def refuse(self, column: str, why_ru: str) -> Refused:
        """Refuse this row for what one of its columns says."""
        return Refused(self.row_no, column, (self.values.get(column) or "")[:200], why_ru)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read: every row is a line or was refused."""

    lines: Sequence[Line]
    refused: Sequence[Refused]

    @property
    def received(self) -> int:
        """How many rows there were."""
        return len(self.lines) + len(self.refused)

    def without(self, refused: Sequence[Refused]) -> "Table":
        """Return the same with more of its rows refused."""
        gone = {each.row_no for each in refused}
        return Table(
            [line for line in self.lines if line.row_no not in gone],
            sorted([*self.refused, *refused], key=lambda each: each.row_no),
        )


def read_table(file_name: str, payload: bytes, columns: Mapping[str, Column]) -> Table:
    """Read a CSV or XLSX. Raises SheetError when the file as a whole is no such table."""
    rows = read_sheet(file_name, payload)
    heading = next(rows, None)
    if heading is None:
        message = "it is empty"
        raise SheetError(message)
    places = _find_places(heading[1], columns)
    lines: list[Line] = []
    refused: list[Refused] = []
    for row_no, cells in rows:
        found = _read_line(row_no, cells, columns, places)
        (lines if isinstance(found, Line) else refused).append(found)  # type: ignore[arg-type]
    return Table(lines, refused)


def _find_places(heading: Sequence[object], columns: Mapping[str, Column]) -> dict[str, int]:
    names = {name: column.names for name, column in columns.items()}
    known = NOTES.union(*names.values())
    said = [spaced(str(cell or "")).lower() for cell in heading]
    if strangers := [name for name in said if name not in known]:
        message = f"its heading names the column {strangers[0]!r}, which nobody knows"
        raise SheetError(message)
    return find_columns(heading, names, {n for n, each in columns.items() if not each.is_required})


def _read_line(
    row_no: int, cells: Sequence[object], columns: Mapping[str, Column], places: Mapping[str, int]
) -> Line | Refused:
    values: dict[str, str | None] = {}
    for name, column in columns.items():
        place = places.get(name, len(cells))
        cell = cells[place] if place < len(cells) else None
        try:
            values[name] = _parse(column, cell)
        except ValueFaultError as fault:
            spelling = min(column.names, key=str.isascii)
            told = Fault(fault.cause, spelling, fault.value, fault.expected)
            return Refused(row_no, name, fault.value[:200], told.sentence_ru)
    return Line(row_no, values)


def _parse(column: Column, cell: object) -> str | None:
    text = _said(cell)
    if text is None:
        raise ValueFaultError(Cause.NUM_FORMAT, str(cell))
    value = column.parse(text)
    if column.is_required and value is None:
        raise ValueFaultError(Cause.FIELD_MISSING, text)
    return value


def _said(cell: object) -> str | None:
    """Return what a cell shows: a number as Excel shows it, a day as ISO writes it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        shown = f"{cell:.{_EXCEL_DIGITS}g}"
        return None if "e" in shown or "n" in shown else shown
    return read_text(cell)
