"""Builders of staged records for the judge's tests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa

from blocks.warehouse import Transaction, Warehouse

MESSAGE = 7

Value: TypeAlias = str | Decimal | bool | None

# A record that breaks no rule; a test changes one field of it.
GOOD: Mapping[str, Mapping[str, Value]] = {
    "groups": {"id": "g-1", "name": "Инструмент"},
    "properties": {"id": "p-1", "name": "Цвет"},
    "categories": {"id": "c-1", "name": "Дрели"},
    "units": {"id": "u-1", "name": "шт"},
    "price_types": {"id": "t-1", "name": "Розничная", "currency": "RUB"},
    "warehouses": {"id": "w-1", "name": "Основной"},
    "goods": {
        "id": "a-1",
        "name": "Дрель ударная",
        "article": "ДР-100",
        "barcode": "4601234567890",
        "description": "Мощная",
        "pack_qty": Decimal(12),
        "weight_kg": Decimal("1.500"),
        "volume_m3": Decimal("0.003"),
        "group_ids": '["g-1"]',
        "vat_rate": "20",
    },
    "offers": {"id": "a-1", "name": "Дрель ударная", "barcode": "4601234567890"},
    "prices": {
        "offer_id": "a-1",
        "price_type_id": "t-1",
        "amount": Decimal("4990.00"),
        "currency": "руб",
        "coefficient": Decimal(1),
    },
    "stock": {"offer_id": "a-1", "warehouse_id": "w-1", "quantity": Decimal(5)},
    "movements": {
        "offer_id": "a-1",
        "warehouse_id": "w-1",
        "kind": "sale",
        "document": "Реализация 1",
        "quantity": Decimal(-5),
        "moved_at": "2026-03-01T10:00:00",
    },
}


@contextmanager
def staged(
    warehouse: Warehouse, rows: Mapping[str, Sequence[Mapping[str, Value]]], message: int = MESSAGE
) -> Iterator[Transaction]:
    """Open the message's staging and put these rows in; record numbers count from 1."""
    with warehouse.transaction("judge_test") as transaction:
        transaction.execute_compiled("select staging.open_message(:message)", message=message)
        stage(transaction, rows, message)
        yield transaction


def stage(
    transaction: Transaction,
    rows: Mapping[str, Sequence[Mapping[str, Value]]],
    message: int = MESSAGE,
) -> None:
    """Put these rows into the message's open staging."""
    for dataset, records in rows.items():
        if records:
            transaction.copy(f"staging.{dataset}", [_batch(records)], message_key=message)


def marks_of(transaction: Transaction, dataset: str) -> list[dict[str, object]]:
    """What the judge wrote beside each record, in file order."""
    rows = transaction.execute_compiled(
        "select record_no, cause, place, value, expected, exit "
        f"from staging.{dataset} order by record_no"
    )
    return [dict(row) for row in rows]


def _batch(records: Sequence[Mapping[str, Value]]) -> pa.RecordBatch:
    names = dict.fromkeys(name for record in records for name in record if name != "key")
    columns: dict[str, list[object]] = {
        "record_no": list(range(1, len(records) + 1)),
        "byte_offset": [0] * len(records),
        "byte_length": [10] * len(records),
        "key": [record.get("key") or f"key-{n}" for n, record in enumerate(records, start=1)],
        "digest": ["0" * 32] * len(records),
    }
    for name in names:
        columns[name] = [_text(record.get(name)) for record in records]
    return pa.RecordBatch.from_pydict(columns)


def _text(value: Value) -> object:
    return str(value) if isinstance(value, Decimal) else value
