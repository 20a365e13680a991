"""What can be done with one child, attribute or text of an element: the words of the tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tasks.formats.values import parse_text

Content: TypeAlias = dict[str, Any]  # parsed columns and lists, before the dataset's own finish


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text that stands once."""

    column: str
    parse: Callable[[str], str | bool | None] = parse_text
    is_rare: bool = False  # a key of a list entry that is there only when the file has it


@dataclass(frozen=True, slots=True)
class Texts:
    """A text that may stand many times; empty ones are passed over."""

    column: str


@dataclass(frozen=True, slots=True)
class Keep:
    """A real field without a column: kept under its Russian path in `extra`."""


@dataclass(frozen=True, slots=True)
class Inline:
    """An element whose fields belong to the record itself."""

    table: "Table"


@dataclass(frozen=True, slots=True)
class Item:
    """An element that is one entry of a list; an entirely empty one is passed over."""

    column: str
    table: "Table"
    blank: Content = field(init=False)  # every key, so that all entries of a list have one shape

    def __post_init__(self) -> None:
        """Lay out the blank entry once, not for every element."""
        object.__setattr__(self, "blank", make_blank(self.table))


@dataclass(frozen=True, slots=True)
class Apart:
    """An element that is a record of its own, read by the dataset's own code later."""


Field: TypeAlias = Leaf | Texts | Keep | Inline | Item | Apart
Table: TypeAlias = dict[str, Field]


def make_blank(table: Table) -> Content:
    """An entry with every key that its table can fill."""
    blank: Content = {}
    for known in table.values():
        match known:
            case Leaf(column, _, is_rare) if not is_rare:
                blank[column] = None
            case Texts(column) | Item(column):
                blank[column] = []
            case Inline(inner):
                blank |= make_blank(inner)
            case _:
                pass
    return blank
