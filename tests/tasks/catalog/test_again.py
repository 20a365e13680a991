"""What missed a reference comes in when the reference has come; old never beats new."""

from collections.abc import Iterator

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.again import replay_answered
from tasks.model.datasets import Dataset
from tests.tasks.catalog.builders import Base, base, batch

GOODS = batch(Dataset.GOODS, {"id": "p1", "name": "Сенча", "group_ids": '["g1"]'})
OFFERS = batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "name": "Сенча"})


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


def test_nothing_is_driven_again_while_the_reference_is_missing(sender: Base) -> None:
    sender.send(GOODS, OFFERS)

    assert [] == replay_answered(sender.warehouse, sender.lease)


def test_a_reference_that_came_drives_exactly_what_missed_it(sender: Base) -> None:
    sender.send(GOODS, OFFERS)
    sender.send(batch(Dataset.GROUPS, {"id": "g1", "name": "Чай"}))

    (queued,) = replay_answered(sender.warehouse, sender.lease)

    assert [{"refusals": 1, "parent_key": 1}] == sender.rows(f"""
        select jsonb_array_length(replays -> 'refusal_keys') as refusals, parent_key
        from journal.message where message_key = {queued}
    """)
