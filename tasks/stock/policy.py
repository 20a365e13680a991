"""Loads the price policy of an accounting base as a new version, whole or not at all.

What the rows say and which of them wins stands in `rules.py`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from blocks.store import Store
from blocks.warehouse import Transaction, Warehouse
from tasks.formats.sheets import Refused
from tasks.journal.loads import File
from tasks.stock.loads import (
    Loaded,
    Subject,
    begin_load,
    copy_rows,
    keep_load,
    partner_key_of,
    put_file,
    read_file,
    require_whole,
)
from tasks.stock.rules import COLUMNS, judge_rules
from tasks.stock.tables import Table

_RENAMED: Final = {
    "product_group": "product_group_id",
    "product": "product_id",
    "offer": "offer_id",
}
_SAME: Final = ("kind", "dealer_group", "vendor", "currency", "percent", "amount", "step")


def load_policy(warehouse: Warehouse, store: Store, source: str, file: File) -> Loaded:
    """Load a policy; the new version takes the place of the old one.

    Raises NotLoadedError, which lists every row that cannot stand.
    """
    table = read_file(file, COLUMNS)
    table = table.without(judge_rules(table.lines))
    require_whole(file, table)
    stored = put_file(store, file)
    with warehouse.transaction("load_policy") as transaction:
        subject = Subject("price_policy", partner_key_of(transaction, source))
        held = begin_load(transaction, file, subject)
        partners = _find_partners(transaction, table)
        table = table.without(_refuse_strangers(transaction, subject, table, partners))
        require_whole(file, table)
        version = held.version + (not held.is_same)
        if not held.is_same:
            load_key = keep_load(transaction, file, subject, table, stored=stored, version=version)
            _write_rules(transaction, load_key, table, partners)
            transaction.run("stock/analyze_pricing")
            transaction.run("stock/notice_pricing", source_key=subject.source_key, portal_key=None)
    received = table.received
    unchanged = received if held.is_same else 0
    said = f"What the partners of **{source}** pay."
    return Loaded(
        "price policy",
        version,
        not held.is_same,
        received,
        received - unchanged,
        unchanged,
        (),
        said,
    )


def _find_partners(transaction: Transaction, table: Table) -> dict[str, int]:
    names = sorted({name for line in table.lines if (name := line["partner"])})
    rows = transaction.run("stock/select_partners", names=names)
    return {row["name"]: row["partner_key"] for row in rows}


def _refuse_strangers(
    transaction: Transaction, subject: Subject, table: Table, partners: Mapping[str, int]
) -> list[Refused]:
    rows = transaction.run("stock/select_price_types", source_key=subject.source_key)
    price_types = {row["id"] for row in rows}
    refused = []
    for line in table.lines:
        if line["partner"] and line["partner"] not in partners:
            refused.append(line.refuse("partner", "Такого партнёра нет."))
        elif line["price_type"] and line["price_type"] not in price_types:
            refused.append(line.refuse("price_type", "Такого типа цен у учётной базы нет."))
    return refused


def _write_rules(
    transaction: Transaction, load_key: int, table: Table, partners: Mapping[str, int]
) -> None:
    members = [line for line in table.lines if line["kind"] == "member"]
    dealers = (
        {
            "partner_key": partners[line["partner"] or ""],
            "dealer_group": line["dealer_group"],
            "row_no": line.row_no,
        }
        for line in members
    )
    copy_rows(transaction, "core.dealer", dealers, load_key=load_key)
    copy_rows(transaction, "core.price_rule", _rules(table, partners), load_key=load_key)


def _rules(table: Table, partners: Mapping[str, int]) -> Iterator[dict[str, object]]:
    for line in table.lines:
        if line["kind"] != "member":
            yield {
                "row_no": line.row_no,
                "partner_key": partners[line["partner"]] if line["partner"] else None,
                "price_type_id": line["price_type"],
                "min_qty": line["min_qty"] or "0",
                **{name: line[name] for name in _SAME},
                **{column: line[name] for name, column in _RENAMED.items()},
            }
