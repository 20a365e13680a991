"""Messages as the journal has them: which waits next, how one ended, an old one once more."""

from collections.abc import Sequence

from blocks.warehouse import Transaction, Warehouse
from tasks.journal.lease import Lease
from tasks.model.messages import Books, Closed, Message, Origin


def next_message(warehouse: Warehouse, lease: Lease) -> Message | None:
    """Return the oldest message that waits for this lease's partner and exchange."""
    with warehouse.transaction("select_waiting") as transaction:
        rows = transaction.run(
            "select_waiting_messages", partner_key=lease.partner_key, exchange=lease.exchange
        )
    if not rows:
        return None
    return Message(**{**rows[0], "origin": Origin(rows[0]["origin"])})


def is_closed(transaction: Transaction, message_key: int) -> bool:
    """Say whether a message has left the state `received`; a step may have run before."""
    state: str = transaction.one("select_message_state", message_key=message_key)["state"]
    return state != "received"


def read_closed(transaction: Transaction, message_key: int) -> Closed:
    """Return how a message ended, with its books and the causes of its refusals."""
    message = transaction.one("select_message_state", message_key=message_key)
    books = transaction.run("select_message_books", message_key=message_key)
    causes = transaction.run("select_refusal_causes", message_key=message_key)
    return Closed(
        message_key,
        message["file_name"],
        message["state"],
        tuple(Books(**row) for row in books),
        tuple((row["cause"], row["sentence"], row["records"]) for row in causes),
        message["report_key"],
    )


def write_books(transaction: Transaction, message_key: int, books: Sequence[Books]) -> None:
    """Write the double entry; the database refuses one that does not balance."""
    for entry in books:
        transaction.run(
            "insert_books",
            message_key=message_key,
            dataset=entry.dataset,
            received=entry.received,
            accepted=entry.accepted,
            unchanged=entry.unchanged,
            refused=entry.refused,
        )


def count_refusals(transaction: Transaction, message_key: int) -> dict[str, int]:
    """Count a message's refusals by their cause."""
    rows = transaction.run("select_refusal_causes", message_key=message_key)
    return {row["cause"]: row["records"] for row in rows}
