"""A sender's clock that went back: what it says since is kept as the past of what it said before.

Prices and quantities are ordered by the moment at which their files say they were formed, so a
clock that was set back makes each new file an old one, without a refusal. People are told of it.
"""

from collections.abc import Sequence

from blocks.warehouse import Transaction

SHOWN = 20


def tell_clocks(transaction: Transaction, message_keys: Sequence[int]) -> list[str]:
    """Return a Markdown line for each of these messages that says it is older than one before."""
    rows = transaction.run("select_clocks_gone_back", message_keys=list(message_keys))
    lines = [
        f"* **{row['partner']}**: `{row['file_name']}` (message {row['message_key']}) says that it "
        f"was formed at {row['formed_at']:%F %T} UTC, before `{row['earlier_name']}` (message "
        f"{row['earlier_key']}, {row['earlier_formed_at']:%F %T} UTC), which came earlier"
        for row in rows[:SHOWN]
    ]
    if (more := len(rows) - len(lines)) > 0:
        lines.append(f"* and {more} more")
    return lines
