"""The road of a partner's messages: claim, take one after the other, linger, release."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from blocks.store import Store
from blocks.warehouse import Warehouse
from expectations.verdict import Verdict
from tasks.catalog import steps
from tasks.catalog.closing import drop_leftovers
from tasks.catalog.portions import is_picture
from tasks.catalog.workplace import Workplace
from tasks.formats.zipped import looks_zipped
from tasks.journal.again import replay_answered
from tasks.journal.lease import BusyError, Lease, claim
from tasks.journal.messages import next_message
from tasks.journal.runs import recorded_run, this_process
from tasks.journal.summary import Summary
from tasks.model.causes import FileFaultError
from tasks.model.messages import Closed, Message
from tasks.model.partners import DuePartner

EXCHANGE = "catalog"
_POLL_S = 0.5

log = logging.getLogger(__name__)


class Steps(Protocol):
    """What a message is taken by: Prefect's tasks, or the bare functions under them."""

    async def attach_message(self, message: Message, at: Workplace, /) -> Closed:
        """File a picture."""

    async def unpack_message(self, message: Message, at: Workplace, /) -> Closed:
        """File an archive."""

    async def decode_message(self, message: Message, at: Workplace, /) -> FileFaultError | None:
        """Read the file into staging."""

    async def judge_message(self, message: Message, at: Workplace, /) -> Verdict:
        """Mark what may not enter."""

    async def close_message(self, message: Message, verdict: Verdict, at: Workplace, /) -> Closed:
        """Merge and close."""

    async def refuse_message(self, message: Message, at: Workplace, /) -> Closed:
        """Close a file that cannot be taken."""

    async def withdraw_absent(self, at: Workplace, /) -> str:
        """Withdraw what a whole export lacks."""


PREFECT_STEPS = cast("Steps", steps)


@dataclass(slots=True)
class Drained:
    """What was taken for some partners, and what stopped the others."""

    closed: list[Closed] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # partner: the fault in a sentence


async def drain_partners(
    partners: Sequence[DuePartner],
    warehouse: Warehouse,
    store: Store,
    linger_s: int,
    via: Steps = PREFECT_STEPS,
) -> Drained:
    """Take all messages that wait for these partners; the fault of one does not stop the others."""
    drained = Drained()
    for due in partners:
        try:
            async for closed in _drain(due, warehouse, store, linger_s, via):
                drained.closed.append(closed)
        except Exception as fault:
            log.exception("%s stopped; its messages wait, the other partners go on", due.name)
            drained.failures[due.name] = f"{type(fault).__name__}: {fault}"
    return drained


async def drain_partner(
    due: DuePartner, warehouse: Warehouse, store: Store, linger_s: int, via: Steps = PREFECT_STEPS
) -> list[Closed]:
    """Take all messages that wait for a partner; none when another run is at it already.

    `via` are the steps to take them by: Prefect's tasks, or the bare functions under them.
    """
    return [closed async for closed in _drain(due, warehouse, store, linger_s, via)]


async def _drain(
    due: DuePartner, warehouse: Warehouse, store: Store, linger_s: int, via: Steps
) -> AsyncIterator[Closed]:
    holder = this_process()
    closed = []
    try:
        with (
            claim(warehouse, due.partner_key, EXCHANGE, holder) as lease,
            recorded_run(warehouse, lease, holder) as run,
        ):
            at = Workplace(due.terms, lease, warehouse, store)
            drop_leftovers(at)
            async with lease.beating(warehouse):
                async for message in _take_all(at, linger_s, via):
                    log.info("%s", message)
                    closed.append(message)
                    yield message
            run.summary |= Summary(EXCHANGE, closed).as_json()
    except BusyError as busy:
        log.info("%s; it takes what waits for %s", busy, due.name)


async def take_message(message: Message, at: Workplace, via: Steps = PREFECT_STEPS) -> Closed:
    """Take one message along the whole road, by the kind of its bytes."""
    if is_picture(message.file_name):
        return await via.attach_message(message, at)
    if looks_zipped(at.store.get_range(message.object_key, 0, min(4, message.size))):
        return await via.unpack_message(message, at)
    fault = await via.decode_message(message, at)
    if fault is not None and not message.is_salvage:
        return await via.refuse_message(message, at)
    verdict = await via.judge_message(message, at)
    if verdict.stops:
        return await via.refuse_message(message, at)
    return await via.close_message(message, verdict, at)


async def _take_all(at: Workplace, linger_s: int, via: Steps) -> AsyncIterator[Closed]:
    has_taken = False
    while True:
        while message := next_message(at.warehouse, at.lease):
            yield await take_message(message, at, via)
            has_taken = True
        if has_taken and replay_answered(at.warehouse, at.lease):
            continue
        if await _more_comes(at, linger_s):
            continue
        if absent := await via.withdraw_absent(at):
            log.info("%s", absent)
        if at.lease.release(at.warehouse):
            return


async def _more_comes(at: Workplace, linger_s: int) -> bool:
    """Wait for the next file while 1C's session is open; say whether one came."""
    for _ in range(int(linger_s / _POLL_S)):
        if next_message(at.warehouse, at.lease):
            return True
        if not _is_session_alive(at.warehouse, at.lease, linger_s):
            return False
        await asyncio.sleep(_POLL_S)
    return False


def _is_session_alive(warehouse: Warehouse, lease: Lease, within_s: int) -> bool:
    with warehouse.transaction("select_session") as transaction:
        row = transaction.one("is_session_alive", partner_key=lease.partner_key, within_s=within_s)
    return bool(row["is_alive"])
