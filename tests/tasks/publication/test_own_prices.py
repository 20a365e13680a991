"""Portals that see what they themselves pay: the package, its proof, and when it is due."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from blocks.drop_folder import DropFolder
from blocks.publication import Publication
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tasks.model.portals import Portal
from tasks.operate.showing import trace_shown
from tasks.operate.tracing import Cell
from tasks.publication.forming import form_again
from tasks.publication.planning import make_plan
from tasks.publication.reckoning import NoPolicyError, own_price_type
from tests.sandbox.portals import serve
from tests.sandbox.publishing import site_of
from tests.tasks.catalog.builders import Base, base
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company
from tests.tasks.stock.company import load_rules, send_company

_RUB = {"kind": "base", "price_type": "rub"}
_TOLD = """select dataset, effect, count(*) from journal.carried
    where delivery_key = (select max(delivery_key) from journal.delivery)
    group by 1, 2 order by 1, 2"""

_SHOWN = """select {} from journal.shown
    where dataset = '{}' and planned_digest is not null order by 1"""


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        send_company(sender)
        yield sender


@pytest.fixture
def shop(sender: Base) -> Portal:
    return know_portal(sender.warehouse, pricing="policy")


@pytest.fixture
def way(tmp_path: Path) -> DropFolder:
    return DropFolder(path=tmp_path)


def _percent(percent: str) -> dict[str, str]:
    return {"kind": "discount", "percent": percent}


def test_a_change_of_the_policy_tells_of_prices_and_of_nothing_else(
    sender: Base, shop: Portal, store: Store, way: DropFolder
) -> None:
    load_rules(sender.warehouse, store, _RUB, _percent("5"))
    publish(sender.warehouse, store, shop, way)
    load_rules(sender.warehouse, store, _RUB, _percent("6"))

    publish(sender.warehouse, store, shop, way)

    # Seven prices in all; of the one that is nought the discount says nothing.
    assert [("prices", "update", 6)] == ask(sender.warehouse, _TOLD)
    load_rules(sender.warehouse, store, _RUB, _percent("6.00"))
    assert [] == publish(sender.warehouse, store, shop, way).sent


def test_the_same_prices_are_formed_again_to_the_same_bytes_after_the_policy_changed(
    sender: Base, shop: Portal, store: Store, way: DropFolder
) -> None:
    load_rules(sender.warehouse, store, _RUB, _percent("5"))
    publish(sender.warehouse, store, shop, way)
    load_rules(sender.warehouse, store, _RUB, _percent("50"))

    formed = sender.rows(
        "select file_name, rules, object_key from journal.message where state = 'formed'"
    )

    assert formed
    for each in formed:
        assert store.get(each["object_key"]) == form_again(store, each["rules"], each["file_name"])


def test_what_made_each_price_is_kept_beside_the_package(
    sender: Base, shop: Portal, store: Store, way: DropFolder
) -> None:
    load_rules(sender.warehouse, store, _RUB, _percent("5"))
    publish(sender.warehouse, store, shop, way)
    (formed, *_) = sender.rows(
        "select rules -> 'reckoning' as key from journal.message where file_name = 'offers.xml'"
    )

    kept = pq.read_table(BytesIO(store.get(formed["key"]))).to_pylist()

    (rule,) = sender.rows("select rule_key from core.price_rule where kind = 'discount'")
    assert ("95.00", "100", "5", str(rule["rule_key"])) == next(
        (row["amount"], row["base_amount"], row["percent"], row["rule_key"])
        for row in kept
        if row["offer_id"] == "p1"
    )


def test_a_computed_price_leads_to_its_rule_and_to_the_sources_bytes(
    warehouse: Warehouse, store: Store, tmp_path: Path, way: DropFolder
) -> None:
    take_company(warehouse, store, tmp_path / "full", Company(seed=9, goods=10))
    (type_,) = ask(warehouse, "select id from core.price_type order by 1 limit 1")
    load_rules(warehouse, store, {"kind": "base", "price_type": type_[0]}, _percent("5"))
    publish(warehouse, store, know_portal(warehouse, pricing="policy"), way)
    ((key, amount),) = ask(
        warehouse,
        "select key, amount::text from core.price_now join journal.shown on of_key = offer_id "
        f"where dataset = 'prices' and price_type_id = '{type_[0]}' order by 1 limit 1",
    )

    shown = trace_shown(warehouse, store, Cell("shop", "price", key, "amount"))

    assert shown.reckoned is not None
    assert shown.came_from is not None
    assert Decimal(amount) == Decimal(shown.came_from.text) == Decimal(shown.reckoned.base_amount)
    assert Decimal(shown.told.text) == Decimal(shown.reckoned.amount)
    assert [("a rule (discount) of price policy version 1", 3, "Иванова")] == [
        (each.what, each.row_no, each.loaded_by) for each in shown.reckoned.sayings
    ]
    assert "row 3 of [table.csv](http" in shown.as_markdown(store)


@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-3.1"])
def test_a_site_holds_exactly_what_was_computed_for_it(
    sender: Base, shop: Portal, store: Store, tmp_path: Path, dialect: str
) -> None:
    load_rules(sender.warehouse, store, _RUB, _percent("5"), {**_percent("9"), "min_qty": "12"})

    with serve(tmp_path / "portal.sqlite") as served:
        portal = replace(shop, dialect=dialect)
        published = publish(sender.warehouse, store, portal, site_of(served))

    assert {} == published.failures
    (verified,) = published.verified
    assert [] == [str(each) for each in verified.differences]
    (prices,) = (sums for sums in verified.sums if sums.dataset == "prices")
    (reckoned,) = sender.rows(
        "select count(*) as prices, trim_scale(sum(amount))::text as total from core.partner_price("
        f"{shop.partner_key}, {sender.lease.partner_key}, current_date, 0, null)"
    )
    assert (reckoned["prices"], reckoned["total"]) == (prices.their_records, prices.their_total)


def test_a_portal_that_changes_over_loses_the_prices_of_the_source_and_gets_them_back(
    sender: Base, shop: Portal, store: Store, way: DropFolder
) -> None:
    load_rules(sender.warehouse, store, _RUB)
    usual = replace(shop, selection=replace(shop.selection, pricing="base"))

    seen = []
    for portal in (usual, shop, usual):
        assert {} == publish(sender.warehouse, store, portal, way).failures
        seen.append([key for (key,) in ask(sender.warehouse, _SHOWN.format("key", "price_types"))])

    assert [["rub", "usd"], [own_price_type(shop)], ["rub", "usd"]] == seen
    prices = ask(sender.warehouse, "select count(*)::text from core.price_now")
    assert prices == ask(sender.warehouse, _SHOWN.format("count(*)::text", "prices"))


def test_without_a_policy_that_is_for_it_a_portal_stops(
    sender: Base, shop: Portal, store: Store, way: DropFolder
) -> None:
    never = publish(sender.warehouse, store, shop, way).failures["shop"]
    load_rules(sender.warehouse, store, {**_RUB, "dealer_group": "gold"})
    others = publish(sender.warehouse, store, shop, way).failures["shop"]

    assert [NoPolicyError.__name__] * 2 == [said.partition(":")[0] for said in (never, others)]
    assert "no price policy of base is loaded" in never
    assert "names no base price type for it" in others
    assert [] == ask(sender.warehouse, "select 1 from journal.delivery")


def test_a_plan_says_which_prices_would_stay_out(sender: Base, shop: Portal, store: Store) -> None:
    load_rules(sender.warehouse, store, {"kind": "base", "price_type": "usd", "currency": "RUB"})

    plan = make_plan(sender.warehouse, store, shop)

    assert [("USD", 3), ("у.е.", 1)] == [(lack.currency, lack.prices) for lack in plan.lacks]
    assert [] == ask(sender.warehouse, "select 1 from core.price_stop")


def test_a_block_cannot_ask_for_price_types_and_for_computed_prices() -> None:
    with pytest.raises(ValueError, match="pricing is policy"):
        Publication(source="base", pricing="policy", price_types=["rub"])
