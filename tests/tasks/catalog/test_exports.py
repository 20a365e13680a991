"""Whole exports of the sandbox's company, as each client writes them, into the warehouse."""

from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Client, Export, Mode, Order, export
from tasks.model.messages import Closed
from tests.tasks.catalog.plain import take_files


def _files(made: Export) -> list[Path]:
    return [made.folder / name for files in made.sets for name in files.documents]


def _count(warehouse: Warehouse, table: str) -> int:
    with warehouse.transaction("count") as transaction:
        return int(
            transaction.execute_compiled(f"select count(*) as rows from core.{table}")[0]["rows"]
        )


def _refused(closed: list[Closed]) -> list[tuple[str, str, int]]:
    return [refusal for message in closed for refusal in message.refusals]


@pytest.mark.parametrize("client", list(Client))
def test_an_export_enters_whole_and_its_repetition_changes_nothing(
    warehouse: Warehouse, store: Store, tmp_path: Path, client: Client
) -> None:
    made = export(Company(seed=7, goods=60), tmp_path, Order(client=client, portion=25))

    first = take_files(warehouse, store, *_files(made))
    again = take_files(warehouse, store, *_files(made))

    assert [] == _refused(first)
    assert 60 == _count(warehouse, "product")
    assert all(message.is_balanced for message in [*first, *again])
    assert {0} == {entry.accepted for message in again for entry in message.books}


@pytest.mark.parametrize("client", list(Client))
def test_changes_change_what_they_name_and_leave_the_rest(
    warehouse: Warehouse, store: Store, tmp_path: Path, client: Client
) -> None:
    before = Company(seed=7, goods=60)
    after = before.after(changes=3, share=0.2)
    full = export(before, tmp_path / "full", Order(client=client))
    take_files(warehouse, store, *_files(full))

    changes = export(after, tmp_path / "changes", Order(client=client, mode=Mode.CHANGES))
    closed = take_files(warehouse, store, *_files(changes))

    assert [] == _refused(closed)
    assert _count(warehouse, "product") >= 60


def test_offers_that_came_before_their_goods_enter_when_the_goods_have_come(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    made = export(Company(seed=7, goods=20), tmp_path, Order(client=Client.A))
    goods, offers = _files(made)

    early = take_files(warehouse, store, offers)
    late = take_files(warehouse, store, goods)

    assert {"REF_MISSING"} == {cause for cause, _, _ in _refused(early)}
    assert [goods.name, offers.name, offers.name] == [message.file_name for message in late][:3]
    assert [] == _refused(late)
    assert _open_refusals(warehouse) == 0


def _open_refusals(warehouse: Warehouse) -> int:
    with warehouse.transaction("count") as transaction:
        rows = transaction.execute_compiled(
            "select count(*) as open from journal.refusal where state = 'open'"
        )
    return int(rows[0]["open"])
