"""The main job for everybody to see: a 1C exports its catalog, three portals get what is theirs.

Over the real protocol on both sides: everything, the same again (nothing changes, nothing is
sent), a day's changes while a portal is down, a file with a broken record while it catches up.
It uses Obmen as a person would: blocks and deployments through Prefect's API, the exchange through
the gateway, the books from the warehouse; and it asks the portals themselves what they hold.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from sandbox.company import Company
from sandbox.demo_portals import Stall, admit_shop, choose_shops, load_tree, open_shops
from sandbox.demo_prefect import WAIT_S, Prefect
from sandbox.dialogue import Account
from sandbox.export import Client, Export, Mode, Order, export
from sandbox.faults import Fault
from sandbox.onec import Manners, Result, run
from sandbox.spoil import spoil

PARTNER, LOGIN = "roga-i-kopyta", "roga"
GOODS = 300
_COLUMNS = ("received", "accepted", "unchanged", "refused")
_STATES = """
    select coalesce(delivery.resolved_as, delivery.state) as state, count(*) as records
    from journal.delivery
    join journal.carried using (delivery_key)
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


def main() -> None:
    """Play the four scenes, print their books, and end with one line of JSON."""
    prefect, password = Prefect(), "demo-" + os.urandom(6).hex()
    company = Company(seed=2026, goods=GOODS)
    with (
        tempfile.TemporaryDirectory(prefix="obmen-demo-") as name,
        open_shops(choose_shops(company, PARTNER)) as stalls,
    ):
        folder = Path(name)
        account = _admit(prefect, stalls, password, folder)
        scenes = _play_all(prefect, company, account, stalls, folder)
        prefect.run_deployment("verify")
        shows = _print_tables(scenes, stalls)
        for stall in stalls:
            # The portals end with this program; nobody shall look for them every five minutes.
            admit_shop(prefect, stall, state="paused")
    prefect.run_deployment("admit")
    _finish(scenes, has_all=shows)


def _admit(prefect: Prefect, stalls: Sequence[Stall], password: str, folder: Path) -> Account:
    door = prefect.save_block(
        "gateway-door", f"{PARTNER}-door", {"login": LOGIN, "password": password}
    )
    prefect.save_block(
        "partner",
        PARTNER,
        {"channel": {"$ref": {"block_document_id": door}}, "direction": "in", "state": "active"},
    )
    for stall in stalls:
        admit_shop(prefect, stall)
    prefect.run_deployment("admit")
    for stall in stalls:
        load_tree(prefect, stall, folder)
    # The path that 1C itself adds when only a host is typed in.
    door_url = f"{os.environ['OBMEN_GATEWAY_URL']}/bitrix/admin/1c_exchange.php"
    return Account(door_url, LOGIN, password)


def _play_all(
    prefect: Prefect, company: Company, account: Account, stalls: Sequence[Stall], folder: Path
) -> list[Scene]:
    tomorrow = company.after(changes=1, share=0.1)
    full = export(company, folder / "full", Order(client=Client.A, portion=150))
    changes = export(tomorrow, folder / "changes", Order(client=Client.A, mode=Mode.CHANGES))
    broken = export(tomorrow, folder / "broken", Order(client=Client.A, mode=Mode.CHANGES))
    spoil(broken, Fault.PRICE_NEGATIVE)
    down = stalls[-1]

    def catch_up() -> None:
        down.come_up()
        # By itself it would be tried again in some minutes.
        prefect.run_deployment("publish", {"partner": down.shop.name})

    return [
        _play(account, "everything", full),
        _play(account, "the same again", full),
        _play(account, f"a day's changes; {down.shop.name} is down", changes, before=down.go_down),
        _play(account, "the same with a price of -5; it is up", broken, before=catch_up),
    ]


def _play(
    account: Account, title: str, made: Export, before: Callable[[], object] = lambda: None
) -> Scene:
    message = _last_message()
    began_at = _ask("select now() as at")[0]["at"]
    print(f"1C sends: {title} …", flush=True)
    before()
    result = run(made, account, Manners(), watch=lambda _turn: None)
    _wait("select 1 from journal.message where state = 'received' limit 1", "messages still wait")
    books, is_balanced = _books_since(message)
    _wait(_UNSENT, "packages still wait")
    return Scene(title, result, books, is_balanced, _sent_since(began_at))


