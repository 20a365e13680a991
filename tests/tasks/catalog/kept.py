"""What the warehouse holds, in the shape in which the twins of samples and the sandbox say it."""

from decimal import Decimal
from typing import Any, Final

from blocks.warehouse import Warehouse

TABLES: Final = {
    "groups": "product_group",
    "properties": "property",
    "categories": "category",
    "units": "unit",
    "price_types": "price_type",
    "warehouses": "warehouse",
    "goods": "product",
}
_OFFERS: Final = """
    select offer.*, product.id as product_id from core.offer join core.product using (product_key)
"""
_PRICES: Final = """
    select offer.id as offer_id, price_type.id as price_type_id, amount, price.currency,
           nullif(unit, '') as unit, nullif(min_qty, 0) as min_qty, coefficient, presentation,
           price.tax_name, price.is_tax_included, price.extra
    from core.price join core.offer using (offer_key) join core.price_type using (price_type_key)
    where valid_to = 'infinity' and recorded_to = 'infinity'
"""
_STOCK: Final = """
    select offer.id as offer_id, warehouse.id as warehouse_id, quantity
    from core.stock join core.offer using (offer_key) left join core.warehouse using (warehouse_key)
    where valid_to = 'infinity' and recorded_to = 'infinity'
"""
_OURS: Final = frozenset(
    {"partner_key", "digest", "message_key", "withdrawn_at", "product_key", "offer_key"}
    | {f"{table.removeprefix('product_')}_key" for table in TABLES.values()}
)

Kept = dict[tuple[str, str], dict[str, Any]]


def read_kept(warehouse: Warehouse) -> Kept:
    """All that holds now: dataset and key -> the columns that are there, numbers as plain text."""
    kept: Kept = {}
    with warehouse.transaction("ask") as transaction:
        for dataset, table in TABLES.items():
            for row in transaction.execute_compiled(f"select * from core.{table}"):
                kept[dataset, row["id"]] = _plain(row)
        for row in transaction.execute_compiled(_OFFERS):
            kept["offers", row["id"]] = _plain(row)
        for dataset, question in (("prices", _PRICES), ("stock", _STOCK)):
            for row in transaction.execute_compiled(question):
                record = _plain(row)
                kept[dataset, key_of(dataset, record)] = record
    return kept


def key_of(dataset: str, record: dict[str, Any]) -> str:
    """The natural key of a price or a stock figure."""
    columns = {
        "prices": ("offer_id", "price_type_id", "unit", "min_qty"),
        "stock": ("offer_id", "warehouse_id"),
    }[dataset]
    return "|".join(record.get(column) or "" for column in columns)


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: _text(value) if isinstance(value, Decimal) else value
        for name, value in dict(row).items()
        if value is not None and name not in _OURS
    }


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
