"""Prices that outlets ask for: each waits until the accounting base approves or rejects it.

    партнёр | partner   предложение | offer   цена | amount   валюта | currency
    действует с | valid_from   по | valid_to   почему | why

Beside it is kept what the outlet pays at that time. Until it is approved nothing changes for
anybody; then it holds for that outlet alone.
"""

from collections.abc import Mapping
from typing import Final

from blocks.store import Store
from blocks.warehouse import Transaction, Warehouse
from tasks.formats.currencies import parse_currency
from tasks.formats.sheets import Refused
from tasks.formats.values import parse_id, parse_text
from tasks.journal.loads import File
from tasks.stock.loads import (
    Loaded,
    Subject,
    begin_load,
    keep_load,
    partner_key_of,
    put_file,
    read_file,
    require_lines,
)
from tasks.stock.price_lists import day_after, parse_amount
from tasks.stock.rates import parse_day
from tasks.stock.tables import Column, Line, Table

WHOSE: Final[Mapping[str, Column]] = {
    "partner": Column(frozenset({"партнёр", "партнер", "partner"}), parse_id, is_required=True),
    "offer": Column(frozenset({"предложение", "offer"}), parse_id, is_required=True),
    "amount": Column(frozenset({"цена", "amount"}), parse_amount, is_required=True),
    "currency": Column(frozenset({"валюта", "currency"}), parse_currency, is_required=True),
    "why": Column(frozenset({"почему", "why"}), parse_text),
}
COLUMNS: Final[Mapping[str, Column]] = {
    **WHOSE,
    "valid_from": Column(frozenset({"действует с", "valid_from"}), parse_day),
    "valid_to": Column(frozenset({"по", "действует по", "valid_to"}), parse_day),
}
_REFUSALS: Final = {
    "no partner": ("partner", "Такого партнёра нет."),
    "no customer": ("partner", "Этот партнёр не получает каталог этой учётной базы."),
    "base prices": ("partner", "Этот партнёр видит базовые цены, а не цены по правилам."),
    "no offer": ("offer", "Такого предложения у учётной базы нет."),
    "waits": ("amount", "Другая цена на это предложение уже ждёт согласования."),
}


def load_proposals(warehouse: Warehouse, store: Store, source: str, file: File) -> Loaded:
    """Take proposals; each new one waits for approval. Raises NotLoadedError."""
    table = read_file(file, COLUMNS)
    table = table.without([*refuse_repeats(table), *_refuse_noughts(table)])
    require_lines(file, table)
    stored = put_file(store, file)
    with warehouse.transaction("load_proposals") as transaction:
        subject = Subject("proposals", partner_key_of(transaction, source))
        held = begin_load(transaction, file, subject)
        table, known = _judge(transaction, subject, table)
        require_lines(file, table)
        fresh = [line for line in table.lines if line.row_no not in known]
        version = held.version + bool(fresh)
        if fresh:
            load_key = keep_load(
                transaction, file, subject, table,
                stored=stored, version=version, unchanged=len(known),
            )  # fmt: skip
            transaction.run(
                "stock/insert_proposals",
                told=as_rows(fresh),
                source_key=subject.source_key,
                load_key=load_key,
            )
    return Loaded(
        "proposals", version, bool(fresh), table.received, len(fresh), len(known),
        tuple(table.refused), "Accepted ones wait for approval (`core.price_proposal`).",
    )  # fmt: skip


def as_rows(lines: list[Line]) -> dict[str, object]:
    """Return lines as a statement takes them."""
    return {
        "rows": [
            {
                **line.values,
                "row_no": line.row_no,
                "valid_to": day_after(line.values.get("valid_to")),
            }
            for line in lines
        ]
    }


def refuse_repeats(table: Table) -> list[Refused]:
    """Refuse rows that speak of the same offer of the same partner as an earlier one."""
    first: dict[tuple[str | None, str | None], int] = {}
    return [
        line.refuse("offer", f"Об этом же уже говорит строка {row_no}.")
        for line in table.lines
        if (row_no := first.setdefault((line["partner"], line["offer"]), line.row_no))
        != line.row_no
    ]


def _refuse_noughts(table: Table) -> list[Refused]:
    why = "Действие кончается раньше, чем начинается."
    return [
        line.refuse("valid_to", why)
        for line in table.lines
        if line["valid_to"] and line["valid_to"] < (line["valid_from"] or "")
    ]


def _judge(transaction: Transaction, subject: Subject, table: Table) -> tuple[Table, set[int]]:
    rows = transaction.run(
        "stock/judge_proposals", told=as_rows(list(table.lines)), source_key=subject.source_key
    )
    verdicts = {row["row_no"]: row["verdict"] for row in rows}
    refused = [
        line.refuse(*_REFUSALS[verdict])
        for line in table.lines
        if (verdict := verdicts[line.row_no]) in _REFUSALS
    ]
    return table.without(refused), {row_no for row_no, word in verdicts.items() if word == "known"}
