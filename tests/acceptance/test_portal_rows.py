"""The rows of the mission that lead out to portals, one test a row.

A row that another test proves is not proven twice:

* S1-02 one price and one stock: `tests/tasks/publication/test_publishing.py`.
* S1-04 verification, S1-06 missing at target, S3-03 all goods: `test_portals.py`, and its late
  half in `test_due.py` there, as S1-07 one way, S0-19 any number, S0-38 and S0-53 state are.
* S3-16 plan and apply, S3-17 an override, S0-20 two targets, S0-23 selection, S3-34 the customer's
  tree: `test_publishing.py`. The channel's half of S0-17: `tests/blocks/`.
"""

from pathlib import Path

import pytest

from blocks.drop_folder import DropFolder
from blocks.object_prefix import ObjectPrefix
from blocks.outbound import Outbound
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company


@pytest.fixture
def source(warehouse: Warehouse, store: Store, tmp_path: Path) -> None:
    company = Company(seed=21, goods=20, pictures=False)
    take_company(warehouse, store, tmp_path / "full", company)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.usefixtures("source")
def test_s0_17_the_transport_is_chosen_by_configuration_alone(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    ways: dict[str, Outbound] = {
        "folder": DropFolder(path=out),
        "prefix": ObjectPrefix(store=store, prefix=f"portals/{out.parent.name}"),
    }

    told = {
        name: publish(warehouse, store, know_portal(warehouse, name), way)
        for name, way in ways.items()
    }

    assert {"delivered"} == {sent.outcome for each in told.values() for sent in each.sent}
    ledger = (
        "select dataset, key, effect from journal.carried join journal.delivery "
        "using (delivery_key) join journal.partner using (partner_key) where name = '{}' "
        "order by 1, 2"
    )
    assert ask(warehouse, ledger.format("folder")) == ask(warehouse, ledger.format("prefix"))


@pytest.mark.usefixtures("source")
def test_s0_34_an_event_is_seen_by_the_roles_that_may_and_by_nobody_else(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    types = [key for (key,) in ask(warehouse, "select id from core.price_type order by id")]
    roles = {
        "supplier": know_portal(warehouse, "supplier"),
        "distributor": know_portal(warehouse, "distributor", price_types=(types[0],)),
        "agent": know_portal(warehouse, "agent", kinds=("stock",)),
    }
    ways = {name: DropFolder(path=_made(out / name)) for name in roles}
    for name, portal in roles.items():
        publish(warehouse, store, portal, ways[name])
    with warehouse.transaction("event") as transaction:
        transaction.execute_compiled(
            "update core.price set amount = amount + 1, digest = md5(digest::text)::uuid "
            "where price_type_key = (select price_type_key from core.price_type where id = :id)",
            id=types[1],
        )

    told = {
        name: [sent.records > 0 for sent in publish(warehouse, store, portal, ways[name]).sent]
        for name, portal in roles.items()
    }

    assert {"supplier": [True], "distributor": [], "agent": []} == told


@pytest.mark.usefixtures("source")
def test_s3_33_a_subtree_that_moved_is_one_change_of_a_parent(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, DropFolder(path=out))
    with warehouse.transaction("move") as transaction:
        moved = transaction.execute_compiled(
            "update core.product_group set parent_id = null where id = (select id from "
            "core.product_group where parent_id is not null order by id limit 1) returning id"
        )[0]["id"]

    publish(warehouse, store, portal, DropFolder(path=out))

    last = "(select max(delivery_key) from journal.delivery)"
    told = f"select dataset, key, effect from journal.carried where delivery_key = {last}"
    assert [("groups", moved, "update")] == ask(warehouse, told)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
