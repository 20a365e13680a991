"""Pictures that products name and that nobody sent: a warning, never a refusal.

A picture may come after its product, so it is missed only when its export is over; the rule stands
in `sql/select_missing_pictures.sql`. A product is told of by the message that wrote it: one that
comes again unchanged is not told of again.
"""

from collections.abc import Sequence

from blocks.warehouse import Transaction
from tasks.journal.summary import PICTURES_SHOWN, MissingPicture


def list_missing_pictures(
    transaction: Transaction, message_keys: Sequence[int], *, is_run_over: bool
) -> list[MissingPicture]:
    """Return what the products of these messages miss, at most PICTURES_SHOWN of each message.

    `is_run_over`: nothing else waits, and the messages are all that the run took.
    """
    rows = transaction.run(
        "select_missing_pictures",
        message_keys=list(message_keys),
        is_run_over=is_run_over,
        of_each_message=PICTURES_SHOWN,
    )
    return [MissingPicture(**row) for row in rows]
