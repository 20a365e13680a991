"""Stock and prices of any size, from a seed: what there is, and in what one export differs.

Nothing is held in memory: every figure follows from the seed and an offer's number. Of five offers
three are bare products and two are characteristics of a fourth one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

GROUPS = 20
PRICE_TYPES = 3  # offers have prices of the first
_BARE, _OF_ONE = 3, 2  # of five offers
_MONDAY = datetime(2026, 2, 2, 8)  # noqa: DTZ001 - 1C writes its local time without a zone
_TAIL = "11e8-80c8-0cc47ab29cd1"


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is: offers, warehouses, and in how many of them an offer has a figure."""

    offers: int
    warehouses: int
    figures: int = 0  # 0: in every warehouse
    seed: int = 20_261_122

    @property
    def places(self) -> int:
        """Figures of stock of one offer, besides the total."""
        return self.figures or self.warehouses

    @property
    def goods(self) -> int:
        """How many goods the offers belong to."""
        return self.good_of(self.offers - 1) + 1

    def good_of(self, number: int) -> int:
        """The number of the good that an offer belongs to."""
        block, place = divmod(number, _BARE + _OF_ONE)
        return block * (_BARE + 1) + min(place, _BARE)

    def size_of(self, number: int) -> int:
        """Which characteristic of its good an offer is, from 1; 0 for a bare product."""
        return max(number % (_BARE + _OF_ONE) - _BARE + 1, 0)

    def offer_id(self, number: int) -> str:
        """The Ид of an offer: of its good, and of its characteristic if it has one."""
        good_id, size = self.good_id(self.good_of(number)), self.size_of(number)
        return f"{good_id}#{size:08x}-d3a8-{_TAIL}" if size else good_id

    def good_id(self, number: int) -> str:
        """The Ид of a good, by its number from 0."""
        return f"{number + 1:08x}-{self.seed & 0xFFFF:04x}-{_TAIL}"

    def group_id(self, number: int) -> str:
        """The Ид of a group, below GROUPS."""
        return f"{number + 1:08x}-67ac-{_TAIL}"

    def warehouse_id(self, number: int) -> str:
        """The Ид of a warehouse."""
        return f"{number + 1:08x}-41ba-{_TAIL}"

    def price_type_id(self, number: int = 0) -> str:
        """The Ид of a price type; offers have prices of the first."""
        return f"{number + 1:08x}-6b17-{_TAIL}"

    def luck(self, number: int, salt: int) -> int:
        """Return a number below 2^20 that the seed, an offer and a purpose decide."""
        mixed = (self.seed + number * 0x9E3779B1 + salt * 0x85EBCA77) & 0xFFFFFFFF
        mixed = (mixed ^ (mixed >> 15)) * 0xC2B2AE3D & 0xFFFFFFFF
        return (mixed ^ (mixed >> 13)) >> 8 & 0xFFFFF


@dataclass(frozen=True, slots=True)
class Edition:
    """One export among many: its minute, and which share of the offers differs from edition 0.

    Of those every other one has a new price, the rest a new quantity in one warehouse.
    """

    minute: int = 0
    changed_share: float = 0.0

    @property
    def formed_at(self) -> str:
        """ДатаФормирования: a later edition was formed later, or it would be history."""
        return (_MONDAY + timedelta(minutes=self.minute)).isoformat()

    def is_changed(self, volume: Volume, number: int) -> bool:
        """Whether an offer differs from edition 0."""
        return bool(self.changed_share) and (
            volume.luck(number, 7000 + self.minute) < self.changed_share * 0x100000
        )

    def change(self, volume: Volume, number: int) -> tuple[int, int]:
        """Return what is added to the price, and to the quantity in the first warehouse."""
        if not self.is_changed(volume, number):
            return 0, 0
        return (self.minute, 0) if number % 2 == 0 else (0, self.minute)


def count_changed(volume: Volume, edition: Edition) -> dict[str, int]:
    """Count the records by dataset in which a full edition differs from edition 0."""
    changed = [number for number in range(volume.offers) if edition.is_changed(volume, number)]
    prices = sum(number % 2 == 0 for number in changed)
    return {"prices": prices, "stock": 2 * (len(changed) - prices)}  # a quantity and the total
