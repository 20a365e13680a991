"""From messages to the summary of the run that took them, with the papers that belong to it."""

from collections.abc import Sequence
from dataclasses import replace

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.clocks import tell_clocks
from tasks.journal.deletions import tell_deletions
from tasks.journal.pictures import list_missing_pictures
from tasks.journal.protocol import store_protocol
from tasks.journal.summary import Links, Refused, Summary

LINK_S = 7 * 24 * 3600  # the longest that S3 signs a link for


def complete(summary: Summary, warehouse: Warehouse, store: Store) -> Summary:
    """Add what the journal knows of the summary's messages: refusals, partners, papers."""
    keys = [closed.message_key for closed in summary.closed]
    with warehouse.transaction("select_deletions") as transaction:
        deletions = tell_deletions(transaction, summary.came_by or summary.exchange, keys)
    if not summary.closed:
        return replace(summary, deletions=deletions)
    with warehouse.transaction("select_run") as transaction:
        refused = [
            Refused(**row) for row in transaction.run("select_run_refusals", message_keys=keys)
        ]
        rows = transaction.run("select_run_messages", message_keys=keys)
        missing = list_missing_pictures(transaction, keys, is_run_over=True)
        clocks = tell_clocks(transaction, keys)
    sessions = {row["session_key"] for row in rows if row["session_key"]}
    protocols = {
        key: store.presign(store_protocol(key, missing, warehouse, store), LINK_S)
        for key in sorted(sessions)
    }
    reports = {closed.message_key: closed.report_key for closed in summary.closed}
    links = {
        row["message_key"]: Links(
            row["partner"],
            _open_link(reports[row["message_key"]], store),
            protocols.get(row["session_key"], ""),
        )
        for row in rows
    }
    return replace(
        summary, refused=refused, missing=missing, deletions=deletions, clocks=clocks, links=links
    )


def list_unbalanced(warehouse: Warehouse) -> Sequence[str]:
    """Return a sentence for each message that was closed without books: always none."""
    with warehouse.transaction("select_unbalanced") as transaction:
        return [row["sentence"] for row in transaction.run("select_unbalanced")]


def _open_link(key: str | None, store: Store) -> str:
    return store.presign(key, LINK_S) if key else ""
