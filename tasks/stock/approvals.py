"""Approves or rejects prices that outlets asked for: by a file of the accounting base, or by hand.

    партнёр | partner   предложение | offer   цена | amount   валюта | currency
    решение | decision (согласовано, отказано)   почему | why

A row means the proposal of just that price; another price was never asked for and is refused.
"""

from dataclasses import dataclass
from typing import Final

from blocks.store import Store
from blocks.warehouse import Transaction, Warehouse
from tasks.formats.sheets import Refused
from tasks.formats.values import ValueFaultError
from tasks.journal.loads import File, NotLoadedError
from tasks.model.causes import Cause
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
from tasks.stock.proposals import WHOSE, as_rows, refuse_repeats
from tasks.stock.tables import Column, Line

_DECISIONS: Final = {
    "согласовано": "approved",
    "approved": "approved",
    "отказано": "rejected",
    "rejected": "rejected",
}


def _parse_decision(text: str) -> str | None:
    said = text.strip().lower()
    if said and said not in _DECISIONS:
        raise ValueFaultError(Cause.RULE_BROKEN, text, "согласовано или отказано")
    return _DECISIONS.get(said)


COLUMNS: Final = {
    **WHOSE,
    "decision": Column(frozenset({"решение", "decision"}), _parse_decision, is_required=True),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a proposal, by whom and why."""

    state: str  # approved | rejected
    person: str
    why: str
    load_key: int | None = None  # of the file that says so; by hand there is none


def load_approvals(warehouse: Warehouse, store: Store, source: str, file: File) -> Loaded:
    """Take the decisions of the accounting base. Raises NotLoadedError."""
    table = read_file(file, COLUMNS)
    table = table.without(refuse_repeats(table))
    require_lines(file, table)
    stored = put_file(store, file)
    with warehouse.transaction("load_approvals") as transaction:
        subject = Subject("approvals", partner_key_of(transaction, source))
        held = begin_load(transaction, file, subject)
        meant = _find_meant(transaction, subject, list(table.lines))
        refusals = (_refuse(line, meant.get(line.row_no)) for line in table.lines)
        table = table.without([refused for refused in refusals if refused])
        require_lines(file, table)
        fresh = [line for line in table.lines if meant[line.row_no][1] == "approval_wait"]
        unchanged = len(table.lines) - len(fresh)
        version = held.version + bool(fresh)
        if fresh:
            load_key = keep_load(
                transaction, file, subject, table,
                stored=stored, version=version, unchanged=unchanged,
            )  # fmt: skip
            for line in fresh:
                said = (line["decision"] or "", file.person, line["why"] or "")
                _decide(transaction, meant[line.row_no][0], Decision(*said, load_key))
    return Loaded(
        "approvals", version, bool(fresh), table.received, len(fresh), unchanged,
        tuple(table.refused), "An approved price holds for its outlet alone.",
    )  # fmt: skip


def decide_price(warehouse: Warehouse, proposal_key: int, decision: Decision) -> str:
    """Decide a proposal by hand; return what was decided. The same again changes nothing.

    Raises NotLoadedError.
    """
    if not (decision.person.strip() and decision.why.strip()):
        message = "say who decides (person) and why: both are kept with the price"
        raise NotLoadedError(message)
    with warehouse.transaction("decide_price") as transaction:
        if _decide(transaction, proposal_key, decision):
            return f"proposal {proposal_key} is {decision.state} by {decision.person}"
        rows = transaction.run("stock/select_proposal", proposal_key=proposal_key)
    if not rows:
        message = f"there is no proposal {proposal_key}"
        raise NotLoadedError(message)
    was = f"proposal {proposal_key} was {rows[0]['state']} before, by {rows[0]['decided_by']}"
    if rows[0]["state"] != decision.state:
        raise NotLoadedError(was)
    return was


def _decide(transaction: Transaction, proposal_key: int, decision: Decision) -> bool:
    rows = transaction.run(
        "stock/decide_proposal",
        proposal_key=proposal_key,
        state=decision.state,
        person=decision.person,
        why=decision.why,
        load_key=decision.load_key,
    )
    if rows and decision.state == "approved":
        whose = {"source_key": rows[0]["source_key"], "portal_key": rows[0]["partner_key"]}
        transaction.run("stock/notice_pricing", **whose)
    return bool(rows)


def _find_meant(
    transaction: Transaction, subject: Subject, lines: list[Line]
) -> dict[int, tuple[int, str]]:
    told = {"told": as_rows(lines), "source_key": subject.source_key}
    rows = transaction.run("stock/match_proposals", **told)
    return {row["row_no"]: (row["proposal_key"], row["state"]) for row in rows}


def _refuse(line: Line, meant: tuple[int, str] | None) -> Refused | None:
    if meant is None:
        return line.refuse("amount", "Такой цены этот партнёр на это предложение не просил.")
    if meant[1] not in {"approval_wait", line["decision"]}:
        return line.refuse("decision", f"Предложение {meant[0]} уже решено иначе.")
    return None
