"""Where in a record's own bytes the text of a column stands: for the operator's trace form."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.parsers import expat

from tasks.formats.commerceml.kinds import Inline, Item, Leaf, Table, Texts
from tasks.formats.commerceml.records import TYPED_REQUISITES, normalise_name
from tasks.formats.commerceml.tables import STOCK_IN_WAREHOUSE, STOCK_TOTAL, TABLES
from tasks.model.datasets import Dataset

# Columns that are made of gathered fields or of another column.
_MADE_OF: Final[dict[str, tuple[str, ...]]] = {
    "product_id": ("id",),
    "characteristic_id": ("characteristic_id", "id"),
    "unit_code": ("-unit_code", "-unit"),
    "unit_name": ("-unit", "-unit_short", "-unit_full"),
    "is_deleted": ("-marked", "-status"),
    "pictures": ("-pictures",),
    "value_type": ("-type",),
    "is_required": ("-required",),
    "vat_rate": ("rate",),
    "is_description_html": ("description",),
    "offer_id": ("id",),
}


class Found(NamedTuple):
    """A text inside a record: its path from the record's element, where it stands, and itself."""

    path: tuple[str, ...]
    offset: int
    length: int
    text: str


def locate(payload: bytes, encoding: str, dataset: Dataset, column: str) -> Found | None:
    """Find the text of a column in the bytes of one record; None when they do not hold it.

    `payload` is the record's slice of the archived file, `encoding` that of its heading. A column
    that comes from elsewhere (`parent_id` of a nested group, `catalog_id`) is not in the slice.
    """
    texts = list(_read_texts(payload, encoding))
    for word in _MADE_OF.get(column, (column,)):
        wanted = set(_list_paths(_choose_table(dataset), word))
        for found in texts:
            if found.path in wanted:
                return found
    return _locate_requisite(texts, column)


def _choose_table(dataset: Dataset) -> Table:
    if dataset is Dataset.STOCK:
        placed: Table = {**STOCK_IN_WAREHOUSE, **STOCK_TOTAL}
        return {**placed, "Склад": Inline(STOCK_IN_WAREHOUSE)}
    return TABLES[dataset]


def _list_paths(
    table: Table, column: str, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for tag, known in table.items():
        path = above if tag == "." else (*above, tag)
        match known:
            case Leaf(name) | Texts(name) if name == column:
                yield path
            case Inline(inner) | Item(_, inner):
                yield from _list_paths(inner, column, path)
            case _:
                pass


def _locate_requisite(texts: list[Found], column: str) -> Found | None:
    is_wanted = False
    for found in texts:
        if found.path[-2:] == ("ЗначениеРеквизита", "Наименование"):
            is_wanted = TYPED_REQUISITES.get(normalise_name(found.text)) == column
        elif is_wanted and found.path[-2:] == ("ЗначениеРеквизита", "Значение"):
            return found
    return None


def _read_texts(payload: bytes, encoding: str) -> Iterator[Found]:
    # Without namespaces: a slice need not hold the declarations of its prefixes.
    parser = expat.ParserCreate(
        {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}.get(encoding, encoding)
    )
    parser.buffer_text = False
    path: list[str] = []
    spans: list[tuple[int, list[str]]] = []  # of the open elements: first byte of text, its pieces
    found: list[Found] = []

    def open_element(name: str, attributes: dict[str, str]) -> None:
        path.append(_strip(name))
        spans.append((-1, []))
        tag = payload[parser.CurrentByteIndex :].decode(encoding, "ignore")
        for word, text in attributes.items():
            at = re.search(rf"""\s{re.escape(word)}\s*=\s*(["'])(.*?)\1""", tag, re.DOTALL)
            if at is not None:
                offset = parser.CurrentByteIndex + len(tag[: at.start(2)].encode(encoding))
                length = len(at[2].encode(encoding))
                found.append(Found((*path[1:], f"@{_strip(word)}"), offset, length, text))

    def hear(text: str) -> None:
        start, pieces = spans[-1]
        spans[-1] = (parser.CurrentByteIndex if start < 0 else start, [*pieces, text])

    def close_element(_: str) -> None:
        start, pieces = spans.pop()
        text = "".join(pieces)
        if text.strip():
            found.append(Found(tuple(path[1:]), start, parser.CurrentByteIndex - start, text))
        path.pop()

    parser.StartElementHandler = open_element
    parser.CharacterDataHandler = hear
    parser.EndElementHandler = close_element
    is_last = True
    parser.Parse(payload, is_last)
    yield from found


def _strip(name: str) -> str:
    return name.rpartition(":")[2]
