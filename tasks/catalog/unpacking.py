"""Archives and pictures: what arrives beside the records.

An archive becomes one message for each file of records in it, in the order in which they must be
taken, and attachments for its pictures. A picture that is sent alone is an attachment too.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blocks.store import Store, StoredObject
from blocks.warehouse import Transaction
from tasks.catalog.decoding import downloaded
from tasks.catalog.portions import holds_records, is_picture, order_of
from tasks.catalog.workplace import Workplace
from tasks.formats.zipped import Member, extract, list_members
from tasks.journal.messages import is_closed, read_closed, write_books
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.messages import Books, Closed, Message, Origin


@dataclass(frozen=True, slots=True)
class _Unpacked:
    records: Sequence[tuple[str, StoredObject]]
    pictures: Sequence[tuple[str, StoredObject]]
    strangers: Sequence[str]


def unpack(message: Message, at: Workplace) -> Closed:
    """File an archive's members and close it; an archive that is not safe is refused whole."""
    with downloaded(message, at.store) as path:
        try:
            unpacked = _store_members(path, at.store)
        except FileFaultError as fault:
            return _refuse(message, at, fault)
    return _file(message, at, unpacked, "archive")


def attach(message: Message, at: Workplace) -> Closed:
    """File a picture that came alone and close its message."""
    stored = StoredObject(message.object_key, message.sha256, message.size)
    unpacked = _Unpacked((), ((message.file_name, stored),), ())
    return _file(message, at, unpacked, "attachment")


def _store_members(path: Path, store: Store) -> _Unpacked:
    members = list_members(path)
    records: list[tuple[str, StoredObject]] = []
    pictures: list[tuple[str, StoredObject]] = []
    wanted = [m for m in members if holds_records(m.path) or is_picture(m.path)]
    with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
        for member, unpacked in extract(path, wanted, Path(folder)):
            kind = records if holds_records(member.path) else pictures
            kind.append((member.path, store.put_file(unpacked)))
    records.sort(key=lambda entry: order_of(entry[0]))
    return _Unpacked(records, pictures, _strangers(members))


def _strangers(members: Sequence[Member]) -> list[str]:
    return [m.path for m in members if not holds_records(m.path) and not is_picture(m.path)]


def _file(message: Message, at: Workplace, unpacked: _Unpacked, dialect: str) -> Closed:
    with at.lease.writing(at.warehouse, "close_archive") as transaction:
        if is_closed(transaction, message.message_key):
            return read_closed(transaction, message.message_key)
        for file_name, stored in unpacked.records:
            _insert_member(transaction, message, file_name, stored)
        changed = [_attach(transaction, message, path, at) for path, at in unpacked.pictures]
        for number, file_name in enumerate(unpacked.strangers, start=1):
            _refuse_stranger(transaction, message, number, file_name)
        if any(changed):
            transaction.run(
                "publication/insert_notices",
                message_key=message.message_key,
                partner_key=message.partner_key,
            )
        write_books(transaction, message.message_key, _books(unpacked, changed))
        _close(transaction, message, at, "closed", dialect)
        return read_closed(transaction, message.message_key)


def _books(unpacked: _Unpacked, changed: Sequence[bool]) -> tuple[Books, ...]:
    books = [Books("file", 1, 1, 0, 0)]
    if unpacked.records:
        books.append(Books("members", len(unpacked.records), len(unpacked.records), 0, 0))
    if count := len(changed) + len(unpacked.strangers):
        accepted = sum(changed)
        books.append(
            Books("attachments", count, accepted, len(changed) - accepted, len(unpacked.strangers))
        )
    return tuple(books)


def _insert_member(
    transaction: Transaction, message: Message, file_name: str, stored: StoredObject
) -> None:
    transaction.one(
        "insert_member",
        partner_key=message.partner_key,
        exchange=message.exchange,
        sha256=stored.sha256,
        size=stored.size,
        object_key=stored.key,
        file_name=file_name,
        session_key=message.session_key,
        parent_key=message.message_key,
        origin=Origin.MEMBER.value,
        replays={},
        sender_counters=message.sender_counters,
    )


def _attach(transaction: Transaction, message: Message, path: str, stored: StoredObject) -> bool:
    return bool(
        transaction.run(
            "merge_attachment",
            partner_key=message.partner_key,
            path=path,
            sha256=stored.sha256,
            size=stored.size,
            object_key=stored.key,
            message_key=message.message_key,
        )
    )


def _refuse_stranger(
    transaction: Transaction, message: Message, number: int, file_name: str
) -> None:
    fault = Fault(Cause.FILENAME, place="zip", value=file_name)
    transaction.run(
        "insert_member_refusal",
        message_key=message.message_key,
        record_no=number,
        natural_key=file_name,
        cause=fault.cause.name,
        place=fault.place,
        value=fault.value,
        sentence=fault.sentence,
        sentence_ru=fault.sentence_ru,
    )


def _refuse(message: Message, at: Workplace, error: FileFaultError) -> Closed:
    fault = error.fault
    with at.lease.writing(at.warehouse, "refuse_archive") as transaction:
        if is_closed(transaction, message.message_key):
            return read_closed(transaction, message.message_key)
        transaction.run(
            "insert_file_refusal",
            message_key=message.message_key,
            file_name=message.file_name,
            byte_offset=error.byte_offset,
            byte_length=message.size,
            cause=fault.cause.name,
            place=fault.place,
            value=fault.value[:200],
            sentence=fault.sentence,
            sentence_ru=fault.sentence_ru,
        )
        write_books(transaction, message.message_key, [Books("file", 1, 0, 0, 1)])
        _close(transaction, message, at, "refused", "archive")
        return read_closed(transaction, message.message_key)


def _close(
    transaction: Transaction, message: Message, at: Workplace, state: str, dialect: str
) -> None:
    transaction.one(
        "close_message",
        message_key=message.message_key,
        state=state,
        epoch=at.lease.epoch,
        dialect=dialect,
        formed_at=None,
        extent=None,
        heading={},
        rules={"terms": at.terms.as_json()},
        manifest_key=None,
        merkle_root=None,
        report_key=None,
    )
