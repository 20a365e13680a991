"""The catalog's steps without Prefect: the bare functions under the tasks."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

from blocks.store import Store
from blocks.warehouse import Warehouse
from expectations.verdict import Engine, Verdict
from tasks.catalog import road, steps
from tasks.catalog.judging import judge
from tasks.catalog.workplace import Workplace
from tasks.journal.archive import file_message
from tasks.model.messages import Closed, Message, Terms
from tasks.model.partners import DuePartner


async def _judge(message: Message, at: Workplace) -> Verdict:
    """Judge by SQL: Great Expectations takes seconds, and that both are equal has its own test."""
    return judge(message, at, Engine.SQL)


USUAL = Terms()
STEPS = SimpleNamespace(
    judge_message=_judge,
    decode_message=steps.decode_message.fn,
    close_message=steps.close_message.fn,
    refuse_message=steps.refuse_message.fn,
    unpack_message=steps.unpack_message.fn,
    attach_message=steps.attach_message.fn,
    withdraw_absent=steps.withdraw_absent.fn,
)


def take_files(
    warehouse: Warehouse, store: Store, *files: Path, partner: str = "base", terms: Terms = USUAL
) -> list[Closed]:
    """File these files in order for a partner and take them as a run would."""
    due = know_partner(warehouse, partner, terms)
    for file in files:
        file_message(partner, file, warehouse, store)
    return take_waiting(warehouse, store, due)


def take_waiting(warehouse: Warehouse, store: Store, due: DuePartner) -> list[Closed]:
    """Take whatever waits for a partner."""
    return asyncio.run(road.drain_partner(due, warehouse, store, 0, STEPS))


def does_wait(warehouse: Warehouse) -> bool:
    """Say whether anything waits: a run that finds nothing costs a lease and two rows."""
    with warehouse.transaction("ask") as transaction:
        return bool(
            transaction.execute_compiled(
                "select 1 from journal.message where state = 'received' limit 1"
            )
        )


def know_partner(warehouse: Warehouse, partner: str = "base", terms: Terms = USUAL) -> DuePartner:
    """Make an active partner known."""
    with warehouse.transaction("partner") as transaction:
        transaction.run(
            "upsert_partner",
            name=partner,
            time_zone=terms.time_zone,
            state="active",
            settings=terms.as_json(),
        )
        key = transaction.one("select_partner", name=partner)["partner_key"]
    return DuePartner(key, partner, terms)
