"""From archived bytes to staging: the reader's batches go to the message's own partitions."""

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Transaction
from tasks.catalog.clocks import find_instant, read_instant
from tasks.catalog.exports import read_name
from tasks.catalog.workplace import Workplace
from tasks.formats import NotSliceableError, Reading, Sliced, open_file
from tasks.formats.obmen_csv import ObmenCsv
from tasks.journal.baselines import Stream, context_of, load_known
from tasks.journal.drafts import DraftWriter, draft_key
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Extent, Heading, RecordFault
from tasks.model.messages import Message, Origin


def stage(message: Message, at: Workplace) -> FileFaultError | None:
    """Decode a message into staging; return the fault when the file as a whole cannot be taken.

    Nothing of a faulty file is staged, unless it is being salvaged: then its whole records are.
    """
    with downloaded(message, at.store) as path:
        reading = open_file(
            path, left_alone=at.terms.left_alone, salvage=message.origin is Origin.SALVAGE
        )
        staged = _stage_records(message, reading, path.parent, at)
    fault = staged.fault
    with at.lease.writing(at.warehouse, "stage_heading") as transaction:
        if fault is not None and message.origin is not Origin.SALVAGE:
            transaction.run("open_staging", message_key=message.message_key)
        transaction.run("analyze_staging", message_key=message.message_key)
        transaction.run(
            "insert_reading",
            message_key=message.message_key,
            rules=dict(reading.rules),
            heading=_heading_of(message, staged.heading),
            file_fault=fault_as_json(fault),
            slicing=staged.slicing,
        )
    return fault


def _heading_of(message: Message, said: Heading) -> dict[str, Any]:
    """A file of ours that does not say when it was formed may say it by its name."""
    heading = heading_as_json(said)
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


@dataclass(frozen=True, slots=True)
class _Staged:
    heading: Heading
    fault: FileFaultError | None = None
    slicing: dict[str, Any] | None = None


def _stage_records(message: Message, reading: Reading, folder: Path, at: Workplace) -> _Staged:
    """Copy the records to staging and draft the manifest: by slices where that can be."""
    draft = folder / "draft"
    try:
        staged = _stage_slices(message, reading, draft, at)
    except NotSliceableError:
        staged = None
    if staged is None:
        fault = copy_batches(message, reading.batches(), draft, at)
        staged = _Staged(reading.heading, fault)
    at.store.upload(draft, draft_key(message.message_key))
    return staged


def _stage_slices(message: Message, reading: Reading, draft: Path, at: Workplace) -> _Staged | None:
    """Stage what is not known of a file, None when it cannot be read by slices."""
    sliced = None if message.replays or message.is_salvage else reading.slice()
    if sliced is None:
        return None
    stream = _stream_of(message, reading, sliced, at)
    with at.warehouse.transaction("load_known") as transaction:
        later = transaction.run(
            "select_later_messages",
            message_key=message.message_key,
            formed_at=read_instant(sliced.heading.formed_at, at.terms.zone),
        )
        # What is late is compared with what held at its time: none of it is known.
        if not later:
            is_full = sliced.heading.extent is Extent.FULL
            sliced.recognise(load_known(transaction, at.store, stream, is_full=is_full))
    copy_batches(message, sliced.batches(), draft, at)
    return _Staged(
        sliced.heading,
        slicing={
            "stream": stream.name,
            "context": stream.context.hex(),
            "has_repeats": sliced.has_repeats,
            "read": _store_table(sliced.read, at.store),
            "passed": _store_table(sliced.passed, at.store),
        },
    )


def _stream_of(message: Message, reading: Reading, sliced: Sliced, at: Workplace) -> Stream:
    decisive = {"rules": dict(reading.rules), "terms": at.terms.as_json(), **sliced.context}
    name = read_name(message.file_name).kind
    return Stream(message.partner_key, message.exchange, name, context_of(decisive))


def _store_table(table: pa.Table, store: Store) -> str | None:
    if not table.num_rows:
        return None
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return store.put(sink.getvalue(), under="slices").key


def copy_batches(
    message: Message, batches: Iterable[Batch], draft: Path, at: Workplace
) -> FileFaultError | None:
    """Copy records to the message's own partitions and draft its manifest.

    Return the fault that ended the file before its time.
    """
    with (
        at.lease.writing(at.warehouse, "stage_records") as transaction,
        DraftWriter(draft) as drafted,
    ):
        transaction.run("open_staging", message_key=message.message_key)
        wanted = _wanted_records(transaction, message)
        # One batch is copied while the next one is decoded: the server works on the other core.
        with ThreadPoolExecutor(max_workers=1) as copier:
            copying: Future[None] | None = None
            try:
                for batch in batches:
                    chosen = _only(wanted, batch)
                    drafted.add(chosen)
                    if copying is not None:
                        copying.result()
                    copying = copier.submit(copy_batch, transaction, message.message_key, chosen)
            except FileFaultError as fault:
                return fault
            finally:
                if copying is not None:
                    copying.result()
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
