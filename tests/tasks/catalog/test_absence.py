"""A warehouse that a whole file no longer names holds 0; nothing less makes it so."""

from decimal import Decimal
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.deletions import confirm_list, drop_list
from tasks.journal.outcome import complete
from tasks.journal.summary import Summary
from tests.tasks.catalog.stock_files import Base, Said

ALL = {"p1": {"": "12", "w1": "5", "w2": "7"}, "p2": {"w1": "3"}}
HELD = {("p1", ""): 12, ("p1", "w1"): 5, ("p1", "w2"): 7, ("p2", "w1"): 3}


@pytest.fixture
def base(warehouse: Warehouse, store: Store, tmp_path: Path) -> Base:
    return Base(warehouse, store, tmp_path).prepare()


# What the second file says, and what of HELD it changes.
CASES: dict[str, tuple[Said, dict[tuple[str, str], int]]] = {
    "a full file without a warehouse": (Said({"p1": {"w1": "5"}}, minute=1), {("p1", "w2"): 0}),
    "a full file with another warehouse": (
        Said({"p1": {"w3": "1"}}, minute=1),
        {("p1", "w1"): 0, ("p1", "w2"): 0, ("p1", "w3"): 1},
    ),
    "a file of changes": (Said({"p1": {"w1": "5"}}, is_full=False, minute=1), {}),
    "a full file without the offer": (Said({"p2": {"w1": "3"}}, minute=1), {}),
    "a full file with totals only": (Said({"p1": {"": "5"}}, minute=1), {("p1", ""): 5}),
    "a full file without the total": (Said({"p1": {"w1": "5", "w2": "7"}}, minute=1), {}),
    "a figure that was refused": (Said({"p1": {"w1": "5", "w3": "?"}}, minute=1), {}),
    "a figure of a warehouse nobody knows": (Said({"p1": {"w1": "5", "w9": "1"}}, minute=1), {}),
    "a figure twice with different content": (
        Said({"p1": {"w1": "5", " w1": "6", "w3": "1"}}, minute=1), {("p1", "w3"): 1},
    ),
    "a full file that is late": (Said({"p1": {"w1": "5"}}, minute=-1), {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_absence_is_nothing_only_in_a_full_file(base: Base, case: str) -> None:
    second, changes = CASES[case]
    base.say(Said(ALL, minute=0))

    base.say(second)

    assert {key: Decimal(number) for key, number in (HELD | changes).items()} == base.held()


def test_history_is_kept_on_both_clocks_and_names_the_file(base: Base) -> None:
    (first,) = base.say(Said(ALL, minute=0))
    (second,) = base.say(Said({"p1": {"w1": "5"}}, minute=1))

    known = (
        "select trim_scale(quantity)::int, stock.message_key, to_char(valid_from, 'MI'),"
        " to_char(valid_to, 'MI'), recorded_to = 'infinity' from core.stock"
        " join core.warehouse using (warehouse_key) where warehouse.id = 'w2'"
        " order by recorded_from, valid_from"
    )
    assert [
        (7, first.message_key, "00", None, False),
        (7, first.message_key, "00", "01", True),
        (0, second.message_key, "01", None, True),
    ] == base.ask(known)
    assert [(second.message_key, "p1|w2", "Товар p1, Склад w2: 7", "the brake")] == base.ask(
        "select message_key, key, was, decided_by from core.stock_absence"
    )


def test_a_file_whose_word_was_not_taken_is_heard_when_it_comes_again(base: Base) -> None:
    last = {"p1": {"w1": "5"}}
    base.say(Said(ALL, minute=1), Said(last, minute=0))
    late = base.held()
    base.say(Said(last, minute=2))

    assert Decimal(7) == late["p1", "w2"]
    assert Decimal(0) == base.held()["p1", "w2"]


_WRITTEN = "select to_jsonb(stock)::text, xmin::text from core.stock order by 1"


def test_the_second_time_nothing_changes(base: Base) -> None:
    for minute in (0, 1):
        base.say(Said(ALL, minute=minute), Said({"p1": {"w1": "5"}}, minute=minute))
    before = base.ask(_WRITTEN)

    base.say(Said({"p1": {"w1": "5"}}, minute=2))

    assert before == base.ask(_WRITTEN)


def test_a_quantity_that_comes_back_holds_again(base: Base) -> None:
    base.say(Said(ALL, minute=0), Said({"p1": {"w1": "5"}}, minute=1), Said(ALL, minute=2))

    assert {key: Decimal(number) for key, number in HELD.items()} == base.held()


def test_portals_hear_of_a_file_that_only_took_something_away(base: Base) -> None:
    base.say(Said(ALL, minute=0))
    base.ask(
        "insert into journal.partner (name, time_zone, state, settings) values ('shop', 'UTC',"
        " 'active', jsonb_build_object('publication', jsonb_build_object('source', 'base')))"
    )
    (closed,) = base.say(Said({"p1": {"w1": "5"}}, minute=1))

    assert [(closed.message_key, True)] == base.ask(
        "select message_key, settled_at is null from journal.notice"
    )


def test_the_artifact_says_what_became_nothing(base: Base) -> None:
    base.say(Said(ALL, minute=0))
    closed = base.say(Said({"p1": {"w1": "5"}}, minute=1))

    told = complete(Summary("catalog", closed), base.warehouse, base.store).as_markdown()

    assert "1 quantities became 0, list 1: 1 of 3: within the limits. Among them Товар p1" in told


@pytest.fixture
def many(warehouse: Warehouse, store: Store, tmp_path: Path) -> Base:
    """A base with 30 offers in two warehouses, and its last full file lacks the second."""
    offers = [f"p{number:02}" for number in range(30)]
    base = Base(warehouse, store, tmp_path).prepare(offers)
    base.say(Said({offer: {"w1": "5", "w2": "7"} for offer in offers}, minute=0))
    base.say(Said({offer: {"w1": "5"} for offer in offers}, minute=1))
    return base


def _empty(base: Base) -> int:
    return sum(number == 0 for number in base.held().values())


def test_a_warehouse_that_vanishes_waits_for_a_person(many: Base) -> None:
    assert 0 == _empty(many)
    assert [("stock", 30, "30 of 60 would go; the limits are 20 records and 5%")] == many.ask(
        "select dataset, would_go, reason from journal.waiting_deletions"
    )


def test_a_list_of_quantities_is_confirmed_as_it_stands(many: Base) -> None:
    many.say(Said({"p00": {"w2": "7"}, "p01": {"w2": "8"}}, is_full=False, minute=2))

    decided = confirm_list(many.warehouse, 1, "Иванова", "склад закрыт")

    assert 28 == decided.gone == _empty(many)
    assert {("stock", "p00|w2"), ("stock", "p01|w2")} == {left[:2] for left in decided.left}
    assert [("01",)] == many.ask(
        "select distinct to_char(valid_from, 'MI') from core.stock where quantity = 0"
    )


def test_a_list_of_quantities_is_dropped(many: Base) -> None:
    decided = drop_list(many.warehouse, 1, "Иванова", "выбор складов сбит")

    assert (30, 0, 0) == (decided.listed, decided.gone, _empty(many))


def test_what_waits_does_not_wait_twice(many: Base) -> None:
    many.say(Said({f"p{number:02}": {"w1": "4"} for number in range(30)}, minute=3))

    assert [(1, "waiting")] == many.ask("select list_key, state from journal.deletion_list")


def test_a_list_is_over_when_all_of_it_was_told_again(many: Base) -> None:
    many.say(Said({f"p{number:02}": {"w1": "5", "w2": "7"} for number in range(30)}, minute=3))

    assert [(1, "overtaken")] == many.ask("select list_key, state from journal.deletion_list")


def test_the_files_of_one_session_are_counted_together(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    offers = [f"p{number:02}" for number in range(30)]
    base = Base(warehouse, store, tmp_path).prepare(offers)
    base.say(Said({offer: {"w1": "5", "w2": "7"} for offer in offers}, minute=0))
    base.ask(
        "insert into journal.session (partner_key, token_hash, exchange_type, peer, expires_at)"
        " select partner_key, '1', 'catalog', 'test', now() from journal.partner"
    )
    for portion in (offers[:15], offers[15:]):
        base.say(Said({offer: {"w1": "5"} for offer in portion}, minute=1), session_key=1)

    assert 15 == _empty(base)
    assert [(15, "confirmed"), (15, "waiting")] == base.ask(
        "select would_go, state from journal.deletion_list order by list_key"
    )
