"""Files that come out of their order: late ones, and what was inside an archive."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Mode, Order, export
from tasks.model.datasets import Batch, Dataset
from tests.tasks.catalog.builders import Base, base, batch
from tests.tasks.catalog.plain import take_files

FRAME = (
    batch(Dataset.GOODS, {"id": "p1", "name": "Сенча"}),
    batch(Dataset.PRICE_TYPES, {"id": "t1", "name": "РРЦ", "currency": "RUB"}),
    batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "name": "Сенча"}),
)


def _says(amount: str) -> tuple[Batch, Batch]:
    return (
        batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t1", "amount": amount}),
        batch(Dataset.STOCK, {"offer_id": "p1", "quantity": amount}),
    )


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


@pytest.mark.parametrize(("table", "column"), [("price", "amount"), ("stock", "quantity")])
def test_a_file_that_was_formed_earlier_leaves_one_belief_for_each_instant(
    sender: Base, table: str, column: str
) -> None:
    sender.send(*FRAME)
    for amount, formed_at in (("10", "09:00"), ("12", "12:00"), ("11", "11:00")):
        sender.send(*_says(amount), formed_at=f"2026-11-02T{formed_at}:00")

    believed = sender.rows(
        f"select {column}::int as said, to_char(valid_from at time zone 'Europe/Moscow', 'HH24')"
        " as since, valid_to = 'infinity' as holds"
        f" from core.{table} where recorded_to = 'infinity' order by valid_from"
    )

    assert [(10, "09", False), (11, "11", True)] == [tuple(row.values()) for row in believed]


def test_what_is_in_an_archive_is_taken_in_its_turn(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    company = Company(seed=7, goods=10)
    full = export(company, tmp_path / "full", Order())
    changes = export(
        company.after(changes=3, share=0.4), tmp_path / "changes", Order(mode=Mode.CHANGES)
    )
    packed = tmp_path / "full.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (name for each in full.sets for name in each.documents):
            archive.write(full.folder / name, name)
    later = [changes.folder / name for each in changes.sets for name in each.documents]

    closed = take_files(warehouse, store, packed, *later)

    assert ["full.zip", "import0_1.xml", "offers0_1.xml", *(file.name for file in later)] == [
        message.file_name for message in closed
    ]
