"""Files that people load by hand: where they lie, and that somebody signs for them."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from blocks.store import Store

TABLES: Final = frozenset({".csv", ".xlsx"})


class NotLoadedError(ValueError):
    """What was to be loaded cannot be taken; the sentence says why, and nothing changed."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its name, and the person who loads it."""

    name: str
    payload: bytes
    person: str


def fetch_file(place: str, person: str, store: Store, endings: Collection[str] = TABLES) -> File:
    """Return a file that this machine reaches, or of the store by its key.

    Raises NotLoadedError: also when nobody signs.
    """
    if not (person := person.strip()):
        message = "say who loads it (person): the name is kept with what was loaded"
        raise NotLoadedError(message)
    path = Path(place)
    if path.suffix.lower() not in endings:
        message = f"{place!r} is neither {' nor '.join(sorted(endings))}"
        raise NotLoadedError(message)
    try:
        payload = path.read_bytes() if path.is_file() else store.get(place)
    except (KeyError, OSError) as fault:
        message = f"there is no file {place!r} on the worker and no such key in the object store"
        raise NotLoadedError(message) from fault
    return File(path.name, payload, person)
