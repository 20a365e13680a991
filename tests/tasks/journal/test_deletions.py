"""Lists of deletions: they wait, a person decides, exactly what is listed goes."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.brake import Brake, decide
from tasks.journal.deletions import (
    ROWS,
    Decided,
    NotWaitingError,
    Subject,
    confirm_list,
    drop_list,
    hold_list,
    pass_list,
)
from tasks.model.datasets import Dataset
from tasks.model.portals import Limits
from tests.tasks.catalog.builders import Base, Record, base, batch

GOODS: tuple[Record, ...] = (
    {"id": "a", "name": "Сенча"}, {"id": "b", "name": "Улун"}, {"id": "c", "name": "Пуэр"}
)  # fmt: skip
OFFERS: tuple[Record, ...] = (
    {"id": "a", "product_id": "a", "name": "Сенча"},
    {"id": "b#1", "product_id": "b", "name": "Улун (100 г)"},
)
SIGNED = ("Иванова", "снято с продажи")


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        sender.send(batch(Dataset.GOODS, *GOODS), batch(Dataset.OFFERS, *OFFERS))
        yield sender


def _subject(sender: Base, direction: str = "in") -> Subject:
    return Subject(sender.lease.partner_key, direction, "catalog", "goods")


def _rows(sender: Base, *ids: str) -> pa.Table:
    held = sender.rows("""
        select 'goods' as dataset, id as key, name, replace(digest::text, '-', '') as digest
        from core.product
        union all
        select 'offers', id, name, replace(digest::text, '-', '') from core.offer
    """)
    wanted = [row for row in held if row["key"].partition("#")[0] in ids]
    return pa.Table.from_pylist(wanted, schema=ROWS)


def _doubted(count: int) -> Brake:
    return decide(count, 3, Limits(), ["a portion is missing"])


def _hold(sender: Base, *ids: str, direction: str = "in") -> int:
    with sender.warehouse.transaction("hold") as transaction:
        subject = _subject(sender, direction)
        return hold_list(transaction, subject, _doubted(len(ids)), _rows(sender, *ids))


def _living(sender: Base) -> list[str]:
    rows = sender.rows("""
        select id from core.product where withdrawn_at is null
        union all
        select 'offer ' || id from core.offer where withdrawn_at is null
        order by 1
    """)
    return [row["id"] for row in rows]


def _states(sender: Base) -> list[str]:
    rows = sender.rows("select state from journal.deletion_list order by list_key")
    return [row["state"] for row in rows]


def _confirm(sender: Base, list_key: int) -> Decided:
    return confirm_list(sender.warehouse, list_key, *SIGNED)


def test_a_held_list_deletes_nothing(sender: Base) -> None:
    _hold(sender, "a", "b")

    assert ["a", "b", "c", "offer a", "offer b#1"] == _living(sender)
    assert ["waiting"] == _states(sender)


def test_confirming_deletes_exactly_the_list(sender: Base) -> None:
    decided = _confirm(sender, _hold(sender, "a", "b"))

    assert (4, 4, ()) == (decided.listed, decided.gone, decided.left)
    assert ["c"] == _living(sender)
    assert [{"by": "Иванова", "why": "снято с продажи"}] == sender.rows(
        "select decided_by as by, decided_why as why from journal.deletion_list"
    )


def test_dropping_deletes_nothing(sender: Base) -> None:
    decided = drop_list(sender.warehouse, _hold(sender, "a"), *SIGNED)

    assert 0 == decided.gone
    assert ["dropped"] == _states(sender)
    assert "a" in _living(sender)


def test_what_came_back_unchanged_is_spared_and_said(sender: Base) -> None:
    list_key = _hold(sender, "a", "b")
    sender.send(batch(Dataset.GOODS, GOODS[0]))

    decided = _confirm(sender, list_key)

    assert ["a", "c", "offer a"] == _living(sender)
    assert {
        ("goods", "a", "it came back in message 2"),
        ("offers", "a", "something that stays still needs it"),
    } == set(decided.left)


def test_what_changed_in_a_way_no_file_shows_is_spared(sender: Base) -> None:
    list_key = _hold(sender, "a", "c")
    sender.send(batch(Dataset.GOODS, {"id": "c", "name": "Пуэр шу"}))
    with sender.warehouse.transaction("forget") as transaction:
        transaction.execute_compiled("update journal.deletion set returned_in = null")

    decided = _confirm(sender, list_key)

    assert [("goods", "c", "it changed since")] == list(decided.left)


def test_a_confirmed_good_that_comes_again_lives_again(sender: Base) -> None:
    _confirm(sender, _hold(sender, "a", "b"))

    sender.send(batch(Dataset.GOODS, *GOODS), batch(Dataset.OFFERS, *OFFERS))

    assert ["a", "b", "c", "offer a", "offer b#1"] == _living(sender)


def test_the_same_deletions_do_not_wait_twice(sender: Base) -> None:
    first = _hold(sender, "a", "b")

    assert first == _hold(sender, "a", "b")
    assert ["waiting"] == _states(sender)


def test_another_list_takes_the_place_of_the_one_that_waits(sender: Base) -> None:
    first = _hold(sender, "a")
    second = _hold(sender, "a", "b")

    assert ["overtaken", "waiting"] == _states(sender)
    assert first != second


def test_the_same_rows_are_a_new_list_after_one_of_them_came_back(sender: Base) -> None:
    first = _hold(sender, "a")
    sender.send(batch(Dataset.GOODS, GOODS[0]))

    assert first != _hold(sender, "a")


@pytest.mark.parametrize("decision", [confirm_list, drop_list])
@pytest.mark.parametrize(
    ("person", "why", "sentence"),
    [
        ("", "снято", "say who decides"),
        ("Иванова", " ", "say who decides"),
        ("Иванова", "снято", "list 1 is dropped already, by Петров: рано"),
    ],
)
def test_a_list_is_decided_once_and_by_somebody(
    sender: Base, decision: type, person: str, why: str, sentence: str
) -> None:
    drop_list(sender.warehouse, _hold(sender, "a"), "Петров", "рано")

    with pytest.raises(NotWaitingError, match=sentence):
        decision(sender.warehouse, 1, person, why)


def test_a_list_that_is_not_there_is_said(sender: Base) -> None:
    with pytest.raises(NotWaitingError, match="there is no list 7"):
        _confirm(sender, 7)


def test_confirming_an_outbound_list_deletes_nothing_of_ours(sender: Base) -> None:
    decided = _confirm(sender, _hold(sender, "a", direction="out"))

    assert ("out", 0, ()) == (decided.direction, decided.gone, decided.left)
    assert "a" in _living(sender)
    assert ["confirmed"] == _states(sender)


def test_what_is_within_the_limits_goes_at_once_and_is_kept_on_record(sender: Base) -> None:
    with sender.warehouse.transaction("pass") as transaction:
        brake = decide(1, 3, Limits())
        pass_list(transaction, _subject(sender), brake, _rows(sender, "c"))

    assert ["a", "b", "offer a", "offer b#1"] == _living(sender)
    assert [{"by": "the brake", "why": "1 of 3: within the limits"}] == sender.rows(
        "select decided_by as by, decided_why as why from journal.deletion_list"
    )
