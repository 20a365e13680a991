"""A seeded trading company: the same seed gives the same company, at any size, on any machine.

Nothing is held in memory but the reference data: a product is made when it is asked for, by its
number. A company does not change; `after` gives the same company some time later.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from sandbox import frame as frames
from sandbox.dice import die
from sandbox.goods import make_good, make_offers
from sandbox.nouns import Good, Offer

TOUCHED_FOR_ONE_NEW = 10
BULK = ("goods", "offers", "prices", "stock")


class Touch(Enum):
    """What happened to a product in one step; the value is its weight among a hundred."""

    PRICE = 50
    STOCK = 25
    NAME = 12
    MOVE = 10
    DELETE = 3


@dataclass(frozen=True, slots=True)
class Step:
    """Some time passed: a share of the goods was touched and `new` were added behind `goods`."""

    seed: int
    share: float
    goods: int
    new: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The truth of what one step changed: counts per dataset of `BULK`."""

    new: dict[str, int]
    changed: dict[str, int]
    deleted: dict[str, int]


class Company:
    """A trading company with `goods` products, made from `seed`."""

    def __init__(  # noqa: PLR0913 - the sizes of a company, all by keyword
        self,
        seed: int,
        *,
        goods: int = 200,
        warehouses: int = 4,
        price_types: int = 4,
        pictures: bool = True,
        steps: tuple[Step, ...] = (),
    ) -> None:
        """Build the reference data; `goods` counts the first products, before any step."""
        self.seed = seed
        self.goods = goods
        self.pictures = pictures
        self.steps = steps
        self.frame = frames.build(seed, goods, warehouses, price_types)

    def __len__(self) -> int:
        """How many products there are, marked ones included."""
        return self.goods + sum(step.new for step in self.steps)

    @property
    def age_hours(self) -> int:
        """Hours since the first export: a step takes one."""
        return len(self.steps)

    @property
    def has_changed(self) -> bool:
        """Is there anything that a smaller export than a full one would tell?"""
        return bool(self.steps)

    def good(self, index: int) -> Good:
        """The product number `index`, from 0, with everything that happened to it."""
        good = make_good(self.seed, index, self.frame, pictures=self.pictures)
        for step, touch in self._history(index):
            good = self._touched(good, index, step, touch)
        return good

    def offers(self, index: int) -> tuple[Offer, ...]:
        """The offers of product `index`; a product marked as deleted has none."""
        good = self.good(index)
        if good.is_deleted:
            return ()
        offers = make_offers(self.seed, index, good, self.frame)
        for step, touch in self._history(index):
            if touch is Touch.PRICE:
                offers = tuple(_repriced(offer, step, index) for offer in offers)
            elif touch is Touch.STOCK:
                offers = tuple(_restocked(offer, step, index) for offer in offers)
        return offers

    def after(self, changes: int, share: float) -> "Company":
        """The same company later: about `share` (0–1) of the goods touched, by seed `changes`."""
        new = int(len(self) * share / TOUCHED_FOR_ONE_NEW) + 1
        return self._with((*self.steps, Step(changes, share, len(self), new)))

    @property
    def before(self) -> "Company":
        """The company before its last step."""
        return self._with(self.steps[:-1])

    def changed(self) -> Iterator[int]:
        """The numbers of the goods touched or added in the last step, ascending."""
        step = self.steps[-1]
        for index in range(step.goods):
            if _touch(step, index) and not self.before_deleted(index):
                yield index
        yield from range(step.goods, len(self))

    def before_deleted(self, index: int) -> bool:
        """Was the product already marked as deleted before the last step?"""
        *earlier, _ = self.steps
        return any(_touch(step, index) is Touch.DELETE for step in earlier if index < step.goods)

    def difference(self) -> Difference:
        """What the last step changed, counted by comparing both states row by row."""
        earlier = self.before
        words = ("new", "changed", "gone")
        counts: dict[str, Counter[str]] = {word: Counter() for word in words}
        for index in self.changed():
            old = _rows(earlier, index) if index < len(earlier) else {}
            new = _rows(self, index)
            for key in old.keys() | new.keys():
                if key not in old:
                    counts["new"][key[0]] += 1
                elif key not in new:
                    counts["gone"][key[0]] += 1
                elif old[key] != new[key]:
                    counts["changed"][key[0]] += 1
        return Difference(*({name: counts[word][name] for name in BULK} for word in words))

    def _with(self, steps: tuple[Step, ...]) -> "Company":
        return Company(
            self.seed,
            goods=self.goods,
            warehouses=len(self.frame.warehouses),
            price_types=len(self.frame.price_types),
            pictures=self.pictures,
            steps=steps,
        )

    def _history(self, index: int) -> Iterator[tuple[Step, Touch]]:
        for step in self.steps:
            if index < step.goods and (touch := _touch(step, index)):
                yield step, touch
                if touch is Touch.DELETE:
                    return

    def _touched(self, good: Good, index: int, step: Step, touch: Touch) -> Good:
        good = replace(good, revision=good.revision + 1)
        match touch:
            case Touch.NAME:
                return replace(good, name=f"{good.name} (изм. {step.seed})")
            case Touch.MOVE:
                others = [each.id for each in self.frame.groups if each.id not in good.group_ids]
                choice = die(step.seed, "move", index).choice(others)
                return replace(good, group_ids=(choice,))
            case Touch.DELETE:
                return replace(good, is_deleted=True)
            case Touch.PRICE | Touch.STOCK:
                return good


def _touch(step: Step, index: int) -> Touch | None:
    luck = die(step.seed, "touch", index)
    if luck.random() >= step.share:
        return None
    return luck.choices(list(Touch), weights=[touch.value for touch in Touch])[0]


def _repriced(offer: Offer, step: Step, index: int) -> Offer:
    luck = die(step.seed, "price", index)
    rise = Decimal(luck.randrange(101, 130)) / 100
    return replace(
        offer,
        prices=tuple(
            replace(price, amount=(price.amount * rise + 1).quantize(Decimal("0.01")))
            for price in offer.prices
        ),
    )


def _restocked(offer: Offer, step: Step, index: int) -> Offer:
    arrived = die(step.seed, "stock", index).randrange(1, 50)
    (first, quantity), *others = offer.stock
    return replace(offer, stock=((first, quantity + arrived), *others))


def _rows(company: Company, index: int) -> dict[tuple[str, str], object]:
    """The rows of the four bulk datasets that product `index` stands for, by natural key."""
    good = company.good(index)
    rows: dict[tuple[str, str], object] = {}
    if not good.is_deleted:
        rows["goods", good.id] = good
    for offer in company.offers(index):
        rows["offers", offer.id] = replace(offer, prices=(), stock=())
        for price in offer.prices:
            key = f"{offer.id}|{price.price_type_id}|{price.unit.code}|{price.min_qty}"
            rows["prices", key] = price
        rows |= {("stock", f"{offer.id}|{place}"): quantity for place, quantity in offer.stock}
    return rows
