"""What stands between tags: characters as a parser of XML gives them, and elements read once."""

import re
from collections.abc import Sequence
from typing import Any, Final

from lxml import etree

from tasks.formats.commerceml.elements import STRAY, make_parser
from tasks.formats.commerceml.fields import Scope, read_fields
from tasks.formats.commerceml.kinds import Content, Leaf, Table
from tasks.formats.rows import Json
from tasks.formats.values import ID_LENGTH, parse_id, parse_text

_ENTITY: Final = re.compile(r"&[^;]*;?")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_BYTES_KEPT: Final = 4 << 20


class UnplainError(ValueError):
    """These bytes are the general decoder's."""


def read_text(raw: bytes, encoding: str) -> str:
    """Decode a text.

    Raises:
        UnplainError: it holds a reference that is none of the five of XML.
        UnicodeDecodeError: it is not written in this encoding.
    """
    text = raw.decode(encoding)
    if "&" in text:
        text = _ENTITY.sub(_resolve, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _resolve(found: re.Match[str]) -> str:
    try:
        return _ENTITIES[found[0]]
    except KeyError:
        raise UnplainError(found[0]) from None


def read_leaves(raw: Sequence[bytes], leaf: Leaf, encoding: str) -> list[Any]:
    """Read the same field of many records, each by `leaf.parse`.

    Raises:
        UnplainError, UnicodeDecodeError, ValueFaultError: one of them cannot be read.
    """
    texts = read_texts(raw, encoding)
    if leaf.parse is parse_text:
        return [text.strip() or None for text in texts]
    if leaf.parse is parse_id and max(map(len, texts), default=0) <= ID_LENGTH:
        return [text.strip() or None for text in texts]
    known: dict[str, Any] = {}
    for text in texts:
        if text not in known:
            known[text] = leaf.parse(text)
    return [known[text] for text in texts]


def read_texts(raw: Sequence[bytes], encoding: str) -> list[str]:
    """Decode texts.

    Raises:
        UnplainError, UnicodeDecodeError: one of them cannot be read; see `read_text`.
    """
    together = b"".join(raw)
    if b"&" in together or b"\r" in together:
        return [read_text(one, encoding) for one in raw]
    return [one.decode(encoding) for one in raw]


def escape_all(parts: Sequence[str]) -> Sequence[str]:
    """Prepare parts of keys: a `|` inside a part is no border; see `rows.join_key`."""
    together = "".join(parts)
    if "|" in together or "\\" in together:
        return [part.replace("\\", "\\\\").replace("|", "\\|") for part in parts]
    return parts


class Blocks:
    """Elements with attributes or children of their own, read by the general code by one table.

    Exporters write the same few of them again and again: each is read once for the same bytes.
    """

    def __init__(self, encoding: str, owner: str, table: Table) -> None:
        """Read children of elements that are called `owner`."""
        self._encoding = encoding
        self._owner = owner
        self._table = table
        self._read: dict[bytes, tuple[Content, dict[str, Json]]] = {}
        self._size = 0

    def read(self, element: bytes) -> tuple[Content, dict[str, Json]]:
        """Return the columns and the kept fields that a child gives to its record.

        Raises:
            UnplainError, FieldFaultError, lxml.etree.XMLSyntaxError: it gives none.
        """
        read = self._read.get(element)
        if read is None:
            self._size += len(element)
            if self._size > _BYTES_KEPT:
                self._read.clear()
                self._size = len(element)
            read = self._read[element] = self._read_generally(element)
        return read

    def _read_generally(self, element: bytes) -> tuple[Content, dict[str, Json]]:
        if any(pattern.search(element) for pattern in STRAY):
            raise UnplainError(self._owner)
        text = f"<w><{self._owner}>{element.decode(self._encoding)}</{self._owner}></w>"
        content: Content = {}
        scope = Scope(frozenset())
        (tree,) = etree.fromstring(text.encode(), make_parser())
        read_fields(tree, self._table, content, scope)
        return content, scope.extra
