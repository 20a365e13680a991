"""Chance that is the same on every machine: named dice instead of one running generator.

Each noun has its own die, named by what it is and its number, so any product of a million can be
made alone, in any order.
"""

import random
import uuid
from decimal import Decimal


def die(*name: object) -> random.Random:
    """A generator that depends on nothing but its name."""
    return random.Random("/".join(map(str, name)))


def guid(*name: object) -> str:
    """A GUID of the look 1C gives (version 1 layout), fixed by its name."""
    return str(uuid.UUID(int=die("guid", *name).getrandbits(128), version=1))


def ean13(prefix: str, number: int) -> str:
    """A 13-digit barcode with a true check digit: `prefix`, then `number` in the room left."""
    body = f"{prefix}{number:0{12 - len(prefix)}d}"
    odd, even = (sum(map(int, body[start::2])) for start in (0, 1))
    return f"{body}{-(odd + 3 * even) % 10}"


def money(generator: random.Random, low: int, high: int) -> Decimal:
    """An amount with kopecks between `low` and `high` roubles."""
    return Decimal(generator.randrange(low * 100, high * 100)) / 100
