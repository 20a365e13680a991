"""Effects on the outside: planned with the change, sent by key, acknowledged or openly in doubt.

planned -> sending -> delivered | failed | in_doubt -> resolved. A delivery is planned in the
transaction of the change it tells of. One that was `sending` when its run died is in doubt: it is
never sent again on a guess. A partner's deliveries go one after the other: nothing overtakes one
that failed or is in doubt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from blocks.warehouse import Transaction, Warehouse
from tasks.journal.lease import Lease

_PROBE = "probe"  # who settled, where nobody had to


class Arrived(StrEnum):
    """What asking, or a person, found of a delivery that was in doubt."""

    DELIVERED = "delivered"  # it is there
    FAILED = "failed"  # it is not there: the same bytes go again
    DROPPED = "dropped"  # it will never go


class NotInDoubtError(LookupError):
    """There is no such delivery, or it is not in a state that a person can settle."""


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


@dataclass(frozen=True, slots=True)
class Ended:
    """How a sending ended; `question` says of one in doubt what to ask whom."""

    state: str  # delivered | failed | in_doubt
    answer: str
    question: str = ""


def plan_delivery(transaction: Transaction, lease: Lease, plan: Plan) -> int | None:
    """Plan an effect in the transaction of its cause; return its key, None if planned before."""
    rows = transaction.run(
        "insert_delivery",
        partner_key=lease.partner_key,
        exchange=lease.exchange,
        kind=plan.kind,
        idempotency_key=plan.idempotency_key,
        body=dict(plan.body),
        message_key=plan.message_key,
    )
    return rows[0]["delivery_key"] if rows else None


def start_delivery(
    warehouse: Warehouse, lease: Lease, *, is_asked: bool = False
) -> Delivery | None:
    """Mark the oldest open delivery as sending and return it; None when none may go now.

    One that failed waits for twice as long each time, up to an hour, unless a person asks.
    """
    with lease.writing(warehouse, "start_delivery") as transaction:
        rows = transaction.run(
            "start_delivery",
            partner_key=lease.partner_key,
            exchange=lease.exchange,
            epoch=lease.epoch,
            is_asked=is_asked,
        )
    return Delivery(**rows[0]) if rows else None


def doubt_orphans(warehouse: Warehouse, lease: Lease, question: str) -> list[int]:
    """Put in doubt what a dead run left in `sending`; return the deliveries."""
    with lease.writing(warehouse, "doubt_deliveries") as transaction:
        rows = transaction.run(
            "doubt_deliveries",
            partner_key=lease.partner_key,
            exchange=lease.exchange,
            epoch=lease.epoch,
            question=question,
        )
    return [row["delivery_key"] for row in rows]


def end_delivery(warehouse: Warehouse, lease: Lease, delivery_key: int, ended: Ended) -> None:
    """Record the outcome of a sending; what was delivered is what the partner now holds."""
    with lease.writing(warehouse, "end_delivery") as transaction:
        transaction.one(
            "end_delivery",
            delivery_key=delivery_key,
            state=ended.state,
            answer=ended.answer,
            question=ended.question,
            epoch=lease.epoch,
        )
        if ended.state == "delivered":
            transaction.run("acknowledge_delivery", delivery_key=delivery_key)


def settle_delivery(
    warehouse: Warehouse, delivery_key: int, arrived: Arrived, *, person: str, why: str
) -> str:
    """Settle a delivery in doubt, or drop one that waits; return its new state.

    Raises NotInDoubtError.
    """
    with warehouse.transaction("resolve_delivery") as transaction:
        return _settle(transaction, delivery_key, arrived, person, why)


def settle_asked(
    warehouse: Warehouse, lease: Lease, delivery_key: int, arrived: Arrived, why: str
) -> str:
    """Settle a delivery in doubt by what its target answered; return its new state.

    What was heard before a newer run took over is no news any more: it may have sent again since.
    Raises NotInDoubtError and FencedError.
    """
    with lease.writing(warehouse, "resolve_delivery") as transaction:
        return _settle(transaction, delivery_key, arrived, _PROBE, why)


def _settle(
    transaction: Transaction, delivery_key: int, arrived: Arrived, person: str, why: str
) -> str:
    rows = transaction.run(
        "resolve_delivery",
        delivery_key=delivery_key,
        arrived_as=arrived.value,
        person=person,
        why=why,
    )
    if not rows:
        raise NotInDoubtError(_why_not(transaction, delivery_key))
    if arrived is Arrived.DELIVERED:
        transaction.run("acknowledge_delivery", delivery_key=delivery_key)
    if arrived is Arrived.DROPPED:
        transaction.run(
            "withdraw_delivery", delivery_key=delivery_key, partner_key=rows[0]["partner_key"]
        )
    return str(rows[0]["state"])


def _why_not(transaction: Transaction, delivery_key: int) -> str:
    rows = transaction.run("select_delivery", delivery_key=delivery_key)
    if not rows:
        return f"there is no delivery {delivery_key}; its number stands in the run's artifact"
    return f"delivery {delivery_key} is {rows[0]['state']}: there is nothing to settle"
