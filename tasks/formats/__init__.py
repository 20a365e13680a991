"""How others write our nouns: bytes -> model, without network or database.

`open_file` is the only way in. README.md beside this file says what each dialect is and how to add
one.
"""

from pathlib import Path
from typing import Final

from tasks.formats.dialects import list_dialects
from tasks.formats.reading import Dialect, NotSliceableError, Reading, Sliced, Source, Unreadable
from tasks.model.causes import Cause, Fault, FileFaultError

__all__ = [
    "READER_VERSION",
    "Dialect",
    "NotSliceableError",
    "Reading",
    "Sliced",
    "Source",
    "open_file",
]

READER_VERSION: Final = "1"  # of what all dialects share: values, digests, keys

_HEAD_BYTES: Final = 65_536
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def open_file(
    path: Path, *, left_alone: frozenset[str] = frozenset(), salvage: bool = False
) -> Reading:
    """Begin to read a file in the dialect that its first bytes show.

    `left_alone` are paths (`Товар/НовоеПоле`) that this partner agreed to have passed over, beside
    the written list. `salvage` gives the whole records of a broken file before its fault is raised.

    Raises nothing about the file itself: one that is empty or of no dialect is a Reading whose
    `batches` raise, so that there is one place where a whole file is refused.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    rules = {"reader": READER_VERSION}
    try:
        dialect = _recognise(head)
        rules[dialect.name] = dialect.version
        return Reading(dialect.open(path, left_alone=left_alone, salvage=salvage), rules)
    except FileFaultError as fault:
        return Reading(Unreadable(fault), rules)


def _recognise(head: bytes) -> Dialect:
    if not head or head in _MARKS:
        raise FileFaultError(Fault(Cause.FILE_EMPTY))
    for dialect in list_dialects():
        if dialect.recognise(head):
            return dialect
    raise FileFaultError(Fault(Cause.DIALECT_UNKNOWN, "the first bytes", repr(head[:40])))
