"""The one transaction in which a message becomes true: merges, books, refusals, manifest, state."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from blocks.store import Store
from blocks.warehouse import Row, Transaction
from expectations.verdict import Verdict
from tasks.catalog.absence import nullify_absent
from tasks.catalog.clocks import read_instant
from tasks.catalog.reporting import store_report
from tasks.catalog.slices import count_passed, keep_slices, load_passed
from tasks.catalog.workplace import Workplace
from tasks.journal.deletions import spare_returned
from tasks.journal.drafts import draft_key, finish, read_exits
from tasks.journal.manifest import Manifest, store_manifest
from tasks.journal.messages import is_closed, read_closed, write_books
from tasks.model.causes import Cause
from tasks.model.messages import Books, Closed, Message, Origin

# Rows of a dataset refer to rows of those above it.
MERGES = (
    "merge_groups",
    "merge_properties",
    "merge_categories",
    "merge_units",
    "merge_price_types",
    "merge_warehouses",
    "merge_goods",
    "merge_offers",
    "declare_offers",
    "analyze_grown",
    "mark_changed_prices",
    "supersede_prices",
    "insert_prices",
    "mark_changed_stock",
    "end_late_stock",
    "supersede_stock",
    "insert_stock",
    "analyze_grown",
    "merge_movements",
)
CAUSES = {
    cause.name: {"english": cause.value.english, "russian": cause.value.russian} for cause in Cause
}


def close(message: Message, verdict: Verdict, at: Workplace) -> Closed:
    """Merge what may enter and close the message with balanced books, all at once.

    Raises FencedError when a newer run has taken over; the database refuses books that do not
    balance and a message that closes without books. A message that is closed already (the commit
    of an earlier try was heard by nobody) stays as it is.
    """
    with at.lease.writing(at.warehouse, "close_message") as transaction:
        if is_closed(transaction, message.message_key):
            return read_closed(transaction, message.message_key)
        reading = transaction.one("select_reading", message_key=message.message_key)
        formed_at = read_instant(reading["heading"].get("formed_at"), at.terms.zone)
        # Before the merges: a list that is confirmed meanwhile waits, and what it lets go revives.
        spare_returned(transaction, message.partner_key, message.message_key)
        _merge(transaction, message, formed_at)
        passed = load_passed(at.store, reading["slicing"])
        manifest = _store_manifest(transaction, message, passed, at.store)
        books = _count_books(transaction, message, passed)
        _write_down(transaction, message, books)
        if any(entry.accepted for entry in books):
            transaction.run(
                "publication/insert_notices",
                message_key=message.message_key,
                partner_key=message.partner_key,
            )
        transaction.one(
            "close_message",
            **_ending(message, reading, at),
            state="closed",
            formed_at=formed_at,
            extent=_extent(message, reading["heading"]),
            manifest_key=manifest.key,
            merkle_root=manifest.merkle_root,
            report_key=store_report(message, reading["heading"], verdict, transaction, at.store),
        )
        is_whole = nullify_absent(transaction, message, at.terms.limits)
        transaction.run("move_snapshots", message_key=message.message_key)
        keep_slices(transaction, message, reading, at, is_whole=is_whole)
        closed = read_closed(transaction, message.message_key)
    drop_staging(message, at)
    return closed


def refuse(message: Message, at: Workplace) -> Closed:
    """Close a message whose file cannot be taken as a whole: one refusal, the old data stay."""
    with at.lease.writing(at.warehouse, "refuse_message") as transaction:
        if is_closed(transaction, message.message_key):
            return read_closed(transaction, message.message_key)
        reading = transaction.one("select_reading", message_key=message.message_key)
        _refuse_file(transaction, message, reading["file_fault"])
        _write_down(transaction, message, [Books("file", 1, 0, 0, 1)])
        transaction.one(
            "close_message",
            **_ending(message, reading, at),
            state="refused",
            formed_at=None,
            extent=None,
            manifest_key=None,
            merkle_root=None,
            report_key=store_report(message, reading["heading"], None, transaction, at.store),
        )
        closed = read_closed(transaction, message.message_key)
    drop_staging(message, at)
    return closed


def drop_staging(message: Message, at: Workplace) -> None:
    """Drop what was staged of a message; what cannot be dropped now is dropped by a later run."""
    at.store.remove(draft_key(message.message_key))
    with at.warehouse.transaction("drop_staging") as transaction:
        transaction.run("drop_staging", message_key=message.message_key)


def drop_leftovers(at: Workplace) -> None:
    """Drop what runs left staged that died between closing a message and dropping."""
    with at.warehouse.transaction("drop_leftovers") as transaction:
        for row in transaction.run("drop_leftovers"):
            at.store.remove(draft_key(row["message_key"]))


def _merge(transaction: Transaction, message: Message, formed_at: datetime | None) -> None:
    recorded = transaction.one(
        "next_recorded_at",
        partner_key=message.partner_key,
        exchange=message.exchange,
        received_at=message.received_at,
        message_key=message.message_key,
    )
    holds = transaction.one(
        "select_valid_from", message_key=message.message_key, formed_at=formed_at
    )
    for merge in MERGES:
        transaction.run(
            merge,
            message_key=message.message_key,
            partner_key=message.partner_key,
            recorded_at=recorded["recorded_at"],
            valid_from=holds["valid_from"],
        )


def _store_manifest(
    transaction: Transaction, message: Message, passed: pa.Table, store: Store
) -> Manifest:
    exits = read_exits(transaction, message.message_key)
    with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
        draft = Path(folder) / "draft"
        store.download(draft_key(message.message_key), draft)
        return store_manifest(store, finish(draft, exits, passed))


def _count_books(transaction: Transaction, message: Message, passed: pa.Table) -> list[Books]:
    """Count the books of each dataset; what was passed over is held already, unchanged."""
    rows = transaction.run("select_books", message_key=message.message_key)
    staged = {row["dataset"]: Books(**row) for row in rows}
    books = []
    counts = count_passed(passed)
    for dataset in sorted({*staged, *counts}):
        known, one = counts.get(dataset, 0), staged.get(dataset, Books(dataset, 0, 0, 0, 0))
        books.append(replace(one, received=one.received + known, unchanged=one.unchanged + known))
    is_new = any(entry.accepted for entry in books)
    return [Books("file", 1, int(is_new), int(not is_new), 0), *books]


def _write_down(transaction: Transaction, message: Message, books: Sequence[Books]) -> None:
    transaction.run("insert_refusals", message_key=message.message_key, causes=CAUSES)
    if keys := message.replays.get("refusal_keys"):
        transaction.run(
            "resolve_replayed_refusals", message_key=message.message_key, refusal_keys=list(keys)
        )
    write_books(transaction, message.message_key, books)
    transaction.run(
        "move_checkpoint",
        partner_key=message.partner_key,
        exchange=message.exchange,
        name="message",
        position=message.message_key,
        message_key=message.message_key,
    )


def _refuse_file(transaction: Transaction, message: Message, fault: dict[str, Any]) -> None:
    transaction.run(
        "insert_file_refusal",
        message_key=message.message_key,
        file_name=message.file_name,
        byte_length=max(message.size - fault["byte_offset"], 0),
        **{
            name: fault[name]
            for name in ("byte_offset", "cause", "place", "value", "sentence", "sentence_ru")
        },
    )


def _ending(message: Message, reading: Row, at: Workplace) -> dict[str, Any]:
    """Return what is kept of every message: by whom, by which rules and terms it was read."""
    return {
        "message_key": message.message_key,
        "epoch": at.lease.epoch,
        "dialect": reading["heading"].get("dialect"),
        "heading": reading["heading"],
        "rules": reading["rules"] | {"terms": at.terms.as_json()},
    }


def _extent(message: Message, heading: dict[str, Any]) -> str | None:
    """A salvaged or replayed part says nothing of what is absent, whatever the file's heading."""
    if message.origin is Origin.SALVAGE or message.replays:
        return "changes"
    return heading.get("extent")
