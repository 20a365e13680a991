"""From archived bytes to staging: the reader's batches go to the message's own partitions."""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from blocks.warehouse import Transaction
from tasks.catalog.clocks import find_instant
from tasks.catalog.workplace import Workplace
from tasks.formats import Reading, open_file
from tasks.formats.obmen_csv import ObmenCsv
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Heading, RecordFault
from tasks.model.messages import Message, Origin


def stage(message: Message, at: Workplace) -> FileFaultError | None:
    """Decode a message into staging; return the fault when the file as a whole cannot be taken.

    Nothing of a faulty file is staged, unless it is being salvaged: then its whole records are.
    """
    with downloaded(message, at.store) as path:
        reading = open_file(
            path, left_alone=at.terms.left_alone, salvage=message.origin is Origin.SALVAGE
        )
        fault = _copy_batches(message, reading, at)
    with at.lease.writing(at.warehouse, "stage_heading") as transaction:
        if fault is not None and message.origin is not Origin.SALVAGE:
            transaction.run("open_staging", message_key=message.message_key)
        transaction.run("analyze_staging", message_key=message.message_key)
        transaction.run(
            "insert_reading",
            message_key=message.message_key,
            rules=dict(reading.rules),
            heading=_heading_of(message, reading),
            file_fault=fault_as_json(fault),
        )
    return fault


def _heading_of(message: Message, reading: Reading) -> dict[str, Any]:
    """A file of ours that does not say when it was formed may say it by its name."""
    heading = heading_as_json(reading.heading)
    if heading.get("dialect") == ObmenCsv.name and not heading["formed_at"]:
        heading["formed_at"] = find_instant(message.file_name)
    return heading


@contextmanager
def downloaded(message: Message, store: Store) -> Iterator[Path]:
    """Have the message's bytes in a temporary file for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
        path = Path(folder) / "message"
        store.download(message.object_key, path)
        yield path


def heading_as_json(heading: Heading | None) -> dict[str, Any]:
    """Return what a file says of itself as it is kept with the message."""
    if heading is None:
        return {}
    kept = dataclasses.asdict(heading)
    kept["left_alone"] = list(heading.left_alone)
    return kept


def _copy_batches(message: Message, reading: Reading, at: Workplace) -> FileFaultError | None:
    with at.lease.writing(at.warehouse, "stage_records") as transaction:
        transaction.run("open_staging", message_key=message.message_key)
        wanted = _wanted_records(transaction, message)
        try:
            for batch in reading.batches():
                copy_batch(transaction, message.message_key, _only(wanted, batch))
        except FileFaultError as fault:
            return fault
    return None


def _wanted_records(transaction: Transaction, message: Message) -> dict[str, set[int]] | None:
    """Return which records a replay of refusals drives again; None: all of them.

    A record is known by its number in the file: the same bytes always number the same.
    """
    if message.is_salvage or not message.replays.get("refusal_keys"):
        return None
    wanted: dict[str, set[int]] = {}
    for row in transaction.run(
        "select_replayed_records", refusal_keys=list(message.replays["refusal_keys"])
    ):
        wanted.setdefault(row["dataset"], set()).add(row["record_no"])
    return wanted


def _only(wanted: dict[str, set[int]] | None, batch: Batch) -> Batch:
    if wanted is None:
        return batch
    numbers = wanted.get(str(batch.dataset), set())
    is_wanted = pc.is_in(batch.records["record_no"], pa.array(sorted(numbers), pa.int64()))
    return Batch(
        batch.dataset,
        batch.records.filter(is_wanted),
        tuple(refused for refused in batch.faults if refused.record_no in numbers),
    )


def copy_batch(transaction: Transaction, message_key: int, batch: Batch) -> None:
    """Copy one batch and its faults into the partitions of a message."""
    if batch.records.num_rows:
        transaction.copy(
            f"staging.{batch.dataset}_{message_key}", [batch.records], message_key=message_key
        )
    if batch.faults:
        transaction.copy(
            f"staging.faults_{message_key}", [_fault_rows(batch.faults)], message_key=message_key
        )


def _fault_rows(faults: tuple[RecordFault, ...]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [
            {
                "dataset": str(refused.dataset),
                "record_no": refused.record_no,
                "byte_offset": refused.byte_offset,
                "byte_length": refused.byte_length,
                "key": refused.key,
                "cause": refused.fault.cause.name,
                "place": refused.fault.place,
                "value": refused.fault.value[:200],
                "expected": refused.fault.expected,
            }
            for refused in faults
        ]
    )


def fault_as_json(fault: FileFaultError | None) -> dict[str, Any] | None:
    """Return a whole file's fault as it is kept beside the heading."""
    if fault is None:
        return None
    return {
        "cause": fault.fault.cause.name,
        "place": fault.fault.place,
        "value": fault.fault.value[:200],
        "expected": fault.fault.expected,
        "sentence": fault.fault.sentence,
        "sentence_ru": fault.fault.sentence_ru,
        "byte_offset": fault.byte_offset,
    }
