"""Everything the auditor looks at, read once; the checks are pure functions of it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from sandbox.audit import questions
from sandbox.audit.bucket import Bucket
from sandbox.audit.elements import count_records, is_element_start, is_xml
from sandbox.audit.finding import Finding
from sandbox.audit.manifests import Manifest, read_manifest
from sandbox.audit.moved import read_moved
from sandbox.audit.passed import expand
from sandbox.audit.told import Told, read_told

Row = dict[str, Any]
NEVER = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Archived:
    """What lies in the store under a key: its hash, size, own count and where elements begin."""

    sha256: bytes
    size: int
    is_xml: bool
    counts: dict[str, int] | None
    starts: frozenset[int]  # those asked for at which an element does begin


@dataclass(frozen=True, slots=True)
class Joined:
    """The chunks of one upload put together; None for a chunk whose bytes are not in the store."""

    sha256: bytes
    size: int
    lost: tuple[int, ...]  # numbers of chunks


@dataclass(frozen=True, slots=True)
class Ledger:
    """The journal, the warehouse and the store, as they are."""

    messages: dict[int, Row]
    books: dict[int, dict[str, Row]]
    refusals: list[Row]
    acknowledged: list[Row]
    uploads: list[Row]
    joined: dict[int, Joined]
    chunks: dict[int, list[Row]]
    deliveries: list[Row]
    checkpoints: list[Row]
    leases: list[Row]
    staged: list[Row]
    deletion_lists: list[Row]
    deletions: list[Row]
    partners: list[Row]
    notices: list[Row]
    parcels: dict[int, list[Row]]  # these three by delivery, in their order
    attempts: dict[int, list[Row]]
    carried: dict[int, list[Row]]
    shown: list[Row]
    told: dict[int, tuple[Told, ...] | None]  # what the bytes of each formed file say
    attachments: list[Row]
    named: dict[str, list[Row]]
    prices: list[Row]
    stock: list[Row]
    movements: list[Row]
    balances: list[Row]
    mismatches: list[Row]
    moved: dict[int, dict[str, Decimal]]  # by message: what the bytes say of each movement
    archived: dict[str, Archived | None]
    manifests: dict[tuple[str, str], Manifest | None]  # by their own key and that of the bytes
    passed: list[Finding]  # what is wrong with records that were passed over

    @property
    def incoming(self) -> dict[int, Row]:
        """What came in; the rest was formed."""
        return {key: row for key, row in self.messages.items() if row["direction"] == "in"}

    @property
    def formed(self) -> dict[int, Row]:
        """What we formed for others."""
        return {key: row for key, row in self.messages.items() if row["direction"] == "out"}

    @property
    def absences(self) -> dict[int, list[str]]:
        """Keys of the quantities that became 0 because a whole file lacks them, by its message."""
        files = {row["list_key"]: row["message_key"] for row in self.deletion_lists}
        absent: dict[int, list[str]] = defaultdict(list)
        for row in self.deletions:
            if row["dataset"] == "stock" and row["done_at"]:
                absent[files[row["list_key"]]].append(row["key"])
        return dict(absent)

    def manifest_of(self, message: Row) -> Manifest | None:
        """The manifest of a message, if it has one and the store does."""
        return self.manifests.get((message["manifest_key"], message["object_key"]))


def read_ledger(warehouse_url: str, bucket: Bucket) -> Ledger:
    """Read the warehouse in one snapshot, then the objects it speaks of."""
    address = warehouse_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, row_factory=dict_row) as connection:
        connection.execute("set transaction isolation level repeatable read read only")

        def ask(question: str) -> list[Row]:
            return connection.execute(question).fetchall()

        messages = ask(questions.MESSAGES)
        chunks = _grouped(ask(questions.CHUNKS), "upload_key")
        attachments, parcels = ask(questions.ATTACHMENTS), ask(questions.PARCELS)
        manifests = {
            (row["manifest_key"], row["object_key"]): _manifest(bucket.get(row["manifest_key"]))
            for row in messages
            if row["manifest_key"]
        }
        passed = list(expand(messages, manifests, bucket.get))
        books = _grouped(ask(questions.BOOKS), "message_key")
        return Ledger(
            messages={row["message_key"]: row for row in messages},
            books={key: {row["dataset"]: row for row in rows} for key, rows in books.items()},
            refusals=ask(questions.REFUSALS),
            acknowledged=ask(questions.ACKNOWLEDGED),
            uploads=ask(questions.UPLOADS),
            joined={key: _join(rows, bucket) for key, rows in chunks.items()},
            chunks=chunks,
            deliveries=ask(questions.DELIVERIES),
            checkpoints=ask(questions.CHECKPOINTS),
            leases=ask(questions.LEASES),
            staged=ask(questions.STAGED),
            deletion_lists=ask(questions.DELETION_LISTS),
            deletions=ask(questions.DELETIONS),
            partners=ask(questions.PARTNERS),
            notices=ask(questions.NOTICES),
            parcels=_grouped(parcels, "delivery_key"),
            attempts=_grouped(ask(questions.ATTEMPTS), "delivery_key"),
            carried=_grouped(ask(questions.CARRIED), "delivery_key"),
            shown=ask(questions.SHOWN),
            told=_told(messages, bucket),
            attachments=attachments,
            named={name: ask(question) for name, question in questions.NAMED.items()},
            prices=ask(questions.PRICES),
            stock=ask(questions.STOCK),
            movements=ask(questions.MOVEMENTS),
            balances=ask(questions.BALANCES),
            mismatches=ask(questions.MISMATCHES),
            moved=_moved(messages, books, bucket),
            archived=_archived([*messages, *attachments, *parcels], messages, manifests, bucket),
            manifests=manifests,
            passed=passed,
        )


def _archived(
    holders: Iterable[Row],
    messages: Iterable[Row],
    manifests: dict[tuple[str, str], Manifest | None],
    bucket: Bucket,
) -> dict[str, Archived | None]:
    offsets: dict[str, set[int]] = defaultdict(set)
    for message in messages:
        if manifest := manifests.get((message["manifest_key"], message["object_key"])):
            offsets[message["object_key"]].update(line.byte_offset for line in manifest.lines)
    found: dict[str, Archived | None] = {}
    for key in {row["object_key"] for row in holders}:
        payload = bucket.get(key)
        found[key] = payload if payload is None else _look_at(payload, offsets[key])
    return found


def _look_at(payload: bytes, offsets: Iterable[int]) -> Archived:
    return Archived(
        hashlib.sha256(payload).digest(),
        len(payload),
        is_xml(payload),
        count_records(payload),
        frozenset(offset for offset in offsets if is_element_start(payload, offset)),
    )


def _told(messages: Iterable[Row], bucket: Bucket) -> dict[int, tuple[Told, ...] | None]:
    formed = (row for row in messages if row["direction"] == "out")
    payloads = {row["message_key"]: bucket.get(row["object_key"]) for row in formed}
    return {
        key: None if payload is None else read_told(payload) for key, payload in payloads.items()
    }


def _moved(
    messages: Iterable[Row], books: dict[int, list[Row]], bucket: Bucket
) -> dict[int, dict[str, Decimal]]:
    return {
        row["message_key"]: read_moved(bucket.get(row["object_key"]))
        for row in messages
        if any(each["dataset"] == "movements" for each in books.get(row["message_key"], ()))
    }


def _manifest(payload: bytes | None) -> Manifest | None:
    return None if payload is None else read_manifest(payload)


def _join(chunks: Iterable[Row], bucket: Bucket) -> Joined:
    whole, size, lost = hashlib.sha256(), 0, []
    for chunk in chunks:
        payload = bucket.get(chunk["object_key"])
        if payload is None or hashlib.sha256(payload).digest() != chunk["sha256"]:
            lost.append(int(chunk["chunk_no"]))
            continue
        whole.update(payload)
        size += len(payload)
    return Joined(whole.digest(), size, tuple(lost))


def _grouped(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return dict(groups)
