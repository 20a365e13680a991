"""What a portal itself pays, where it sees computed prices instead of the source's.

The prices are reckoned in the snapshot of the projection, into a price type of the portal's own:
neither the source's price types nor another portal's prices are anywhere near its package. Which
rule and which rate made each price is kept beside the inputs of the package.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from typing import Final
from uuid import UUID, uuid5

import pyarrow as pa
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Transaction
from tasks.model.portals import Portal

# Sites file prices by the id of their type: it never changes.
_OWN_TYPES: Final = UUID("6f0a6d3e-6f62-4d65-8e4f-62d6e6f6e002")
_RECKONED: Final = pa.schema(
    [
        (name, pa.string())
        for name in (
            "key", "offer_id", "unit", "min_qty", "amount", "currency", "price_type_id",
            "base_amount", "base_currency", "base_key", "percent", "rule_key", "proposal_key",
            "rate_key", "to_rate_key", "rate_date",
        )
    ]
)  # fmt: skip


class NoPolicyError(LookupError):
    """A portal is to see what a policy says, and no policy says it; nothing was formed."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Prices that stay out because a currency has no rate of the day, or nobody knows it."""

    currency: str
    on_date: date
    prices: int

    def __str__(self) -> str:
        return f"{self.prices} prices in {self.currency or 'no currency'} for {self.on_date}"


def has_own_prices(portal: Portal) -> bool:
    """Say whether a portal sees prices that are computed for it."""
    return portal.selection.pricing == "policy" and "prices" in portal.selection.kinds


def own_price_type(portal: Portal) -> str:
    """Return the id of a portal's own price type: for ever the same."""
    return str(uuid5(_OWN_TYPES, f"{portal.selection.source}/{portal.name}"))


def reckon_prices(transaction: Transaction, portal: Portal, source_key: int) -> None:
    """Compute what the portal pays for the offers of the projection. Raises NoPolicyError."""
    whose = {"portal_key": portal.partner_key, "source_key": source_key}
    known = transaction.one("publication/has_policy", **whose)
    if not known["has_base"]:
        why = (
            f"the price policy of {portal.selection.source} names no base price type for it"
            if known["has_policy"]
            else f"no price policy of {portal.selection.source} is loaded: run load-price-policy"
        )
        message = f"{portal.name} is to see computed prices, but {why}"
        raise NoPolicyError(message)
    transaction.run(
        "publication/reckon_prices",
        **whose,
        zone=portal.time_zone,
        rate_age_days=portal.selection.rate_age_days,
        own_price_type=own_price_type(portal),
    )
    transaction.run("publication/analyze_reckoning")


def list_lacks(transaction: Transaction, portal: Portal) -> list[Lack]:
    """Return what the projection left out for want of a rate."""
    rows = transaction.run("publication/select_lacks", zone=portal.time_zone)
    return [Lack(**row) for row in rows]


def note_lacks(transaction: Transaction, portal: Portal, lacks: Sequence[Lack]) -> None:
    """Make what stays out an open row of `core.price_stop`, and close those that are over."""
    currencies = [lack.currency for lack in lacks]
    transaction.run(
        "publication/close_price_stops", portal_key=portal.partner_key, currencies=currencies
    )
    for lack in lacks:
        transaction.run(
            "publication/upsert_price_stop", portal_key=portal.partner_key, **asdict(lack)
        )


def keep_reckoning(transaction: Transaction, store: Store) -> str:
    """Keep what made the prices of this package; return its key in the store."""
    sink = BytesIO()
    pq.write_table(
        transaction.fetch("publication/fetch_reckoning", _RECKONED), sink, compression="zstd"
    )
    return store.put(sink.getvalue(), under="inputs").key
