"""What may enter: repeats, the suites' rules, then references, each marked in staging by set work.

References come last, because a good that a rule refused is missing to its offers, and an offer that
is missing takes its prices with it.
"""

from blocks.warehouse import Row, Transaction
from expectations import books, catalog, gate, prices
from expectations.rules import NegativeStock, Parameters
from expectations.verdict import Engine, Verdict
from tasks.catalog.clocks import read_instant
from tasks.catalog.decoding import fault_as_json
from tasks.catalog.lateness import mark_superseded
from tasks.catalog.slices import count_passed, load_passed
from tasks.catalog.workplace import Workplace
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.messages import Message

_NOT_TAKEN = ("mark_documents_not_taken", "mark_counterparties_not_taken")
_REFERENCES = (
    "mark_goods_without_group",
    "mark_taken_part_numbers",
    "mark_offers_without_product",
    "mark_prices_without_offer",
    "mark_prices_without_type",
    "mark_stock_without_offer",
    "mark_stock_without_warehouse",
    "mark_movements_without_offer",
    "mark_movements_without_warehouse",
)


def judge(message: Message, at: Workplace, engine: Engine | None = None) -> Verdict:
    """Mark every staged record that may not enter with its cause; return the suites' verdict.

    Where a belief about the file as a whole is broken (`verdict.stops`), the file is marked
    as one that cannot be taken. The judge chooses its engine by volume unless one is named.
    """
    with at.lease.writing(at.warehouse, "judge_message") as transaction:
        keys = {"message_key": message.message_key, "partner_key": message.partner_key}
        # A group inside itself also stands twice: the cycle is what its sender must look for.
        transaction.run("mark_group_cycles", **keys)
        reading = transaction.one("select_reading", message_key=message.message_key)
        heading, slicing = reading["heading"], reading["slicing"] or {"has_repeats": True}
        transaction.run("mark_repeats", has_repeats=slicing["has_repeats"], **keys)
        transaction.run("analyze_grown")
        formed_at = read_instant(heading.get("formed_at"), at.terms.zone)
        mark_superseded(transaction, message, formed_at, at.store)
        for statement in _NOT_TAKEN:
            transaction.run(statement, **keys)
        verdict = _judge_by_suites(transaction, message, reading, at, engine)
        if verdict.stops:
            _stop(transaction, message, verdict)
            return verdict
        for kind in sorted(at.terms.undeclared):
            transaction.run(f"declare_{kind}", **keys)
        _mark_tree(transaction, keys)
        for statement in _REFERENCES:
            transaction.run(statement, **keys)
    return verdict


def _judge_by_suites(
    transaction: Transaction, message: Message, reading: Row, at: Workplace, engine: Engine | None
) -> Verdict:
    terms = at.terms
    undecoded = transaction.run("count_faults", message_key=message.message_key)
    parameters = Parameters(
        is_full=reading["heading"].get("extent") == "full" and not message.replays,
        negative_stock=NegativeStock(terms.negative_stock.value),
        max_refused_share=terms.refused_share_max,
        required=terms.required,
    )
    return gate.judge_message(
        transaction,
        message.message_key,
        (catalog.suite(parameters), prices.suite(parameters), books.suite(parameters)),
        parameters,
        refused_before={row["dataset"]: row["records"] for row in undecoded},
        passed_over=count_passed(load_passed(at.store, reading["slicing"])),
        engine=engine,
    )


def _stop(transaction: Transaction, message: Message, verdict: Verdict) -> None:
    broken = next(iter(verdict.stops))
    fault = Fault(
        Cause.RULE_BROKEN,
        place=broken.rule.place or broken.rule.dataset,
        value=f"{broken.observed}",
        expected=broken.rule.expected or broken.rule.name,
    )
    transaction.run("open_staging", message_key=message.message_key)
    transaction.one(
        "stop_reading",
        message_key=message.message_key,
        file_fault=fault_as_json(FileFaultError(fault)),
    )


def _mark_tree(transaction: Transaction, keys: dict[str, int]) -> None:
    # What is refused leaves the tree as we hold it, so one mark may make the next; it ends, because
    # each round marks a group more.
    while transaction.count("mark_group_cycles", **keys) + transaction.count(
        "mark_orphan_groups", **keys
    ):
        pass
