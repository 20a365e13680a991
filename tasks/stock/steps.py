"""The steps of the stock exchange as Prefect shows them. Each may run twice."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.loads import TABLES, File, NotLoadedError, fetch_file
from tasks.journal.presets import WORTH_ANOTHER_TRY
from tasks.journal.steps import leave_artifact
from tasks.journal.summary import Summary
from tasks.model.messages import Closed
from tasks.stock.approvals import Decision, decide_price
from tasks.stock.loads import Loaded
from tasks.stock.looking import Seen, look
from tasks.stock.totals import Proof, prove


@task(name="look-back", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def look_back(
    base: str, delivery_keys: Sequence[int], warehouse: Warehouse, store: Store
) -> Seen:
    """Find what the round changed at portals, how long it took, and how both sides stand."""
    return await asyncio.to_thread(look, warehouse, store, base, delivery_keys)


@task(name="prove-stock", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def prove_stock(closed: Sequence[Closed], warehouse: Warehouse) -> Proof:
    """Compare totals with their parts and movements with what is told, where any came."""
    keys = [message.message_key for message in closed]
    return await asyncio.to_thread(prove, warehouse, keys)


@task(name="load-file", task_run_name="{name}", cache_policy=NO_CACHE)
async def load_file(
    name: str,
    load: Callable[[File], Loaded],
    signed: tuple[str, str],
    store: Store,
    endings: Collection[str] = TABLES,
) -> Loaded | str:
    """Load a file that a person signs: (place, person); return the sentence why nothing was."""
    place, person = signed
    try:
        file = await asyncio.to_thread(fetch_file, place, person, store, endings)
        loaded = await asyncio.to_thread(load, file)
    except NotLoadedError as fault:
        await leave_artifact(Summary(name, title=f"{name}: nothing was loaded", note=f"{fault}"))
        return str(fault)
    await leave_artifact(Summary(name, title=f"{name}: {loaded}", note=loaded.note))
    return loaded


@task(name="decide-price", cache_policy=NO_CACHE)
async def decide(proposal_key: int, decision: Decision, warehouse: Warehouse) -> tuple[bool, str]:
    """Decide a proposal by hand; say whether that could be done, and what is so now."""
    try:
        said = await asyncio.to_thread(decide_price, warehouse, proposal_key, decision)
    except NotLoadedError as fault:
        await leave_artifact(Summary("approve-price", title=f"approve-price: {fault}"))
        return False, str(fault)
    await leave_artifact(Summary("approve-price", title=f"approve-price: {said}"))
    return True, said
