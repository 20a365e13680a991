"""The steps of a round as Prefect shows them."""

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.deliveries import Arrived, NotInDoubtError, settle_delivery
from tasks.journal.presets import WORTH_ANOTHER_TRY
from tasks.journal.steps import (
    DELIVERY_IN_DOUBT,
    MISSING_AT_TARGET,
    NotDone,
    leave_artifact,
    load_partners,
    not_done,
    tell,
)
from tasks.journal.summary import Summary, count_of
from tasks.publication import delivering
from tasks.publication.delivering import (
    BACKLOG_MAX,
    TAKEN_UP_WITHIN_S,
    Sent,
    count_open,
    only_queues,
)
from tasks.publication.desk import Desk
from tasks.publication.differences import Verified
from tasks.publication.forming import Formed, form_again
from tasks.publication.planning import (
    NoPlanError,
    PublicationPlan,
    form_changes,
    load_plan,
    make_plan,
)
from tasks.publication.portals import Due, find_due
from tasks.publication.targets import Published, Target
from tasks.publication.telling import describe_plan
from tasks.publication.verifying import compare_delivery, verify

_SAID = 20


@task(
    name="settle-doubts",
    task_run_name="settle-{target.portal.name}",
    cache_policy=NO_CACHE,
    **WORTH_ANOTHER_TRY,
)
async def settle_doubts(target: Target, desk: Desk) -> list[Sent]:
    """Ask the portal about deliveries in doubt; what it cannot answer stays in doubt."""
    return await delivering.settle_doubts(desk, target.channel, partial(compare_delivery, desk))


@task(
    name="form-package",
    task_run_name="form-{target.portal.name}",
    cache_policy=NO_CACHE,
    **WORTH_ANOTHER_TRY,
)
async def form_package(target: Target, desk: Desk) -> Formed | None:
    """Form what changed for the portal into files; None while too many packages wait."""
    if await asyncio.to_thread(count_open, desk) >= BACKLOG_MAX:
        return None
    return await asyncio.to_thread(form_changes, desk, is_full=target.is_full, plan=target.plan)


# Not tried again here: what was sent and not heard of is in doubt, and the journal knows.
@task(name="send-package", task_run_name="send-{target.portal.name}", cache_policy=NO_CACHE)
async def send_package(target: Target, desk: Desk) -> Sent | None:
    """Send the oldest package that waits; None when none may go now."""
    return await delivering.send_next(desk, target.channel, is_asked=target.is_asked)


@task(
    name="verify-portal",
    task_run_name="verify-{target.portal.name}",
    cache_policy=NO_CACHE,
    **WORTH_ANOTHER_TRY,
)
async def verify_portal(target: Target, desk: Desk) -> Verified | None:
    """Compare what the portal shows with what we hold; None where it cannot be asked."""
    with tempfile.TemporaryDirectory(prefix="obmen-ask-") as folder:
        files = await target.channel.read_back(Path(folder))
        if files is None:
            return None
        queued_s = TAKEN_UP_WITHIN_S if only_queues(target.channel) else 0
        return await asyncio.to_thread(verify, desk, files, queued_s=queued_s)


