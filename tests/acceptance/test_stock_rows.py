"""The rows of the mission about stock as it lies: one test a row.

Proven elsewhere: S3-04 absence in all its cases, `tests/tasks/catalog/test_absence.py`; S0-24 and
S0-29 in all theirs, `tests/tasks/stock/test_totals.py`. At full size: `bench/scale.py`.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest

from bench.scale import Day, over_budget
from blocks.drop_folder import DropFolder
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.dialogue import Account
from sandbox.export import Export, Order, export
from sandbox.onec import Result, run
from tasks.model.messages import Terms
from tasks.model.partners import DuePartner
from tasks.stock.totals import TotalsDisagreeError, prove, require_agreement
from tests.blocks.gateway.serving import PASSWORD, hashed, serve_gateway
from tests.tasks.catalog.plain import know_partner, take_waiting
from tests.tasks.catalog.stock_files import Base, Said
from tests.tasks.publication.rounds import ask, know_portal, publish

THREE = {"p1": {"w1": "5", "w2": "7", "w3": "2"}, "p2": {"w1": "1", "w2": "4", "w3": "8"}}


@pytest.fixture
def base(warehouse: Warehouse, store: Store, tmp_path: Path) -> Base:
    return Base(warehouse, store, tmp_path).prepare()


def test_s3_04_three_warehouses_are_three_rows_and_absence_is_0_only_in_a_full_file(
    base: Base,
) -> None:
    base.say(Said(THREE, minute=0))
    three = base.held()
    base.say(Said({"p1": {"w1": "5"}}, is_full=False, minute=1))
    after_changes = base.held()
    base.say(Said({"p1": {"w1": "5"}, "p2": THREE["p2"]}, minute=2))

    assert (6, three) == (len(three), after_changes)
    assert three | {("p1", "w2"): Decimal(0), ("p1", "w3"): Decimal(0)} == base.held()


def test_s3_05_a_partner_sees_the_stock_of_its_own_warehouses_alone(
    base: Base, tmp_path: Path
) -> None:
    base.say(Said(THREE, minute=0))
    for name, warehouses in {"A": ("w1",), "B": ("w2", "w3")}.items():
        portal = know_portal(base.warehouse, name, warehouses=warehouses)
        (tmp_path / name).mkdir()
        publish(base.warehouse, base.store, portal, DropFolder(path=tmp_path / name))

    seen = (
        "select offer_id, coalesce(warehouse_id, 'total'), quantity::int from core.partner_stock"
        " where portal = '{}' order by 1, 2"
    )
    assert [
        ("p1", "total", 5), ("p1", "w1", 5), ("p2", "total", 1), ("p2", "w1", 1),
    ] == base.ask(seen.format("A"))  # fmt: skip
    assert {("p1", "total", 9), ("p2", "total", 12)} < set(base.ask(seen.format("B")))
    assert {"w1"} == _places_told(tmp_path / "A")
    assert {"w2", "w3"} == _places_told(tmp_path / "B")


def _places_told(folder: Path) -> set[str]:
    texts = [file.read_text(encoding="utf-8-sig") for file in folder.rglob("*.xml")]
    return {place for place in ("w1", "w2", "w3") for text in texts if f">{place}<" in text}


# Selections of a portal: the view must agree with what publication told it.
SELECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "all": {},
    "one warehouse": {"warehouses": ("w2",)},
    "two warehouses": {"warehouses": ("w1", "w3")},
    "one group": {"groups": ("g1",)},
    "a group of no goods": {"groups": ("g2",)},
    "a warehouse and a group": {"groups": ("g1",), "warehouses": ("w3",)},
    "no stock": {"kinds": ("prices",)},
}


@pytest.mark.parametrize("case", SELECTIONS)
def test_s3_05_the_view_of_a_partner_agrees_with_what_it_was_told(
    base: Base, tmp_path: Path, case: str
) -> None:
    base.ask(
        "insert into core.product_group (partner_key, id, name, digest, message_key)"
        " select partner_key, group_id, group_id, digest, message_key from core.product"
        " cross join (values ('g1'), ('g2')) as made (group_id) where product.id = 'p1'"
    )
    base.ask("update core.product set group_ids = '[\"g1\"]' where id in ('p1', 'p3')")
    base.say(Said(THREE | {"p3": {"": "9", "w1": "4.50"}}, minute=0))
    base.ask("update core.warehouse set withdrawn_at = now() where id = 'w2'")
    portal = know_portal(base.warehouse, "A", **SELECTIONS[case])

    publish(base.warehouse, base.store, portal, DropFolder(path=tmp_path))

    told = "select key, acked_digest::text from journal.shown where dataset = 'stock' order by 1"
    seen = (
        "select core.key_part(offer_id) || '|' || coalesce(core.key_part(warehouse_id), '') as key,"
        " md5(quantity::text)::uuid::text from core.partner_stock where portal = 'A' order by 1"
    )
    assert base.ask(told) == base.ask(seen)


def test_s0_27_the_supplier_sees_the_stock_of_its_distributors_with_its_snapshot_time(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    rows = "offer_id;warehouse_id;quantity\np1;w1;5\np1;w2;7.25\n"
    for name, file, head in (
        ("north", "stock.csv", "#obmen-catalog;2;formed_at=2025-11-01T09:30:00;extent=full\n"),
        ("south", "stock_2025-11-02T0815.csv", "#obmen-catalog;2;extent=full\n"),
    ):
        distributor = Base(warehouse, store, tmp_path, name=name).prepare()
        distributor.send(head + rows, name=file)

    north, south = (
        datetime(2025, 11, 1, 6, 30, tzinfo=UTC), datetime(2025, 11, 2, 5, 15, tzinfo=UTC)
    )  # fmt: skip
    assert [
        ("north", "p1", "w1", Decimal(5), north), ("north", "p1", "w2", Decimal("7.25"), north),
        ("south", "p1", "w1", Decimal(5), south), ("south", "p1", "w2", Decimal("7.25"), south),
    ] == ask(
        warehouse,
        "select source, offer_id, warehouse_id, quantity, snapshot_at from core.stock_now"
        " order by 1, 2, 3",
    )  # fmt: skip


def test_s0_24_agents_make_the_distributor_and_distributors_the_network(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    keys = []
    for name, figures in {"north": {"": "0.3", "w1": "0.1", "w2": "0.2"},
                          "south": {"": "5", "w1": "5"}}.items():  # fmt: skip
        distributor = Base(warehouse, store, tmp_path, Terms(is_total_sum=True), name).prepare()
        keys += [each.message_key for each in distributor.say(Said({"p1": figures}))]

    assert [("network", Decimal("5.3"), Decimal("5.3"), True)] == ask(
        warehouse,
        "select level, in_warehouses, total, do_agree from core.stock_total"
        " where level = 'network'",
    )
    require_agreement(prove(warehouse, keys))
    with warehouse.transaction("spoil") as transaction:
        transaction.execute_compiled("update core.stock set quantity = 5.01 where quantity = 5"
                                     " and warehouse_key = 0")  # fmt: skip
    with pytest.raises(TotalsDisagreeError, match=r"south, p1: 5 by warehouse, 5\.01 in total"):
        require_agreement(prove(warehouse, keys))


def test_s0_29_opening_and_movements_make_the_closing_or_a_row_says_that_they_do_not(
    base: Base,
) -> None:
    base.send(
        "#obmen-catalog;3;formed_at=2025-11-01T12:00:00\n"
        "offer_id;warehouse_id;kind;document;quantity;moved_at\n"
        "p1;w1;opening;И1;100;2025-11-01T00:00:00\np1;w1;receipt;П1;40;2025-11-01T08:00:00\n"
        "p1;w1;sale;Р1;-25;2025-11-01T09:00:00\np1;w1;return;В1;3;2025-11-01T10:00:00\n"
        "p2;w1;opening;И1;10;2025-11-01T00:00:00\np2;w1;sale;Р1;-4;2025-11-01T09:00:00\n",
        name="movements.csv",
    )
    base.say(Said({"p1": {"w1": "118"}, "p2": {"w1": "7"}}, minute=110))

    assert [("p1", 100, 40, -25, 3, 118, 118), ("p2", 10, 0, -4, 0, 6, 7)] == base.ask(
        "select offer_id, opening::int, receipts::int, sales::int, returns::int, expected::int,"
        " closing::int from core.stock_balance order by 1"
    )
    assert [("p2", 1, "the movements do not make it")] == base.ask(
        "select offer_id, difference::int, reason from core.stock_mismatch"
    )


def test_s0_16_more_sources_ask_nothing_more_of_the_accounting_system(
    warehouse: Warehouse, gateway_warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    due = know_partner(warehouse)
    with warehouse.transaction("door") as transaction:
        transaction.run(
            "upsert_door", login="base-1", partner_key=due.partner_key,
            password_hash=hashed(PASSWORD), is_open=True,
        )  # fmt: skip
    made = export(Company(seed=16, goods=20, pictures=False), tmp_path / "full", Order())
    agents = [Base(warehouse, store, tmp_path, name=f"agent-{number}") for number in range(12)]
    for agent in agents:
        agent.prepare()
    rows = "".join(f"p{number % 3 + 1};v{number};{number}\n" for number in range(200))
    told = "#obmen-catalog;2;formed_at=2025-11-01T09:30:00\noffer_id;warehouse_id;quantity\n"
    began = time.monotonic()

    with serve_gateway(gateway_warehouse, store, tmp_path / "spool") as address:
        results = [_export(made, address, warehouse, store, due)]
        for agent in agents:
            replace(agent, terms=UNDECLARED).send(told + rows, name="stock.csv")
        results.append(_export(made, address, warehouse, store, due))

    alone, among_many = (
        [turn.request.partition("mode=")[2].partition("&")[0] for turn in each.transcript]
        for each in results
    )
    assert _without_waiting(alone) == _without_waiting(among_many)
    assert [(12, 2400)] == ask(
        warehouse,
        "select count(distinct partner_key), sum(accepted)::int from journal.books join"
        " journal.message using (message_key) join journal.partner using (partner_key)"
        " where dataset = 'stock' and name like 'agent-%'",
    )
    assert time.monotonic() - began < 120


def test_s4_06_a_day_of_many_partners_tells_each_what_changed_for_it_and_nothing_twice(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    size = {"portals": 5, "goods": 40, "vendors": 11, "sources": 2, "lines": 50}

    day = Day(warehouse, store, tmp_path, **size).live()

    assert (0, True) == (day["nothing_records"], 0 < day["change_records"] < day["first_records"])


def test_s0_32_a_day_that_passes_its_budget_of_time_or_memory_fails() -> None:
    # A machine of tests is slow at times: `python -m bench.scale` holds the whole size to these.
    size = {"portals": 2_000, "goods": 1_000, "vendors": 110, "sources": 20, "lines": 1_000}
    day = {
        "first_packages_s": 3_600, "change_packages_s": 600, "sources_s": 90, "peak_mb": 700,
        "nothing_records": 0,
    }  # fmt: skip

    assert [] == list(over_budget(day, size))
    assert ["peak_mb: 1001, allowed 1000"] == list(over_budget(day | {"peak_mb": 1_001}, size))


UNDECLARED = Terms(undeclared=frozenset({"warehouses"}))


def _without_waiting(modes: list[str]) -> list[str]:
    """What 1C asked, however often it was told to wait for the end of an import."""
    return [mode for mode, before in zip(modes, ["", *modes], strict=False) if mode != before]


def _export(
    made: Export, address: str, warehouse: Warehouse, store: Store, due: DuePartner
) -> Result:
    results: list[Result] = []
    sending = Thread(target=lambda: results.append(run(made, Account(address, "base-1", PASSWORD))))
    sending.start()
    while sending.is_alive():
        take_waiting(warehouse, store, due)
        sending.join(timeout=0.2)
    assert "" == results[0].error
    return results[0]
