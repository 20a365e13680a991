"""The operator's deeds as Prefect shows them: each leaves an artifact that says what was done."""

import asyncio
from typing import Any

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE

from blocks.partner import Partner, list_partner_names
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.admission import admit_partners
from tasks.journal.again import (
    open_refusals,
    replay_message,
    replay_refusals,
    salvage_message,
    waive_refusals,
)
from tasks.operate.tracing import trace_cell
from tasks.operate.watching import find_overdue


@task(name="queue-replay", cache_policy=NO_CACHE)
async def queue_replay(
    warehouse: Warehouse, message_key: int | None, partner: str | None, cause: str | None
) -> list[int]:
    """Queue a message, or the open refusals of a partner's cause; return the new messages."""
    if message_key is not None:
        queued = await asyncio.to_thread(replay_message, warehouse, message_key)
    elif partner and cause:
        queued = await asyncio.to_thread(replay_refusals, warehouse, partner, cause)
    else:
        message = "give a message, or a partner with a cause"
        raise ValueError(message)
    await _say("replay", f"Queued messages {queued}; the catalog run takes them now.")
    return queued


@task(name="queue-salvage", cache_policy=NO_CACHE)
async def queue_salvage(warehouse: Warehouse, message_key: int) -> list[int]:
    """Queue the whole records of a cut file; return the new message."""
    queued = await asyncio.to_thread(salvage_message, warehouse, message_key)
    await _say("salvage", f"Queued message {queued[0]}: the whole records of {message_key}.")
    return queued


@task(name="waive-refusals", cache_policy=NO_CACHE)
async def waive_open_refusals(
    warehouse: Warehouse, partner: str, cause: str, person: str, why: str
) -> int:
    """Close the open refusals of a cause in a person's name; return how many."""
    keys = await asyncio.to_thread(open_refusals, warehouse, partner, cause)
    waived = await asyncio.to_thread(waive_refusals, warehouse, keys, person, why)
    await _say("waive", f"{person} closed {waived} refusals {cause} of {partner}: {why}")
    return waived


@task(name="trace-cell", cache_policy=NO_CACHE)
async def trace_value(
    warehouse: Warehouse, store: Store, partner: str, table: str, key: str, column: str
) -> dict[str, Any]:
    """Find the file, bytes and text a value came from."""
    found = await asyncio.to_thread(trace_cell, warehouse, store, partner, table, key, column)
    await _say("trace", found.as_markdown())
    return found.as_json()


@task(name="admit-partners", cache_policy=NO_CACHE)
async def admit_all(warehouse: Warehouse) -> int:
    """Make the journal know all Partner blocks; return how many rows changed."""
    partners = [await Partner.aload(name) for name in await list_partner_names()]
    return await asyncio.to_thread(admit_partners, partners, warehouse)


@task(name="find-overdue", cache_policy=NO_CACHE)
async def list_overdue(warehouse: Warehouse, hours: int) -> list[str]:
    """Say in sentences what is late; leave them as an artifact."""
    overdue = await asyncio.to_thread(find_overdue, warehouse, hours)
    await _say("watch", "\n".join(f"* {line}" for line in overdue) or "Nothing is late.")
    return overdue


async def _say(key: str, markdown: str) -> None:
    await acreate_markdown_artifact(markdown, key=key)
