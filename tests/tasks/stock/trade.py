"""A base that trades, a portal that serves, and what each of them holds of one offer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Client, Mode, Order, export
from sandbox.nouns import Offer
from sandbox.trading import TradingCompany
from tasks.journal.lease import claim
from tasks.model.messages import Closed
from tasks.publication.desk import EXCHANGE, Desk
from tasks.publication.differences import Verified
from tasks.publication.targets import Published
from tasks.publication.verifying import verify
from tests.sandbox.portals import Served, serve
from tests.sandbox.publishing import site_of
from tests.tasks.catalog.plain import take_files
from tests.tasks.publication.rounds import SOURCE, ask, know_portal, publish


@dataclass
class Trade:
    """A base whose 1C writes CommerceML 3.1: prices and rests in files of their own, no totals."""

    warehouse: Warehouse
    store: Store
    folder: Path
    served: Served
    company: TradingCompany = field(
        default_factory=lambda: TradingCompany(Company(17, goods=4, pictures=False))
    )
    exports: int = 0

    def export(self, mode: Mode = Mode.PRICES) -> list[Closed]:
        """Have the base's files taken in; what it told it does not tell again."""
        folder = self.folder / str(self.exports)
        self.exports += 1
        made = export(self.company, folder, Order(Client.B31, mode))
        self.company = self.company.told()
        files = [made.folder / name for each in made.sets for name in each.documents]
        return take_files(self.warehouse, self.store, *files, partner=SOURCE)

    def publish(self, **target: Any) -> Published:
        """Make a round to the portal, as a person asks for it."""
        portal = know_portal(self.warehouse)
        published = publish(self.warehouse, self.store, portal, site_of(self.served), **target)
        assert {} == published.failures
        return published

    def verify(self, queued_s: int = 0) -> Verified:
        """Ask the portal what it holds, and nothing else."""
        portal = know_portal(self.warehouse)
        with claim(self.warehouse, portal.partner_key, EXCHANGE, "test") as lease:
            files = asyncio.run(site_of(self.served).read_back(self.folder))
            desk = Desk(portal, lease, self.warehouse, self.store)
            return verify(desk, files or [], queued_s=queued_s)

    def ours(self, offer: Offer, place: str) -> Decimal:
        """What the warehouse holds of an offer at one place."""
        ((quantity,),) = ask(
            self.warehouse,
            "select quantity from core.stock join core.offer using (offer_key) join core.warehouse "
            f"using (warehouse_key) where offer.id = '{offer.id}' and warehouse.id = '{place}' "
            "and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'",
        )
        return Decimal(quantity)

    def theirs(self, offer: Offer, place: str) -> Decimal:
        """What the portal shows of it."""
        return Decimal(self.served.held()["offers"][offer.id]["stock"][place])

    def differences(self) -> list[tuple[Any, ...]]:
        """The rows of what differs now: kind, dataset, field, ours, theirs."""
        return ask(
            self.warehouse,
            "select kind, dataset, field, ours, theirs from journal.difference "
            "where gone_at is null order by 1, 2, 3, 4",
        )


@contextmanager
def trading(warehouse: Warehouse, store: Store, folder: Path, *quirks: str) -> Iterator[Trade]:
    """A base that has exported everything, and a portal that holds it."""
    with serve(folder / "portal.sqlite", *quirks) as served:
        trade = Trade(warehouse, store, folder, served)
        trade.export(Mode.FULL)
        trade.publish()
        yield trade


def find_offer(company: TradingCompany, least: int = 10) -> tuple[Offer, str]:
    """The first offer of which a warehouse has so many, and that warehouse."""
    return next(
        (offer, place)
        for index in range(len(company))
        for offer in company.offers(index)
        for place, quantity in offer.stock
        if quantity >= least
    )
