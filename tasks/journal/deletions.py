"""Lists of deletions: what the brake holds until a person has said yes or no, in both directions.

A list is confirmed as it stands: exactly its records go, but for those that came back or changed
since it was made. Those are told, not deleted.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from blocks.warehouse import Row, Transaction, Warehouse
from tasks.journal.brake import Brake

# What a list holds: `digest` is that of the record as it was when the list was made (hex or null).
ROWS = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("digest", pa.string()),
    ]
)
_STATES = {"waiting": "would go and **wait** as list", "confirmed": "were withdrawn, list"}
_STOCK_STATES = {
    "waiting": "quantities would become 0 and **wait** as list",
    "confirmed": "quantities became 0, list",
}
_WITHDRAW = (
    "withdraw_listed_goods",
    "withdraw_listed_offers",
    "withdraw_listed_groups",
    "nullify_listed_stock",
)


class NotWaitingError(LookupError):
    """There is no such list, or it waits no more, or nobody signs; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose records would go, of which kind: for each there is at most one list that waits."""

    partner_key: int
    direction: str  # in: our copy of a source's catalog; out: a portal's copy of ours
    exchange: str
    dataset: str
    message_key: int | None = None  # in: the file with which the full export begins


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a list: how many records went, and which did not, each with its reason."""

    list_key: int
    partner: str
    direction: str
    dataset: str
    listed: int
    gone: int
    left: tuple[tuple[str, str, str], ...] = ()  # dataset, key, why it did not go


def hold_list(transaction: Transaction, subject: Subject, brake: Brake, rows: pa.Table) -> int:
    """Have deletions (`ROWS`) wait for a person; return the number of the list.

    A list with the same rows that waits already goes on waiting; one with others is overtaken.
    """
    content = _content(rows)
    if equal := transaction.run("select_equal_list", content=content, **_named(subject)):
        return int(equal[0]["list_key"])
    overtake_lists(transaction, subject, "a newer list took its place")
    return _write(transaction, subject, brake, rows)


def pass_list(transaction: Transaction, subject: Subject, brake: Brake, rows: pa.Table) -> Decided:
    """Withdraw what may go without a person, and keep on record that and why it went."""
    overtake_lists(transaction, subject, "a newer export says what goes")
    list_key = _write(transaction, subject, brake, rows)
    return _withdraw(transaction, transaction.one("select_deletion_list", list_key=list_key))


def list_apart(transaction: Transaction, subject: Subject, brake: Brake, rows: pa.Table) -> int:
    """List deletions beside others of their kind, hold them or do them as the brake says.

    Return the number of the list.
    """
    list_key = _write(transaction, subject, brake, rows)
    if not brake.holds:
        _withdraw(transaction, transaction.one("select_deletion_list", list_key=list_key))
    return list_key


def overtake_lists(transaction: Transaction, subject: Subject, why: str) -> int:
    """Let no list of a subject wait any longer; return how many did."""
    return len(transaction.run("overtake_lists", why=why, **_named(subject)))


def confirm_list(warehouse: Warehouse, list_key: int, person: str, why: str) -> Decided:
    """Delete exactly what a waiting list says, in a person's name.

    Inbound records are withdrawn here; outbound ones go with the portal's next package, whose
    delta lets the keys of confirmed lists through. Raises NotWaitingError.
    """
    with _deciding(warehouse, list_key, "confirmed", person, why) as (transaction, listed):
        return _withdraw(transaction, listed)


def drop_list(warehouse: Warehouse, list_key: int, person: str, why: str) -> Decided:
    """Let nothing of a waiting list go, in a person's name. Raises NotWaitingError."""
    with _deciding(warehouse, list_key, "dropped", person, why) as (_, listed):
        return _decided(listed, 0, ())


def tell_deletions(
    transaction: Transaction, exchange: str, message_keys: Sequence[int]
) -> list[str]:
    """Say, as Markdown lines, which lists of an exchange wait and what went by these messages."""
    rows = transaction.run(
        "select_run_deletions", exchange=exchange, message_keys=list(message_keys)
    )
    return [
        f"* **{row['partner']}**: {row['would_go']} {_say_state(row)} "
        f"{row['list_key']}: {row['reason']}. Among them {row['examples']}"
        for row in rows
    ]


