"""Where a column's text stands in the bytes of a record, whatever the dialect of its file."""

from typing import Final, NamedTuple

from tasks.formats.commerceml import COMMERCEML
from tasks.formats.commerceml.locate import locate
from tasks.formats.obmen_csv import ObmenCsv
from tasks.model.datasets import Dataset

_WHOLE: Final = "(the record's own text)"
# Columns that are made of another one.
_MADE_OF: Final = {
    "characteristic_id": "id",
    "is_description_html": "description",
    "taxes": "vat_rate",
}


class Span(NamedTuple):
    """A text inside a record: how the sender calls it, its first byte in the record, itself."""

    name: str
    offset: int
    length: int
    text: str


class Excerpt(NamedTuple):
    """A record of a file as it stands there, with the file's first bytes."""

    dialect: str
    encoding: str
    dataset: Dataset
    head: bytes
    record: bytes


def locate_text(excerpt: Excerpt, column: str) -> Span | None:
    """Find the text of a column; None when the record does not hold it.

    Of a dialect that a plug-in reads nothing is known but the record.
    """
    if excerpt.dialect == COMMERCEML.name:
        found = locate(excerpt.record, excerpt.encoding, excerpt.dataset, column)
        return found and Span(
            "/".join(found.path) or _WHOLE, found.offset, found.length, found.text
        )
    if excerpt.dialect == ObmenCsv.name:
        return _locate_cell(column, excerpt.head, excerpt.record)
    return None


def _locate_cell(column: str, head: bytes, record: bytes) -> Span | None:
    # The first line is the signature, the second one names the columns.
    names = head.splitlines()[1] if head.count(b"\n") > 1 else b""
    named = [_bare(cell).decode(errors="replace").strip() for _, cell in _split_cells(names)]
    wanted = _MADE_OF.get(column, column)
    cells = _split_cells(record)
    if wanted not in named or named.index(wanted) >= len(cells):
        return None
    offset, cell = cells[named.index(wanted)]
    text = _bare(cell)
    is_quoted = text != cell
    return Span(wanted, offset + is_quoted, len(text), text.decode(errors="replace"))


def _split_cells(line: bytes) -> list[tuple[int, bytes]]:
    """Return the cells of a row as they are written, each with the byte at which it begins."""
    cells, start, is_quoted = [], 0, False
    for at, byte in enumerate(line + b";"):
        if byte == ord('"'):
            is_quoted = not is_quoted
        elif byte == ord(";") and not is_quoted:
            cells.append((start, line[start:at]))
            start = at + 1
    return cells


def _bare(cell: bytes) -> bytes:
    return cell[1:-1] if len(cell) > 1 and cell[:1] == cell[-1:] == b'"' else cell
