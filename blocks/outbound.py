"""What every way out has in common: a package goes in, a receipt comes back, never an exception.

A package is the ordered files of one delivery. A channel sends it whole or says what became of it;
it never guesses: what nobody can know is in doubt, with the question that would settle it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Protocol


class Outcome(StrEnum):
    """What became of a package."""

    DELIVERED = "delivered"
    FAILED = "failed"  # without effect, or refused: the same bytes may go again
    IN_DOUBT = "in_doubt"  # it may have arrived: ask before anything is sent again


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file of a package: `name` as the other side shall see it, with `/` between folders."""

    name: str
    path: Path
    sha256: bytes
    size: int

    @classmethod
    def of(cls, name: str, path: Path) -> "Parcel":
        """Return the parcel that a file is now."""
        return cls(name, path, file_sha256(path), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a sending ended. No text in it ever holds a secret."""

    outcome: Outcome
    answer: str  # what the other side said, or what happened
    question: str = ""  # of one in doubt: what to ask whom, in a sentence
    taken: tuple[str, ...] = ()  # names that the other side surely has, also when the rest failed
    is_final: bool = True  # False: the other side only put it into its own queue; look again later


class PortalSilentError(ConnectionError):
    """The other side did not answer a question that changes nothing; worth another try later."""


class Outbound(Protocol):
    """A channel to one portal."""

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        """Deliver a package; never raises for a fault of the other side."""
        ...

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        """Look whether a package arrived: IN_DOUBT where that cannot be seen."""
        ...

    async def read_back(self, folder: Path) -> list[Path] | None:
        """Fetch what the other side holds as files; None where it cannot be asked.

        Raises PortalSilentError.
        """
        ...


def check_package(package: Sequence[Parcel]) -> None:
    """Raise ValueError when a package is not what it says: that is our fault, not a portal's."""
    names = [each.name for each in package]
    if not names or len(set(names)) != len(names):
        message = f"a package has files, each name once, not {names}"
        raise ValueError(message)
    for each in package:
        parts = PurePosixPath(each.name).parts
        if not parts or parts[0] == "/" or ".." in parts or "\\" in each.name:
            message = f"{each.name!r} is no name of a file below the other side's folder"
            raise ValueError(message)
        if each.path.stat().st_size != each.size or file_sha256(each.path) != each.sha256:
            message = f"{each.path} no longer has the bytes of {each.name} that were formed"
            raise ValueError(message)


def file_sha256(path: Path) -> bytes:
    """Return the SHA-256 of a file in bounded memory."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").digest()
