"""What a partner pays, reckoned plainly: one offer and one rule at a time, with whole fractions.

It shares nothing with the product but the words of the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

Rule = Mapping[str, str]  # a row of the file, by its headings; `row` is its number
_KNOWN = {"RUB", "USD", "KZT", "EUR", "JPY"}


@dataclass(frozen=True, slots=True)
class Price:
    """A base price of an offer."""

    amount: str
    currency: str
    unit: str = ""
    min_qty: int = 0
    coefficient: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer with what rules can ask of it."""

    id: str
    product: str
    vendors: frozenset[str] = frozenset()
    groups: Mapping[str, int] = field(default_factory=dict)  # with all above: how far up
    prices: Mapping[str, Sequence[Price]] = field(default_factory=dict)  # by price type


@dataclass(frozen=True, slots=True)
class Paid:
    """A step of a price. `row` is that of the rule; 0: no rule was needed."""

    offer: str
    unit: str
    min_qty: int
    amount: Decimal | None
    currency: str | None
    row: int
    lacks: str | None


def pay(
    rules: Sequence[Rule], partner: str, offer: Offer, rates: Mapping[str, Fraction]
) -> Iterator[Paid]:
    """Yield what a partner pays for an offer, step by step."""
    groups = {r["dealer_group"] for r in rules if r["kind"] == "member" and r["partner"] == partner}
    mine = [
        rule
        for rule in rules
        if rule.get("partner", partner) == partner
        and ("dealer_group" not in rule or rule["dealer_group"] in groups)
    ]
    base = max((r for r in mine if r["kind"] == "base"), key=_reach)
    rounding = max((r for r in mine if r["kind"] == "rounding"), key=_reach, default=None)
    about = [r for r in mine if r["kind"] in {"discount", "fixed"} and _is_about(r, offer)]
    prices = offer.prices.get(base["price_type"], [])
    for unit in sorted({price.unit for price in prices}) or [""]:
        of_unit = [price for price in prices if price.unit == unit]
        steps = {p.min_qty for p in of_unit} | {int(r.get("min_qty", 0)) for r in about}
        last: Any = None
        for step in sorted(steps):
            price = max(
                (p for p in of_unit if p.min_qty <= step), key=lambda p: p.min_qty, default=None
            )
            rule = _best([r for r in about if int(r.get("min_qty", 0)) <= step], offer)
            is_priced = price is not None or (rule is not None and rule["kind"] == "fixed")
            if not is_priced or (price, rule) == last:
                continue
            last = (price, rule)
            amount, own, may_round = _begin(price, rule)
            tick = Fraction(rounding["step"]) if rounding else Fraction(0)
            exchange = Exchange(own, base.get("currency") or own, tick, may_round, rates)
            row = int(rule["row"]) if rule else 0
            yield Paid(offer.id, unit, step, *exchange.give(amount), row, exchange.lacks)


@dataclass(frozen=True, slots=True)
class Exchange:
    """From a price's own currency to the one that is paid, and rounded, half up."""

    own: str
    paid: str
    step: Fraction
    is_agreed: bool
    rates: Mapping[str, Fraction]

    @property
    def lacks(self) -> str | None:
        """The currency that has no rate, or that nobody knows."""
        if self.own not in _KNOWN:
            return self.own
        needed = (self.own, self.paid) if self.own != self.paid else ()
        return next((currency for currency in needed if currency not in self.rates), None)

    def give(self, amount: Fraction) -> tuple[Decimal | None, str | None]:
        """The amount that is paid, and its currency."""
        if self.lacks:
            return None, self.paid if self.paid in _KNOWN else None
        if self.own != self.paid:
            amount = amount * self.rates[self.own] / self.rates[self.paid]
        tick = Fraction(1) if self.paid == "JPY" else Fraction(1, 100)
        if not (self.is_agreed and self.own == self.paid):
            tick = max(tick, self.step)
        whole = (2 * amount + tick) // (2 * tick) * tick
        return Decimal(whole.numerator) / Decimal(whole.denominator), self.paid


def _begin(price: Price | None, rule: Rule | None) -> tuple[Fraction, str, bool]:
    if rule is not None and rule["kind"] == "fixed":
        units = Fraction(price.coefficient or 1) if price else Fraction(1)
        return Fraction(rule["amount"]) * units, rule["currency"], True
    assert price is not None
    off = Fraction(rule["percent"]) if rule else Fraction(0)
    return Fraction(price.amount) * (100 - off) / 100, price.currency, False


def _reach(rule: Rule) -> int:
    return 2 if "partner" in rule else 1 if "dealer_group" in rule else 0


def _is_about(rule: Rule, offer: Offer) -> bool:
    return (
        rule.get("offer", offer.id) == offer.id
        and rule.get("product", offer.product) == offer.product
        and ("product_group" not in rule or rule["product_group"] in offer.groups)
        and ("vendor" not in rule or rule["vendor"].upper() in offer.vendors)
    )


def _best(rules: Sequence[Rule], offer: Offer) -> Rule | None:
    def strength(rule: Rule) -> tuple[int, ...]:
        what = (
            5 if "offer" in rule
            else 4 if "product" in rule
            else 2 + ("vendor" in rule) if "product_group" in rule
            else int("vendor" in rule)
        )  # fmt: skip
        far = offer.groups[rule["product_group"]] if "product_group" in rule else 0
        from_qty = int(rule.get("min_qty", 0))
        return rule["kind"] == "fixed", what, -far, _reach(rule), from_qty, -int(rule["row"])

    return max(rules, key=strength, default=None)
