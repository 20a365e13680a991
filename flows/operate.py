"""What an operator starts by hand from the UI: replay, trace, waive, salvage, admit, watch."""

from enum import StrEnum
from typing import Any

from prefect import flow
from prefect.deployments import arun_deployment

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.causes import Cause
from tasks.operate import steps

# The form shows a list to choose from, so nobody has to type a code.
CauseCode = StrEnum("CauseCode", {cause.name: cause.name for cause in Cause})


class Table(StrEnum):
    """Tables of the warehouse whose cells can be traced."""

    PRODUCT = "product"
    PRODUCT_GROUP = "product_group"
    PROPERTY = "property"
    OFFER = "offer"
    PRICE = "price"
    STOCK = "stock"
    PRICE_TYPE = "price_type"
    WAREHOUSE = "warehouse"


class OverdueError(RuntimeError):
    """Something is late; the run fails so that the alert goes out."""


@flow(flow_run_name="replay")
async def replay(
    message_key: int | None = None,
    partner: str | None = None,
    cause: CauseCode | None = None,  # type: ignore[valid-type]
) -> list[int]:
    """Take a message again as it was, or drive the open refusals of a cause again.

    Give either a message, or a partner with a cause. Refusals are driven once, in their old order;
    what is refused again is a new refusal.

    Args:
        message_key: Number of the message to take again whole, from the run's artifact.
        partner: Name of the partner whose refusals are driven again.
        cause: The cause that has gone; exactly its open refusals are driven again.
    """
    warehouse = await Warehouse.aload("main")
    queued = await steps.queue_replay(warehouse, message_key, partner, cause)
    await arun_deployment("catalog/catalog", parameters={"partner": partner}, timeout=0)
    return queued


@flow(flow_run_name="salvage-{message_key}")
async def salvage(message_key: int) -> list[int]:
    """Take the whole records of a file that was refused because it is cut. Never deletes.

    Args:
        message_key: Number of the refused message, from the run's artifact.
    """
    warehouse = await Warehouse.aload("main")
    queued = await steps.queue_salvage(warehouse, message_key)
    await arun_deployment("catalog/catalog", timeout=0)
    return queued


@flow(flow_run_name="waive-{partner}-{cause}")
async def waive(partner: str, cause: CauseCode, person: str, why: str) -> int:  # type: ignore[valid-type]
    """Close the open refusals of a cause for good, in the name of a person.

    Args:
        partner: Name of the partner whose refusals are closed.
        cause: The cause whose open refusals are closed.
        person: Who decides this, by name; it is kept for ever.
        why: The reason, in a sentence; it is kept for ever.
    """
    warehouse = await Warehouse.aload("main")
    return await steps.waive_open_refusals(warehouse, partner, cause, person, why)


@flow(flow_run_name="trace-{table}-{key}")
async def trace(partner: str, table: Table, key: str, column: str) -> dict[str, Any]:
    """Show where a value came from: the file, the bytes, the text that stands there.

    Args:
        partner: Name of the partner whose catalog is asked.
        table: Table of the warehouse (schema core).
        key: The sender's Ид. Of a price: offer|price type|unit|least quantity, of stock:
            offer|warehouse.
        column: Column of that table.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    return await steps.trace_value(warehouse, store, partner, table.value, key, column)


@flow(flow_run_name="admit")
async def admit() -> int:
    """Make the journal and the gateway know the Partner blocks as they are now.

    Run it after you added or changed a partner; it also runs every ten minutes.
    """
    return await steps.admit_all(await Warehouse.aload("main"))


@flow(flow_run_name="watch")
async def watch(hours: int = 24) -> None:
    """Fail when a partner sent nothing or a refusal has been open for too long.

    Args:
        hours: How long an active partner may be silent, and a refusal open.
    """
    if overdue := await steps.list_overdue(await Warehouse.aload("main"), hours):
        raise OverdueError("; ".join(overdue))
