"""The operator's deeds as Prefect shows them: each run leaves one artifact that says what was done.

What a person can put right (a key that does not exist, a form half filled in) ends the run with a
sentence, in its state and in its artifact. Only a fault of ours leaves a traceback.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.deployments import arun_deployment

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.admission import admit_partners
from tasks.journal.again import NothingToDriveError
from tasks.journal.deletions import Decided, NotWaitingError, confirm_list, drop_list
from tasks.journal.latency import latency_table, measure_latency
from tasks.journal.outcome import list_unbalanced
from tasks.journal.steps import (
    BOOKS_UNBALANCED,
    NotDone,
    leave_artifact,
    load_partners,
    not_done,
    publish_summary,
    tell,
)
from tasks.journal.summary import Summary, count_of
from tasks.operate.driving import (
    Driven,
    FormError,
    drive_cut_file,
    drive_message,
    drive_refusals,
    read_outcome,
    waive_cause,
)
from tasks.operate.showing import (
    ShownTrace,
    describe_carriers,
    is_portal,
    list_carriers,
    trace_shown,
)
from tasks.operate.telling import tell_confirmed
from tasks.operate.tracing import Cell, NotTraceableError, Trace, link_to, trace_cell
from tasks.operate.watching import find_overdue

_WAIT_S, _POLL_S = 900.0, 1.0

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def _in_words(
    step: Callable[_Asked, Coroutine[Any, Any, _Answer]],
) -> Callable[_Asked, Coroutine[Any, Any, _Answer | NotDone]]:
    @wraps(step)
    async def answer(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer | NotDone:
        try:
            return await step(*args, **kwargs)
        except (FormError, NothingToDriveError, NotTraceableError, NotWaitingError) as fault:
            return await not_done(step.__name__.partition("_")[0], str(fault))

    return answer


@task(name="queue-message", cache_policy=NO_CACHE)
@_in_words
async def replay_message(warehouse: Warehouse, message_key: int) -> Driven:
    """Queue a message again as it was."""
    return await asyncio.to_thread(drive_message, warehouse, message_key)


@task(name="queue-refusals", cache_policy=NO_CACHE)
@_in_words
async def replay_refusals(warehouse: Warehouse, partner: str, cause: str) -> Driven:
    """Queue exactly the open refusals of a partner's cause again, in their old order."""
    if not partner or not cause:
        message = "give either the number of a message, or a partner with a cause"
        raise FormError(message)
    return await asyncio.to_thread(drive_refusals, warehouse, partner, cause)


@task(name="queue-salvage", cache_policy=NO_CACHE)
@_in_words
async def salvage_message(warehouse: Warehouse, message_key: int) -> Driven:
    """Queue the whole records of a cut file."""
    return await asyncio.to_thread(drive_cut_file, warehouse, message_key)


@task(name="take-queued", cache_policy=NO_CACHE)
async def take_queued(name: str, driven: Driven, warehouse: Warehouse, store: Store) -> Summary:
    """Have the partner's exchange take what was queued, wait for its end, show how it ended."""
    await arun_deployment(
        "catalog/catalog",
        flow_run_name=f"catalog-{driven.partner}",
        parameters={"partner": driven.partner},
        timeout=0,
        as_subflow=False,
    )
    closed, waiting = await asyncio.to_thread(read_outcome, warehouse, driven)
    deadline = asyncio.get_running_loop().time() + _WAIT_S
    while waiting and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(_POLL_S)
        closed, waiting = await asyncio.to_thread(read_outcome, warehouse, driven)
    note = f"Taken by the run **catalog-{driven.partner}**; what followed from it stands there."
    if waiting:
        note = f"Still waiting after {_WAIT_S / 60:.0f} minutes: {', '.join(waiting)}. Look at the "
        note += f"run **catalog-{driven.partner}**; nothing is lost."
    return await publish_summary.fn(Summary(name, closed, note=note), warehouse, store)


@task(name="waive-refusals", cache_policy=NO_CACHE)
@_in_words
async def waive_refusals(
    warehouse: Warehouse, partner: str, cause: str, of_message: int | None, signed: tuple[str, str]
) -> int:
    """Close the open refusals of a cause in a person's name; return how many."""
    waived = await asyncio.to_thread(waive_cause, warehouse, partner, cause, of_message, signed)
    person, why = signed
    title = f"waive: {count_of(waived, 'refusal')} closed for good"
    note = f"{person} closed `{cause}` of **{partner}**: {why}"
    await leave_artifact(Summary("waive", title=title, note=note))
    return waived


