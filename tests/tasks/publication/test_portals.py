"""Rounds to real portals over the real protocol: what they hold is what they were to be shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from blocks.commerceml_site import CommerceMLSite
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Mode
from tasks.journal.deliveries import Arrived, settle_delivery
from tasks.model.portals import Limits
from tests.sandbox.portals import LOGIN, Served, serve
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company

_COMPANY = Company(seed=5, goods=25)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "portal.sqlite") as portal:
        yield portal


@pytest.fixture
def source(warehouse: Warehouse, store: Store, tmp_path: Path) -> None:
    take_company(warehouse, store, tmp_path / "full", _COMPANY)


def _site(served: Served) -> CommerceMLSite:
    return CommerceMLSite(
        url=served.url,
        login=LOGIN.user,
        password=SecretStr(LOGIN.password),
        readback="get_catalog",
        request_timeout_s=60,
        pause_s=0.01,
    )


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-2.10", "commerceml-3.1"])
def test_a_portal_holds_what_the_warehouse_does(
    warehouse: Warehouse, store: Store, served: Served, dialect: str
) -> None:
    portal = replace(know_portal(warehouse), dialect=dialect)

    published = publish(warehouse, store, portal, _site(served))

    assert {} == published.failures
    assert ["delivered"] == [sent.outcome for sent in published.sent]
    held = served.held()
    assert dict(ask(warehouse, "select id, name from core.product")) == {
        key: each["name"] for key, each in held["goods"].items()
    }
    (verified,) = published.verified
    assert [] == [str(each) for each in verified.differences]
    assert all(sums.our_hash == sums.their_hash for sums in verified.sums), verified.sums


@pytest.mark.usefixtures("source")
def test_a_portal_of_many_quirks_holds_it_too(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    quirks = ("zip-yes", "windows-1251-answers", "bom-before-answers")
    with serve(tmp_path / "quirky.sqlite", *quirks) as served:
        published = publish(warehouse, store, know_portal(warehouse), _site(served))

    assert {} == published.failures
    assert [[]] == [list(verified.differences) for verified in published.verified]


_STATES = "select coalesce(resolved_as, state) from journal.delivery order by delivery_key"


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("where", "asked"), [("before", "failed"), ("inside", "failed"), ("after", "delivered")]
)
def test_a_lost_answer_is_in_doubt_until_the_portal_is_asked(
    warehouse: Warehouse, store: Store, served: Served, where: str, asked: str
) -> None:
    portal = know_portal(warehouse)
    served.order("reset", where=where, mode="import", times=1, file="offers")

    first = publish(warehouse, store, portal, _site(served))
    second = publish(warehouse, store, portal, _site(served))

    assert ["in_doubt"] == [sent.outcome for sent in first.sent]
    assert "offers.xml" in first.sent[0].question
    assert asked == second.sent[0].outcome
    assert [("delivered",)] == ask(warehouse, _STATES)
    assert {1} == {each["times"] for each in served.held()["applied"] if "offers" in each["file"]}
    assert [[]] == [list(verified.differences) for verified in second.verified]


@pytest.mark.usefixtures("source")
def test_what_a_portal_said_it_took_and_did_not_is_missing_there(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    with serve(tmp_path / "lost.sqlite", "lost-success") as lossy:
        published = publish(warehouse, store, know_portal(warehouse), _site(lossy))

    (verified,) = published.verified
    goods = ask(warehouse, "select count(*) from core.product")[0][0]
    missing = "select count(*) from journal.missing_at_target where dataset = 'goods'"
    assert [(goods,)] == ask(warehouse, missing)
    assert verified.missing >= goods


@pytest.mark.usefixtures("source")
def test_a_portal_that_is_silent_leaves_a_doubt_as_it_is(
    warehouse: Warehouse, store: Store, served: Served
) -> None:
    portal = know_portal(warehouse)
    served.order("reset", where="after", mode="import", times=1, file="offers")
    publish(warehouse, store, portal, _site(served))
    served.order("http-502", where="before", mode="get_catalog", times=20)

    second = publish(warehouse, store, portal, _site(served))

    assert ["in_doubt"] == [sent.outcome for sent in second.sent]
    assert {} == second.failures
    assert [("in_doubt",)] == ask(warehouse, _STATES)


@pytest.mark.usefixtures("source")
def test_what_a_dropped_package_told_is_told_again(
    warehouse: Warehouse, store: Store, served: Served
) -> None:
    portal = know_portal(warehouse)
    served.order("failure", where="before", mode="import", times=1, file="offers")
    (failed,) = publish(warehouse, store, portal, _site(served)).sent
    settle_delivery(
        warehouse, failed.delivery_key, Arrived.DROPPED, person="Anna", why="it is stuck"
    )

    again = publish(warehouse, store, portal, _site(served))

    assert ("failed", "delivered") == (failed.outcome, again.sent[0].outcome)
    assert failed.records == again.sent[0].records
    assert [[]] == [list(verified.differences) for verified in again.verified]


@pytest.mark.usefixtures("source")
def test_a_day_of_changes_leaves_the_portal_equal(
    warehouse: Warehouse, store: Store, served: Served, tmp_path: Path
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, _site(served))
    later = _COMPANY.after(changes=1, share=0.4)
    take_company(warehouse, store, tmp_path / "changes", later, Mode.CHANGES)

    published = publish(warehouse, store, portal, _site(served))

    (sent,) = published.sent
    assert 0 < sent.records < ask(warehouse, "select count(*) from journal.shown")[0][0] / 2
    assert [[]] == [list(verified.differences) for verified in published.verified]
    live = (
        "select id from core.product where withdrawn_at is null and not coalesce(is_deleted, false)"
    )
    assert {key for (key,) in ask(warehouse, live)} == set(served.held()["goods"])


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-3.1"])
def test_a_field_that_became_empty_is_emptied_at_the_portal(
    warehouse: Warehouse, store: Store, served: Served, dialect: str
) -> None:
    portal = replace(know_portal(warehouse), dialect=dialect)
    publish(warehouse, store, portal, _site(served))
    (product,) = ask(
        warehouse, "select id from core.product where article is not null order by id limit 1"
    )
    with warehouse.transaction("change") as transaction:
        transaction.execute_compiled(
            f"update core.product set article = null where id = '{product[0]}'"
        )

    published = publish(warehouse, store, portal, _site(served))

    assert [1] == [sent.records for sent in published.sent]
    assert not served.held()["goods"][product[0]].get("article")
    assert [[]] == [list(verified.differences) for verified in published.verified]


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-2.10", "commerceml-3.1"])
def test_the_last_price_that_is_gone_is_gone_at_the_portal(
    warehouse: Warehouse, owner_warehouse: Warehouse, store: Store, served: Served, dialect: str
) -> None:
    portal = replace(know_portal(warehouse), dialect=dialect)
    publish(warehouse, store, portal, _site(served))
    ((key, offer),) = ask(
        warehouse, "select offer_key, id from core.offer join core.price using (offer_key) limit 1"
    )
    with owner_warehouse.transaction("lose") as transaction:
        transaction.execute_compiled(f"delete from core.price where offer_key = {key}")
    assert served.held()["offers"][offer]["prices"]

    published = publish(warehouse, store, portal, _site(served))

    assert {} == published.failures
    assert not served.held()["offers"][offer]["prices"]
    assert [[]] == [list(verified.differences) for verified in published.verified]


@pytest.mark.usefixtures("source")
def test_a_quantity_that_is_gone_is_told_as_nought(
    warehouse: Warehouse, store: Store, served: Served
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, _site(served))
    (left,) = ask(warehouse, "select id from core.warehouse order by id limit 1")
    narrow = replace(
        portal, selection=replace(portal.selection, warehouses=left), limits=Limits(1, 10_000)
    )

    published = publish(warehouse, store, narrow, _site(served))

    assert all(sums.our_hash == sums.their_hash for sums in published.verified[0].sums)
    assert [[]] == [list(verified.differences) for verified in published.verified]
    for offer in served.held()["offers"].values():
        others = {place: quantity for place, quantity in offer["stock"].items() if place}
        assert {"0"} >= {quantity for place, quantity in others.items() if place != left[0]}