def _last_message() -> int:
    return int(_ask("select coalesce(max(message_key), 0) as last from journal.message")[0]["last"])


def _wait(question: str, what: str) -> None:
    deadline = time.monotonic() + WAIT_S
    while _ask(question):
        if time.monotonic() > deadline:
            sys.exit(f"{what}; look at the run in the UI")
        time.sleep(0.5)


def _books_since(message_key: int) -> tuple[dict[str, int], bool]:
    rows = _ask(
        "select books.* from journal.books join journal.message using (message_key) "
        "where message_key > %s and direction = 'in' and dataset not in ('file', 'members')",
        message_key,
    )
    books = {column: sum(row[column] for row in rows) for column in _COLUMNS}
    left = books["accepted"] + books["unchanged"] + books["refused"]
    is_kept = not _ask("select 1 from journal.unbalanced")
    return books, is_kept and books["received"] == left


def _sent_since(began_at: datetime) -> dict[str, str]:
    sent: dict[str, list[str]] = {}
    for row in _ask(_SENT, began_at):
        sent.setdefault(row["name"], []).append(f"{row['records']} {row['outcome']}")
    return {name: ", ".join(words) for name, words in sent.items()}


def _ask(question: str, *parameters: object) -> list[dict[str, Any]]:
    address = os.environ["OBMEN_AUDITOR_URL"].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, row_factory=dict_row) as connection:
        return connection.execute(question, parameters or None).fetchall()


def _print_tables(scenes: Sequence[Scene], stalls: Sequence[Stall]) -> bool:
    """Print what came in, what went out and what the portals hold; say whether they hold it all."""
    print(f"\n{'1C sends':<44}{''.join(f'{name:>10}' for name in _COLUMNS)}  balance  1C shows")
    for scene in scenes:
        figures = "".join(f"{scene.books[column]:>10}" for column in _COLUMNS)
        balance = "yes" if scene.is_balanced else "NO"
        print(f"{scene.title:<44}{figures}  {balance:<7}  {scene.result.error or 'success'}")
    names = [stall.shop.name for stall in stalls]
    print(f"\n{'records sent to':<44}{''.join(f'{name:>24}' for name in names)}")
    for scene in scenes:
        print(f"{scene.title:<44}" + "".join(f"{scene.sent.get(name, '–'):>24}" for name in names))
    print("\nportal        goods offers  equal to its books  sees")
    whole = [_print_stall(stall) for stall in stalls]
    return all(whole)


def _print_stall(stall: Stall) -> bool:
    held = stall.held
    rows = _ask(
        "select count(*) filter (where dataset = 'goods') as goods, "
        "count(*) filter (where dataset = 'offers') as offers from journal.shown "
        "join journal.partner using (partner_key) where name = %s and acked_digest is not null",
        stall.shop.name,
    )
    open_ones = _ask(
        "select 1 from journal.difference join journal.partner using (partner_key) "
        "where name = %s and gone_at is null",
        stall.shop.name,
    )
    goods, offers = len(held["goods"]), len(held["offers"])
    is_equal = not open_ones and rows[0] == {"goods": goods, "offers": offers}
    print(
        f"{stall.shop.name:<14}{goods:>5}{offers:>7}  "
        f"{'yes' if is_equal else 'NO':<18}  {stall.shop.told}"
    )
    return is_equal


def _finish(scenes: Sequence[Scene], *, has_all: bool) -> None:
    totals: dict[str, Any] = {
        column: sum(scene.books[column] for scene in scenes) for column in _COLUMNS
    }
    records = {row["state"]: row["records"] for row in _ask(_STATES)}
    totals |= {
        "delivered": records.get("delivered", 0),
        "in_doubt": records.get("in_doubt", 0),
        "balanced": has_all and all(scene.is_balanced for scene in scenes),
    }
    interface = os.environ["PREFECT_API_URL"].removesuffix("/api")
    print(f"\nLook at the runs, their artifacts and the refused price: {interface}")
    print(json.dumps({"exchanges": {"catalog": totals}, "ui": interface}, ensure_ascii=False))
    if not totals["balanced"] or not all(scene.result.is_success for scene in scenes):
        sys.exit(1)


if __name__ == "__main__":
    main()
