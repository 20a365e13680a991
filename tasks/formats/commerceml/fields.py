"""The strict engine: reads one element by a table, field by field, and lets nothing pass unseen.

A table maps a child's tag, an `@attribute` or `.` (the element's own text) to what is done with
it. What is in no table and not on the partner's list is a fault with its path and its text.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from tasks.formats.commerceml.elements import (
    MARKUP_NAMESPACES,
    collect_text,
    list_attributes,
    place_of,
    strip,
    to_json,
)
from tasks.formats.commerceml.kinds import Content, Field, Inline, Item, Keep, Leaf, Table, Texts
from tasks.formats.commerceml.sections import VENDOR_PREFIX
from tasks.formats.rows import Json
from tasks.formats.values import ValueFaultError
from tasks.model.causes import Cause, Fault

_UNIT: Final = "БазоваяЕдиница"


class FieldFaultError(Exception):
    """One field of a record cannot be read: the record is refused."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault with its full path."""
        super().__init__(fault.sentence)
        self.fault = fault


@dataclass(slots=True)
class Scope:
    """What reading a record leaves beside its columns."""

    left_alone: frozenset[str]
    met: set[str] = field(default_factory=set)
    extra: dict[str, Json] = field(default_factory=dict)


def read_fields(element: etree._Element, table: Table, content: Content, scope: Scope) -> None:
    """Read all of `element` into `content` by `table`.

    Raises:
        FieldFaultError: the first field that is unknown, repeated or not a value of its kind.
    """
    for name, text in list_attributes(element):
        _read_attribute(element, (name, text), table, content, scope)
    own = element.text
    if own is not None and (own := own.strip()):
        _read_own(element, own, table, content)
    for child in element:
        tag = child.tag
        known = table.get(tag) or table.get(strip(tag))
        if known is None:
            _read_unknown(child, scope)
        elif isinstance(known, Leaf):
            # Most of all elements end here: what `get_text` and `_take` do, without the calls.
            if len(child) or child.keys() or known.column in content:
                _take(known, get_text(child), content, child)
                continue
            try:
                content[known.column] = known.parse(child.text or "")
            except ValueFaultError:
                _take(known, child.text or "", content, child)
        else:
            _read_child(child, known, content, scope)


def read_words(element: etree._Element, table: Table, content: Content) -> None:
    """Read the few leaves of `table` out of an element that is kept whole.

    Raises:
        FieldFaultError: one of them stands twice or is not a value of its kind.
    """
    for child in element:
        known = table.get(child.tag) or table.get(strip(child.tag))
        if isinstance(known, Leaf):
            _take(known, get_text(child), content, child)


def _read_child(child: etree._Element, known: Field, content: Content, scope: Scope) -> None:
    # By class and most frequent first: `match` would ask each pattern in turn, a million times.
    if isinstance(known, Item):
        item: Content = {}
        read_fields(child, known.table, item, scope)
        if any(item.values()):
            content.setdefault(known.column, []).append(known.blank | item)
    elif isinstance(known, Inline):
        read_fields(child, known.table, content, scope)
    elif isinstance(known, Texts):
        if len(child) and strip(child[0].tag).startswith(VENDOR_PREFIX):
            _keep(scope.extra, place_of(child).partition("/")[2], to_json(child))
        elif text := get_text(child).strip():
            content.setdefault(known.column, []).append(text)
    elif isinstance(known, Keep):
        _keep(scope.extra, place_of(child).partition("/")[2], to_json(child))


def _read_attribute(
    element: etree._Element,
    attribute: tuple[str, str],
    table: Table,
    content: Content,
    scope: Scope,
) -> None:
    name, text = attribute
    known = table.get(f"@{name}")
    if isinstance(known, Leaf):
        _take(known, text, content, element, f"/@{name}")
    elif isinstance(known, Keep):
        path = f"{place_of(element)}/@{name}"
        _keep(scope.extra, path.partition("/")[2], text.strip() or None)
    elif not name.startswith(MARKUP_NAMESPACES):
        _leave_alone(f"{place_of(element)}/@{strip(name)}", text, scope)


def _read_own(element: etree._Element, text: str, table: Table, content: Content) -> None:
    known = table.get(".")
    if not isinstance(known, Leaf):
        place = f"{place_of(element)}/text()"
        raise FieldFaultError(Fault(Cause.FIELD_UNKNOWN, place, text[:200]))
    _take(known, text, content, element)


def _take(
    known: Leaf, text: str, content: Content, element: etree._Element, suffix: str = ""
) -> None:
    if known.column in content:
        raise FieldFaultError(Fault(Cause.FIELD_REPEATED, place_of(element) + suffix, text[:200]))
    try:
        value = known.parse(text)
    except ValueFaultError as error:
        fault = Fault(error.cause, place_of(element) + suffix, error.value[:200], error.expected)
        raise FieldFaultError(fault) from None
    content[known.column] = value


def settle_stray_text(element: etree._Element, apart: Collection[etree._Element] = ()) -> None:
    """Refuse a record that has text between its elements: no table would read it.

    What stands inside the elements `apart` belongs to records of their own. Only 1C 8.1 writes the
    name of a unit behind its packages; that text is put where all others write it.

    Raises:
        FieldFaultError: FIELD_UNKNOWN at `…/text()`.
    """
    for inner in _list_inside(element, apart):
        if inner.tail and (text := inner.tail.strip()):
            parent = inner.getparent()
            if (
                parent is not None
                and strip(parent.tag) == _UNIT
                and not (parent.text or "").strip()
            ):
                parent.text, inner.tail = text, None
                continue
            place = "text()" if parent is None else f"{place_of(parent)}/text()"
            raise FieldFaultError(Fault(Cause.FIELD_UNKNOWN, place, text[:200]))


def _list_inside(
    element: etree._Element, apart: Collection[etree._Element]
) -> Iterator[etree._Element]:
    for child in element:
        yield child
        if child not in apart:
            yield from _list_inside(child, apart)


def get_text(element: etree._Element) -> str:
    """The text of an element that must hold nothing else.

    Raises:
        FieldFaultError: FIELD_UNKNOWN for a child or attribute inside it.
    """
    if len(element):
        inner = element[0]
        fault = Fault(Cause.FIELD_UNKNOWN, place_of(inner), collect_text(inner))
        raise FieldFaultError(fault)
    for name, text in list_attributes(element):
        if not name.startswith(MARKUP_NAMESPACES):
            place = f"{place_of(element)}/@{strip(name)}"
            raise FieldFaultError(Fault(Cause.FIELD_UNKNOWN, place, text))
    return element.text or ""


def _read_unknown(element: etree._Element, scope: Scope) -> None:
    if strip(element.tag).startswith(VENDOR_PREFIX):
        _keep(scope.extra, place_of(element).partition("/")[2], to_json(element))
    else:
        _leave_alone(place_of(element), collect_text(element), scope)


def _leave_alone(path: str, text: str, scope: Scope) -> None:
    if path not in scope.left_alone:
        raise FieldFaultError(Fault(Cause.FIELD_UNKNOWN, path, text[:200]))
    scope.met.add(path)


def _keep(extra: dict[str, Json], path: str, value: Json) -> None:
    if value is None:
        return
    if path not in extra:
        extra[path] = value
    elif isinstance(extra[path], list):
        extra[path].append(value)  # type: ignore[union-attr]
    else:
        extra[path] = [extra[path], value]
