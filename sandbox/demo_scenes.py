"""One export of the demo: what 1C is told, what the books say, and what each portal was sent."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from sandbox.demo_prefect import WAIT_S, Prefect
from sandbox.dialogue import Account
from sandbox.export import Export
from sandbox.onec import Manners, Result, run

COLUMNS = ("received", "accepted", "unchanged", "refused")
_STATES = """
    select coalesce(delivery.resolved_as, delivery.state) as state, count(*) as records
    from journal.delivery
    join journal.partner using (partner_key)
    join journal.carried using (delivery_key)
    where partner.name = any(%s) and (%s = 0 or exists (
        select from journal.notice
        where notice.delivery_key = delivery.delivery_key and notice.message_key > %s
    ))
    group by 1
"""
_SENT = """
    select partner.name, attempt.outcome, count(*) as records
    from journal.attempt
    join journal.delivery using (delivery_key)
    join journal.partner using (partner_key)
    join journal.carried using (delivery_key)
    where attempt.sent_at >= %s
    group by 1, 2
    order by 1, 2
"""
_UNSENT = """
    select 1 from journal.notice where settled_at is null
    union all select 1 from journal.delivery where state in ('planned', 'sending')
    union all select 1 from journal.run where exchange = 'publication' and ended_at is null
        and started_at > now() - interval '5 minutes'
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """One export of the demo: what 1C was told, the books, what each portal was sent."""

    title: str
    result: Result
    books: Mapping[str, int]
    is_balanced: bool
    sent: Mapping[str, str]  # portal: records and their state


def play(
    account: Account, title: str, made: Export, before: Callable[[], object] = lambda: None
) -> Scene:
    """Have 1C send an export and wait until everybody who is concerned was told of it."""
    message = last_message()
    began_at = ask("select now() as at")[0]["at"]
    print(f"1C sends: {title} …", flush=True)
    before()
    result = run(made, account, Manners(), watch=lambda _turn: None)
    wait("select 1 from journal.message where state = 'received' limit 1", "messages still wait")
    books, is_balanced = books_since(message)
    wait(_UNSENT, "packages still wait")
    return Scene(title, result, books, is_balanced, _sent_since(began_at))


def open_door(prefect: Prefect, partner: str, login: str, password: str) -> Account:
    """Make the two blocks of an accounting base, as an operator does; return its 1C's account."""
    door = prefect.save_block(
        "gateway-door", f"{partner}-door", {"login": login, "password": password}
    )
    prefect.save_block(
        "partner",
        partner,
        {"channel": {"$ref": {"block_document_id": door}}, "direction": "in", "state": "active"},
    )
    # The path that 1C itself adds when only a host is typed in.
    door_url = f"{os.environ['OBMEN_GATEWAY_URL']}/bitrix/admin/1c_exchange.php"
    return Account(door_url, login, password)


def total(scenes: Sequence[Scene], portals: Sequence[str], after: int = 0) -> dict[str, Any]:
    """Return the figures of an exchange: its books, and what its portals were told of.

    Of their packages those count that told of a message after this one; with 0 all of them.
    """
    totals: dict[str, Any] = {
        column: sum(scene.books[column] for scene in scenes) for column in COLUMNS
    }
    records = {row["state"]: row["records"] for row in ask(_STATES, list(portals), after, after)}
    return totals | {
        "delivered": records.get("delivered", 0),
        "in_doubt": records.get("in_doubt", 0),
        "balanced": all(scene.is_balanced for scene in scenes),
    }


def last_message() -> int:
    """Return the number of the newest message."""
    return int(ask("select coalesce(max(message_key), 0) as last from journal.message")[0]["last"])


def wait(question: str, what: str) -> None:
    """Wait until a question of the warehouse finds nothing; after too long, end with `what`."""
    deadline = time.monotonic() + WAIT_S
    while ask(question):
        if time.monotonic() > deadline:
            sys.exit(f"{what}; look at the run in the UI")
        time.sleep(0.5)


def books_since(message_key: int) -> tuple[dict[str, int], bool]:
    """Sum the books of the messages after this one; say whether they balance."""
    rows = ask(
        "select books.* from journal.books join journal.message using (message_key) "
        "where message_key > %s and direction = 'in' and dataset not in ('file', 'members')",
        message_key,
    )
    books = {column: sum(row[column] for row in rows) for column in COLUMNS}
    left = books["accepted"] + books["unchanged"] + books["refused"]
    is_kept = not ask("select 1 from journal.unbalanced")
    return books, is_kept and books["received"] == left


def _sent_since(began_at: datetime) -> dict[str, str]:
    sent: dict[str, list[str]] = {}
    for row in ask(_SENT, began_at):
        sent.setdefault(row["name"], []).append(f"{row['records']} {row['outcome']}")
    return {name: ", ".join(words) for name, words in sent.items()}


def ask(question: str, *parameters: object) -> list[dict[str, Any]]:
    """Ask the warehouse, as the auditor."""
    address = os.environ["OBMEN_AUDITOR_URL"].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, row_factory=dict_row) as connection:
        return connection.execute(question, parameters or None).fetchall()
