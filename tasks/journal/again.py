"""Old messages once more: a whole one, its open refusals of a cause, or what a cut file holds.

An old message never changes: each of these is a new message over the same archived bytes, taken by
the exchange's own flow on the same road as the first time.
"""

from collections.abc import Sequence
from itertools import groupby

from blocks.warehouse import Row, Transaction, Warehouse
from tasks.journal.lease import Lease
from tasks.model.messages import Origin


class NothingToDriveError(LookupError):
    """There is no such message, or no open refusal of that cause."""


def replay_message(warehouse: Warehouse, message_key: int) -> list[int]:
    """Queue a message again as it was; return the key of the new message."""
    with warehouse.transaction("queue_replay") as transaction:
        source = _source(transaction, message_key)
        return [_queue(transaction, source, Origin.REPLAY, {})]


def replay_refusals(warehouse: Warehouse, partner: str, cause: str) -> list[int]:
    """Queue exactly the open refusals of a cause, in their old order; return the new messages."""
    with warehouse.transaction("queue_replay") as transaction:
        rows = transaction.run("select_open_refusals", partner=partner, cause=cause)
        if not rows:
            message = f"partner {partner} has no open refusal {cause}"
            raise NothingToDriveError(message)
        return _queue_by_message(transaction, rows, cause)


def replay_answered(warehouse: Warehouse, lease: Lease) -> list[int]:
    """Queue the refusals whose missing reference has come since, in their old order.

    A refusal is driven once; a record that is refused again is a new refusal, for what it misses
    then. So this ends.
    """
    with lease.writing(warehouse, "queue_answered") as transaction:
        rows = transaction.run(
            "select_answered_refusals", partner_key=lease.partner_key, exchange=lease.exchange
        )
        return _queue_by_message(transaction, rows, "REF_MISSING") if rows else []


def salvage_message(warehouse: Warehouse, message_key: int) -> list[int]:
    """Queue the whole records of a file that was refused because it is cut; never deletes."""
    with warehouse.transaction("queue_salvage") as transaction:
        refusals = transaction.run("select_file_refusal", message_key=message_key)
        if not refusals:
            message = f"message {message_key} was not refused as a whole, or was salvaged already"
            raise NothingToDriveError(message)
        return [
            _queue(
                transaction,
                _source(transaction, message_key),
                Origin.SALVAGE,
                {"refusal_keys": [row["refusal_key"] for row in refusals]},
            )
        ]


def _queue_by_message(transaction: Transaction, rows: Sequence[Row], cause: str) -> list[int]:
    return [
        _queue(
            transaction,
            _source(transaction, message_key),
            Origin.REPLAY,
            {"cause": cause, "refusal_keys": [row["refusal_key"] for row in refusals]},
        )
        for message_key, refusals in groupby(rows, lambda row: row["message_key"])
    ]


def _source(transaction: Transaction, message_key: int) -> Row:
    rows = transaction.run("select_message", message_key=message_key)
    if not rows:
        message = f"there is no message {message_key}"
        raise NothingToDriveError(message)
    return rows[0]


def _queue(
    transaction: Transaction, source: Row, origin: Origin, replays: dict[str, object]
) -> int:
    is_first = source["origin"] not in {Origin.REPLAY, Origin.SALVAGE}
    row = transaction.one(
        "insert_member",
        partner_key=source["partner_key"],
        exchange=source["exchange"],
        sha256=source["sha256"],
        size=source["size"],
        object_key=source["object_key"],
        file_name=source["file_name"],
        session_key=None,
        # The message whose bytes they are: what came after it is newer than its records.
        parent_key=source["message_key"] if is_first else source["parent_key"],
        origin=origin.value,
        replays=replays,
        sender_counters=source["sender_counters"],
    )
    return int(row["message_key"])
