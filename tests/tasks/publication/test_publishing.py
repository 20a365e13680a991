"""Rounds to a folder: what goes, what does not go twice, what is kept of it."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from blocks.drop_folder import DropFolder
from blocks.outbound import Outcome, Parcel, Receipt
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Mode
from tasks.catalog.trees import load_tree
from tasks.journal.deletions import confirm_list
from tasks.journal.deliveries import Ended, Plan, end_delivery, plan_delivery, start_delivery
from tasks.journal.lease import claim
from tasks.model.portals import Limits, Selection
from tasks.publication.delivering import settle_doubts
from tasks.publication.desk import EXCHANGE, Desk
from tasks.publication.forming import form_again
from tasks.publication.planning import WorldMovedError, load_plan, make_plan
from tasks.publication.publishing import publish_all, verify_all
from tasks.publication.targets import Target
from tests.tasks.publication.rounds import SOURCE, STEPS, ask, know_portal, publish, take_company

_COMPANY = Company(seed=3, goods=60)
_CARRIED = """select dataset, effect, count(*) from journal.carried
    where delivery_key = (select max(delivery_key) from journal.delivery)
    group by 1, 2 order by 1, 2"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def source(warehouse: Warehouse, store: Store, tmp_path: Path) -> None:
    take_company(warehouse, store, tmp_path / "full", _COMPANY)


def _set_price_and_stock(warehouse: Warehouse) -> None:
    """Change one price and one quantity, as a message of the source would."""
    with warehouse.transaction("change") as transaction:
        transaction.execute_compiled(
            "update core.price set amount = amount + 1, digest = md5(amount::text)::uuid "
            "where (offer_key, price_type_key) = (select offer_key, price_type_key from core.price "
            "order by 1, 2 limit 1)"
        )
        transaction.execute_compiled(
            "update core.stock set quantity = quantity + 7 where warehouse_key > 0 and "
            "(offer_key, warehouse_key) = (select offer_key, warehouse_key from core.stock "
            "where warehouse_key > 0 order by 1 desc, 2 limit 1)"
        )


def _names(out: Path) -> list[str]:
    return sorted(str(file.relative_to(out)) for file in out.rglob("*.xml"))


