"""What a CommerceML file says, record by record, and the faults of one that cannot be read."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Values = dict[str, object]


class Kind(StrEnum):
    """One kind of record; the word names its part of what is held."""

    GROUPS = "groups"
    PROPERTIES = "properties"
    UNITS = "units"
    PRICE_TYPES = "price_types"
    WAREHOUSES = "warehouses"
    GOODS = "goods"
    OFFERS = "offers"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `values` has the fields the file speaks of, and only those."""

    kind: Kind
    id: str
    values: Values
    is_deleted: bool = False
    is_whole: bool = False  # out of a full file: what is not named is empty
    is_bare: bool = False  # an offer of prices or stock only: nothing comes into being by it


class UnreadableError(Exception):
    """The file is refused as a whole; the text is for the partner."""


def canonical(text: str | None) -> str | None:
    """Canonical decimal text of a number as it came (comma, spaces); None for an empty one.

    Raises:
        UnreadableError: it is no number.
    """
    digits = "".join((text or "").split()).replace(",", ".")
    if not digits:
        return None
    try:
        number = f"{Decimal(digits):f}"
    except InvalidOperation:
        message = f"Не число: {text}"
        raise UnreadableError(message) from None
    return number.rstrip("0").rstrip(".") if "." in number else number
