"""Effects outside: planned once, sent in order, never again on a guess."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from blocks.warehouse import NotOneRowError, Warehouse
from tasks.journal.deliveries import (
    Arrived,
    Ended,
    NotInDoubtError,
    Plan,
    doubt_orphans,
    end_delivery,
    plan_delivery,
    settle_asked,
    settle_delivery,
    start_delivery,
)
from tasks.journal.lease import FencedError, Lease, claim
from tests.tasks.catalog.plain import know_partner

_ASK = "select state, question, answer from journal.delivery order by delivery_key"


@pytest.fixture
def lease(warehouse: Warehouse) -> Iterator[Lease]:
    with claim(warehouse, know_partner(warehouse).partner_key, "publication", "test") as lease:
        yield lease


def _plan(warehouse: Warehouse, lease: Lease, *keys: str) -> list[bool]:
    with warehouse.transaction("plan") as transaction:
        return [bool(plan_delivery(transaction, lease, Plan("notice", key))) for key in keys]


def _start(warehouse: Warehouse, lease: Lease) -> int:
    started = start_delivery(warehouse, lease, is_asked=True)
    assert started is not None
    return started.delivery_key


def _end(warehouse: Warehouse, lease: Lease, state: str) -> int:
    key = _start(warehouse, lease)
    end_delivery(warehouse, lease, key, Ended(state, "said so", "is it there?"))
    return key


def _states(warehouse: Warehouse) -> list[str]:
    with warehouse.transaction("ask") as transaction:
        return [row["state"] for row in transaction.execute_compiled(_ASK)]


def test_an_effect_is_planned_once(warehouse: Warehouse, lease: Lease) -> None:
    assert [True, False, True] == _plan(warehouse, lease, "a", "a", "b")


def test_what_is_planned_goes_in_order_one_after_the_other(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "b", "a")

    started = [start_delivery(warehouse, lease) for _ in range(2)]

    assert ["b", None] == [each and each.idempotency_key for each in started]


def test_the_next_goes_when_the_one_before_was_delivered(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "b", "a")
    _end(warehouse, lease, "delivered")

    started = start_delivery(warehouse, lease)

    assert "a" == (started and started.idempotency_key)


@pytest.mark.parametrize("state", ["failed", "in_doubt"])
def test_nothing_overtakes_what_was_not_delivered(
    warehouse: Warehouse, lease: Lease, state: str
) -> None:
    _plan(warehouse, lease, "a", "b")
    _end(warehouse, lease, state)

    assert start_delivery(warehouse, lease) is None


def test_what_failed_goes_again_at_once_when_a_person_asks(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "a")
    _end(warehouse, lease, "failed")

    again = start_delivery(warehouse, lease, is_asked=True)

    assert again is not None
    assert ("a", 2) == (again.idempotency_key, again.attempts)


def test_a_portal_that_was_away_for_months_is_sent_to_when_it_is_back(
    warehouse: Warehouse, owner_warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "a")
    _end(warehouse, lease, "failed")
    with owner_warehouse.transaction("age") as transaction:
        transaction.execute_compiled(
            "update journal.delivery set attempts = 2000, ended_at = now() - interval '61 minutes'"
        )

    started = start_delivery(warehouse, lease)

    assert 2001 == (started and started.attempts)


def test_what_a_dead_run_was_sending_is_in_doubt_and_not_sent_again(warehouse: Warehouse) -> None:
    partner_key = know_partner(warehouse).partner_key
    with claim(warehouse, partner_key, "publication", "dead") as lease:
        _plan(warehouse, lease, "a")
        key = _start(warehouse, lease)
    with claim(warehouse, partner_key, "publication", "next") as successor:
        doubted = doubt_orphans(warehouse, successor, "is it there?")

        assert [key] == doubted
        assert start_delivery(warehouse, successor, is_asked=True) is None
        assert ["in_doubt"] == _states(warehouse)


def test_an_answer_heard_before_a_newer_run_took_over_settles_nothing(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "a")
    key = _end(warehouse, lease, "in_doubt")
    frozen = replace(lease, epoch=lease.epoch - 1)

    with pytest.raises(FencedError):
        settle_asked(warehouse, frozen, key, Arrived.FAILED, "it is not there")

    assert ["in_doubt"] == _states(warehouse)


def test_an_outcome_is_written_once(warehouse: Warehouse, lease: Lease) -> None:
    _plan(warehouse, lease, "a")
    key = _end(warehouse, lease, "delivered")

    with pytest.raises(NotOneRowError):
        end_delivery(warehouse, lease, key, Ended("failed", "late"))


@pytest.mark.parametrize(
    ("arrived", "state"),
    [(Arrived.DELIVERED, "resolved"), (Arrived.FAILED, "failed"), (Arrived.DROPPED, "resolved")],
)
def test_a_person_settles_what_is_in_doubt(
    warehouse: Warehouse, lease: Lease, arrived: Arrived, state: str
) -> None:
    _plan(warehouse, lease, "a")
    key = _end(warehouse, lease, "in_doubt")

    settled = settle_delivery(warehouse, key, arrived, person="Anna", why="I looked")

    assert state == settled
    with warehouse.transaction("ask") as transaction:
        row = transaction.execute_compiled(_ASK)[0]
    assert "" == row["question"]
    assert row["answer"].endswith("Anna: I looked")


@pytest.mark.parametrize("arrived", list(Arrived))
def test_what_was_delivered_cannot_be_settled(
    warehouse: Warehouse, lease: Lease, arrived: Arrived
) -> None:
    _plan(warehouse, lease, "a")
    key = _end(warehouse, lease, "delivered")

    with pytest.raises(NotInDoubtError, match="is delivered: there is nothing to settle"):
        settle_delivery(warehouse, key, arrived, person="Anna", why="I looked")


def test_what_waits_can_be_given_up(warehouse: Warehouse, lease: Lease) -> None:
    _plan(warehouse, lease, "a", "b")
    key = _end(warehouse, lease, "failed")

    settle_delivery(warehouse, key, Arrived.DROPPED, person="Anna", why="no use")

    started = start_delivery(warehouse, lease)
    assert "b" == (started and started.idempotency_key)
