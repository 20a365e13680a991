"""The rows of the mission that keep stock and prices the same on both sides, one test a row.

A row that another test proves is not proven twice: S1-06, no run for two intervals, is in
`tests/tasks/publication/test_due.py`; the flow of S3-04 runs in `tests/flows/test_stock.py`.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.export import Mode
from sandbox.nouns import Offer
from tests.tasks.publication.rounds import ask
from tests.tasks.stock.trade import Trade, find_offer, trading


@pytest.fixture
def trade(warehouse: Warehouse, store: Store, tmp_path: Path) -> Iterator[Trade]:
    with trading(warehouse, store, tmp_path) as begun:
        yield begun


def test_s1_02_one_price_and_one_quantity_are_two_fields_at_the_portal(trade: Trade) -> None:
    offer, place = find_offer(trade.company)
    price = offer.prices[0]
    told = trade.served.held()["changes"][-1]["number"]
    trade.company = trade.company.sell(offer.id, Decimal(1), place)
    trade.company = trade.company.price(offer.id, price.amount + 5, price.price_type_id)
    trade.export()

    trade.publish()

    changes = trade.served.control.get(f"/held?changes_since={told}").json()["changes"]
    assert sorted(["prices", "stock"]) == sorted(each["field"].split("/")[0] for each in changes)
    assert {offer.id} == {each["id"] for each in changes}


def test_s1_03_after_a_purchase_both_sides_show_the_same_remainder(trade: Trade) -> None:
    offer, place = _have_ten(trade)
    buy = {"offer_id": offer.id, "quantity": "3", "warehouse_id": place}
    trade.served.control.post("/sale", json=buy).raise_for_status()
    trade.company = trade.company.sell(offer.id, Decimal(3), place)

    trade.export()
    between = [each.kind for each in trade.verify().differences]
    trade.publish()

    assert [] == between
    assert (Decimal(7), Decimal(7)) == (trade.ours(offer, place), trade.theirs(offer, place))
    assert [] == trade.differences()


def test_s1_03_a_lag_is_shown_as_lag_and_not_as_a_difference(trade: Trade) -> None:
    offer, place = _have_ten(trade)
    trade.company = trade.company.sell(offer.id, Decimal(3), place)
    trade.export()

    lagging = trade.verify()
    rows = trade.differences()
    trade.publish()

    assert ([], 1) == (list(lagging.differences), lagging.lagging)
    assert {"stock": "lag"} == {
        each.dataset: each.standing for each in lagging.sums if each.standing != "equal"
    }
    assert [("lag", "stock", "quantity", "7", "10")] == rows
    assert [] == trade.differences()


def test_s1_03_what_a_portal_changed_by_itself_is_a_difference(trade: Trade) -> None:
    offer, place = _have_ten(trade)
    buy = {"offer_id": offer.id, "quantity": "3", "warehouse_id": place}
    trade.served.control.post("/sale", json=buy).raise_for_status()

    verified = trade.verify()

    assert 0 == verified.lagging
    assert [("different", "stock", "quantity", "10", "7")] == trade.differences()


def test_s1_04_counts_sums_and_hashes_of_both_sides_are_attached(trade: Trade) -> None:
    (verified,) = trade.publish().verified

    kept = ask(
        trade.warehouse,
        "select dataset, our_records = their_records, our_total = their_total, "
        "our_hash = their_hash, report_key from journal.last_verification order by dataset",
    )
    page = trade.store.get(kept[0][4]).decode()
    assert {("prices", True, True, True), ("stock", True, True, True)} <= {
        tuple(line[:4]) for line in kept
    }
    assert {"goods", "groups", "offers"} < {line[0] for line in kept}
    assert all(line[1] and line[3] for line in kept)
    assert "Обе стороны совпадают" in page
    assert next(each.our_hash for each in verified.sums if each.dataset == "stock") in page
    assert verified.report.startswith("http")


def test_s1_06_what_the_portal_lost_is_missing_there_after_the_run(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    with trading(warehouse, store, tmp_path, "lost-success") as trade:
        missing = ask(
            warehouse, "select distinct dataset from journal.missing_at_target order by 1"
        )
        goods = len(trade.company)

    assert ["goods", "groups", "offers", "prices", "stock"] == [dataset for (dataset,) in missing]
    assert goods


def test_s3_04_an_offer_has_a_quantity_for_each_warehouse(trade: Trade) -> None:
    places = len(trade.company.frame.warehouses)

    trade.export(Mode.OFFERS)

    counts = ask(
        trade.warehouse,
        "select distinct count(*) from core.stock where warehouse_key > 0 "
        "and valid_to = 'infinity' and recorded_to = 'infinity' group by offer_key",
    )
    assert places >= 3
    assert [(places,)] == counts


def _have_ten(trade: Trade) -> tuple[Offer, str]:
    """Have ten of an offer at one warehouse, and let everybody know."""
    offer, place = find_offer(trade.company, least=11)
    surplus = dict(offer.stock)[place] - 10
    trade.company = trade.company.sell(offer.id, surplus, place)
    trade.export()
    trade.publish()
    return offer, place
