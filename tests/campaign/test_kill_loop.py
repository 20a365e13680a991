"""Both roads and three portals are killed at random moments while files keep coming; then all must
be whole, and the portals must hold it.

OBMEN_SEED repeats a loop, OBMEN_LOOP_S makes it longer.
"""

import os
import shutil
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from sandbox.company import Company
from sandbox.desk import FIRST_MOMENT
from sandbox.export import Mode, Order, export
from sandbox.trading import TradingCompany
from tests.campaign.audited import findings
from tests.campaign.dying import Zygote, empty, zygote
from tests.campaign.portals import Shop, opened
from tests.campaign.workers import warehouse_of
from tests.conftest import Services
from tests.tasks.publication.rounds import know_portal

SECONDS = float(os.environ.get("OBMEN_LOOP_S", "25"))
SEED = int(os.environ.get("OBMEN_SEED", str(time.time_ns() % 100_000)))
KILLED = -9
_SHOPS = {
    "plain": ("commerceml-2.09", ()),
    "zipped": ("commerceml-3.1", ("zip-yes", "progress-n-times=2")),
    "old": ("commerceml-2.07", ("windows-1251-answers", "small-file-limit=4000")),
}


@pytest.mark.timeout(SECONDS + 400)
def test_random_kills_of_both_roads_lose_and_double_nothing(
    services: Services, tmp_path: Path
) -> None:
    luck, kills, folders = Random(SEED), Counter[str](), list[Path]()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    empty(services.settings)
    for name in _SHOPS:
        know_portal(warehouse_of(services.settings, "obmen_flow"), name)
    company = Company(seed=SEED, goods=20)
    deadline, kinds = time.monotonic() + SECONDS, ("road in", "road out", "portal")
    shops = [
        Shop(name, tmp_path / f"{name}.sqlite", quirks) for name, (_, quirks) in _SHOPS.items()
    ]
    with opened(*shops), zygote(services.settings) as worker:
        words = {"inbox": str(inbox), "has_operator": False}
        # A slow machine kills less often: it goes on until everybody died once.
        while time.monotonic() < deadline or not all(kills[each] for each in kinds):
            is_trade = len(folders) % 2 == 1
            folders.append(_drop(company, tmp_path / str(len(folders)), inbox, is_trade=is_trade))
            if is_trade:
                company = company.after(len(folders), 0.2)
            for _ in range(luck.randrange(1, 6)):
                code = worker.run_and_kill("road", luck.uniform(0.05, 1.5), **words)
                kills["road in"] += code == KILLED
            for shop in luck.sample(shops, 2):
                kills += _publish_and_kill(worker, shop, luck)
        ends = [worker.run("road", {}, **words)]
        ends += [worker.run("publisher", {}, rounds=2, **_way(shop)) for shop in shops]
        held = {shop.name: shop.held() for shop in shops}
    print(f"seed {SEED}: {kills}, {len(folders)} exports")

    assert {0} == set(ends)
    assert [] == findings(services.settings, folders, "base", held)


def _publish_and_kill(worker: Zygote, shop: Shop, luck: Random) -> Counter[str]:
    """Publish; kill the publisher, or the portal while it takes, or both."""
    timer = threading.Timer(luck.uniform(0.1, 1.5), shop.kill)
    is_portal_killed = luck.random() < 0.5
    if is_portal_killed:
        timer.start()
    code = worker.run_and_kill("publisher", luck.uniform(0.1, 2), **_way(shop))
    if is_portal_killed:
        timer.join()
        shop.open()
    return Counter({"road out": int(code == KILLED), "portal": int(is_portal_killed)})


def _way(shop: Shop) -> dict[str, str]:
    return {"portal": shop.name, "way": shop.url, "dialect": _SHOPS[shop.name][0]}


def _drop(company: Company, folder: Path, inbox: Path, *, is_trade: bool) -> Path:
    """Export a state of the company and drop its files into the inbox, goods before offers.

    When it only trades, prices and stock go alone, or all offers go again.
    """
    order = Order(mode=Mode.CHANGES if company.steps else Mode.FULL, portion=10)
    if is_trade:
        mode = Mode.OFFERS if len(company.steps) % 2 else Mode.PRICES
        later = FIRST_MOMENT + timedelta(hours=company.age_hours, minutes=30)
        company = TradingCompany(company).day(len(company.steps))
        order = replace(order, mode=mode, moment=later)
    made = export(company, folder, order)
    for name in (name for each in made.sets for name in each.documents):
        draft = inbox.parent / name
        shutil.copyfile(made.folder / name, draft)
        draft.rename(inbox / f"{folder.name}-{time.time_ns()}-{name}")
    return folder
