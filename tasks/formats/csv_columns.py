"""The columns of our CSV format, by dataset, and how a row becomes the record CommerceML gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tasks.formats.rows import Json, Value, join_key, write_json
from tasks.formats.values import (
    ValueFaultError,
    holds_html,
    parse_date,
    parse_decimal,
    parse_flag,
    parse_id,
    parse_rate,
    parse_text,
)
from tasks.model.causes import Cause
from tasks.model.datasets import Dataset

VERSIONS: Final = ("1", "2", "3")
MOVEMENT_KINDS: Final = ("opening", "receipt", "sale", "return", "transfer", "writeoff")
_SEPARATOR: Final = "|"  # between the entries of a cell that holds a list


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the format: its name is that of the warehouse unless `make_record` says so."""

    name: str
    parse: Callable[[str], str | bool | None] = parse_text
    is_mandatory: bool = False
    since: int = 1


def _parse_kind(text: str) -> str | None:
    kind = text.strip().lower()
    if kind and kind not in MOVEMENT_KINDS:
        raise ValueFaultError(Cause.RULE_BROKEN, text, " | ".join(MOVEMENT_KINDS))
    return kind or None


def _id(name: str, *, is_mandatory: bool = False) -> Column:
    return Column(name, parse_id, is_mandatory)


_COMMON: Final = (
    Column("article"),
    Column("barcode"),
    Column("unit_code"),
    Column("unit_name"),
    _id("catalog_id"),
    Column("is_deleted", parse_flag),
)

COLUMNS: Final[dict[Dataset, tuple[Column, ...]]] = {
    Dataset.GOODS: (
        _id("id", is_mandatory=True),
        Column("name", is_mandatory=True),
        *_COMMON,
        Column("full_name"),
        Column("code"),
        Column("description"),
        Column("kind"),
        Column("item_type"),
        Column("group_ids"),
        Column("country"),
        Column("brand"),
        Column("vat_rate", parse_rate),
        Column("pictures"),
        Column("part_number", since=2),
        Column("pack_qty", parse_decimal, since=2),
        Column("weight_kg", parse_decimal, since=2),
        Column("volume_m3", parse_decimal, since=2),
        Column("availability_note", since=2),
    ),
    Dataset.OFFERS: (
        _id("id", is_mandatory=True),
        _id("product_id", is_mandatory=True),
        Column("name"),
        *_COMMON,
    ),
    Dataset.PRICES: (
        _id("offer_id", is_mandatory=True),
        _id("price_type_id", is_mandatory=True),
        Column("amount", parse_decimal, is_mandatory=True),
        Column("currency"),
        Column("unit"),
        Column("coefficient", parse_decimal),
        Column("min_qty", parse_decimal),
        Column("presentation"),
    ),
    Dataset.STOCK: (
        _id("offer_id", is_mandatory=True),
        _id("warehouse_id"),
        Column("quantity", parse_decimal, is_mandatory=True),
    ),
    Dataset.MOVEMENTS: (
        Column("offer_id", parse_id, is_mandatory=True, since=3),
        Column("warehouse_id", parse_id, is_mandatory=True, since=3),
        Column("kind", _parse_kind, is_mandatory=True, since=3),
        Column("document", parse_id, is_mandatory=True, since=3),
        Column("line", since=3),
        Column("quantity", parse_decimal, is_mandatory=True, since=3),
        Column("moved_at", parse_date, is_mandatory=True, since=3),
    ),
}


def make_record(dataset: Dataset, row: dict[str, Value]) -> tuple[str, dict[str, Value]]:
    """Give the key and the columns of a row, equal to those of the same content in CommerceML.

    Raises:
        ValueFaultError: RULE_BROKEN, an offer that names another product than its id does.
    """
    values: dict[str, Value] = {column: value for column, value in row.items() if value is not None}
    match dataset:
        case Dataset.GOODS:
            return str(values["id"]), _make_goods(values)
        case Dataset.OFFERS:
            return str(values["id"]), _make_offer(values)
        case Dataset.STOCK:
            return _join(values, "offer_id", "warehouse_id"), values
        case Dataset.MOVEMENTS:
            parts = ("offer_id", "warehouse_id", "kind", "document", "line")
            return _join(values, *parts), values
        case _:
            return _join(values, "offer_id", "price_type_id", "unit", "min_qty"), values


def _join(values: dict[str, Value], *columns: str) -> str:
    return join_key(*(None if values.get(name) is None else str(values[name]) for name in columns))


def _make_goods(values: dict[str, Value]) -> dict[str, Value]:
    if "description" in values:
        values["is_description_html"] = holds_html(str(values["description"]))
    if "vat_rate" in values:
        values["taxes"] = write_json([{"name": "НДС", "rate": values["vat_rate"]}])
    if "group_ids" in values:
        values["group_ids"] = write_json(list(_split(values["group_ids"])))
    if "pictures" in values:
        pictures: list[Json] = [
            {"path": path, "caption": None} for path in _split(values["pictures"])
        ]
        values["pictures"] = write_json(pictures)
    return values


def _make_offer(values: dict[str, Value]) -> dict[str, Value]:
    product, _, characteristic = str(values["id"]).partition("#")
    if values["product_id"] != product:
        found = str(values["product_id"])
        raise ValueFaultError(Cause.RULE_BROKEN, found, product, "product_id")
    if characteristic:
        values["characteristic_id"] = characteristic
    described = values.keys() - {
        "id", "product_id", "characteristic_id", "catalog_id", "unit_code", "is_deleted"
    }  # fmt: skip
    values["is_bare"] = not described
    return values


def _split(value: Value) -> list[str]:
    return [part.strip() for part in str(value).split(_SEPARATOR) if part.strip()]
