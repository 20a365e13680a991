"""A portal's round: settle what is in doubt, form what changed, send what waits, verify.

Portals are strangers: each has its own lease, backlog and channel, and one that is down keeps no
other waiting.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol, cast

from blocks.outbound import PortalSilentError
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.lease import BusyError, claim
from tasks.journal.runs import recorded_run, this_process
from tasks.publication import steps
from tasks.publication.delivering import Sent
from tasks.publication.desk import EXCHANGE, Desk
from tasks.publication.differences import Verified
from tasks.publication.forming import Formed
from tasks.publication.targets import Published, Target

_AT_ONCE = 8

log = logging.getLogger(__name__)


class Steps(Protocol):
    """What a round is made of: Prefect's tasks, or the bare functions under them."""

    async def settle_doubts(self, target: Target, desk: Desk, /) -> list[Sent]:
        """Ask about what is in doubt."""

    async def form_package(self, target: Target, desk: Desk, /) -> Formed | None:
        """Form a package of what changed."""

    async def send_package(self, target: Target, desk: Desk, /) -> Sent | None:
        """Send the oldest package that waits."""

    async def verify_portal(self, target: Target, desk: Desk, /) -> Verified | None:
        """Compare with what the portal shows."""


PREFECT_STEPS = cast("Steps", steps)


async def publish_all(
    targets: Sequence[Target], warehouse: Warehouse, store: Store, via: Steps = PREFECT_STEPS
) -> Published:
    """Publish to all portals, several at once; the fault of one does not stop the others."""
    published = Published()
    lid = asyncio.Semaphore(_AT_ONCE)

    async def publish(target: Target) -> None:
        async with lid:
            try:
                await publish_to(target, warehouse, store, published, via)
            except BusyError as busy:
                log.info("%s; it publishes to %s", busy, target.portal.name)
            except Exception as fault:
                log.exception("%s stopped; the other portals go on", target.portal.name)
                published.failures[target.portal.name] = f"{type(fault).__name__}: {fault}"

    await asyncio.gather(*map(publish, targets))
    return published


async def verify_all(
    targets: Sequence[Target], warehouse: Warehouse, store: Store, via: Steps = PREFECT_STEPS
) -> Published:
    """Ask all portals that can be asked what they hold; one's fault does not stop the others."""
    published = Published()
    for target in targets:
        try:
            with claim(warehouse, target.portal.partner_key, EXCHANGE, this_process()) as lease:
                desk = Desk(target.portal, lease, warehouse, store)
                # A slow portal is read for longer than a run may be silent.
                async with lease.beating(warehouse):
                    if verified := await via.verify_portal(target, desk):
                        published.verified.append(verified)
        except BusyError as busy:
            log.info("%s; it verifies %s", busy, target.portal.name)
        except Exception as fault:
            log.exception("%s could not be verified; the other portals are", target.portal.name)
            published.failures[target.portal.name] = f"{type(fault).__name__}: {fault}"
    return published


async def publish_to(
    target: Target,
    warehouse: Warehouse,
    store: Store,
    published: Published,
    via: Steps = PREFECT_STEPS,
) -> None:
    """Make one portal's round. Raises BusyError when another run is at it."""
    holder, key = this_process(), target.portal.partner_key
    with (
        claim(warehouse, key, EXCHANGE, holder) as lease,
        recorded_run(warehouse, lease, holder) as run,
    ):
        async with lease.beating(warehouse):
            desk = Desk(target.portal, lease, warehouse, store)
            await _make_round(target, desk, published, via)
        run.summary |= {"sent": len(published.sent)}


async def _make_round(target: Target, desk: Desk, published: Published, via: Steps) -> None:
    published.sent += await via.settle_doubts(target, desk)
    if formed := await via.form_package(target, desk):
        published.formed.append(formed)
    heard: list[Sent] = []
    while sent := await via.send_package(target, desk):
        heard.append(sent)
        if sent.outcome != "delivered":
            break
    published.sent += heard
    is_there = all(each.outcome == "delivered" and each.is_final for each in heard)
    may_ask = is_there and (heard or target.is_asked)
    if not may_ask:
        return
    try:
        if verified := await via.verify_portal(target, desk):
            published.verified.append(verified)
    except PortalSilentError as silence:
        # What was acknowledged is; the next round, or the hour, asks again.
        published.unasked[target.portal.name] = str(silence)
