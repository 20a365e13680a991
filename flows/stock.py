"""The stock exchange: a base's prices and quantities reach the portals that see them."""

from typing import Any

from prefect import flow, runtime

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog.road import drain_partners
from tasks.catalog.steps import collect_files, list_due_partners
from tasks.journal.steps import publish_summary, require_balance, require_success
from tasks.journal.summary import say_faults
from tasks.publication.publishing import publish_all
from tasks.publication.steps import list_portals_of, raise_alarms
from tasks.publication.telling import list_failures, list_sent
from tasks.publication.telling import summarise as summarise_told
from tasks.stock.steps import look_back
from tasks.stock.telling import summarise


def _sync_name() -> str:
    return f"stock-{runtime.flow_run.parameters.get('partner') or 'all'}"


@flow(flow_run_name=_sync_name)
async def sync(partner: str = "", linger_s: int = 10) -> dict[str, Any]:
    """Bring prices and stock of accounting bases to their portals, and show how long it took.

    Takes what waits, tells each portal only what changed for it, asks those that can be asked what
    they hold, and compares. Running it twice changes nothing.

    Args:
        partner: Name of the accounting base (of its "Obmen partner" block); all its portals are
            told and asked at once. Empty: whatever waits, of all bases and portals.
        linger_s: While a session of 1C is open, wait so many seconds for its next file.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    passed_over = await collect_files(partner, warehouse, store)
    due = await list_due_partners(partner, warehouse)
    drained = await drain_partners(due, warehouse, store, linger_s)
    portals = await list_portals_of(partner, warehouse)
    published = await publish_all(portals.targets, warehouse, store)
    told = summarise_told(published, portals.passed_over)
    seen = await look_back(partner, list_sent(published), warehouse, store)
    faults = say_faults(passed_over, drained.failures)
    summary = summarise(drained.closed, seen, told, faults)
    await publish_summary(summary, warehouse, store)
    await raise_alarms(published)
    await require_balance(summary, warehouse)
    # Who asks for one base wants it taken; on the round of all it is only told.
    kept = passed_over | portals.passed_over if partner else {}
    require_success(kept | drained.failures | list_failures(published))
    return summary.as_json() | seen.as_json()
