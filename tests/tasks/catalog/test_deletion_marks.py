"""Marks of deletion: 1C often writes the Ид and the mark alone; what it does not say stays."""

from collections.abc import Iterator

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.datasets import Dataset
from tests.tasks.catalog.builders import Base, Record, base, batch

# What is held, what the mark says, and the columns that must read as before.
MARKED: dict[Dataset, tuple[str, Record]] = {
    Dataset.GROUPS: ("product_group", {"name": "Чай", "version": "v1", "classifier_id": "k"}),
    Dataset.PROPERTIES: (
        "property", {"name": "Вкус", "value_type": "text", "is_required": True}),
    Dataset.CATEGORIES: ("category", {"name": "Чаи"}),
    Dataset.UNITS: ("unit", {"code": "796", "name": "шт", "full_name": "Штука"}),
    Dataset.PRICE_TYPES: ("price_type", {"name": "РРЦ", "currency": "RUB"}),
    Dataset.WAREHOUSES: ("warehouse", {"name": "Основной", "address": "Тула"}),
    Dataset.GOODS: ("product", {"name": "Сенча", "article": "A-1", "unit_code": "796"}),
    Dataset.OFFERS: (
        "offer", {"product_id": "x", "name": "Сенча", "article": "A-1", "barcode": "46000001"}),
}  # fmt: skip


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


def _row(sender: Base, table: str) -> dict[str, object]:
    (row,) = sender.rows(f"select *, withdrawn_at is not null as is_withdrawn from core.{table}")
    return row


def _mark(dataset: Dataset) -> Record:
    mark: Record = {"id": "x", "is_deleted": True}
    bare = {"product_id": "x", "is_bare": True}
    return {**mark, **bare} if dataset is Dataset.OFFERS else mark


@pytest.mark.parametrize("dataset", MARKED)
def test_a_mark_of_deletion_withdraws_and_keeps_what_it_does_not_say(
    sender: Base, dataset: Dataset
) -> None:
    table, said = MARKED[dataset]
    goods = batch(Dataset.GOODS, {"id": "x", "name": "Сенча"})
    first = () if dataset is Dataset.GOODS else (goods,)
    sender.send(*first, batch(dataset, {"id": "x", **said}))
    before = _row(sender, table)

    closed = sender.send(batch(dataset, _mark(dataset)))

    after = _row(sender, table)
    kept = [name for name in said if name != "product_id"]
    assert [] == sender.refused()
    assert {str(dataset): 1} == {
        entry.dataset: entry.accepted for entry in closed.books if entry.dataset != "file"
    }
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}
    assert (False, True, True) == (
        before["is_withdrawn"], after["is_withdrawn"], after["is_deleted"]
    )  # fmt: skip


@pytest.mark.parametrize("dataset", MARKED)
def test_the_same_mark_again_changes_nothing_and_the_old_record_revives(
    sender: Base, dataset: Dataset
) -> None:
    table, said = MARKED[dataset]
    goods = batch(Dataset.GOODS, {"id": "x", "name": "Сенча"})
    first = () if dataset is Dataset.GOODS else (goods,)
    sender.send(*first, batch(dataset, {"id": "x", **said}))
    sender.send(batch(dataset, _mark(dataset)))

    again = sender.send(batch(dataset, _mark(dataset)))
    sender.send(batch(dataset, {"id": "x", **said}))

    assert {0} == {entry.accepted for entry in again.books}
    assert not _row(sender, table)["is_withdrawn"]


def test_what_a_mark_does_say_is_taken(sender: Base) -> None:
    sender.send(batch(Dataset.GOODS, {"id": "x", "name": "Сенча", "article": "A-1"}))

    sender.send(batch(Dataset.GOODS, {"id": "x", "name": "Сенча (снята)", "is_deleted": True}))

    row = _row(sender, "product")
    assert ("Сенча (снята)", "A-1") == (row["name"], row["article"])


def test_a_living_record_that_says_less_empties_what_it_does_not_say(sender: Base) -> None:
    sender.send(batch(Dataset.GOODS, {"id": "x", "name": "Сенча", "article": "A-1"}))

    sender.send(batch(Dataset.GOODS, {"id": "x", "name": "Сенча"}))

    assert _row(sender, "product")["article"] is None
