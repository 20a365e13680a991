"""The main job for everybody to see: a 1C exports its catalog, three portals get what is theirs.

Over the real protocol on both sides: everything, the same again (nothing changes, nothing is
sent), a day's changes while a portal is down, a file with a broken record while it catches up; then
another 1C trades, and its portal follows (`demo_stock.py`).
It uses Obmen as a person would: blocks and deployments through Prefect's API, the exchange through
the gateway, the books from the warehouse; and it asks the portals themselves what they hold.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox import demo_stock
from sandbox.company import Company
from sandbox.demo_portals import Stall, admit_shop, choose_shops, load_tree, open_shops
from sandbox.demo_prefect import Prefect
from sandbox.demo_scenes import COLUMNS, Scene, ask, open_door, play, total
from sandbox.dialogue import Account
from sandbox.export import Client, Mode, Order, export
from sandbox.faults import Fault
from sandbox.spoil import spoil

PARTNER, LOGIN = "roga-i-kopyta", "roga"
GOODS = 300


def main() -> None:
    """Play both acts, print their books, and end with one line of JSON."""
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
        names = [stall.shop.name for stall in stalls]
        catalog = total(scenes, names)
        catalog["balanced"] = catalog["balanced"] and shows
        more, stock = demo_stock.play_stock(prefect, password, folder)
    prefect.run_deployment("admit")
    _finish([*scenes, *more], {"catalog": catalog, "stock": stock})


def _admit(prefect: Prefect, stalls: Sequence[Stall], password: str, folder: Path) -> Account:
    account = open_door(prefect, PARTNER, LOGIN, password)
    for stall in stalls:
        admit_shop(prefect, stall)
    prefect.run_deployment("admit")
    for stall in stalls:
        load_tree(prefect, stall, folder)
    return account


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
        play(account, "everything", full),
        play(account, "the same again", full),
        play(account, f"a day's changes; {down.shop.name} is down", changes, before=down.go_down),
        play(account, "the same with a price of -5; it is up", broken, before=catch_up),
    ]


def _print_tables(scenes: Sequence[Scene], stalls: Sequence[Stall]) -> bool:
    """Print what came in, what went out and what the portals hold; say whether they hold it all."""
    print(f"\n{'1C sends':<44}{''.join(f'{name:>10}' for name in COLUMNS)}  balance  1C shows")
    for scene in scenes:
        figures = "".join(f"{scene.books[column]:>10}" for column in COLUMNS)
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
    rows = ask(
        "select count(*) filter (where dataset = 'goods') as goods, "
        "count(*) filter (where dataset = 'offers') as offers from journal.shown "
        "join journal.partner using (partner_key) where name = %s and acked_digest is not null",
        stall.shop.name,
    )
    open_ones = ask(
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


def _finish(scenes: Sequence[Scene], exchanges: Mapping[str, Mapping[str, Any]]) -> None:
    interface = os.environ["PREFECT_API_URL"].removesuffix("/api")
    print(f"\nLook at the runs, their artifacts and the refused price: {interface}")
    print(json.dumps({"exchanges": exchanges, "ui": interface}, ensure_ascii=False))
    is_balanced = all(totals["balanced"] for totals in exchanges.values())
    if not is_balanced or not all(scene.result.is_success for scene in scenes):
        sys.exit(1)


if __name__ == "__main__":
    main()
