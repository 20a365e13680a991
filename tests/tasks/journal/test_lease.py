"""Who may write: one run at a time, the newest one, and never one that woke up too late."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from blocks.warehouse import Warehouse
from tasks.journal.lease import BusyError, FencedError, Lease, claim
from tests.blocks.gateway.relay import Relay
from tests.blocks.gateway.serving import until
from tests.conftest import Services
from tests.tasks.catalog.plain import know_partner

_NOTICED_WITHIN_S = 120
_HOLDER = """
import sys, time
from pydantic import SecretStr
from blocks.warehouse import Warehouse
from tasks.journal.lease import claim
with claim(Warehouse(url=SecretStr(sys.argv[1])), int(sys.argv[2]), "catalog", "other") as lease:
    print(lease.epoch, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def partner(warehouse: Warehouse) -> int:
    return know_partner(warehouse).partner_key


@pytest.fixture
def other_run(warehouse: Warehouse, partner: int) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-c", _HOLDER, warehouse.url.get_secret_value(), str(partner)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == "1"
        yield run
        run.kill()


def _age_lease(owner: Warehouse, seconds: int) -> None:
    with owner.transaction("age") as transaction:
        transaction.execute_compiled(
            "update journal.lease set renewed_at = now() - make_interval(secs => :seconds)",
            seconds=seconds,
        )


def _age_s(owner: Warehouse) -> float:
    with owner.transaction("ask") as transaction:
        rows = transaction.execute_compiled(
            "select extract(epoch from clock_timestamp() - renewed_at)::float8 as age_s"
            " from journal.lease"
        )
    return float(rows[0]["age_s"])


def _claim_soon(warehouse: Warehouse, partner: int) -> int:
    """Claim as soon as PostgreSQL notices that the killed holder hung up; return the epoch."""
    until = time.monotonic() + _NOTICED_WITHIN_S
    while True:
        try:
            with claim(warehouse, partner, "catalog", "next") as lease:
                return lease.epoch
        except BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _write(lease: Lease, warehouse: Warehouse) -> None:
    with lease.writing(warehouse, "write") as transaction:
        transaction.run(
            "move_checkpoint",
            partner_key=lease.partner_key,
            exchange="catalog",
            name="test",
            position=lease.epoch,
            message_key=None,
        )


def test_a_second_run_finds_the_first_one_busy(
    warehouse: Warehouse, partner: int, other_run: subprocess.Popen[str]
) -> None:
    with pytest.raises(BusyError), claim(warehouse, partner, "catalog", "second"):
        pass

    assert other_run.poll() is None


def test_a_killed_run_blocks_nobody(
    warehouse: Warehouse, partner: int, other_run: subprocess.Popen[str]
) -> None:
    other_run.kill()
    other_run.wait()

    assert _claim_soon(warehouse, partner) == 2


def test_a_run_that_ends_leaves_the_lease_free_at_once(warehouse: Warehouse, partner: int) -> None:
    for epoch in range(1, 101):
        with claim(warehouse, partner, "catalog", "one after another") as lease:
            assert lease.epoch == epoch


def test_a_frozen_run_is_overtaken_and_cannot_write_when_it_wakes(
    warehouse: Warehouse, owner_warehouse: Warehouse, partner: int, other_run: subprocess.Popen[str]
) -> None:
    frozen = Lease(partner, "catalog", 1)
    os.kill(other_run.pid, signal.SIGSTOP)
    _age_lease(owner_warehouse, 600)

    with claim(warehouse, partner, "catalog", "successor") as lease:
        _write(lease, warehouse)
        with pytest.raises(FencedError):
            _write(frozen, warehouse)

    os.kill(other_run.pid, signal.SIGCONT)


async def test_a_heart_beats_on_after_the_warehouse_was_away(
    services: Services, warehouse: Warehouse, owner_warehouse: Warehouse, partner: int
) -> None:
    wire = Relay(urlsplit(services.settings.admin_url).port or 0)
    address = urlsplit(warehouse.url.get_secret_value())
    over = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{wire.port}")
    with claim(warehouse, partner, "catalog", "run") as lease:
        async with lease.beating(Warehouse(url=SecretStr(over.geturl())), every_s=0.05):
            wire.cut()
            await asyncio.sleep(1)  # some beats fail, however slow the machine
            _age_lease(owner_warehouse, 100)
            wire.mend()
            await asyncio.to_thread(until, lambda: _age_s(owner_warehouse) < 100)
    wire.cut()


async def test_a_heart_stops_when_a_newer_run_has_taken_over(
    warehouse: Warehouse, owner_warehouse: Warehouse, partner: int
) -> None:
    with claim(warehouse, partner, "catalog", "run") as lease:
        async with lease.beating(warehouse, every_s=0.05):
            with owner_warehouse.transaction("overtake") as transaction:
                transaction.execute_compiled("update journal.lease set epoch = epoch + 1")
            await asyncio.wait_for(_stopped("heart of catalog"), 60)


async def _stopped(name: str) -> None:
    """Wait for the end of a task; what it ended with is raised."""
    await next(each for each in asyncio.all_tasks() if each.get_name().startswith(name))


def test_a_lease_is_not_given_back_while_messages_wait(warehouse: Warehouse, partner: int) -> None:
    with claim(warehouse, partner, "catalog", "run") as lease:
        with warehouse.transaction("send") as transaction:
            transaction.one(
                "insert_message",
                partner="base",
                exchange="catalog",
                sha256=bytes(32),
                size=0,
                object_key="raw/00/00",
                file_name="import.xml",
            )

        assert not lease.release(warehouse)
