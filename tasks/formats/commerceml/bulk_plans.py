"""What is done with all offers of one structure: which tag's text is which column of which record.

A plan is made from the structure of one offer (its tags, without texts and values of attributes) by
the same tables that the general decoder reads by. A structure that the tables do not let through
plainly has no plan, and its offers take the general way.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tasks.formats.commerceml import tables
from tasks.formats.commerceml.kinds import Apart, Field, Inline, Keep, Leaf, Table

_PLANS_KEPT: Final = 5_000
_STRUCTURE_LIMIT: Final = 16_384  # bytes of tags: some hundred figures of one offer
_TAG: Final = re.compile(rb"<[^>]*>")
_NAME: Final = re.compile(r"<([^\s<>/!?&\"'=:]+)[\s>/]")


@dataclass(slots=True)
class Fields:
    """The fields of a record: column or path -> the tag after which its text stands."""

    leaves: list[tuple[Leaf, int]] = field(default_factory=list)
    keeps: list[tuple[str, int]] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)  # first and last tag


@dataclass(frozen=True, slots=True)
class PricePlan:
    """A price: its element's first and last tag, and its fields."""

    first: int
    last: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class StockPlan:
    """A stock figure: its part's first and last tag, and where its values stand.

    A value is the text after a tag, or in `is_flat` the first and second attribute of the tag.
    """

    first: int
    last: int
    warehouse: int | None
    quantity: int
    is_flat: bool = False


@dataclass(slots=True)
class Plan:
    """An offer: how many tags, its fields, its figures in order, and where no text may stand."""

    tags: int = 0
    offer: Fields = field(default_factory=Fields)
    parts: list[PricePlan | StockPlan] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)


class _NoPlanError(Exception):
    pass


class Planner:
    """Makes plans for one encoding and keeps them."""

    def __init__(self, encoding: str) -> None:
        """Read tags in an encoding that writes ASCII as ASCII."""
        self._encoding = encoding
        self._plans: dict[bytes, Plan | None] = {}

    def plan(self, structure: bytes) -> Plan | None:
        """Return what is done with offers of this structure, None if they are not plain."""
        if len(structure) > _STRUCTURE_LIMIT:
            return None
        if structure not in self._plans:
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            try:
                tags = [tag.decode(self._encoding) for tag in _TAG.findall(structure)]
                self._plans[structure] = _Walk(tags).make()
            except (_NoPlanError, IndexError, UnicodeDecodeError):
                self._plans[structure] = None
        return self._plans[structure]


_FLAT_STOCK: Final = '<Склад ИдСклада=" КоличествоНаСкладе="'
_PLACED: Final = ["<Склад>", "<Ид>", "</Ид>", "<Количество>", "</Количество>", "</Склад>"]


