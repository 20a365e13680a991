"""What an operator's deed did, in words."""

from tasks.journal.deletions import Decided
from tasks.journal.summary import count_of

_LEFT_SHOWN = 100


def tell_confirmed(decided: Decided, person: str, why: str) -> tuple[str, str]:
    """Return the title and the note of a confirmed list: what went, what was spared and why."""
    records = count_of(decided.listed, "record")
    if decided.direction == "out":
        note = f"{person} agreed: {why}\n\nThe next package to **{decided.partner}** deletes them, "
        note += "but for those that came back since."
        return f"confirm: {records} of list {decided.list_key} may go", note
    lines = [f"* {dataset} `{key}`: {reason}" for dataset, key, reason in decided.left]
    if (more := len(lines) - _LEFT_SHOWN) > 0:
        lines = [*lines[:_LEFT_SHOWN], f"* and {count_of(more, 'record')} more, in the journal"]
    spared = "\n".join(["\n\nNot deleted:\n", *lines]) if lines else ""
    return (
        f"confirm: {decided.gone} of {records} of list {decided.list_key} deleted",
        f"{person} agreed, for **{decided.partner}**: {why}{spared}",
    )
