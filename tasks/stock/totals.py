"""Do the figures of stock prove one another: totals their break-downs, movements their balances?

A source that promises that its totals are sums is held to it: where they are not, to the last
digit, the run fails. Movements that do not make the quantity that is told are shown as rows: one
of the two is late or wrong, and only people know which.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from blocks.warehouse import Warehouse
from tasks.journal.summary import count_of, markdown_table

_SHOWN = 20
_PLACES = {"offer": "{0.source}, {0.offer_id}", "source": "{0.source}", "network": "all sources"}


class TotalsDisagreeError(RuntimeError):
    """A total is not the sum of its parts; the run fails so that the alert goes out."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A total of an offer, a source or all sources that is not the sum of its warehouses."""

    level: str
    source: str
    offer_id: str
    in_warehouses: Decimal
    total: Decimal

    def __str__(self) -> str:
        place = _PLACES[self.level].format(self)
        return f"{place}: {self.in_warehouses} by warehouse, {self.total} in total"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An offer in a warehouse of which opening + movements is not what is told."""

    source: str
    offer_id: str
    warehouse_id: str
    as_of: datetime
    opening: Decimal | None
    expected: Decimal | None
    closing: Decimal | None
    difference: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found to disagree; nothing, where all is proven."""

    disagreements: Sequence[Disagreement] = ()
    mismatches: Sequence[Mismatch] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the figures as part of a run's result."""
        return {
            "totals_disagree": len(self.disagreements),
            "movements_mismatch": len(self.mismatches),
        }

    def as_markdown(self) -> str:
        """Return what there is to say of it in the run's artifact; "" where all is proven."""
        return "\n\n".join((*self._totals(), *self._movements()))

    def _totals(self) -> Iterator[str]:
        if self.disagreements:
            yield f"## {count_of(len(self.disagreements), 'total')} of stock do not add up"
            yield "\n".join(f"* {each}" for each in self.disagreements[:_SHOWN])

    def _movements(self) -> Iterator[str]:
        if self.mismatches:
            yield (
                f"## Movements do not make the stock of {count_of(len(self.mismatches), 'place')}"
            )
            yield markdown_table(
                ["source", "offer", "warehouse", "opening", "expected", "told", "why"],
                [
                    [
                        each.source, each.offer_id, each.warehouse_id, each.opening, each.expected,
                        each.closing, each.reason,
                    ]
                    for each in self.mismatches[:_SHOWN]
                ],
            )  # fmt: skip
            yield "All of them: `core.stock_mismatch`; the books of each: `core.stock_balance`."


def prove(warehouse: Warehouse, message_keys: Sequence[int]) -> Proof:
    """Compare the figures of all sources that sent stock or movements by these messages."""
    keys = {"message_keys": list(message_keys)}
    with warehouse.transaction("select_disagreements") as transaction:
        totals = transaction.run("stock/select_disagreements", **keys)
        mismatches = transaction.run("stock/select_mismatches", **keys)
    return Proof(
        tuple(Disagreement(**row) for row in totals), tuple(Mismatch(**row) for row in mismatches)
    )


def require_agreement(proof: Proof) -> None:
    """Fail where a promised total is not the sum of its parts. Raises TotalsDisagreeError."""
    if proof.disagreements:
        first, *more = proof.disagreements
        message = f"totals of stock disagree: {first}"
        raise TotalsDisagreeError(f"{message}; and {len(more)} more" if more else message)
