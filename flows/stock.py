"""The stock exchange: a base's prices and quantities reach the portals that see them.

Beside it stand the loads of what partners pay: rates, policies, agreed lists, approvals.
"""

from dataclasses import asdict
from functools import partial
from typing import Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog.road import drain_partners
from tasks.catalog.steps import collect_files, list_due_partners, tell_portals
from tasks.journal.steps import publish_summary, require_balance, require_success
from tasks.journal.summary import say_faults
from tasks.publication.publishing import publish_all
from tasks.publication.steps import list_portals_of, raise_alarms
from tasks.publication.telling import list_failures, list_sent
from tasks.publication.telling import summarise as summarise_told
from tasks.stock.approvals import Decision, load_approvals
from tasks.stock.loads import Loaded
from tasks.stock.policy import load_policy
from tasks.stock.price_lists import load_price_list as load_list
from tasks.stock.proposals import load_proposals
from tasks.stock.rates import ENDINGS
from tasks.stock.rates import load_rates as load_rate_file
from tasks.stock.steps import decide, load_file, look_back, prove_stock
from tasks.stock.telling import summarise
from tasks.stock.totals import require_agreement


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
    proof = await prove_stock(drained.closed, warehouse)
    faults = f"{say_faults(passed_over, drained.failures)}\n\n{proof.as_markdown()}".strip()
    summary = summarise(drained.closed, seen, told, faults)
    await publish_summary(summary, warehouse, store)
    await raise_alarms(published)
    await require_balance(summary, warehouse)
    # Who asks for one base wants it taken; on the round of all it is only told.
    kept = passed_over | portals.passed_over if partner else {}
    require_success(kept | drained.failures | list_failures(published))
    require_agreement(proof)
    return summary.as_json() | seen.as_json() | proof.as_json()


@flow(flow_run_name="load-rates")
async def load_rates(file: str, person: str) -> dict[str, Any] | State[Any]:
    """Load rates of currencies: the Bank of Russia's daily document, or a table.

    A table has the columns валюта, дата, курс (roubles) and, if they are needed, номинал and
    источник. A rate that is held already changes nothing; one that is corrected is a new row, and
    what was computed before keeps its own. Portals whose prices may change are told.

    Args:
        file: Where it lies (.xml, .csv or .xlsx): a path that the worker reaches, or a key of the
            object store.
        person: Who loads it, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    load = partial(load_rate_file, warehouse, store)
    return await _told(
        await load_file("load-rates", load, (file, person), store, ENDINGS), warehouse
    )


@flow(flow_run_name="load-price-policy-{source}")
async def load_price_policy(source: str, file: str, person: str) -> dict[str, Any] | State[Any]:
    """Load what partners pay, as a new version of an accounting base's price policy.

    A table with the column вид (участник, база, скидка, цена, округление), for whom (партнёр or
    группа дилеров), for what (вендор, группа товаров, товар, предложение, от количества) and what
    (тип цен, валюта, скидка %, цена, шаг округления). The most specific rule wins. The whole policy
    each time; one bad row, and nothing is taken. The same file again changes nothing.

    Args:
        source: Name of the accounting base whose goods are meant.
        file: Where it lies (.csv or .xlsx): a path that the worker reaches, or a key of the object
            store.
        person: Who loads it, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    load = partial(load_policy, warehouse, store, source)
    return await _told(await load_file("load-price-policy", load, (file, person), store), warehouse)


@flow(flow_run_name="load-price-list-{source}-{partner}")
async def load_price_list(
    source: str, partner: str, file: str, person: str
) -> dict[str, Any] | State[Any]:
    """Load the price list agreed on with a partner; deviations stand in core.price_deviation.

    A table with the columns предложение, тип цен, цена, валюта, действует с and, if they are
    needed, по, от количества and допуск %.

    Args:
        source: Name of the accounting base whose prices are held against the list.
        partner: Name of the partner with whom it was agreed.
        file: Where it lies (.csv or .xlsx): a path that the worker reaches, or a key of the object
            store.
        person: Who loads it, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    load = partial(load_list, warehouse, store, source, partner)
    return _said(await load_file("load-price-list", load, (file, person), store))


@flow(flow_run_name="propose-prices-{source}")
async def propose_prices(source: str, file: str, person: str) -> dict[str, Any] | State[Any]:
    """Take prices that outlets ask for; each waits until the accounting base approves it.

    A table with the columns партнёр, предложение, цена, валюта and, if they are needed, действует
    с, по and почему.

    Args:
        source: Name of the accounting base whose goods are meant.
        file: Where it lies (.csv or .xlsx): a path that the worker reaches, or a key of the object
            store.
        person: Who asks, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    load = partial(load_proposals, warehouse, store, source)
    return _said(await load_file("propose-prices", load, (file, person), store))


@flow(flow_run_name="approve-prices-{source}")
async def approve_prices(source: str, file: str, person: str) -> dict[str, Any] | State[Any]:
    """Take the accounting base's answers to prices that outlets asked for.

    A table with the columns партнёр, предложение, цена, валюта, решение (согласовано or отказано)
    and, if it is needed, почему. An approved price holds for its outlet alone.

    Args:
        source: Name of the accounting base that answers.
        file: Where it lies (.csv or .xlsx): a path that the worker reaches, or a key of the object
            store.
        person: Who loads it, by name; it is kept for ever.
    """
    warehouse, store = await Warehouse.aload("main"), await Store.aload("main")
    load = partial(load_approvals, warehouse, store, source)
    return await _told(await load_file("approve-prices", load, (file, person), store), warehouse)


@flow(flow_run_name="approve-price-{proposal_key}")
async def approve_price(
    proposal_key: int, decision: Literal["approved", "rejected"], person: str, why: str
) -> str | State[Any]:
    """Approve or reject one price that an outlet asked for, in the name of a person.

    Args:
        proposal_key: Its number, from core.price_proposal.
        decision: An approved price holds for its outlet alone.
        person: Who decides this, by name; it is kept for ever.
        why: The reason, in a sentence; it is kept for ever.
    """
    warehouse = await Warehouse.aload("main")
    is_done, said = await decide(proposal_key, Decision(decision, person, why), warehouse)
    if not is_done:
        return Failed(message=said)
    await tell_portals(warehouse)
    return said


async def _told(loaded: Loaded | str, warehouse: Warehouse) -> dict[str, Any] | State[Any]:
    if isinstance(loaded, Loaded) and loaded.is_new:
        await tell_portals(warehouse)
    return _said(loaded)


def _said(loaded: Loaded | str) -> dict[str, Any] | State[Any]:
    return asdict(loaded) if isinstance(loaded, Loaded) else Failed(message=loaded)
