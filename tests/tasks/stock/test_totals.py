"""Totals and break-downs agree, movements make what is told; or somebody hears of it."""

from decimal import Decimal
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.messages import Terms
from tasks.stock.totals import Proof, TotalsDisagreeError, prove, require_agreement
from tests.tasks.catalog.stock_files import Base, Said

HEAD = "#obmen-catalog;3;formed_at=2025-11-01T{};extent={}\n"
MOVES = "offer_id;warehouse_id;kind;document;quantity;moved_at\n"
OPENING = "p1;w1;opening;Инвентаризация 1;10;2025-11-01T00:00:00\n"
DAY = OPENING + (
    "p1;w1;receipt;Поступление 1;5.5;2025-11-01T09:00:00\n"
    "p1;w1;sale;Реализация 1;-3;2025-11-01T09:30:00\n"
    "p1;w1;return;Возврат 1;1;2025-11-01T09:40:00\n"
)


@pytest.fixture
def base(warehouse: Warehouse, store: Store, tmp_path: Path) -> Base:
    return Base(warehouse, store, tmp_path, Terms(is_total_sum=True)).prepare()


def _proof(base: Base) -> Proof:
    keys = [int(str(row[0])) for row in base.ask("select message_key from journal.message")]
    return prove(base.warehouse, keys)


def _move(base: Base, lines: str, at: str = "10:00:00") -> None:
    (closed,) = base.send(HEAD.format(at, "changes") + MOVES + lines, name="movements.csv")
    assert ("closed", ()) == (closed.state, closed.refusals)


def test_totals_that_are_sums_agree_to_the_last_digit(base: Base) -> None:
    base.say(Said({"p1": {"": "0.3", "w1": "0.1", "w2": "0.2"}, "p2": {"w1": "7"}}))

    require_agreement(_proof(base))

    assert Proof() == _proof(base)


def test_a_total_that_is_no_sum_fails_the_run(base: Base) -> None:
    base.say(Said({"p1": {"": "0.30000001", "w1": "0.1", "w2": "0.2"}, "p2": {"": "1", "w1": "1"}}))

    proof = _proof(base)

    assert ["offer", "source", "network"] == [each.level for each in proof.disagreements]
    with pytest.raises(TotalsDisagreeError, match=r"base, p1: 0\.3 by warehouse, 0\.30000001"):
        require_agreement(proof)


def test_a_source_that_promised_nothing_is_not_held_to_it(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    base = Base(warehouse, store, tmp_path).prepare()
    base.say(Said({"p1": {"": "5", "w1": "1"}}))

    assert () == _proof(base).disagreements
    assert [("offer", False)] == base.ask(
        "select level, do_agree from core.stock_total where level = 'offer'"
    )


# What is told after the day's movements, and the mismatch that it makes (its difference, why).
CLOSINGS = {
    "as the movements make it": ({"w1": "13.5"}, []),
    "one too few": ({"w1": "12.5"}, [("-1", "the movements do not make it")]),
    "nothing": ({"w2": "1"}, [("None", "no quantity was told"), ("None", "no opening balance")]),
}


@pytest.mark.parametrize("case", CLOSINGS)
def test_opening_and_movements_make_the_closing(base: Base, case: str) -> None:
    figures, expected = CLOSINGS[case]
    _move(base, DAY)
    base.say(Said({"p1": figures}, is_full=False))

    found = [(str(each.difference), each.reason) for each in _proof(base).mismatches]

    assert expected == found


def test_what_moved_after_the_snapshot_does_not_count_yet(base: Base) -> None:
    base.say(Said({"p1": {"w1": "13.5"}}, minute=0))
    _move(base, DAY + "p1;w1;sale;Реализация 2;-4;2025-11-01T10:30:00\n", at="11:00:00")

    assert () == _proof(base).mismatches

    base.say(Said({"p1": {"w1": "13.5"}}, minute=50))

    assert [Decimal(4)] == [each.difference for each in _proof(base).mismatches]


def test_a_corrected_movement_is_another_row_and_the_old_one_stays(base: Base) -> None:
    _move(base, DAY)
    _move(base, DAY.replace(";-3;", ";-4;"), at="10:01:00")

    assert [("-3", False), ("-4", True)] == base.ask(
        "select trim_scale(quantity)::text, recorded_to = 'infinity' from core.stock_movement"
        " where kind = 'sale' order by recorded_from"
    )
    assert [(4,)] == base.ask(
        "select count(*) from core.stock_movement where recorded_to = 'infinity'"
    )


def test_the_second_time_no_movement_is_written(base: Base) -> None:
    _move(base, DAY)
    before = base.ask("select to_jsonb(stock_movement)::text, xmin::text from core.stock_movement")

    _move(base, DAY, at="10:05:00")

    assert before == base.ask(
        "select to_jsonb(stock_movement)::text, xmin::text from core.stock_movement"
    )


def test_a_movement_of_what_nobody_knows_waits_for_it(base: Base) -> None:
    text = HEAD.format("10:00:00", "changes") + MOVES
    (closed,) = base.send(
        text + "p9;w1;sale;1;-1;2025-11-01\np1;w9;sale;1;-1;2025-11-01\n", name="movements.csv"
    )

    assert [("REF_MISSING", 2)] == [(cause, number) for cause, _, number in closed.refusals]
