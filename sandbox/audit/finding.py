"""What the auditor says when something is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: which one, about what, and how it shows."""

    promise: str
    key: str
    words: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.promise}: {self.key}: {self.words}"


Findings = Iterator[Finding]
