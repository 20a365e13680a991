"""Effects outside: planned once, never sent again on a guess."""

from collections.abc import Iterator

import pytest

from blocks.warehouse import NotOneRowError, Warehouse
from tasks.journal.deliveries import (
    Plan,
    doubt_orphans,
    end_delivery,
    plan_delivery,
    start_deliveries,
)
from tasks.journal.lease import Lease, claim
from tests.tasks.catalog.plain import know_partner


@pytest.fixture
def lease(warehouse: Warehouse) -> Iterator[Lease]:
    with claim(warehouse, know_partner(warehouse).partner_key, "catalog", "test") as lease:
        yield lease


def _plan(warehouse: Warehouse, lease: Lease, *keys: str) -> list[bool]:
    with warehouse.transaction("plan") as transaction:
        return [plan_delivery(transaction, lease, Plan("notice", key)) for key in keys]


def _states(warehouse: Warehouse) -> list[str]:
    with warehouse.transaction("ask") as transaction:
        rows = transaction.execute_compiled("select state from journal.delivery order by 1")
    return [row["state"] for row in rows]


def test_an_effect_is_planned_once(warehouse: Warehouse, lease: Lease) -> None:
    assert [True, False, True] == _plan(warehouse, lease, "a", "a", "b")


def test_what_is_planned_is_started_in_order(warehouse: Warehouse, lease: Lease) -> None:
    _plan(warehouse, lease, "b", "a")

    assert ["b", "a"] == [each.idempotency_key for each in start_deliveries(warehouse, lease)]
    assert [] == start_deliveries(warehouse, lease)


def test_what_failed_is_started_again_and_what_was_delivered_is_not(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "a", "b")
    first, second = start_deliveries(warehouse, lease)
    end_delivery(warehouse, lease, first.delivery_key, state="failed", answer="503")
    end_delivery(warehouse, lease, second.delivery_key, state="delivered", answer="ok")

    assert [("a", 2)] == [
        (each.idempotency_key, each.attempts) for each in start_deliveries(warehouse, lease)
    ]


def test_what_a_dead_run_was_sending_is_in_doubt_and_not_sent_again(
    warehouse: Warehouse, lease: Lease
) -> None:
    _plan(warehouse, lease, "a")
    start_deliveries(warehouse, lease)

    with claim(warehouse, lease.partner_key, "other", "x"):
        pass
    with warehouse.transaction("die") as transaction:
        transaction.execute_compiled("update journal.lease set epoch = epoch + 1")
    successor = Lease(lease.partner_key, lease.exchange, lease.epoch + 1)

    assert 1 == doubt_orphans(warehouse, successor)
    assert [] == start_deliveries(warehouse, successor)
    assert ["in_doubt"] == _states(warehouse)


def test_an_outcome_is_written_once(warehouse: Warehouse, lease: Lease) -> None:
    _plan(warehouse, lease, "a")
    (started,) = start_deliveries(warehouse, lease)
    end_delivery(warehouse, lease, started.delivery_key, state="delivered", answer="ok")

    with pytest.raises(NotOneRowError):
        end_delivery(warehouse, lease, started.delivery_key, state="failed", answer="no")
