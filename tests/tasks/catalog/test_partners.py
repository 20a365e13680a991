"""Several partners in one run: the fault of one does not stop the others."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog import road
from tasks.catalog.workplace import Workplace
from tasks.journal.archive import file_message
from tasks.model.messages import Message
from tests.tasks.catalog.plain import STEPS, know_partner

_GOODS = "#obmen-catalog;1;extent=changes\nid;name\n1;Болт\n"


async def _decode(message: Message, at: Workplace) -> Any:
    """Read as ever, but not for partner a: something of its own is broken."""
    if message.partner == "a":
        raise OSError(message.file_name)
    return await STEPS.decode_message(message, at)


def test_the_fault_of_one_partner_does_not_stop_the_others(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    partners = [know_partner(warehouse, name) for name in ("a", "b")]
    file = tmp_path / "goods.csv"
    file.write_text(_GOODS, encoding="utf-8")
    for due in partners:
        file_message(due.name, file, warehouse, store)
    steps: Any = SimpleNamespace(**{**vars(STEPS), "decode_message": _decode})

    drained = asyncio.run(road.drain_partners(partners, warehouse, store, 0, steps))

    assert {"a": "OSError: goods.csv"} == drained.failures
    assert [("goods.csv", "closed")] == [(one.file_name, one.state) for one in drained.closed]
