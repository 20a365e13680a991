"""What a portal has not taken up yet is lag: in rows, in words, and never an alarm."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.export import Mode
from tasks.publication.targets import Published
from tasks.publication.telling import summarise
from tests.tasks.publication.rounds import ask
from tests.tasks.stock.trade import Trade, find_offer, trading

_OPEN = "select kind, count(*) from journal.difference where gone_at is null group by 1 order by 1"


@pytest.fixture
def trade(warehouse: Warehouse, store: Store, tmp_path: Path) -> Iterator[Trade]:
    with trading(warehouse, store, tmp_path) as begun:
        yield begun


def test_the_artifact_tells_lag_apart_from_differences(trade: Trade) -> None:
    offer, place = find_offer(trade.company)
    trade.company = trade.company.sell(offer.id, Decimal(1), place)
    trade.export()

    told = summarise(Published(verified=[trade.verify()]), {}).note

    assert "Nothing differs." in told
    assert "1 record changed here since the portal last acknowledged them" in told
    assert "It is no difference" in told


def test_lag_names_the_package_that_is_on_its_way(trade: Trade) -> None:
    asked = "select dataset, delivery_state from journal.lag"
    offer, place = find_offer(trade.company)
    trade.company = trade.company.sell(offer.id, Decimal(1), place)
    trade.export()

    trade.verify()
    before = ask(trade.warehouse, asked)
    trade.served.order("failure", where="before", mode="import", times=1)
    trade.publish()
    trade.verify()

    assert [("stock", None)] == before
    assert [("stock", "failed")] == ask(trade.warehouse, asked)


def test_goods_that_the_portal_was_never_told_of_lag_and_are_not_missing(trade: Trade) -> None:
    later = type(trade.company)(trade.company.after(1, share=0.5), hours=2)
    trade.company = later
    trade.export(Mode.FULL)

    verified = trade.verify()

    assert 0 == verified.missing
    assert ["lag"] == [kind for kind, _ in ask(trade.warehouse, _OPEN)]
    assert {"goods", "offers"} <= {each.dataset for each in verified.sums if each.lagging}


def test_a_portal_that_only_queues_lags_until_its_time_is_over(trade: Trade) -> None:
    offer, place = find_offer(trade.company)
    sale = {"offer_id": offer.id, "quantity": "1", "warehouse_id": place}
    trade.served.control.post("/sale", json=sale).raise_for_status()

    in_time = trade.verify(queued_s=3600)
    too_late = trade.verify(queued_s=0)

    assert (0, 1) == (len(in_time.differences), in_time.lagging)
    assert (1, 0) == (len(too_late.differences), too_late.lagging)
    assert [("different", 1)] == ask(trade.warehouse, _OPEN)


def test_what_the_portal_acknowledged_must_be_there_even_if_it_changed_since(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    with trading(warehouse, store, tmp_path, "lost-success") as trade:
        before = dict(ask(warehouse, _OPEN))
        offer, place = find_offer(trade.company)
        trade.company = trade.company.sell(offer.id, Decimal(1), place)
        trade.export()

        verified = trade.verify()

    assert before["missing_at_target"] == verified.missing
    assert 0 == verified.lagging
