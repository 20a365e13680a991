"""What an operator starts by hand from the UI: replay, trace, waive, salvage, confirm, drop."""

from dataclasses import asdict
from enum import StrEnum
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog.steps import load_customer_tree, tell_portals
from tasks.journal.steps import NotDone
from tasks.model.causes import Cause
from tasks.operate import steps
from tasks.operate.tracing import Cell

# The form shows a list to choose from, so nobody has to type a code.
CauseCode = StrEnum("CauseCode", {each.name: each.name for each in Cause})  # type: ignore[misc]
_WHOLE = "none: a whole message"
CauseOrNone = StrEnum(  # type: ignore[misc]
    "CauseOrNone", {"NONE": _WHOLE, **{each.name: each.name for each in Cause}}
)
_NO_CAUSE = CauseOrNone(_WHOLE)


class Table(StrEnum):
    """Tables of the warehouse whose cells can be traced."""

    PRODUCT = "product"
    PRODUCT_GROUP = "product_group"
    PROPERTY = "property"
    CATEGORY = "category"
    UNIT = "unit"
    OFFER = "offer"
    PRICE = "price"
    STOCK = "stock"
    STOCK_MOVEMENT = "stock_movement"
    PRICE_TYPE = "price_type"
    WAREHOUSE = "warehouse"


class OverdueError(RuntimeError):
    """Something is late; the run fails so that the alert goes out."""


def _replay_name() -> str:
    asked = runtime.flow_run.parameters
    if key := asked.get("message_key"):
        return f"replay-{key}"
    return f"replay-{asked.get('partner') or 'nothing'}-{asked.get('cause')}"


@flow(flow_run_name=_replay_name)
async def replay(
    partner: str = "", cause: CauseOrNone = _NO_CAUSE, message_key: int = 0
) -> dict[str, Any] | State[Any]:
    """Drive the open refusals of a cause again, or take a whole message again as it was.

    Give either a partner with a cause, or a message. Refusals are driven once, in their old order;
    what is refused again is a new refusal. The same content changes nothing.

    Args:
        partner: Name of the partner whose refusals are driven again.
        cause: The cause that is gone now; exactly its open refusals are driven again. It stands in
            the artifact of the run that refused them.
        message_key: Instead of both: number of the message to take again whole, from the artifact
            of the run that took it. 0: none.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    if message_key:
        queued = await steps.replay_message(warehouse, message_key)
    else:
        queued = await steps.replay_refusals(
            warehouse, partner, "" if cause == _NO_CAUSE else cause
        )
    if isinstance(queued, NotDone):
        return Failed(message=queued.why)
    return (await steps.take_queued("replay", queued, warehouse, store)).as_json()


@flow(flow_run_name="salvage-{message_key}")
async def salvage(message_key: int) -> dict[str, Any] | State[Any]:
    """Take the whole records of a file that was refused because it is cut. Never deletes.

    Args:
        message_key: Number of the refused message, from the artifact of the run that refused it.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    queued = await steps.salvage_message(warehouse, message_key)
    if isinstance(queued, NotDone):
        return Failed(message=queued.why)
    return (await steps.take_queued("salvage", queued, warehouse, store)).as_json()


@flow(flow_run_name="waive-{partner}-{cause}")
async def waive(
    partner: str, cause: CauseCode, person: str, why: str, message_key: int | None = None
) -> int | State[Any]:
    """Close the open refusals of a cause for good, in the name of a person.

    Nothing of these records gets in. It cannot be undone; the records stay in the archive.

    Args:
        partner: Name of the partner whose refusals are closed.
        cause: The cause whose open refusals are closed.
        person: Who decides this, by name; it is kept for ever.
        why: The reason, in a sentence; it is kept for ever.
        message_key: Only the refusals of this message. 0: of all the partner's messages.
    """
    warehouse = await Warehouse.aload("main")
    signed = (person, why)
    waived = await steps.waive_refusals(warehouse, partner, cause, message_key or None, signed)
    return Failed(message=waived.why) if isinstance(waived, NotDone) else waived


@flow(flow_run_name="confirm-{list_key}")
async def confirm(list_key: int, person: str, why: str) -> dict[str, Any] | State[Any]:
    """Delete exactly what a waiting list says, in the name of a person.

    A list waits when a full export lacks more than the partner's limits allow, or may not be whole.
    Records that came back or changed since are not deleted; the artifact names them. What is
    deleted here comes back by itself with the next file that holds it.

    Args:
        list_key: Number of the list, from the artifact of the run that made it.
        person: Who decides this, by name; it is kept for ever.
        why: The reason, in a sentence; it is kept for ever.
    """
    warehouse = await Warehouse.aload("main")
    decided = await steps.confirm_deletions(warehouse, list_key, person, why)
    if isinstance(decided, NotDone):
        return Failed(message=decided.why)
    await tell_portals(warehouse)
    return asdict(decided)


@flow(flow_run_name="drop-{list_key}")
async def drop(list_key: int, person: str, why: str) -> dict[str, Any] | State[Any]:
    """Delete nothing of a waiting list, in the name of a person.

    The records stay as they are. If the next full export lacks them again, a new list waits.

    Args:
        list_key: Number of the list, from the artifact of the run that made it.
        person: Who decides this, by name; it is kept for ever.
        why: The reason, in a sentence; it is kept for ever.
    """
    warehouse = await Warehouse.aload("main")
    decided = await steps.drop_deletions(warehouse, list_key, person, why)
    return Failed(message=decided.why) if isinstance(decided, NotDone) else asdict(decided)


@flow(flow_run_name="load-tree-{portal}")
async def load_tree(portal: str, file: str, person: str) -> dict[str, Any] | State[Any]:
    """Load the groups that a portal wants, as a new version of its map.

    A table with the columns вид (группа or товар), ид and группа покупателя (Чай/Зелёный), or
    kind, id and customer_group. What it leaves out stands in «Без раздела». The whole map each
    time: the new version takes the place of the old one. The same file again changes nothing.

    Args:
        portal: Name of the partner to whom we publish.
        file: Where the map lies (.csv or .xlsx): a path that the worker reaches, or a key of the
            object store.
        person: Who loads it, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    loaded = await load_customer_tree(portal, file, person, warehouse, store)
    if isinstance(loaded, str):
        return Failed(message=loaded)
    await tell_portals(warehouse)
    return asdict(loaded)


@flow(flow_run_name="trace-{table}-{key}")
async def trace(partner: str, table: Table, key: str, column: str) -> dict[str, Any] | State[Any]:
    """Show where a value came from: the file, the bytes, the text that stands there.

    Of a source's record it also lists every delivery that told a portal of it. Of a portal's it
    shows the file that told the portal, then the file in which the source told us.

    Args:
        partner: Name of the source whose catalog is asked, or of the portal that holds the value.
        table: Table of the warehouse (schema core).
        key: What the sender calls the row: its Ид. Of a price: offer|price type|unit|least
            quantity, of stock: offer|warehouse; the last parts may be left out.
        column: Column of that table, for example name or amount.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    cell = Cell(partner, table.value, key, column)
    found = await steps.trace_value(warehouse, store, cell)
    return Failed(message=found.why) if isinstance(found, NotDone) else found.as_json()


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