@task(name="confirm-deletions", cache_policy=NO_CACHE)
@_in_words
async def confirm_deletions(warehouse: Warehouse, list_key: int, person: str, why: str) -> Decided:
    """Delete exactly what a waiting list says, in a person's name; say what was spared."""
    decided = await asyncio.to_thread(confirm_list, warehouse, list_key, person, why)
    title, note = tell_confirmed(decided, person, why)
    await leave_artifact(Summary("confirm", title=title, note=note))
    return decided


@task(name="drop-deletions", cache_policy=NO_CACHE)
@_in_words
async def drop_deletions(warehouse: Warehouse, list_key: int, person: str, why: str) -> Decided:
    """Let nothing of a waiting list go, in a person's name."""
    decided = await asyncio.to_thread(drop_list, warehouse, list_key, person, why)
    title = f"drop: list {list_key} is closed, nothing of it was deleted"
    note = f"{person} keeps all {decided.listed} records of **{decided.partner}**: {why}"
    await leave_artifact(Summary("drop", title=title, note=note))
    return decided


@task(name="trace-cell", cache_policy=NO_CACHE)
@_in_words
async def trace_value(warehouse: Warehouse, store: Store, cell: Cell) -> Trace | ShownTrace:
    """Find the file, bytes and text a value came from, and the portals that were told of it."""
    try:
        trace = await asyncio.to_thread(trace_cell, warehouse, store, cell)
    except NotTraceableError as fault:
        return await _trace_shown(warehouse, store, cell, fault)
    carriers = await asyncio.to_thread(list_carriers, warehouse, trace, cell.partner)
    note = f"{trace.as_markdown(link_to(trace, store))}\n\n{describe_carriers(carriers)}"
    await leave_artifact(Summary("trace", title=f"trace: {cell}", note=note))
    return trace


async def _trace_shown(
    warehouse: Warehouse, store: Store, cell: Cell, fault: NotTraceableError
) -> ShownTrace:
    if not await asyncio.to_thread(is_portal, warehouse, cell.partner):
        raise fault
    shown = await asyncio.to_thread(trace_shown, warehouse, store, cell)
    title = f"trace: {cell}, as {cell.partner} was told"
    await leave_artifact(Summary("trace", title=title, note=shown.as_markdown(store)))
    return shown


@task(name="admit-partners", cache_policy=NO_CACHE)
async def admit_all(warehouse: Warehouse) -> int:
    """Make the journal know all Partner blocks; return how many rows changed."""
    partners, broken = await load_partners()
    changed = await asyncio.to_thread(admit_partners, partners, warehouse)
    lines = [f"* **{partner.name}** is {partner.state}" for partner in partners]
    lines += [f"* **{name}** stays as it was: {why}" for name, why in broken.items()]
    note = "\n".join(lines) or "There is no partner yet: make a block **Obmen partner**."
    if changed:
        note += f"\n\n{changed} entries of the journal were brought up to date."
    title = f"admit: {count_of(len(partners), 'partner')}"
    await leave_artifact(Summary("admit", title=title, note=note))
    return changed


@task(name="find-overdue", cache_policy=NO_CACHE)
async def list_overdue(warehouse: Warehouse, hours: int) -> list[str]:
    """Say in sentences what is late; leave them as the artifact."""
    if unbalanced := await asyncio.to_thread(list_unbalanced, warehouse):
        tell(BOOKS_UNBALANCED, "watch", "\n".join(unbalanced))
    overdue = await asyncio.to_thread(find_overdue, warehouse, hours)
    latency = latency_table(await asyncio.to_thread(measure_latency, warehouse))
    note = "\n".join(f"* {line}" for line in overdue) or "Nothing is late."
    if latency:
        note += f"\n\n## From 1C's import to each portal, in the last 24 hours\n\n{latency}"
    title = f"watch: {count_of(len(overdue), 'thing')} to look at"
    await leave_artifact(Summary("watch", title=title, note=note))
    return overdue