@task(name="list-due-portals", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def list_due_portals(partner: str, warehouse: Warehouse, *, is_full: bool = False) -> Due:
    """Read the Partner blocks and find the portals to publish to now."""
    partners, broken = await load_partners()
    due = await asyncio.to_thread(find_due, partners, warehouse, partner, is_full=is_full)
    return _with_broken(due, broken, partner)


@task(name="list-portals", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def list_portals(partner: str, warehouse: Warehouse) -> Due:
    """Read the Partner blocks and find all portals, or the one that is asked for."""
    partners, broken = await load_partners()
    due = await asyncio.to_thread(find_due, partners, warehouse, partner, is_all=True)
    return _with_broken(due, broken, partner)


@task(name="list-portals-of", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def list_portals_of(base: str, warehouse: Warehouse) -> Due:
    """Find all portals that see a base's catalog, to be told now; of any base, those due."""
    partners, broken = await load_partners()
    if not base:
        return _with_broken(await asyncio.to_thread(find_due, partners, warehouse), broken)
    seeing = [partner for partner in partners if partner.publication.source == base]
    due = await asyncio.to_thread(find_due, seeing, warehouse, is_all=True)
    return replace(due, targets=[replace(target, is_asked=True) for target in due.targets])


@task(name="raise-alarms", cache_policy=NO_CACHE)
async def raise_alarms(published: Published) -> None:
    """Tell whoever listens what a portal lost, and what is in doubt."""
    for verified in published.verified:
        if verified.missing:
            lines = [str(each) for each in verified.differences[:_SAID]]
            tell(MISSING_AT_TARGET, verified.portal, "\n".join(lines))
    for sent in published.sent:
        if sent.outcome == "in_doubt":
            tell(DELIVERY_IN_DOUBT, sent.portal, f"delivery {sent.delivery_key}: {sent.question}")


@task(name="list-changes", cache_policy=NO_CACHE)
async def list_changes(
    partner: str, warehouse: Warehouse, store: Store
) -> PublicationPlan | NotDone:
    """List what a publication would do now, as the run's artifact."""
    target = await _target(partner, warehouse)
    if isinstance(target, NotDone):
        return await not_done("plan", target.why)
    plan = await asyncio.to_thread(make_plan, warehouse, store, target.portal)
    title = f"plan {plan.plan_id}: {count_of(plan.delta.num_rows, 'change')} for {partner}"
    await leave_artifact(Summary("plan", title=title, note=describe_plan(plan)))
    return plan


@task(name="find-planned", cache_policy=NO_CACHE)
async def find_planned(plan_id: str, warehouse: Warehouse, store: Store) -> Target | NotDone:
    """Find a plan and the portal that it is for."""
    try:
        plan = await asyncio.to_thread(load_plan, store, plan_id.strip())
    except NoPlanError as fault:
        return await not_done("apply", str(fault))
    target = await _target(plan.portal, warehouse)
    if isinstance(target, NotDone):
        return await not_done("apply", target.why)
    return replace(target, plan=plan)


@task(name="settle-delivery", cache_policy=NO_CACHE)
async def settle_by_person(
    warehouse: Warehouse, delivery_key: int, arrived: Arrived, signed: tuple[str, str]
) -> str | NotDone:
    """Settle a delivery in doubt in a person's name; return its new state."""
    person, why = (word.strip() for word in signed)
    if not person or not why:
        return await not_done("settle", "say who looked (person) and what was seen (why)")
    try:
        state = await asyncio.to_thread(
            settle_delivery, warehouse, delivery_key, arrived, person=person, why=why
        )
    except NotInDoubtError as fault:
        return await not_done("settle", str(fault))
    title = f"settle: delivery {delivery_key} is {state}"
    note = f"{person} says it was **{arrived.value}**: {why}"
    await leave_artifact(Summary("settle", title=title, note=note))
    return state


@task(name="prove-bytes", cache_policy=NO_CACHE)
async def prove_bytes(warehouse: Warehouse, store: Store, message_key: int) -> bool | NotDone:
    """Form a file once more and compare it with what was sent."""
    with warehouse.transaction("select_formed") as transaction:
        rows = transaction.run("publication/select_formed", message_key=message_key)
    if not rows:
        return await not_done("reform", f"message {message_key} is no file that we formed")
    row = rows[0]
    formed = await asyncio.to_thread(form_again, store, row["rules"], row["file_name"])
    is_equal = hashlib.sha256(formed).digest() == row["sha256"]
    said = "equal to" if is_equal else "NOT EQUAL to"
    title = f"reform: {row['file_name']} is {said} what was formed"
    note = (
        f"{len(formed)} bytes of {row['size']}, for **{row['portal']}**, {row['formed_at']:%F %T}"
    )
    await leave_artifact(Summary("reform", title=title, note=note))
    return is_equal or NotDone(title)


def _with_broken(due: Due, broken: Mapping[str, str], asked: str = "") -> Due:
    """Pass over what cannot be read; of others nobody asks when one portal is asked for."""
    reasons = {name: why for name, why in broken.items() if asked in {"", name}}
    return replace(due, passed_over=due.passed_over | reasons)


async def _target(partner: str, warehouse: Warehouse) -> Target | NotDone:
    due = await list_due_portals.fn(partner, warehouse)
    if due.targets:
        return due.targets[0]
    return NotDone(due.passed_over.get(partner, "there is no Partner block of that name"))
