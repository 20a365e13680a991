"""One malformed file: how the good one is changed, and what must come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.malformed.good import (
    CATALOG,
    PACKAGE,
    REPRICED,
    RESTOCKED,
    TABLE,
    Keys,
    keys_of,
    written,
)


class Level(StrEnum):
    """What is spoilt."""

    BYTES = "the file as a whole"
    ARCHIVE = "the archive around files"
    RECORD = "one record, and those that need it"


FILE_NAMES: Final = {
    CATALOG: "import.xml",
    PACKAGE: "offers.xml",
    TABLE: "goods.csv",
    REPRICED: "prices.xml",
    RESTOCKED: "rests.xml",
}
SYNTAX: Final = "line …, byte …"  # the place of a break: computed from the refusal's own offset
_NOTHING: Final[Keys] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal that must be there; `@` stands for the mark of the variant."""

    dataset: str
    key: str
    cause: str
    place: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A malformed file.

    `make` gives its bytes for a mark; `refused` are all refusals it must end with, the one of the
    damage itself first; `brings` are the keys that must be in the warehouse all the same.
    """

    name: str
    level: Level
    make: Callable[[str], bytes]
    refused: tuple[Refused, ...]
    brings: Keys = _NOTHING
    file_name: str = "import.xml"


def swapped(template: str, *pieces: str) -> str:
    """The template with a piece in place of another, once for each pair of `pieces`."""
    for old, new in zip(pieces[::2], pieces[1::2], strict=True):
        if old not in template:
            message = f"the good file has no {old}"
            raise LookupError(message)
        template = template.replace(old, new, 1)
    return template


def whole(name: str, cause: str, place: str, make: Callable[[str], bytes]) -> Variant:
    """A file of which nothing is taken; `make` gets the mark."""
    return Variant(name, Level.BYTES, make, (Refused("file", "import.xml", cause, place),))


def spoilt_text(template: str) -> Callable[[str], bytes]:
    """Make the bytes of a spoilt template."""
    return lambda mark: written(template, mark).encode()


def record(
    name: str,
    template: str,
    change: tuple[str, ...],
    *refused: Refused,
    gone: tuple[tuple[str, str], ...] = (),
) -> Variant:
    """A file that loses some records only; `gone` are lost ones that no refusal can name."""
    lost = {(one.dataset, one.key) for one in refused} | set(gone)
    return Variant(
        name,
        Level.RECORD,
        spoilt_text(swapped(template, *change)),
        refused,
        keys_of(template) - lost,
        FILE_NAMES[template],
    )


def each_record(
    template: str, dataset: str, key: str, table: Mapping[str, tuple[str, str, str, str]]
) -> tuple[Variant, ...]:
    """Variants that refuse one and the same record: name -> old, new, cause, place."""
    return tuple(
        record(name, template, (old, new), Refused(dataset, key, cause, place))
        for name, (old, new, cause, place) in table.items()
    )
