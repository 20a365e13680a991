"""What our Prefect must hold: the work pool, the blocks, the automations, the deployments.

Runs as a process of its own (`python -m blocks.embedded.prefect_setup`) with the environment of a
Prefect client. Everything is made if missing and brought up to date if there: any number of runs
leaves the same. What an operator switched on or off in the UI stays as it is.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from prefect.automations import AutomationCore
from prefect.blocks.core import Block
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.workers.process import ProcessWorker
from pydantic import SecretStr

from blocks import import_all
from blocks.embedded.automations import alerts, keepers
from blocks.embedded.programs import POOL
from blocks.embedded.store_setup import store_of
from blocks.settings import Settings
from blocks.warehouse import Warehouse

_ALERTS_BLOCK = "obmen-alerts"
# An address is needed to make the block; until somebody gives a real one its automations are off.
_NOWHERE = "http://127.0.0.1:9/set-OBMEN_ALERT_URL"


async def set_up_prefect(settings: Settings) -> None:
    """Bring the pool, the blocks and the automations up to date."""
    async with get_client() as client:
        await _ensure_pool(client)
        for block in _own_blocks():
            await block.aregister_type_and_schema(client=client)
        warehouse = Warehouse(url=SecretStr(settings.warehouse_url_for("obmen_flow")))
        await warehouse.asave("main", overwrite=True)
        await store_of(settings).asave("main", overwrite=True)
        for keeper in keepers():
            await _ensure_automation(client, keeper)
        block_id, is_new_address = await _ensure_alerts_block(client, settings.alert_url)
        for alert in alerts(block_id):
            await _ensure_automation(client, alert, switch_on=is_new_address, from_start=False)


async def _ensure_pool(client: PrefectClient) -> None:
    template = ProcessWorker.get_default_base_job_template()
    with suppress(ObjectAlreadyExists):
        await client.create_work_pool(
            WorkPoolCreate(name=POOL, type="process", base_job_template=template)
        )


def _own_blocks() -> Iterator[type[Block]]:
    for module in import_all():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Block) and value is not Block:
                yield value


async def _ensure_alerts_block(client: PrefectClient, address: str | None) -> tuple[UUID, bool]:
    """Return the id of the notification block, and whether its address is new."""
    try:
        found = await client.read_block_document_by_name(_ALERTS_BLOCK, "custom-webhook")
    except ObjectNotFound:
        found = None
    if found and address in {None, found.data["url"]}:
        return found.id, False
    block = CustomWebhookNotificationBlock(
        name=_ALERTS_BLOCK, url=address or _NOWHERE, json_data={"text": "{{subject}}\n{{body}}"}
    )
    return await block.asave(_ALERTS_BLOCK, overwrite=True), address is not None


async def _ensure_automation(
    client: PrefectClient,
    wanted: AutomationCore,
    *,
    from_start: bool = True,
    switch_on: bool = False,
) -> None:
    found = await client.read_automations_by_name(wanted.name)
    is_on = found[0].enabled if found else from_start
    wanted = wanted.model_copy(update={"enabled": is_on or switch_on})
    if found:
        await client.update_automation(found[0].id, wanted)
    else:
        await client.create_automation(wanted)


if __name__ == "__main__":
    asyncio.run(set_up_prefect(Settings.load()))
