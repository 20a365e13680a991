"""What a round of stock and prices tells of itself."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.summary import Summary
from tasks.publication.telling import list_sent
from tasks.publication.telling import summarise as summarise_told
from tasks.stock.looking import look
from tasks.stock.telling import summarise
from tests.tasks.publication.rounds import SOURCE
from tests.tasks.stock.trade import Trade, find_offer, trading


@pytest.fixture
def trade(warehouse: Warehouse, store: Store, tmp_path: Path) -> Iterator[Trade]:
    with trading(warehouse, store, tmp_path) as begun:
        yield begun


def test_a_round_tells_fields_latency_and_how_both_sides_stand(trade: Trade) -> None:
    offer, place = find_offer(trade.company)
    price = offer.prices[0]
    trade.company = trade.company.sell(offer.id, Decimal(1), place)
    trade.company = trade.company.price(offer.id, price.amount + 5, price.price_type_id)
    closed = trade.export()
    published = trade.publish()

    seen = look(trade.warehouse, trade.store, SOURCE, list_sent(published))
    summary = summarise(closed, seen, summarise_told(published, {}), "")

    assert summary.headline == (
        "stock: 1 price and 1 quantity changed, 2 fields told, the books balance"
    )
    assert 2 == seen.as_json()["fields"]
    assert (0, 0) == (seen.as_json()["differing"], seen.as_json()["lagging"])
    assert 0 < seen.as_json()["latency_s"]["shop"]["p95"] < 600
    assert "## Changed at portals" in summary.note
    assert "## Both sides, as asked last" in summary.note
    assert "## The last 24 hours" in summary.note


def test_a_round_without_anything_says_so(trade: Trade) -> None:
    published = trade.publish()

    seen = look(trade.warehouse, trade.store, SOURCE, list_sent(published))
    summary = summarise([], seen, summarise_told(published, {}), "")

    assert "stock: nothing was waiting" == summary.headline
    assert {} == seen.as_json()["latency_s"]
    assert [(each.portal, each.is_equal) for each in seen.standings] == [("shop", True)]


def test_a_difference_stands_in_the_first_line(trade: Trade) -> None:
    offer, place = find_offer(trade.company)
    sale = {"offer_id": offer.id, "quantity": "1", "warehouse_id": place}
    trade.served.control.post("/sale", json=sale).raise_for_status()
    trade.verify()

    seen = look(trade.warehouse, trade.store, SOURCE, [])

    assert (
        "stock: nothing was waiting, 1 DIFFERENCE"
        == summarise([], seen, Summary("publication"), "").headline
    )


def test_a_round_of_another_base_sees_nothing_of_it(trade: Trade) -> None:
    seen = look(trade.warehouse, trade.store, "another", [])

    assert ([], [], [], []) == (seen.told, seen.latencies, seen.day, seen.standings)
