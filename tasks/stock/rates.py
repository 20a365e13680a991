"""Loads rates of currencies: of the Bank of Russia, or a table of one's own.

    валюта | currency   дата | date   курс | rate   номинал | units (1)   источник | source

`курс` is roubles for `номинал` units. The rate of a day is taken once: the same again changes
nothing; one that is corrected is a new row, and what was computed keeps the row it names. A price
in a currency without a rate of the day is not published (`core.open_price_stop`), all others are.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Final

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.formats.cbr_rates import UNITS, Rate, read_cbr_rates
from tasks.formats.currencies import BASE, parse_currency
from tasks.formats.sheets import Refused, SheetError
from tasks.formats.values import ValueFaultError, parse_date, parse_decimal, parse_id
from tasks.journal.loads import TABLES, File, NotLoadedError
from tasks.model.causes import Cause
from tasks.stock.loads import (
    Loaded,
    Subject,
    begin_load,
    copy_rows,
    keep_load,
    put_file,
    read_file,
    require_lines,
)
from tasks.stock.tables import Column, Line, Table

ENDINGS: Final = frozenset({*TABLES, ".xml"})
_RATES: Final = Subject("rates")


def _parse_rate(text: str) -> str | None:
    rate = parse_decimal(text)
    if rate is not None and Decimal(rate) <= 0:
        raise ValueFaultError(Cause.NUM_RANGE, text, "> 0")
    return rate


def _parse_units(text: str) -> str | None:
    units = parse_decimal(text)
    if units is not None and units not in UNITS:
        raise ValueFaultError(Cause.NUM_RANGE, text, "1, 10, 100 …")
    return units


def _parse_foreign(text: str) -> str | None:
    currency = parse_currency(text)
    if currency == BASE:
        raise ValueFaultError(Cause.RULE_BROKEN, text, "иностранная валюта")
    return currency


def parse_day(text: str) -> str | None:
    """Return the day of a date, without its time, in ISO form. Raises ValueFaultError."""
    moment = parse_date(text)
    return moment and moment.partition("T")[0]


COLUMNS: Final = {
    "currency": Column(frozenset({"валюта", "currency"}), _parse_foreign, is_required=True),
    "on_date": Column(frozenset({"дата", "date"}), parse_day, is_required=True),
    "rate": Column(frozenset({"курс", "rate"}), _parse_rate, is_required=True),
    "units": Column(frozenset({"номинал", "units"}), _parse_units),
    "source": Column(frozenset({"источник", "source"}), parse_id),
}


def load_rates(warehouse: Warehouse, store: Store, file: File) -> Loaded:
    """Load rates; good rows are taken, bad ones are kept with column and value.

    Raises NotLoadedError.
    """
    table, rates = _read(file)
    table = table.without(refuse_ties(rates))
    require_lines(file, table)
    taken = {line.row_no for line in table.lines}
    told = [asdict(rate) for rate in rates if rate.row_no in taken]
    stored = put_file(store, file)
    with warehouse.transaction("load_rates") as transaction:
        held = begin_load(transaction, file, _RATES)
        known = {
            row["row_no"]
            for row in transaction.run("stock/select_known_rates", told={"rows": told})
        }
        fresh = [row for row in told if row["row_no"] not in known]
        is_new = bool(fresh) or not held.is_same
        version = held.version + is_new
        if is_new:
            load_key = keep_load(
                transaction, file, _RATES, table,
                stored=stored, version=version, unchanged=len(known),
            )  # fmt: skip
            copy_rows(transaction, "core.currency_rate", fresh, load_key=load_key)
        if fresh:
            transaction.run("stock/analyze_pricing")
            transaction.run("stock/notice_pricing", source_key=None, portal_key=None)
    days = sorted({rate.on_date for rate in rates})
    said = f"Rates of {days[0]}" + (f" to {days[-1]}." if len(days) > 1 else ".")
    return Loaded(
        "rates", version, is_new, table.received, len(fresh), len(known), tuple(table.refused), said
    )


def refuse_ties(rates: Sequence[Rate]) -> list[Refused]:
    """Refuse a rate that is said twice; of two that differ, both."""
    said: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for rate in rates:
        said[rate.currency, rate.on_date].append(rate)
    refused = []
    for first, *others in said.values():
        is_one = all((o.rate, o.units) == (first.rate, first.units) for o in others)
        for rate in others if is_one else [first, *others]:
            if others:
                rows = ", ".join(str(one.row_no) for one in [first, *others] if one is not rate)
                why = f"Курс {rate.currency} на {rate.on_date} указан и в строке {rows}."
                refused.append(Refused(rate.row_no, "rate", rate.rate, why))
    return refused


def _read(file: File) -> tuple[Table, list[Rate]]:
    if file.name.lower().endswith(".xml"):
        try:
            rates, refused = read_cbr_rates(file.payload)
        except SheetError as fault:
            message = f"{file.name} cannot be taken: {fault}"
            raise NotLoadedError(message) from fault
        return Table([Line(rate.row_no, {}) for rate in rates], refused), rates
    table = read_file(file, COLUMNS)
    return table, [_rate(line, file.name) for line in table.lines]


def _rate(line: Line, file_name: str) -> Rate:
    return Rate(
        line.row_no,
        line["currency"] or "",
        line["on_date"] or "",
        line["units"] or "1",
        line["rate"] or "",
        line["source"] or file_name,
    )
