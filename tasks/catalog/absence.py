"""Absent quantities: what a whole file no longer names in a warehouse is 0 there, or waits.

1C writes a figure for each warehouse in which an offer lies. A file of changes that lacks a
warehouse says nothing of it; a whole file says that nothing is left there. So do not: a file that
gives totals only, a late one, and an offer of which any figure was refused. An offer that is itself
absent is the business of `withdrawing`. A total is never made 0: it is told or it is not.

Many at once look like a selection of warehouses gone wrong at the sender, so the brake of deletions
holds them for a person, counted over all files of one session.
"""

from dataclasses import replace

import pyarrow as pa

from blocks.warehouse import Transaction
from tasks.journal.brake import decide
from tasks.journal.deletions import ROWS, Subject, list_apart
from tasks.model.datasets import Dataset
from tasks.model.messages import Message
from tasks.model.portals import Limits


def nullify_absent(transaction: Transaction, message: Message, limits: Limits) -> bool:
    """Make the quantities 0 that a closed message's file lacks, or list them for a person.

    They hold since the file was formed. Return whether it is a file that says what is absent. Runs
    in the transaction that closes the message, while its records are still staged.
    """
    keys = {"message_key": message.message_key, "partner_key": message.partner_key}
    transaction.run("overtake_spent_lists", **keys)
    if not transaction.run("select_absence_teller", message_key=message.message_key):
        return False
    absent = transaction.fetch("select_absent_stock", ROWS, message_key=message.message_key)
    if absent.num_rows:
        _list_absent(transaction, message, absent, limits)
    return True


def _list_absent(
    transaction: Transaction, message: Message, absent: pa.Table, limits: Limits
) -> None:
    keys = {"message_key": message.message_key, "partner_key": message.partner_key}
    counted = transaction.one("count_held_stock", **keys)
    brake = decide(absent.num_rows + counted["earlier"], counted["held"], limits)
    subject = Subject(
        message.partner_key, "in", message.exchange, Dataset.STOCK.value, message.message_key
    )
    list_apart(transaction, subject, replace(brake, would_go=absent.num_rows), absent)
