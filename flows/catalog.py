"""The catalog exchange, inbound: what an accounting base sent becomes the warehouse's catalog."""

from typing import Any

from prefect import flow, runtime

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog.road import drain_partners
from tasks.catalog.steps import collect_files, list_due_partners, tell_portals
from tasks.journal.steps import publish_summary, require_balance, require_success
from tasks.journal.summary import Summary, say_faults


def _run_name() -> str:
    return f"catalog-{runtime.flow_run.parameters.get('partner') or 'all'}"


@flow(flow_run_name=_run_name)
async def catalog(partner: str = "", linger_s: int = 10) -> dict[str, Any]:
    """Take what accounting bases have sent: goods, groups, properties, offers, prices and stock.

    Messages are taken in the order in which they came. A file that is cut or unreadable is refused
    whole and the old data stay; a broken record is refused alone. Running it twice changes nothing.

    Args:
        partner: Name of the partner (of its "Obmen partner" block). Empty: every active partner
            for whom something waits.
        linger_s: While a session of 1C is open, wait so many seconds for its next file.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    passed_over = await collect_files(partner, warehouse, store)
    due = await list_due_partners(partner, warehouse)
    drained = await drain_partners(due, warehouse, store, linger_s)
    note = say_faults(passed_over, drained.failures)
    await tell_portals(warehouse)
    summary = await publish_summary(Summary("catalog", drained.closed, note=note), warehouse, store)
    await require_balance(summary, warehouse)
    # Who asks for one partner wants it taken; on the round of all it is only told.
    require_success((passed_over if partner else {}) | drained.failures)
    return summary.as_json()
