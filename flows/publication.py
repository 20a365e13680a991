"""The catalog out: what changed goes to each portal, and comes back as an acknowledgement."""

from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.deliveries import Arrived
from tasks.journal.steps import NotDone, publish_summary, require_balance, require_success
from tasks.publication import steps
from tasks.publication.publishing import publish_all, verify_all
from tasks.publication.telling import list_failures, summarise


def _publish_name() -> str:
    return f"publish-{runtime.flow_run.parameters.get('partner') or 'all'}"


@flow(flow_run_name=_publish_name)
async def publish(partner: str = "", is_full: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
    """Tell portals what changed in the catalogs they see: goods, offers, prices, stock.

    Each gets what its Partner block selects, as the difference from what it holds. What failed goes
    again as the same bytes; what nobody answered for is in doubt until the portal or a person says.

    Args:
        partner: Name of one portal (of its "Obmen partner" block), now. Empty: all that are due.
        is_full: Send everything once more, for a portal that lost what it held. Only with a name.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    due = await steps.list_due_portals(partner, warehouse, is_full=is_full and bool(partner))
    published = await publish_all(due.targets, warehouse, store)
    summary = summarise(published, due.passed_over)
    await publish_summary(summary, warehouse, store)
    await steps.raise_alarms(published)
    await require_balance(summary, warehouse)
    require_success((due.passed_over if partner else {}) | list_failures(published))
    return summary.as_json()


def _verify_name() -> str:
    return f"verify-{runtime.flow_run.parameters.get('partner') or 'all'}"


@flow(flow_run_name=_verify_name)
async def verify(partner: str = "") -> dict[str, Any]:
    """Ask portals what they hold and compare: counts, sums, hashes, each record that differs.

    What a portal acknowledged and does not hold is a row of journal.missing_at_target and an alarm.
    Portals whose channel cannot be asked are passed over.

    Args:
        partner: Name of one portal (of its "Obmen partner" block). Empty: all.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    due = await steps.list_portals(partner, warehouse)
    published = await verify_all(due.targets, warehouse, store)
    summary = summarise(published, due.passed_over)
    await publish_summary(summary, warehouse, store)
    await steps.raise_alarms(published)
    require_success((due.passed_over if partner else {}) | published.failures)
    return {each.portal: len(each.differences) for each in published.verified}


@flow(flow_run_name="plan-{partner}")
async def plan(partner: str) -> dict[str, Any] | State[Any]:
    """List what a publication would create, change and delete at a portal. Writes nothing.

    Args:
        partner: Name of the portal (of its "Obmen partner" block).
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    listed = await steps.list_changes(partner, warehouse, store)
    if isinstance(listed, NotDone):
        return Failed(message=listed.why)
    return {"plan_id": listed.plan_id, "changes": listed.delta.num_rows}


@flow(flow_run_name="apply-{plan_id}")
async def apply(plan_id: str) -> dict[str, Any] | State[Any]:
    """Do exactly what a plan lists, or refuse because something changed since.

    Args:
        plan_id: Number of the plan, from the artifact of the run that made it.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    target = await steps.find_planned(plan_id, warehouse, store)
    if isinstance(target, NotDone):
        return Failed(message=target.why)
    published = await publish_all([target], warehouse, store)
    summary = summarise(published, {})
    await publish_summary(summary, warehouse, store)
    await require_balance(summary, warehouse)
    require_success(list_failures(published))
    return summary.as_json()


@flow(flow_run_name="settle-{delivery_key}")
async def settle(delivery_key: int, arrived: Arrived, person: str, why: str) -> str | State[Any]:
    """Settle a delivery that is in doubt, in a person's name; or give one up that cannot go.

    Args:
        delivery_key: Number of the delivery, from the artifact of the run that sent it.
        arrived: delivered: the portal has it. failed: it has not, send the same bytes again.
            dropped: it will never go; what it told is told anew.
        person: Who looked, by name; it is kept for ever.
        why: What was seen there, in a sentence; it is kept for ever.
    """
    warehouse = await Warehouse.aload("main")
    settled = await steps.settle_by_person(warehouse, delivery_key, arrived, (person, why))
    return Failed(message=settled.why) if isinstance(settled, NotDone) else settled


@flow(flow_run_name="reform-{message_key}")
async def reform(message_key: int) -> bool | State[Any]:
    """Form a file that was sent once more out of its kept inputs, and prove the bytes are equal.

    Args:
        message_key: Number of the formed file's message, from the artifact of its run.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    proven = await steps.prove_bytes(warehouse, store, message_key)
    return Failed(message=proven.why) if isinstance(proven, NotDone) else proven
