"""The stock exchange as an operator sees it: a run takes, tells, compares; another does nothing."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.company import Company
from sandbox.export import Client, Mode, Order, export
from sandbox.trading import TradingCompany
from tests.office import Ended, Office
from tests.sandbox.portals import LOGIN, Served, serve
from tests.tasks.stock.trade import find_offer

pytestmark = [pytest.mark.served, pytest.mark.timeout(300)]

# All that a second run must leave as it is.
_HELD = """
    select (select count(*) from core.price), (select count(*) from core.stock),
           (select count(*) from journal.message), (select count(*) from journal.delivery),
           (select count(*) from journal.carried), (select count(*) from journal.shown)
"""
_OF_COUNTER = "join journal.partner using (partner_key) where partner.name = 'counter'"


@pytest.fixture(scope="module")
def served(folders: Path) -> Iterator[Served]:
    with serve(folders / "counter.sqlite") as portal:
        yield portal


@dataclass
class Traded:
    """A day of trade that a run brought to the portal, and a run after it."""

    company: TradingCompany
    offer_id: str
    place: str
    known_changes: int
    first: Ended
    second: Ended
    held: tuple[object, object]


@pytest.fixture(scope="module")
def traded(office: Office, folders: Path, served: Served) -> Traded:
    """A base exports everything, then one price and one quantity; each time somebody runs sync."""
    office.add_folder_partner("trader", folders / "trader")
    site = {"url": served.url, "login": LOGIN.user, "password": LOGIN.password}
    channel = office.save_block(
        "commerceml-site", "counter-site", site | {"readback": "get_catalog", "pause_s": 0.1}
    )
    partner = {
        "channel": {"$ref": {"block_document_id": channel}},
        "direction": "out",
        "state": "active",
        "publication": {"source": "trader"},
    }
    office.save_block("partner", "counter", partner)
    office.run("admit")
    company = TradingCompany(Company(29, goods=4, pictures=False))
    _drop(company, folders, Mode.FULL)
    office.run("sync", partner="trader", linger_s=0)
    known = served.held()["changes"][-1]["number"]
    offer, place = find_offer(company)
    price = offer.prices[0]
    company = company.told().sell(offer.id, Decimal(3), place)
    company = company.price(offer.id, price.amount + 1, price.price_type_id)
    _drop(company, folders, Mode.PRICES)
    first = office.run("sync", partner="trader", linger_s=0)
    before = office.ask(_HELD)
    second = office.run("sync", partner="trader", linger_s=0)
    held = (before, office.ask(_HELD))
    return Traded(company, offer.id, place, known, first, second, held)


def _drop(company: TradingCompany, folders: Path, mode: Mode) -> None:
    """Put an export's files into the base's folder, in the order in which 1C wrote them."""
    made = export(company, folders / f"trade-{mode}", Order(Client.B31, mode))
    names = [name for each in made.sets for name in each.documents]
    for number, name in enumerate(names):
        draft = folders / name.replace("/", "-")
        shutil.copyfile(made.folder / name, draft)
        os.utime(draft, (1_700_000_000 + number, 1_700_000_000 + number))
        draft.rename(folders / "trader" / draft.name)


def test_a_run_brings_a_price_and_a_quantity_to_the_portal(traded: Traded, served: Served) -> None:
    _, offer = traded.company.find(traded.offer_id)

    told = served.control.get(f"/held?changes_since={traded.known_changes}").json()

    assert "Completed" == traded.first.state
    assert 2 == len(told["changes"])
    assert (
        f"{dict(offer.stock)[traded.place]:f}" == (told["offers"][offer.id]["stock"][traded.place])
    )


def test_the_artifact_says_what_changed_how_long_it_took_and_that_nothing_differs(
    traded: Traded,
) -> None:
    artifact = traded.first.artifact

    assert artifact.startswith("# stock: 1 price and 1 quantity changed, 2 fields told")
    assert re.search(r"\| counter \| 2 \| \d+\.\d \| \d+\.\d \| \d+\.\d \| 0 \|", artifact)
    assert re.search(r"\| counter \| \[[^]]+\]\(http[^)]+\) \| \d+ \| 0 \| 0 \| yes \|", artifact)
    assert "Nothing differs." in artifact


def test_a_second_run_changes_nothing_and_asks_the_portal_again(
    office: Office, traded: Traded
) -> None:
    asked = f"select distinct verified_at from journal.verification {_OF_COUNTER}"

    assert "Completed" == traded.second.state
    assert traded.second.artifact.startswith("# stock: nothing was waiting")
    assert traded.held[0] == traded.held[1]
    assert 3 == len(office.ask(asked))


def test_a_run_for_a_base_that_is_not_there_says_so(office: Office) -> None:
    run = office.run("sync", partner="nobody", linger_s=0)

    assert "Failed" == run.state
    assert "there is no Partner block of that name" in run.message


def test_watch_shows_how_long_portals_wait(office: Office, traded: Traded) -> None:
    assert "Completed" == traded.first.state

    run = office.run("watch")

    assert "## From 1C's import to each portal, in the last 24 hours" in run.artifact
    assert "| counter |" in run.artifact
