"""The steps of the catalog exchange as Prefect shows them: what one may watch, wait for, retry.

Each step may run twice. Heavy work runs in a thread, so that the flow's heartbeat goes on.
"""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.deployments import arun_deployment

from blocks.channel import Folder
from blocks.partner import BrokenBlockError, list_partner_names, load_partner
from blocks.store import Store
from blocks.warehouse import Warehouse
from expectations.verdict import Verdict
from tasks.catalog.closing import close, refuse
from tasks.catalog.decoding import stage
from tasks.catalog.judging import judge
from tasks.catalog.trees import TreeLoaded, load_tree, source_of
from tasks.catalog.unpacking import attach, unpack
from tasks.catalog.withdrawing import withdraw
from tasks.catalog.workplace import Workplace
from tasks.journal.archive import file_message
from tasks.journal.loads import NotLoadedError, fetch_file
from tasks.journal.presets import WORTH_ANOTHER_TRY
from tasks.journal.steps import leave_artifact
from tasks.journal.summary import Summary
from tasks.model.causes import FileFaultError
from tasks.model.messages import Closed, Message, Terms
from tasks.model.partners import DuePartner


@task(task_run_name="decode-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def decode_message(message: Message, at: Workplace) -> FileFaultError | None:
    """Read the file's records into staging; return the fault if the file cannot be taken."""
    return await asyncio.to_thread(stage, message, at)


@task(task_run_name="judge-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def judge_message(message: Message, at: Workplace) -> Verdict:
    """Mark the records that may not enter, each with its cause and place."""
    return await asyncio.to_thread(judge, message, at)


@task(task_run_name="close-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def close_message(message: Message, verdict: Verdict, at: Workplace) -> Closed:
    """Merge what may enter; write books, refusals and manifest; all in one transaction."""
    return await asyncio.to_thread(close, message, verdict, at)


@task(task_run_name="refuse-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def refuse_message(message: Message, at: Workplace) -> Closed:
    """Close a file that cannot be taken as a whole; the old data stay."""
    return await asyncio.to_thread(refuse, message, at)


@task(task_run_name="unpack-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def unpack_message(message: Message, at: Workplace) -> Closed:
    """File an archive: a message for each file of records, attachments for its pictures."""
    return await asyncio.to_thread(unpack, message, at)


@task(task_run_name="attach-{message.file_name}", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def attach_message(message: Message, at: Workplace) -> Closed:
    """File a picture that came alone."""
    return await asyncio.to_thread(attach, message, at)


@task(name="withdraw-absent", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def withdraw_absent(at: Workplace) -> str:
    """Withdraw what a whole export does not hold any more, or have it wait for a person."""
    return await asyncio.to_thread(withdraw, at)


@task(name="list-due-partners", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def list_due_partners(partner: str, warehouse: Warehouse) -> list[DuePartner]:
    """Name the active partners for whom messages wait, oldest first; or the one that is asked."""
    with warehouse.transaction("select_due") as transaction:
        rows = transaction.run("select_due_partners", partner=partner or None, exchange="catalog")
    return [
        DuePartner(row["partner_key"], row["name"], Terms.from_json(row["settings"]))
        for row in rows
    ]


@task(name="collect-files", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def collect_files(partner: str, warehouse: Warehouse, store: Store) -> dict[str, str]:
    """Fetch what lies ready where we must look ourselves (folders).

    Return the partners that are passed over, each with its reason: one partner's folder that
    cannot be read does not keep the others waiting.
    """
    passed_over = {}
    names = await list_partner_names()
    for name in [partner] if partner else names:
        if name not in names:
            passed_over[name] = "there is no Partner block of that name"
        elif reason := await _collect(name, warehouse, store):
            passed_over[name] = reason
    return passed_over


@task(name="tell-portals", cache_policy=NO_CACHE)
async def tell_portals(warehouse: Warehouse) -> list[str]:
    """Start the publication at once if portals must hear of what was taken; name them."""
    with warehouse.transaction("select_waiting_portals") as transaction:
        waiting = [row["name"] for row in transaction.run("publication/select_waiting_portals")]
    if waiting:
        await arun_deployment("publish/publish", timeout=0, as_subflow=False)
    return waiting


@task(name="load-tree", cache_policy=NO_CACHE)
async def load_customer_tree(
    portal: str, place: str, person: str, warehouse: Warehouse, store: Store
) -> TreeLoaded | str:
    """Load a portal's map of groups; return what was loaded, or the sentence why nothing was."""
    try:
        source = await asyncio.to_thread(source_of, warehouse, portal)
        file = await asyncio.to_thread(fetch_file, place, person, store)
        loaded = await asyncio.to_thread(
            load_tree, warehouse, store, portal, source, file.name, file.payload, file.person
        )
    except NotLoadedError as fault:
        title = "load-tree: nothing was loaded"
        await leave_artifact(Summary("load-tree", title=title, note=f"{fault}."))
        return str(fault)
    await leave_artifact(Summary("load-tree", title=f"load-tree: {loaded}", note=loaded.note))
    return loaded


async def _collect(name: str, warehouse: Warehouse, store: Store) -> str:
    try:
        block = await load_partner(name)
    except BrokenBlockError as fault:
        return str(fault)
    if block.state != "active":
        return f"its block says {block.state}, only an active partner is exchanged with"
    if not isinstance(block.channel, Folder):
        return ""
    try:
        for file in list(block.channel.list_files()):
            await asyncio.to_thread(file_message, name, file, warehouse, store)
            block.channel.put_aside(file)
    except OSError as fault:
        return f"its folder cannot be read: {fault}"
    return ""
