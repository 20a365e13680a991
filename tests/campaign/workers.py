"""What dies in the crash tests: both roads and the gateway, as themselves, without Prefect."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from pydantic import SecretStr

from blocks.channel import Folder
from blocks.commerceml_site import CommerceMLSite
from blocks.drop_folder import DropFolder
from blocks.embedded.store_setup import store_of
from blocks.gateway.app import Gateway
from blocks.outbound import Outbound
from blocks.settings import Settings
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog import road
from tasks.journal.again import replay_message, replay_refusals, salvage_message
from tasks.journal.archive import file_message
from tasks.model.portals import Limits
from tests.blocks.gateway.serving import NOWHERE
from tests.campaign.portals import PASSWORD, USER
from tests.tasks.catalog.plain import STEPS, know_partner
from tests.tasks.publication.rounds import know_portal, publish

if TYPE_CHECKING:
    from tasks.model.partners import DuePartner


def take_inbox(settings: Settings, inbox: str, *, has_operator: bool = True) -> None:
    """Take what lies in a folder and what waits; then do an operator's deeds not yet done."""
    warehouse, store = warehouse_of(settings, "obmen_flow"), store_of(settings)
    due = know_partner(warehouse)
    channel = Folder(path=Path(inbox), settle_s=0)
    for file in list(channel.list_files()):
        file_message(due.name, file, warehouse, store)
        channel.put_aside(file)
    _drain(due, warehouse, store)
    if has_operator:
        _operate(warehouse)
        _drain(due, warehouse, store)


def serve_gateway(settings: Settings, port: int, spool: str) -> None:
    """Serve the door on a port until killed."""
    gateway = Gateway.build(
        warehouse_of(settings, "obmen_gateway"), store_of(settings), Path(spool), NOWHERE, ""
    )
    uvicorn.run(gateway.application(), port=port, log_level="error")


def make_rounds(
    settings: Settings, portal: str, way: str, rounds: int = 1, dialect: str = "commerceml-2.09"
) -> None:
    """Publish to a site or into a folder, as a person asks for it; a fault of ours fails."""
    warehouse, store = warehouse_of(settings, "obmen_flow"), store_of(settings)
    # Nobody is there to let deletions go, and of a catalog so small every one is a large share.
    known = know_portal(warehouse, portal)
    target = replace(known, limits=Limits(1, 1000), dialect=dialect)
    for _ in range(rounds):
        published = publish(warehouse, store, target, channel_to(way))
        assert not published.failures, published.failures


def channel_to(way: str) -> Outbound:
    """Return the way to a portal of the sandbox, or into a folder."""
    if not way.startswith("http"):
        return DropFolder(path=Path(way))
    return CommerceMLSite(
        url=way,
        login=USER,
        password=SecretStr(PASSWORD),
        readback="get_catalog",
        request_timeout_s=60,
        pause_s=0.01,
    )


def _drain(due: "DuePartner", warehouse: Warehouse, store: Store) -> None:
    asyncio.run(road.drain_partner(due, warehouse, store, 0, STEPS))


def _operate(warehouse: Warehouse) -> None:
    """Replay the first file, salvage a cut one and drive refused prices: each once."""
    with warehouse.transaction("ask") as transaction:
        row = transaction.execute_compiled("""
            select min(message_key) filter (where state = 'closed' and manifest_key is not null)
                       as whole,
                   min(message_key) filter (where state = 'refused' and dialect <> 'archive')
                       as cut,
                   count(*) filter (where origin = 'replay' and replays = '{}') as replays,
                   count(*) filter (where origin = 'salvage') as salvages,
                   count(*) filter (where replays ->> 'cause' = 'NUM_RANGE') as driven
            from journal.message
        """)[0]
    if not row["replays"]:
        replay_message(warehouse, row["whole"])
    if not row["salvages"]:
        salvage_message(warehouse, row["cut"])
    if not row["driven"]:
        replay_refusals(warehouse, "base", "NUM_RANGE")


def warehouse_of(settings: Settings, role: str) -> Warehouse:
    """Return the warehouse of these services as one of its roles enters it."""
    return Warehouse(url=SecretStr(settings.warehouse_url_for(role)))
