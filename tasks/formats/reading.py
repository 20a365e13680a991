"""What every dialect gives: a file being read, and the rules it was read by."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Protocol, cast

import pyarrow as pa

from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Heading


class NotSliceableError(Exception):
    """The file must be read the general way, from its beginning."""


class Source(Protocol):
    """One file as its dialect reads it."""

    @property
    def heading(self) -> Heading:
        """What the file says of itself: complete when the batches have ended."""

    def batches(self) -> Iterator[Batch]:
        """Yield the records, in file order within a dataset."""


class Sliced(Source, Protocol):
    """A file that is read by slices, of which those that are known may be passed over.

    It gives the records, numbers and places that reading all of it gives, but for those that were
    passed over. `batches` may raise NotSliceableError at any time: then nothing of it counts.
    """

    @property
    def context(self) -> dict[str, object]:
        """What slices with the same bytes may still differ by."""

    @property
    def read(self) -> pa.Table:
        """What each slice gave that was read (schema `slices.READ`)."""

    @property
    def passed(self) -> pa.Table:
        """What was passed over (schema `slices.PASSED`)."""

    @property
    def has_repeats(self) -> bool:
        """Whether a record stands twice among those that were read."""

    def recognise(self, known: pa.Table) -> None:
        """Pass over these slices (schema `slices.KNOWN`)."""


class Dialect(Protocol):
    """How others write our nouns. An object of this shape is all that a plug-in brings.

    `name` and `version` are recorded with every message that was read by it: raise the version
    when the same bytes would give other records.
    """

    @property
    def name(self) -> str:
        """One lower-case word."""

    @property
    def version(self) -> str:
        """The version of its rules."""

    def recognise(self, head: bytes) -> bool:
        """Whether a file that begins with these 64 KB is of this dialect; never by its name."""

    def open(self, path: Path, *, left_alone: frozenset[str], salvage: bool) -> Source:
        """Begin to read a file; raises FileFaultError when its beginning forbids it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not even be begun; a `Source` without records."""

    fault: FileFaultError

    @property
    def heading(self) -> Heading:
        """Nothing is known of the file."""
        words = [field.name for field in fields(Heading)]
        blank = dict.fromkeys(words, None) | {"dialect": "unknown", "encoding": "unknown"}
        return Heading(**blank | {"left_alone": ()})  # type: ignore[arg-type]

    def batches(self) -> Iterator[Batch]:
        """Raise the fault."""
        raise self.fault


@dataclass(frozen=True, slots=True)
class Reading:
    """One file being read; `rules` are the names and versions of all that decided its records."""

    source: Source
    rules: dict[str, str]

    @property
    def heading(self) -> Heading:
        """What the file says of itself: complete when the batches have ended."""
        return self.source.heading

    def batches(self) -> Iterator[Batch]:
        """Yield the records from the beginning of the file, in file order within a dataset.

        Raises:
            FileFaultError: the whole file is refused; batches that came before must be dropped
                (or, with `salvage`, hold all whole records before the break).
        """
        # A generator: even a fault of the first byte comes when the records are asked for.
        yield from self.source.batches()

    def slice(self) -> Sliced | None:
        """Return the same file to be read by slices, None if its dialect or it has none."""
        find = getattr(self.source, "slice", None)
        return None if find is None else cast("Sliced | None", find())
