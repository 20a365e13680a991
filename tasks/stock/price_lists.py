"""Loads the price list that was agreed on with a partner, as a new version.

    предложение | offer   тип цен | price_type   цена | amount   валюта | currency
    от количества | min_qty   допуск, % | tolerance   действует с | valid_from   по | valid_to

What the accounting base asks is held against it in `core.price_deviation`: within the tolerance,
beyond it, in another currency, or missing. `по` is the last day on which a row holds.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.formats.currencies import parse_currency
from tasks.formats.sheets import Refused
from tasks.formats.values import ValueFaultError, parse_decimal, parse_id
from tasks.journal.loads import File
from tasks.model.causes import Cause
from tasks.stock.loads import (
    Loaded,
    Subject,
    begin_load,
    copy_rows,
    keep_load,
    partner_key_of,
    put_file,
    read_file,
    require_lines,
)
from tasks.stock.rates import parse_day
from tasks.stock.tables import Column, Line


def parse_amount(text: str) -> str | None:
    """Return an amount or a quantity that is not below zero. Raises ValueFaultError."""
    amount = parse_decimal(text.replace("%", ""))
    if amount and amount.startswith("-"):
        raise ValueFaultError(Cause.NUM_RANGE, text, "≥ 0")
    return amount


COLUMNS: Final = {
    "offer": Column(frozenset({"предложение", "offer"}), parse_id, is_required=True),
    "price_type": Column(frozenset({"тип цен", "price_type"}), parse_id, is_required=True),
    "amount": Column(frozenset({"цена", "amount"}), parse_amount, is_required=True),
    "currency": Column(frozenset({"валюта", "currency"}), parse_currency, is_required=True),
    "min_qty": Column(frozenset({"от количества", "min_qty"}), parse_amount),
    "tolerance": Column(frozenset({"допуск, %", "допуск %", "tolerance"}), parse_amount),
    "valid_from": Column(frozenset({"действует с", "valid_from"}), parse_day, is_required=True),
    "valid_to": Column(frozenset({"по", "действует по", "valid_to"}), parse_day),
}
_EVER: Final = "9999-12-31"


def load_price_list(
    warehouse: Warehouse, store: Store, source: str, partner: str, file: File
) -> Loaded:
    """Load a list; good rows make the new version, bad ones are kept with column and value.

    Raises NotLoadedError.
    """
    table = read_file(file, COLUMNS)
    table = table.without(refuse_overlaps(table.lines))
    require_lines(file, table)
    stored = put_file(store, file)
    with warehouse.transaction("load_price_list") as transaction:
        source_key = partner_key_of(transaction, source)
        subject = Subject("price_list", source_key, partner_key_of(transaction, partner))
        held = begin_load(transaction, file, subject)
        version = held.version + (not held.is_same)
        if not held.is_same:
            load_key = keep_load(transaction, file, subject, table, stored=stored, version=version)
            copy_rows(transaction, "core.agreed_price", map(_row, table.lines), load_key=load_key)
            transaction.run("stock/analyze_pricing")
        counted = transaction.run("stock/count_deviations", source=source, partner=partner)
    verdicts = ", ".join(f"{row['prices']} {row['verdict']}" for row in counted)
    taken = len(table.lines)
    return Loaded(
        "price list",
        version,
        not held.is_same,
        table.received,
        0 if held.is_same else taken,
        taken if held.is_same else 0,
        tuple(table.refused),
        f"Prices of **{source}** against what **{partner}** agreed to: {verdicts or 'none yet'}.",
    )


def refuse_overlaps(lines: Sequence[Line]) -> list[Refused]:
    """Refuse rows that speak of one day of one price twice, or that end before they begin."""
    refused = []
    held: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in lines:
        others = held[line["offer"], line["price_type"], line["min_qty"] or "0"]
        if _last_day(line) < _first_day(line):
            refused.append(line.refuse("valid_to", "Действие кончается раньше, чем начинается."))
        elif other := next((each for each in others if _overlap(line, each)), None):
            why = f"На эти дни цену уже называет строка {other.row_no}."
            refused.append(line.refuse("valid_from", why))
        else:
            others.append(line)
    return refused


def _overlap(line: Line, other: Line) -> bool:
    return _first_day(line) <= _last_day(other) and _first_day(other) <= _last_day(line)


def _first_day(line: Line) -> str:
    return line["valid_from"] or ""


def _last_day(line: Line) -> str:
    return line["valid_to"] or _EVER


def _row(line: Line) -> dict[str, object]:
    return {
        "row_no": line.row_no,
        "offer_id": line["offer"],
        "price_type_id": line["price_type"],
        "min_qty": line["min_qty"] or "0",
        "amount": line["amount"],
        "currency": line["currency"],
        "tolerance_percent": line["tolerance"] or "0",
        "valid_from": line["valid_from"],
        "valid_to": day_after(line["valid_to"]),
    }


def day_after(day: str | None) -> str:
    """Return the first day on which something does not hold any more; None: it holds for ever."""
    if day is None or day == _EVER:
        return "infinity"
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
