"""A company that trades: sales, receipts and new prices on top of what its seed made.

A day is made from its own seed. A single sale, receipt or price is told by name, as a person at
1C's desk does. Nothing moves but quantities and prices, and no quantity falls below zero.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from random import Random

from sandbox.company import Company
from sandbox.dice import die
from sandbox.nouns import Offer


class Deed(Enum):
    """What happens in a trading day; the value is its weight among a hundred."""

    SALE = 60
    RECEIPT = 25
    PRICE = 15


@dataclass(frozen=True, slots=True)
class Move:
    """One deed: by how much a quantity changes, or what a price is from now on."""

    index: int  # the product's number
    offer_id: str
    deed: Deed
    place: str  # a warehouse, or a price type
    amount: Decimal  # signed quantity, or the new price


class TradingCompany(Company):
    """The same company some trading later; each `day`, `sell`, `receive` or `price` gives another.

    What its last export has not told yet is `changed`; `told` says that it was exported.
    """

    def __init__(
        self, company: Company, moves: tuple[Move, ...] = (), told: int = 0, hours: int = 0
    ) -> None:
        """Trade on from `company`; the first `told` moves were exported `hours` later."""
        super().__init__(
            company.seed,
            goods=company.goods,
            warehouses=len(company.frame.warehouses),
            price_types=len(company.frame.price_types),
            pictures=company.pictures,
            steps=company.steps,
        )
        self.moves = moves
        self._told = told
        self._hours = hours
        self._of_product: dict[int, list[Move]] = {}
        for move in moves:
            self._of_product.setdefault(move.index, []).append(move)

    @property
    def age_hours(self) -> int:
        """Hours since the first export; each export that told of trade is an hour later."""
        return super().age_hours + self._hours

    @property
    def has_changed(self) -> bool:
        """Is there anything that a smaller export than a full one would tell?"""
        return bool(self.moves)

    def offers(self, index: int) -> tuple[Offer, ...]:
        """The offers of product `index` after all moves."""
        offers = super().offers(index)
        for move in self._of_product.get(index, ()):
            offers = tuple(
                _moved(offer, move) if offer.id == move.offer_id else offer for offer in offers
            )
        return offers

    def changed(self) -> Iterator[int]:
        """The numbers of the goods that moved since the last export, ascending."""
        yield from sorted({move.index for move in self.moves[self._told :]})

    def told(self) -> "TradingCompany":
        """The same company an hour later, all its moves exported."""
        return TradingCompany(self, self.moves, len(self.moves), self._hours + 1)

    def day(self, seed: int, deeds: int = 20) -> "TradingCompany":
        """A day of trade made from `seed`."""
        traded = self
        for number in range(deeds):
            traded = traded._deed(die(self.seed, "trade", seed, number))
        return traded

    def sell(self, offer_id: str, quantity: Decimal, warehouse_id: str) -> "TradingCompany":
        """Sell from one warehouse. Raises ValueError when there is less than that."""
        index, offer = self.find(offer_id)
        if dict(offer.stock)[warehouse_id] < quantity:
            message = f"there are only {dict(offer.stock)[warehouse_id]} of {offer_id}"
            raise ValueError(message)
        return self._with_move(Move(index, offer_id, Deed.SALE, warehouse_id, -quantity))

    def receive(self, offer_id: str, quantity: Decimal, warehouse_id: str) -> "TradingCompany":
        """Take goods in at one warehouse."""
        index, _ = self.find(offer_id)
        return self._with_move(Move(index, offer_id, Deed.RECEIPT, warehouse_id, quantity))

    def price(self, offer_id: str, amount: Decimal, price_type_id: str) -> "TradingCompany":
        """Set a new price, of the base unit."""
        index, _ = self.find(offer_id)
        return self._with_move(Move(index, offer_id, Deed.PRICE, price_type_id, amount))

    def find(self, offer_id: str) -> tuple[int, Offer]:
        """The product number and the offer of that name. Raises LookupError."""
        for index in range(len(self)):
            for offer in self.offers(index):
                if offer.id == offer_id:
                    return index, offer
        message = f"there is no offer {offer_id}"
        raise LookupError(message)

    def _with_move(self, move: Move) -> "TradingCompany":
        return TradingCompany(self, (*self.moves, move), self._told, self._hours)

    def _deed(self, luck: Random) -> "TradingCompany":
        index = luck.randrange(len(self))
        offers = self.offers(index)
        if not offers:
            return self
        deed = luck.choices(list(Deed), weights=[each.value for each in Deed])[0]
        move = _DEEDS[deed](luck, index, luck.choice(offers))
        return self._with_move(move) if move else self


def _sale(luck: Random, index: int, offer: Offer) -> Move | None:
    """Sell something that is there; where nothing is, nobody buys."""
    held = [(place, quantity) for place, quantity in offer.stock if quantity > 0]
    if not held:
        return None
    place, quantity = luck.choice(held)
    sold = min(quantity, Decimal(luck.randrange(1, 10)))
    return Move(index, offer.id, Deed.SALE, place, -sold)


def _receipt(luck: Random, index: int, offer: Offer) -> Move:
    place, _ = luck.choice(offer.stock)
    return Move(index, offer.id, Deed.RECEIPT, place, Decimal(luck.randrange(5, 100)))


def _price(luck: Random, index: int, offer: Offer) -> Move:
    old = luck.choice(offer.prices)
    rise = Decimal(luck.randrange(95, 115)) / 100
    amount = (old.amount * rise + Decimal("0.01")).quantize(Decimal("0.01"))
    return Move(index, offer.id, Deed.PRICE, old.price_type_id, amount)


_DEEDS: dict[Deed, Callable[[Random, int, Offer], Move | None]] = {
    Deed.SALE: _sale,
    Deed.RECEIPT: _receipt,
    Deed.PRICE: _price,
}


def _moved(offer: Offer, move: Move) -> Offer:
    if move.deed is Deed.PRICE:
        return replace(
            offer,
            prices=tuple(
                replace(price, amount=move.amount)
                if price.price_type_id == move.place and price.coefficient == 1
                else price
                for price in offer.prices
            ),
        )
    return replace(
        offer,
        stock=tuple(
            (place, quantity + move.amount if place == move.place else quantity)
            for place, quantity in offer.stock
        ),
    )
