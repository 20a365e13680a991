"""A source with a catalog, and rounds of publication by the bare functions under the tasks."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from blocks.outbound import Outbound
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Client, Mode, Order, export
from tasks.model.messages import Closed
from tasks.model.portals import Portal, Selection
from tasks.publication import steps
from tasks.publication.publishing import publish_all
from tasks.publication.targets import Published, Target
from tests.tasks.catalog.plain import take_files

SOURCE = "base"
STEPS: Any = SimpleNamespace(
    settle_doubts=steps.settle_doubts.fn,
    form_package=steps.form_package.fn,
    send_package=steps.send_package.fn,
    verify_portal=steps.verify_portal.fn,
)


def take_company(
    warehouse: Warehouse, store: Store, folder: Path, company: Company, mode: Mode = Mode.FULL
) -> list[Closed]:
    """Have the source's catalog in the warehouse as a company exports it."""
    made = export(company, folder, Order(client=Client.A, mode=mode))
    files = [made.folder / name for each in made.sets for name in (*each.pictures, *each.documents)]
    return take_files(warehouse, store, *files, partner=SOURCE)


def know_portal(warehouse: Warehouse, name: str = "shop", **selected: Any) -> Portal:
    """Make a portal of the source known."""
    with warehouse.transaction("portal") as transaction:
        transaction.run(
            "upsert_partner",
            name=name,
            time_zone="Europe/Moscow",
            state="active",
            settings={"publication": {"source": SOURCE, "pricing": "base", **_listed(selected)}},
        )
        key = transaction.one("select_partner", name=name)["partner_key"]
    return Portal(key, name, Selection(source=SOURCE, **selected))


def _listed(selected: dict[str, Any]) -> dict[str, Any]:
    return {
        name: list(chosen) if isinstance(chosen, tuple) else chosen
        for name, chosen in selected.items()
    }


def publish(
    warehouse: Warehouse, store: Store, portal: Portal, channel: Outbound, **target: Any
) -> Published:
    """Make one round for one portal, as a person asks for it."""
    asked = replace(Target(portal, channel, is_asked=True), **target)
    return asyncio.run(publish_all([asked], warehouse, store, STEPS))


def ask(warehouse: Warehouse, question: str) -> list[tuple[Any, ...]]:
    """Ask the warehouse."""
    with warehouse.transaction("ask") as transaction:
        return [tuple(row.values()) for row in transaction.execute_compiled(question)]
