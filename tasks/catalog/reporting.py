"""The validation report of a message: what was believed, what failed, which records."""

import dataclasses
import hashlib
from typing import Any

from blocks.store import Store, content_key
from blocks.warehouse import Transaction
from expectations.report import BooksLine, FileFacts, RefusalLine, ReportInput, render_report
from expectations.verdict import Verdict
from tasks.journal.messages import count_refusals
from tasks.journal.pictures import list_missing_pictures
from tasks.model.causes import TITLES_RU
from tasks.model.messages import Message

REFUSALS_SHOWN = 50  # of each cause; the journal has all of them


def store_report(
    message: Message,
    heading: dict[str, Any],
    verdict: Verdict | None,
    transaction: Transaction,
    store: Store,
) -> str:
    """Render the report of a message whose books are written, store it and return its key."""
    missing = list_missing_pictures(transaction, [message.message_key], is_run_over=False)
    shown = {"message_key": message.message_key, "of_each_cause": REFUSALS_SHOWN}
    page = render_report(
        ReportInput(
            file=_facts(message, heading),
            books=[
                BooksLine(**row)
                for row in transaction.run("select_message_books", message_key=message.message_key)
            ],
            # What judging cost is no part of the report: the same message gives the same bytes.
            verdict=verdict and dataclasses.replace(verdict, seconds=0.0),
            refusals=[
                RefusalLine(**row) for row in transaction.run("select_reported_refusals", **shown)
            ],
            refused_by_cause=count_refusals(transaction, message.message_key),
            causes_ru=TITLES_RU,
            file_fault_ru=_file_fault(transaction, message),
            missing_pictures=[(line.product_id, line.path) for line in missing],
            missing_count=missing[0].pictures if missing else 0,
        )
    )
    key = f"{content_key('reports', hashlib.sha256(page).hexdigest())}.html"
    store.put_named(key, page, "text/html; charset=utf-8")
    return key


def _facts(message: Message, heading: dict[str, Any]) -> FileFacts:
    return FileFacts(
        name=message.file_name,
        partner=message.partner,
        sha256=message.sha256.hex(),
        size=message.size,
        received_at=f"{message.received_at:%Y-%m-%d %H:%M:%S %Z}",
        **{
            word: heading.get(word)
            for word in ("formed_at", "dialect", "version", "encoding", "extent")
        },
    )


def _file_fault(transaction: Transaction, message: Message) -> str | None:
    fault = transaction.one("select_reading", message_key=message.message_key)["file_fault"]
    return fault["sentence_ru"] if fault else None
