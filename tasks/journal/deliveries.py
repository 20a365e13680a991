"""Effects on the outside: planned with the change, sent by key, acknowledged or openly in doubt.

planned -> sending -> delivered | failed | in_doubt -> resolved. A delivery is planned in the
transaction of the change it tells of. One that was `sending` when its run died is in doubt: it is
never sent again on a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blocks.warehouse import Transaction, Warehouse
from tasks.journal.lease import Lease


@dataclass(frozen=True, slots=True)
class Delivery:
    """One effect to make outside; `idempotency_key` names it for ever."""

    delivery_key: int
    partner_key: int
    kind: str
    idempotency_key: str
    body: Mapping[str, object]
    attempts: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An effect that is to be made; `message_key` is the formed file it carries, if any."""

    kind: str
    idempotency_key: str
    body: Mapping[str, object] = field(default_factory=dict)
    message_key: int | None = None


def plan_delivery(transaction: Transaction, lease: Lease, plan: Plan) -> bool:
    """Plan an effect in the transaction of its cause; return False when it was planned before."""
    rows = transaction.run(
        "insert_delivery",
        partner_key=lease.partner_key,
        exchange=lease.exchange,
        kind=plan.kind,
        idempotency_key=plan.idempotency_key,
        body=dict(plan.body),
        message_key=plan.message_key,
    )
    return bool(rows)


def start_deliveries(warehouse: Warehouse, lease: Lease) -> list[Delivery]:
    """Mark what is planned or failed as sending, in order, and return it."""
    with lease.writing(warehouse, "start_deliveries") as transaction:
        rows = transaction.run(
            "start_deliveries",
            partner_key=lease.partner_key,
            exchange=lease.exchange,
            epoch=lease.epoch,
        )
    return [Delivery(**row) for row in rows]


def doubt_orphans(warehouse: Warehouse, lease: Lease) -> int:
    """Put in doubt what a dead run left in `sending`; return how many there were."""
    with lease.writing(warehouse, "doubt_deliveries") as transaction:
        return transaction.count(
            "doubt_deliveries",
            partner_key=lease.partner_key,
            exchange=lease.exchange,
            epoch=lease.epoch,
        )


def end_delivery(
    warehouse: Warehouse, lease: Lease, delivery_key: int, *, state: str, answer: str
) -> None:
    """Record the outcome of a sending: delivered, failed or in_doubt, with the answer's text."""
    with lease.writing(warehouse, "end_delivery") as transaction:
        transaction.one(
            "end_delivery", delivery_key=delivery_key, state=state, answer=answer, epoch=lease.epoch
        )
