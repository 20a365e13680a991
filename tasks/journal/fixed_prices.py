"""The price of a document's line, fixed when the line is made: amount, rule, rate.

Computing it again a week later gives the same roubles, for nothing is computed again: the line
keeps its row of `core.fixed_price`, whatever rates and policies do since.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from blocks.warehouse import Transaction


class NoPriceError(LookupError):
    """The offer has no price for that partner; the sentence says why. Other lines go on."""


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line that wants a price; `unit` "" means the offer's own."""

    partner_key: int
    source_key: int
    document: str  # the document's own number, for ever the same
    line_no: int
    offer_id: str
    quantity: Decimal
    priced_on: date  # the document's day in the partner's zone: its rates count
    unit: str = ""
    rate_age_days: int = 0


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """What a line costs for ever, and what made it so. `rate_key` names the row of the rate."""

    fixed_key: int
    partner_key: int
    source_key: int
    document: str
    line_no: int
    offer_id: str
    unit: str
    quantity: Decimal
    amount: Decimal  # of one
    total: Decimal
    currency: str
    price_type_id: str | None
    base_amount: Decimal | None
    base_currency: str | None
    percent: Decimal | None
    rule_key: int | None
    proposal_key: int | None
    rate_key: int | None
    to_rate_key: int | None  # of the currency that is paid, where that is no rouble
    rate_date: date | None
    priced_on: date
    fixed_at: datetime


def fix_price(transaction: Transaction, line: LineAsked) -> FixedPrice:
    """Fix the price of a line; of a line that has one, return it as it is. Raises NoPriceError."""
    asked = {
        "partner_key": line.partner_key,
        "source_key": line.source_key,
        "offer_id": line.offer_id,
        "priced_on": line.priced_on,
        "rate_age_days": line.rate_age_days,
    }
    rows = transaction.run(
        "fix_price",
        **asked,
        document=line.document,
        line_no=line.line_no,
        quantity=line.quantity,
        unit=line.unit,
    )
    if rows:
        return FixedPrice(**rows[0])
    lacks = [row["lacks"] for row in transaction.run("select_missing_rates", **asked)]
    why = (
        f"there is no rate of {', '.join(lacks)} for {line.priced_on}"
        if lacks
        else "no rule and no base price say what it costs"
    )
    message = f"line {line.line_no} of {line.document}: {line.offer_id} has no price: {why}"
    raise NoPriceError(message)