def test_the_lease_of_a_portal_that_is_read_slowly_is_renewed(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    async def look_for_heart(*_: Any) -> None:
        hearts.extend(task.get_name() for task in asyncio.all_tasks())

    hearts: list[str] = []
    portal = know_portal(warehouse)
    steps: Any = SimpleNamespace(verify_portal=look_for_heart)
    target = Target(portal, DropFolder(path=out))

    published = asyncio.run(verify_all([target], warehouse, store, steps))

    assert {} == published.failures
    assert f"heart of publication/{portal.partner_key}" in hearts


class Shown:
    """A portal that can be asked at once."""

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        raise AssertionError(package)

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        raise AssertionError(package)

    async def read_back(self, folder: Path) -> list[Path]:
        return [folder / "all-of-it.xml"]


async def test_a_comparison_that_takes_long_keeps_no_other_portal_waiting(
    warehouse: Warehouse, store: Store
) -> None:
    portal, others_went_on = know_portal(warehouse), threading.Event()

    def compare(_delivery_key: int, _files: Sequence[Path]) -> Receipt:
        return Receipt(Outcome.DELIVERED if others_went_on.wait(60) else Outcome.FAILED, "seen")

    async def go_on() -> None:
        others_went_on.set()

    with claim(warehouse, portal.partner_key, EXCHANGE, "test") as lease:
        with warehouse.transaction("plan") as transaction:
            key = plan_delivery(transaction, lease, Plan("package", "a")) or 0
        start_delivery(warehouse, lease)
        end_delivery(warehouse, lease, key, Ended("in_doubt", "silence", "is it there?"))
        desk = Desk(portal, lease, warehouse, store)
        (sent,), _ = await asyncio.gather(settle_doubts(desk, Shown(), compare), go_on())

    assert "delivered" == sent.outcome


@pytest.mark.usefixtures("source")
def test_what_the_archive_does_not_give_was_not_sent_and_goes_when_it_does(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    away = DropFolder(path=out.parent / "away")
    assert ["failed"] == [sent.outcome for sent in publish(warehouse, store, portal, away).sent]
    ((key,),) = ask(warehouse, "select min(object_key) from journal.parcel")
    content = store.get(key)
    store.remove(key)

    lost = publish(warehouse, store, portal, DropFolder(path=out))
    store.put(content)
    found = publish(warehouse, store, portal, DropFolder(path=out))

    (failed,) = lost.sent
    assert ("failed", "") == (failed.outcome, failed.question)
    assert "it was not sent" in failed.answer
    assert ["delivered"] == [sent.outcome for sent in found.sent]


@pytest.mark.usefixtures("source")
def test_a_picture_that_is_gone_waits_for_a_package_with_a_file(
    warehouse: Warehouse, owner_warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    picture = "(select min(path) from core.product_picture)"
    with owner_warehouse.transaction("bring") as transaction:
        transaction.execute_compiled(
            f"update core.attachment set path = {picture}"
            " where path = (select min(path) from core.attachment)"
        )
    publish(warehouse, store, portal, DropFolder(path=out))
    with owner_warehouse.transaction("lose") as transaction:
        transaction.execute_compiled(f"delete from core.attachment where path = {picture}")

    alone = publish(warehouse, store, portal, DropFolder(path=out))
    _set_price_and_stock(warehouse)
    together = publish(warehouse, store, portal, DropFolder(path=out))

    assert ({}, []) == (alone.failures, alone.sent)
    assert ["delivered"] == [sent.outcome for sent in together.sent]
    assert ("pictures", "delete", 1) in ask(warehouse, _CARRIED)


@pytest.mark.usefixtures("source")
def test_the_first_package_is_everything_and_the_second_is_none(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)

    first = publish(warehouse, store, portal, DropFolder(path=out))
    second = publish(warehouse, store, portal, DropFolder(path=out))

    assert {} == first.failures | second.failures
    assert ["delivered"] == [sent.outcome for sent in first.sent]
    assert [] == second.sent
    assert ["000001/import.xml", "000001/offers.xml"] == _names(out)


@pytest.mark.usefixtures("source")
def test_the_first_package_says_that_it_is_full_and_a_later_one_that_it_is_not(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, DropFolder(path=out))
    _set_price_and_stock(warehouse)

    publish(warehouse, store, portal, DropFolder(path=out))

    said = {
        str(file.relative_to(out)): 'СодержитТолькоИзменения="true"' in file.read_text("utf-8-sig")
        for file in out.rglob("*.xml")
    }
    assert said == {
        "000001/import.xml": False,
        "000001/offers.xml": False,
        "000002/offers.xml": True,
    }


@pytest.mark.usefixtures("source")
def test_of_a_price_and_a_quantity_that_changed_exactly_these_are_told(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, DropFolder(path=out))
    _set_price_and_stock(warehouse)

    publish(warehouse, store, portal, DropFolder(path=out))

    assert [("prices", "update", 1), ("stock", "update", 1)] == ask(warehouse, _CARRIED)
    assert ["000002/offers.xml"] == [name for name in _names(out) if name.startswith("000002")]


@pytest.mark.usefixtures("source")
def test_the_books_of_every_formed_file_balance(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    publish(warehouse, store, portal, DropFolder(path=out))
    _set_price_and_stock(warehouse)
    publish(warehouse, store, portal, DropFolder(path=out))

    told = ask(
        warehouse,
        "select received, accepted, unchanged, refused from journal.books join journal.message "
        "using (message_key) where direction = 'out' and dataset = 'prices' order by message_key",
    )

    prices = ask(warehouse, "select count(*) from core.price")[0][0]
    assert [(prices, prices, 0, 0), (prices, 1, prices - 1, 0)] == told
    assert [] == ask(warehouse, "select message_key from journal.unbalanced")


_SELECTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no prices at all": (
        {"kinds": ("properties", "stock")},
        "select count(*) from journal.shown where dataset in ('prices', 'price_types')",
    ),
    "no stock at all": (
        {"kinds": ("prices",)},
        "select count(*) from journal.shown where dataset in ('stock', 'warehouses', 'properties')",
    ),
}


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("name", _SELECTIONS)
def test_what_is_not_selected_never_leaves(
    warehouse: Warehouse, store: Store, out: Path, name: str
) -> None:
    selected, question = _SELECTIONS[name]

    published = publish(warehouse, store, know_portal(warehouse, **selected), DropFolder(path=out))

    assert {} == published.failures
    assert [(0,)] == ask(warehouse, question)
    whole = "".join(file.read_text("utf-8-sig") for file in out.rglob("*.xml"))
    assert ("<ЦенаЗаЕдиницу>" in whole) is ("prices" in selected["kinds"])
    assert ("<ЗначенияСвойства>" in whole) is ("properties" in selected["kinds"])


@pytest.mark.usefixtures("source")
def test_one_group_and_one_price_type_are_all_that_leaves(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    (group,) = ask(
        warehouse,
        "select group_ids ->> 0 from core.product where group_ids <> '[]' order by id limit 1",
    )
    (price_type,) = ask(warehouse, "select id from core.price_type order by id limit 1")
    portal = know_portal(warehouse, groups=group, price_types=price_type)

    publish(warehouse, store, portal, DropFolder(path=out))

    told = ask(warehouse, "select key from journal.shown where dataset = 'goods' order by 1")
    inside = ask(
        warehouse,
        "with recursive below as (select id from core.product_group "
        f"where id = '{group[0]}' union select child.id from core.product_group as child "
        "join below on child.parent_id = below.id) select id from core.product "
        "where exists (select from below where product.group_ids ? below.id) order by id",
    )
    assert inside == told
    assert 0 < len(told) < len(_COMPANY)
    types = "select key from journal.shown where dataset = 'price_types'"
    assert [price_type] == ask(warehouse, types)


@pytest.mark.usefixtures("source")
def test_of_chosen_warehouses_the_total_is_their_sum(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    (chosen,) = ask(warehouse, "select id from core.warehouse order by id limit 1")

    publish(warehouse, store, know_portal(warehouse, warehouses=chosen), DropFolder(path=out))

    stock = "select count(*) from journal.shown where dataset = 'stock' and key not like '%|'"
    mine = (
        "select count(*) from core.stock join core.warehouse using (warehouse_key) "
        f"where id = '{chosen[0]}'"
    )
    assert ask(warehouse, mine) == ask(warehouse, stock)
    whole = "".join(file.read_text("utf-8-sig") for file in out.rglob("*.xml"))
    others = ask(warehouse, f"select id from core.warehouse where id <> '{chosen[0]}'")
    assert not [other for (other,) in others if other in whole]


@pytest.mark.usefixtures("source")
def test_an_override_of_one_portal_leaves_the_bytes_of_another_alone(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    hashes: list[str] = []
    for renames in ({}, {"Товар/Наименование": "full_name"}):
        for name in ("first", "second"):
            folder = tmp_path / f"{name}-{len(hashes)}"
            folder.mkdir()
            portal = know_portal(warehouse, f"{name}-{len(hashes)}")
            mine = replace(portal, renames=renames if name == "second" else {})
            publish(warehouse, store, mine, DropFolder(path=folder))
            text = next(folder.rglob("import.xml")).read_text("utf-8-sig")
            # The clock of forming is the only thing that two packages may differ in.
            hashes.append("".join(text.split("ДатаФормирования", 1)[1].split('"')[2:]))

    assert hashes[0] == hashes[1] == hashes[2]
    assert hashes[3] != hashes[2]


@pytest.mark.usefixtures("source")
def test_a_plan_writes_nothing_and_its_application_does_exactly_it(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    sizes = "select (select count(*) from journal.message), (select count(*) from journal.shown)"
    before = ask(warehouse, sizes)

    plan = make_plan(warehouse, store, portal)

    assert before == ask(warehouse, sizes)
    applied = publish(
        warehouse, store, portal, DropFolder(path=out), plan=load_plan(store, plan.plan_id)
    )
    assert {} == applied.failures
    assert plan.delta.num_rows == ask(warehouse, "select count(*) from journal.carried")[0][0]


@pytest.mark.usefixtures("source")
def test_a_plan_is_refused_when_the_world_moved(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse)
    plan = make_plan(warehouse, store, portal)
    _set_price_and_stock(warehouse)

    applied = publish(
        warehouse, store, portal, DropFolder(path=out), plan=load_plan(store, plan.plan_id)
    )

    assert WorldMovedError.__name__ in applied.failures["shop"]
    assert [] == _names(out)


@pytest.mark.usefixtures("source")
def test_a_portal_that_is_down_catches_up_in_order_with_the_same_bytes(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    portal, channel = know_portal(warehouse), DropFolder(path=tmp_path / "away")
    down = publish(warehouse, store, portal, channel)
    formed = ask(warehouse, "select name, sha256 from journal.parcel order by delivery_key, 1")
    _set_price_and_stock(warehouse)
    publish(warehouse, store, portal, channel)

    (tmp_path / "away").mkdir()
    up = publish(warehouse, store, portal, channel)

    assert ["failed"] == [sent.outcome for sent in down.sent]
    assert ["delivered", "delivered"] == [sent.outcome for sent in up.sent]
    kept = ask(warehouse, "select name, sha256 from journal.parcel order by delivery_key, 1")
    assert formed == kept[: len(formed)]


@pytest.mark.usefixtures("source")
def test_many_deletions_wait_for_a_person_and_the_rest_goes(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = replace(know_portal(warehouse), limits=Limits(0.05, 5))
    publish(warehouse, store, portal, DropFolder(path=out))
    (group,) = ask(
        warehouse,
        "select group_ids ->> 0 from core.product where group_ids <> '[]' order by id limit 1",
    )
    narrow = replace(portal, selection=Selection(source=SOURCE, groups=group))

    held = publish(warehouse, store, narrow, DropFolder(path=out))

    (formed,) = held.formed
    assert formed.held.records > 5
    assert [] == ask(warehouse, "select key from journal.carried where effect = 'delete'")
    assert formed.held.list_key is not None
    confirm_list(warehouse, formed.held.list_key, "Anna", "we agreed on it")
    publish(warehouse, store, narrow, DropFolder(path=out))
    listed = ask(warehouse, "select dataset, key from journal.deletion order by 1, 2")
    gone = "select dataset, key from journal.carried where effect = 'delete' order by 1, 2"
    told = ask(warehouse, gone)
    assert listed == [pair for pair in told if pair[0] not in {"prices", "stock"}]
    assert len(told) > len(listed)
    assert len(listed) == formed.held.records


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("dialect", ["commerceml-2.09", "commerceml-3.1"])
def test_a_formed_file_is_formed_again_to_the_same_bytes(
    warehouse: Warehouse, store: Store, out: Path, dialect: str
) -> None:
    portal = replace(know_portal(warehouse), dialect=dialect)
    publish(warehouse, store, portal, DropFolder(path=out))
    with warehouse.transaction("ask") as transaction:
        rows = transaction.execute_compiled(
            "select file_name, rules, object_key from journal.message where state = 'formed'"
        )

    assert rows
    for row in rows:
        assert store.get(row["object_key"]) == form_again(store, row["rules"], row["file_name"])


@pytest.mark.usefixtures("source")
def test_notices_are_settled_by_the_package_that_tells_of_them(
    warehouse: Warehouse, store: Store, tmp_path: Path, out: Path
) -> None:
    portal = know_portal(warehouse)
    take_company(
        warehouse, store, tmp_path / "changes", _COMPANY.after(changes=1, share=0.2), Mode.CHANGES
    )

    publish(warehouse, store, portal, DropFolder(path=out))

    settled = ask(warehouse, "select count(*) from journal.notice where delivery_key is not null")
    assert settled[0][0] > 0
    assert [] == ask(warehouse, "select 1 from journal.notice where settled_at is null")


@pytest.mark.usefixtures("source")
def test_one_portal_that_is_down_keeps_no_other_waiting(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    up = Target(know_portal(warehouse, "up"), DropFolder(path=out))
    down = Target(know_portal(warehouse, "down"), DropFolder(path=out / "nowhere"))

    published = asyncio.run(publish_all([down, up], warehouse, store, STEPS))

    assert {"up": "delivered", "down": "failed"} == {
        sent.portal: sent.outcome for sent in published.sent
    }


@pytest.mark.usefixtures("source")
def test_a_portal_with_its_own_tree_sees_its_own_groups_and_every_product(
    warehouse: Warehouse, store: Store, out: Path
) -> None:
    portal = know_portal(warehouse, tree="customer")
    (root,) = ask(warehouse, "select id from core.product_group where parent_id is null limit 1")
    told = f"kind;id;customer_group\ngroup;{root[0]};Витрина/Главное\n".encode()
    load_tree(warehouse, store, "shop", SOURCE, "tree.csv", told, "Anna")

    publish(warehouse, store, portal, DropFolder(path=out))

    whole = next(out.rglob("import.xml")).read_text("utf-8-sig")
    names = {each.split("<", 1)[0] for each in whole.split("<Наименование>")[1:]}
    assert {"Витрина", "Главное", "Без раздела"} <= names
    source_groups = ask(warehouse, "select id from core.product_group")
    assert not [group for (group,) in source_groups if group in whole]
    products = ask(warehouse, "select count(*) from core.product where withdrawn_at is null")
    assert [(whole.count("<Товар>"),)] == products
    assert whole.count("<Товар>") == whole.count("<Группы><Ид>")