class _Walk:
    """Goes along the tags of one structure."""

    def __init__(self, tags: list[str]) -> None:
        self._tags = tags
        self._plan = Plan(len(tags))

    def make(self) -> Plan:
        if self._tags[0] != "<Предложение>" or self._tags[-1] != "</Предложение>":
            raise _NoPlanError
        self._plan.blanks.append(0)
        at, last = 1, len(self._tags) - 1
        while at < last:
            at = self._read_child(at)
        return self._plan

    def _read_child(self, at: int) -> int:
        tag = self._tags[at]
        if tag == "<Цены>" and not self._is_leaf(at):
            return self._read_list(at, self._read_price)
        if tag == "<Остатки>" and not self._is_leaf(at):
            return self._read_list(at, self._read_rest)
        if tag == "<Количество>" and self._is_leaf(at):
            self._plan.parts.append(StockPlan(at, at + 1, None, at))
            self._plan.blanks.append(at + 1)
            return at + 2
        if tag.startswith(_FLAT_STOCK):
            return self._read_flat_stock(at)
        return self._read_field(at, tables.OFFERS, self._plan.offer)

    def _read_flat_stock(self, at: int) -> int:
        tag, last = self._tags[at], at
        if tag == f"{_FLAT_STOCK}>" and self._tags[at + 1] == "</Склад>":
            self._plan.blanks.append(at)
            last = at + 1
        elif tag.removeprefix(_FLAT_STOCK).strip(" \t\r\n") != "/>":
            raise _NoPlanError
        self._plan.parts.append(StockPlan(at, last, at, at, is_flat=True))
        self._plan.blanks.append(last)
        return last + 1

    def _read_list(self, at: int, read: Callable[[int], int]) -> int:
        closing = f"</{self._tags[at][1:]}"
        self._plan.blanks.append(at)
        at += 1
        while self._tags[at] != closing:
            at = read(at)
        self._plan.blanks.append(at)
        return at + 1

    def _read_price(self, at: int) -> int:
        if self._tags[at] != "<Цена>":
            raise _NoPlanError
        first, fields = at, Fields()
        self._plan.blanks.append(at)
        at += 1
        while self._tags[at] != "</Цена>":
            at = self._read_field(at, tables.PRICES, fields)
        columns = {leaf.column for leaf, _ in fields.leaves}
        if not {"price_type_id", "amount"} <= columns:
            raise _NoPlanError
        self._plan.parts.append(PricePlan(first, at, fields))
        self._plan.blanks.append(at)
        return at + 1

    def _read_rest(self, at: int) -> int:
        if self._tags[at] != "<Остаток>":
            raise _NoPlanError
        first = at
        figures: list[tuple[int | None, int]] = []
        self._plan.blanks.append(at)
        at += 1
        if self._tags[at : at + 2] == ["<Количество>", "</Количество>"]:
            figures.append((None, at))
            self._plan.blanks.append(at + 1)
            at += 2
        else:
            while self._tags[at : at + 6] == _PLACED:
                figures.append((at + 1, at + 3))
                self._plan.blanks += [at, at + 2, at + 4, at + 5]
                at += 6
        if self._tags[at] != "</Остаток>" or not figures:
            raise _NoPlanError
        self._plan.parts += [
            StockPlan(first, at, warehouse, quantity) for warehouse, quantity in figures
        ]
        self._plan.blanks.append(at)
        return at + 1

    def _read_field(self, at: int, table: Table, fields: Fields) -> int:
        """Read a child that is a field of its record; return the tag after it."""
        name = self._tags[at][1:].rstrip(">")
        known = table.get(name)
        if self._is_leaf(at) and _takes(known, name, fields):
            if isinstance(known, Leaf):
                fields.leaves.append((known, at))
            else:
                fields.keeps.append((name, at))
            self._plan.blanks.append(at + 1)
            return at + 2
        last = self._find_end(at)
        if _holds_figures(table.get(_name_of(self._tags[at]))) and last > at + 1:
            raise _NoPlanError
        if isinstance(table.get(_name_of(self._tags[at])), Apart):
            raise _NoPlanError
        fields.blocks.append((at, last))
        self._plan.blanks.append(last)
        return last + 1

    def _is_leaf(self, at: int) -> bool:
        return self._tags[at + 1] == f"</{self._tags[at][1:]}"

    def _find_end(self, at: int) -> int:
        if self._tags[at].endswith("/>"):
            return at
        name = _name_of(self._tags[at])
        if not name:
            raise _NoPlanError
        for last in range(at + 1, len(self._tags) - 1):
            if self._tags[last] == f"</{name}>":
                return last
            if _name_of(self._tags[last]) == name:
                break
        raise _NoPlanError


def _holds_figures(known: Field | None) -> bool:
    """Say whether a list is one of prices or stock, in a shape that no plan knows."""
    return isinstance(known, Inline) and any(
        isinstance(inner, Apart) for inner in known.table.values()
    )


def _takes(known: Field | None, name: str, fields: Fields) -> bool:
    """Say whether a text alone is read into a column or path that no other field has filled."""
    if isinstance(known, Leaf):
        return all(known.column != leaf.column for leaf, _ in fields.leaves)
    return isinstance(known, Keep) and all(name != path for path, _ in fields.keeps)


def _name_of(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""
