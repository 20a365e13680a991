"""Putting records into what is held: an upsert by Ид, with every field that really changed noted.

A Цены element replaces all prices of its offer and the stock is told warehouse by warehouse, as at
Bitrix. A product that goes takes its offers with it. An offer of prices or stock alone for which
there is no card is passed over.
"""

import json
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from sandbox.portal.quirks import Habits, Quirk
from sandbox.portal.records import Kind, Record, Values

# What a record is made of: its fields, and its lists.
_FIELDS: Mapping[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.GROUPS: (("name", "parent_id"), ()),
    Kind.PROPERTIES: (("name", "kind"), ("choices",)),
    Kind.UNITS: (("code", "name", "full_name"), ()),
    Kind.PRICE_TYPES: (("name", "currency", "is_tax_included"), ()),
    Kind.WAREHOUSES: (("name", "address"), ()),
    Kind.GOODS: (
        (
            *("code", "name", "full_name", "article", "barcode", "part_number", "unit_code"),
            *("unit_name", "pack_qty", "weight_kg", "volume_m3", "availability_note"),
            *("description", "is_description_html", "kind", "item_type", "country", "brand"),
            *("manufacturer_id", "manufacturer_name", "vat_rate"),
        ),
        ("group_ids", "pictures", "properties", "characteristics", "requisites"),
    ),
    Kind.OFFERS: (
        (
            *("product_id", "characteristic_id", "name", "article", "barcode", "unit_code"),
            "unit_name",
        ),
        ("characteristics", "properties"),
    ),
}
_MAPS = ("prices", "stock")

Difference = tuple[str | None, object, object]  # field, before, after


def to_text(value: object) -> str:
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Holding:
    """What is held, inside one transaction, while one file is applied."""

    def __init__(self, base: sqlite3.Connection, file: str, habits: Habits) -> None:
        self._base = base
        self._file = file
        self._habits = habits
        self._now = int(time.time())

    def put(self, record: Record) -> None:
        """Create, update or delete one record."""
        if Quirk.IGNORES_CHARACTERISTICS in self._habits and "#" in record.id:
            return
        row = self._base.execute(
            "select body, is_active from record where kind = ? and id = ?", (record.kind, record.id)
        ).fetchone()
        if record.is_deleted:
            if row:
                self._delete(record.kind, record.id)
            return
        if row is None and record.is_bare:
            self._note(record.kind, record.id, "skipped")
            return
        old: Values | None = json.loads(row["body"]) if row else None
        new = self._merged(record, old)
        if old is None:
            self._note(record.kind, record.id, "created", (None, None, new))
        else:
            if not row["is_active"]:
                self._note(record.kind, record.id, "activated")
            for difference in _differences(old, new):
                self._note(record.kind, record.id, "updated", difference)
        self._base.execute(
            "insert into record (kind, id, body, touched_at, is_active) values (?, ?, ?, ?, 1)"
            " on conflict (kind, id) do update set body = excluded.body,"
            " touched_at = excluded.touched_at, is_active = 1",
            (record.kind, record.id, to_text(new), self._now),
        )

    def deactivate(self, since: int) -> int:
        """Hide the goods and offers no file has named since that second; how many?"""
        rows = self._base.execute(
            "select kind, id from record where kind in ('goods', 'offers') and is_active"
            " and touched_at < ? order by kind, id",
            (since,),
        ).fetchall()
        for row in rows:
            self._note(Kind(row["kind"]), row["id"], "deactivated")
            self._base.execute(
                "update record set is_active = 0 where kind = ? and id = ?", tuple(row)
            )
        return len(rows)

    def delete_goods_but(self, named: set[str]) -> None:
        """Delete every product that is not among `named`."""
        rows = self._base.execute("select id from record where kind = 'goods' order by id")
        for gone in [row["id"] for row in rows if row["id"] not in named]:
            self._delete(Kind.GOODS, gone)

    def _merged(self, record: Record, old: Values | None) -> Values:
        known: dict[str, Any] = dict(old or {})
        said: dict[str, Any] = dict(record.values)
        is_replaced = "prices" in said and Quirk.PRICES_ARE_MERGED not in self._habits
        maps: dict[str, Any] = {}
        if record.kind is Kind.OFFERS:
            maps = {name: known.get(name, {}) | said.get(name, {}) for name in _MAPS}
        if is_replaced:
            maps["prices"] = said["prices"]
        start = {} if record.is_whole else known
        return {**_blank(record.kind), **start, **said, **maps}

    def _delete(self, kind: Kind, record_id: str) -> None:
        self._note(kind, record_id, "deleted")
        self._base.execute("delete from record where kind = ? and id = ?", (kind, record_id))
        if kind is Kind.GOODS:
            rows = self._base.execute(
                "select id from record where kind = 'offers'"
                " and json_extract(body, '$.product_id') = ? order by id",
                (record_id,),
            ).fetchall()
            for row in rows:
                self._delete(Kind.OFFERS, row["id"])

    def _note(
        self, kind: Kind, record_id: str, action: str, difference: Difference = (None, None, None)
    ) -> None:
        field, old, new = difference
        self._base.execute(
            "insert into change (file, kind, id, action, field, old, new)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (self._file, kind, record_id, action, field, to_text(old), to_text(new)),
        )


def _blank(kind: Kind) -> Values:
    """A record of which nothing was said yet."""
    names, lists = _FIELDS[kind]
    blank: Values = {**dict.fromkeys(names), **{name: [] for name in lists}}
    return blank | {"is_description_html": False} if kind is Kind.GOODS else blank


def _differences(old: Values, new: Values) -> list[Difference]:
    """Field, before, after; a price and a stock row are fields of their own."""
    before, after = _flat(old), _flat(new)
    return [
        (field, before.get(field), after.get(field))
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field)
    ]


def _flat(values: Values) -> Values:
    flat: Values = {}
    for name, value in values.items():
        if name in _MAPS and isinstance(value, dict):
            flat |= {f"{name}/{key}": one for key, one in value.items()}
        else:
            flat[name] = value
    return flat
