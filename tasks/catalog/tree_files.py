"""Reads a re-classification map: rows that say which of a customer's groups a thing belongs to.

CSV (UTF-8 or windows-1251; semicolon, comma or tab) or XLSX (its first sheet). The first row that
is not empty is the heading; it names three columns, in any order, in English or Russian:

    kind            вид                 group | группа | product | товар
    id              ид                  what the source calls the group or the product (its Ид)
    customer_group  группа покупателя   the customer's group with all above it: Чай/Зелёный/Китай

Other columns are left alone. A row may be wrong by itself and is refused with its column and value;
the same thing in two groups is two rows. Pure: bytes in, rows out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tasks.formats.sheets import Refused, SheetError, find_columns, read_sheet, read_text, spaced

DEPTH_MAX: Final = 10
_NAMES: Final = {
    "kind": {"kind", "вид"},
    "id": {"id", "ид"},
    "customer_group": {"customer_group", "группа покупателя"},
}
_KINDS: Final = {"group": "group", "группа": "group", "product": "product", "товар": "product"}
_ID_MAX, _NAME_MAX = 80, 250


@dataclass(frozen=True, slots=True)
class Line:
    """A thing of the source and where the customer wants it: the parts of the group's path."""

    row_no: int
    kind: str
    id: str
    path: tuple[str, ...]


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
    """Read a map, judged by its name's end. Raises SheetError."""
    return _read_rows(read_sheet(file_name, payload))


def _read_rows(rows: Iterator[tuple[int, Sequence[object]]]) -> TreeFile:
    lines: dict[tuple[str, str, tuple[str, ...]], Line] = {}
    refused: list[Refused] = []
    columns: dict[str, int] | None = None
    for row_no, cells in rows:
        if columns is None:
            columns = find_columns(cells, _NAMES)
            continue
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
        raise SheetError(message)
    return TreeFile(tuple(lines.values()), tuple(refused))


def _read_row(row_no: int, cells: Sequence[object], columns: dict[str, int]) -> Line | Refused:
    texts: dict[str, str] = {}
    for column, place in columns.items():
        cell = cells[place] if place < len(cells) else None
        text = read_text(cell)
        if text is None:
            why = "Ожидался текст; числа длиннее 15 знаков Excel искажает: запишите их текстом."
            return Refused(row_no, column, str(cell)[:200], why)
        texts[column] = text
    path = tuple(spaced(part) for part in texts["customer_group"].split("/"))
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
