"""A message: one received or formed file, and the terms of the partner it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tasks.model.portals import Limits


class Origin(StrEnum):
    """How a message came to be."""

    RECEIVED = "received"
    MEMBER = "member"  # a file inside a received archive
    REPLAY = "replay"  # an old message, or its open refusals of one cause, once more
    SALVAGE = "salvage"  # the whole records of a file that is cut


class NegativeStock(StrEnum):
    """What a partner wants done with a quantity below zero."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a partner's block says that bears on reading its files; recorded with each message."""

    time_zone: str = "Europe/Moscow"
    left_alone: frozenset[str] = frozenset()
    undeclared: frozenset[str] = frozenset()  # of price_types, warehouses, groups
    negative_stock: NegativeStock = NegativeStock.ALLOW
    is_total_sum: bool = False  # its totals of stock are the sums of its figures by warehouse
    refused_share_max: float = 0.5  # a message with more refused goods or offers fails its run
    required: Mapping[str, Sequence[str]] = field(default_factory=dict)  # dataset: columns
    deletion_share_max: float = 0.05  # a person must confirm deletions of more of a kind than this
    deletion_count_max: int = 20  # and of more records than this

    @property
    def limits(self) -> Limits:
        """What may be deleted without a person."""
        return Limits(self.deletion_share_max, self.deletion_count_max)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the partner's business days and of its instants without a zone."""
        return ZoneInfo(self.time_zone)

    def as_json(self) -> dict[str, Any]:
        """Return the terms as they are kept in `journal.partner.settings` and `message.rules`."""
        return {
            "time_zone": self.time_zone,
            "left_alone": sorted(self.left_alone),
            "undeclared": sorted(self.undeclared),
            "negative_stock": self.negative_stock.value,
            "is_total_sum": self.is_total_sum,
            "refused_share_max": self.refused_share_max,
            "required": {dataset: list(columns) for dataset, columns in self.required.items()},
            "deletion_share_max": self.deletion_share_max,
            "deletion_count_max": self.deletion_count_max,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Terms":
        """Read terms back; a term that is not there has its default."""
        known = {name: kept[name] for name in cls.__slots__ if name in kept}
        for name in ("left_alone", "undeclared"):
            known[name] = frozenset(known.get(name, ()))
        if "negative_stock" in known:
            known["negative_stock"] = NegativeStock(known["negative_stock"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Message:
    """A row of `journal.message` that waits to be taken."""

    message_key: int
    message_uuid: UUID
    partner_key: int
    partner: str
    exchange: str
    file_name: str
    object_key: str
    sha256: bytes
    size: int
    received_at: datetime
    origin: Origin
    parent_key: int | None
    session_key: int | None
    replays: dict[str, Any] = field(default_factory=dict)
    sender_counters: dict[str, Any] = field(default_factory=dict)

    @property
    def is_replay(self) -> bool:
        """Say whether these bytes were taken, or refused, before."""
        return self.origin in {Origin.REPLAY, Origin.SALVAGE}

    @property
    def is_salvage(self) -> bool:
        """Say whether only the whole records of a cut file are wanted."""
        return self.origin is Origin.SALVAGE


@dataclass(frozen=True, slots=True)
class Books:
    """The double entry of one dataset of one message: everything read left by one exit."""

    dataset: str
    received: int
    accepted: int
    unchanged: int
    refused: int

    @property
    def is_balanced(self) -> bool:
        """Say whether every record left by exactly one exit."""
        return self.received == self.accepted + self.unchanged + self.refused


@dataclass(frozen=True, slots=True)
class Closed:
    """How a message ended."""

    message_key: int
    file_name: str
    state: str
    books: tuple[Books, ...]
    refusals: tuple[tuple[str, str, int], ...] = ()  # cause, an example sentence, records
    report_key: str | None = None

    @property
    def is_balanced(self) -> bool:
        """Say whether the books of every dataset balance."""
        return all(entry.is_balanced for entry in self.books)

    def __str__(self) -> str:
        books = (
            f"{entry.dataset} {entry.received} ({entry.accepted} accepted, "
            f"{entry.unchanged} unchanged, {entry.refused} refused)"
            for entry in self.books
        )
        return f"message {self.message_key}, {self.file_name}: {self.state}; {', '.join(books)}"
