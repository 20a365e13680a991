"""What an element of a record is made of: the words of the layouts, and how each is rendered.

A layout says in which order the elements of a record stand and from which column each is filled.
`since` and `until` are the versions that have the element; `prune` leaves those of one version.
A node gives XML for each row, null where there is nothing to say.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_rows import Rows
from tasks.formats.commerceml.render_text import escape_attribute, escape_text, join, wrap

_FIRST: Final = "2.07"
_LAST: Final = "3.1"


@dataclass(frozen=True, slots=True)
class Leaf:
    """`<tag>text of the column</tag>`, or an attribute when the tag begins with `@`."""

    tag: str
    column: str
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The element or attribute of each row."""
        return _wrap_leaf(self.tag, rows.take_column(self.column))


@dataclass(frozen=True, slots=True)
class Word:
    """A leaf whose values are words of the standard; a value without a word is not said."""

    tag: str
    column: str
    words: Mapping[str, str]
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The element or attribute of each row."""
        spoken = pa.array(list(self.words.values()))
        places = pc.index_in(rows.take_column(self.column), value_set=pa.array(list(self.words)))
        return _wrap_leaf(self.tag, spoken.take(places))


@dataclass(frozen=True, slots=True)
class Listed:
    """A JSON column that is written as XML, entry by entry."""

    column: str
    write: Callable[[str], str]
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The elements of each row."""
        texts = rows.take_column(self.column)
        if texts.null_count == rows.count:
            return texts
        found = [self.write(text) if text else None for text in texts.to_pylist()]
        return pa.array(found, pa.string())


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that stands in `extra` under its path."""

    path: str
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The element or attribute of each row."""
        return rows.take_kept(self.path)


@dataclass(frozen=True, slots=True)
class KeptRest:
    """Every other element of a record that stands in `extra`; never one inside another."""

    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The elements of each row."""
        parts = rows.list_unplaced()
        if not parts:
            return rows.blank
        return _join_present(parts, join(*parts))


@dataclass(frozen=True, slots=True)
class First:
    """The first of its parts that there is."""

    parts: tuple["Node", ...]
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The element of each row."""
        return pc.coalesce(*(part.render(rows) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Text:
    """The own text of the element around it."""

    column: str
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The text of each row."""
        return escape_text(rows.take_column(self.column))


@dataclass(frozen=True, slots=True)
class Nest:
    """An element around others; not written when nothing is in it."""

    tag: str
    parts: tuple["Node", ...]
    since: str = _FIRST
    until: str = _LAST

    def render(self, rows: Rows) -> pa.Array:
        """The element of each row with all that is in it."""
        attributes: list[pa.Array] = []
        inner: list[pa.Array] = []
        for part in self.parts:
            rendered = part.render(rows)
            if rendered.null_count < rows.count:
                (attributes if _is_attribute(part) else inner).append(rendered)
        if not attributes and not inner:
            return rows.blank
        between, closing = (">", f"</{self.tag}>") if inner else ("", "/>")
        texts = join(f"<{self.tag}", *attributes, between, *inner, closing)
        return _join_present(attributes + inner, texts)


Node: TypeAlias = Leaf | Word | Listed | Kept | KeptRest | First | Nest | Text


def _is_attribute(part: Node) -> bool:
    match part:
        case Leaf(tag=tag) | Word(tag=tag):
            return tag[0] == "@"
        case Kept(path=path):
            return "/@" in path
        case _:
            return False


def _join_present(parts: list[pa.Array], texts: pa.Array) -> pa.Array:
    """The texts of those rows in which one of the parts is there."""
    is_there = pc.is_valid(parts[0])
    for part in parts[1:]:
        is_there = pc.or_(is_there, pc.is_valid(part))
    return pc.if_else(is_there, texts, pa.scalar(None, pa.string()))


def _wrap_leaf(tag: str, column: pa.Array) -> pa.Array:
    if tag[0] == "@":
        return wrap(f' {tag[1:]}="', escape_attribute(column), '"')
    return wrap(f"<{tag}>", escape_text(column), f"</{tag}>")


def prune(nest: Nest, version: str) -> Nest:
    """The layout without what the version does not have."""
    parts = (
        _prune_one(part, version) for part in nest.parts if part.since <= version <= part.until
    )
    return replace(nest, parts=tuple(parts))


def _prune_one(part: Node, version: str) -> Node:
    match part:
        case Nest():
            return prune(part, version)
        case First(parts):
            return replace(part, parts=prune(Nest("", parts), version).parts)
        case _:
            return part


def list_nodes(nest: Nest) -> Iterator[Node]:
    """Every node of a layout, at any depth."""
    for part in nest.parts:
        yield part
        if isinstance(part, (Nest, First)):
            yield from list_nodes(Nest("", part.parts))


def list_placed(nest: Nest) -> frozenset[str]:
    """The paths of `extra` that have a place of their own in a layout."""
    return frozenset(part.path for part in list_nodes(nest) if isinstance(part, Kept))
