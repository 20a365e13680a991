"""What may enter: repeats, the suites' rules, then references, each marked in staging by set work.

References come last, because a good that a rule refused is missing to its offers, and an offer that
is missing takes its prices with it.
"""

from blocks.warehouse import Transaction, Warehouse
from expectations import catalog, gate, prices
from tasks.journal.lease import Lease
from tasks.model.messages import Message, Terms

TREE_DEPTH_MAX = 64
_NOT_TAKEN = ("mark_documents_not_taken", "mark_counterparties_not_taken")
_REFERENCES = (
    "mark_goods_without_group",
    "mark_taken_part_numbers",
    "mark_offers_without_product",
    "mark_prices_without_offer",
    "mark_prices_without_type",
    "mark_stock_without_offer",
    "mark_stock_without_warehouse",
)


def judge(message: Message, terms: Terms, lease: Lease, warehouse: Warehouse) -> gate.Verdict:
    """Mark every staged record that may not enter with its cause; return the suites' verdict."""
    with warehouse.transaction("judge_message") as transaction:
        lease.hold(transaction)
        transaction.run("mark_repeats", message_key=message.message_key)
        for not_taken in _NOT_TAKEN:
            transaction.run(not_taken, message_key=message.message_key)
        verdict = gate.judge_message(
            transaction, message.message_key, (catalog.SUITE, prices.SUITE),
            {"negative_stock": terms.negative_stock.value},
        )
        _declare(transaction, message, terms)
        _mark_tree(transaction, message)
        for reference in _REFERENCES:
            transaction.run(
                reference, message_key=message.message_key, partner_key=message.partner_key,
            )
    return verdict


def _declare(transaction: Transaction, message: Message, terms: Terms) -> None:
    for kind in sorted(terms.undeclared):
        transaction.run(
            f"declare_{kind}", message_key=message.message_key, partner_key=message.partner_key,
        )


def _mark_tree(transaction: Transaction, message: Message) -> None:
    keys = {"message_key": message.message_key, "partner_key": message.partner_key}
    transaction.run("mark_group_cycles", **keys)
    for _ in range(TREE_DEPTH_MAX):
        if not transaction.count("mark_orphan_groups", **keys):
            return