def _say_state(row: Row) -> str:
    if row["dataset"] == "stock":
        return _STOCK_STATES[row["state"]]
    return f"{row['dataset']} {_STATES[row['state']]}"


def spare_returned(transaction: Transaction, partner_key: int, message_key: int) -> None:
    """Note which waiting deletions stand in a message that is being closed: they are spared."""
    if waiting := transaction.run("lock_waiting_lists", partner_key=partner_key):
        list_keys = [row["list_key"] for row in waiting]
        transaction.run("mark_returned", message_key=message_key, list_keys=list_keys)


@contextmanager
def _deciding(
    warehouse: Warehouse, list_key: int, state: str, person: str, why: str
) -> Iterator[tuple[Transaction, Row]]:
    person, why = person.strip(), why.strip()
    if not person or not why:
        message = "say who decides (person) and why: both are kept with the list for ever"
        raise NotWaitingError(message)
    with warehouse.transaction("decide_deletions") as transaction:
        rows = transaction.run("select_deletion_list", list_key=list_key)
        if not rows:
            message = f"there is no list {list_key}; its number stands in the artifact of its run"
            raise NotWaitingError(message)
        if rows[0]["state"] != "waiting":
            message = (
                f"list {list_key} is {rows[0]['state']} already, by {rows[0]['decided_by']}: "
                f"{rows[0]['decided_why']}"
            )
            raise NotWaitingError(message)
        transaction.run(
            "decide_deletion_list", list_key=list_key, state=state, person=person, why=why
        )
        yield transaction, rows[0]


def _withdraw(transaction: Transaction, listed: Row) -> Decided:
    if listed["direction"] == "out":
        transaction.run("notice_confirmed", list_key=listed["list_key"])
        return _decided(listed, 0, ())
    keys = {"list_key": listed["list_key"], "partner_key": listed["partner_key"]}
    gone = sum(transaction.count(statement, **keys) for statement in _WITHDRAW)
    transaction.run("slices/insert_withdrawn_stale", **keys)
    transaction.run("settle_confirmed_export", **keys)
    transaction.run("notice_withdrawals", **keys)
    left = transaction.run("select_left_deletions", **keys)
    return _decided(listed, gone, ((row["dataset"], row["key"], row["why"]) for row in left))


def _decided(listed: Row, gone: int, left: Iterable[tuple[str, str, str]]) -> Decided:
    words = ("list_key", "partner", "direction", "dataset", "listed")
    return Decided(**{word: listed[word] for word in words}, gone=gone, left=tuple(left))


def _write(transaction: Transaction, subject: Subject, brake: Brake, rows: pa.Table) -> int:
    row = transaction.one(
        "insert_deletion_list",
        **_named(subject),
        message_key=subject.message_key,
        would_go=brake.would_go,
        held=brake.held,
        share_max=brake.limits.deletion_share_max,
        count_max=brake.limits.deletion_count_max,
        reason=str(brake),
        content=_content(rows),
        state="waiting" if brake.holds else "confirmed",
        decided_by=None if brake.holds else "the brake",
        decided_why=None if brake.holds else str(brake),
    )
    batches = rows.select(ROWS.names).cast(ROWS).to_batches()
    transaction.copy("journal.deletion", batches, list_key=row["list_key"])
    transaction.run("analyze_deletions")
    return int(row["list_key"])


def _named(subject: Subject) -> dict[str, object]:
    return {
        "partner_key": subject.partner_key,
        "direction": subject.direction,
        "exchange": subject.exchange,
        "dataset": subject.dataset,
    }


def _content(rows: pa.Table) -> bytes:
    by_key = [("dataset", "ascending"), ("key", "ascending")]
    ordered = rows.select(ROWS.names).cast(ROWS).sort_by(by_key).combine_chunks()
    whole = hashlib.sha256()
    for batch in ordered.to_batches(max_chunksize=8192):
        whole.update(repr(list(zip(*batch.to_pydict().values(), strict=True))).encode())
    return whole.digest()
