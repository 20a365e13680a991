"""The steps of the stock exchange as Prefect shows them. Each may run twice."""

import asyncio
from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.presets import WORTH_ANOTHER_TRY
from tasks.stock.looking import Seen, look


@task(name="look-back", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def look_back(
    base: str, delivery_keys: Sequence[int], warehouse: Warehouse, store: Store
) -> Seen:
    """Find what the round changed at portals, how long it took, and how both sides stand."""
    return await asyncio.to_thread(look, warehouse, store, base, delivery_keys)
