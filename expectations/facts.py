"""What a validation report is made of: plain values, gathered by whoever closes the message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expectations.verdict import Verdict


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the report says of the file; instants are text, as the journal shows them."""

    name: str
    partner: str
    sha256: str
    size: int
    received_at: str
    formed_at: str | None = None
    dialect: str | None = None
    version: str | None = None
    encoding: str | None = None
    extent: str | None = None


@dataclass(frozen=True, slots=True)
class BooksLine:
    """The books of one dataset."""

    dataset: str
    received: int
    accepted: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """One refused record; `byte_offset` and `byte_length` find it in the archived file."""

    dataset: str
    key: str
    cause: str
    place: str
    value: str
    sentence_ru: str
    record_no: int
    byte_offset: int
    byte_length: int


@dataclass(frozen=True, slots=True)
class ReportInput:
    """All that a report is made of.

    `refused_by_cause` counts every refusal; `refusals` may hold only the first of each cause.
    `verdict` is null when the file was refused before it could be judged. `causes_ru` gives a
    cause's title; a cause without one is shown by its code. `missing_pictures` are some of the
    `missing_count` pictures that did not come though the export is over: product, path.
    """

    file: FileFacts
    books: Sequence[BooksLine]
    verdict: Verdict | None
    refusals: Sequence[RefusalLine]
    refused_by_cause: Mapping[str, int]
    causes_ru: Mapping[str, str]
    file_fault_ru: str | None = None
    missing_pictures: Sequence[tuple[str, str]] = ()
    missing_count: int = 0
