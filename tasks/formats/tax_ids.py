"""Numbers of tax payers, each checked by the rule of its country.

INN (Russia) and UNP (Belarus) are the library's. The BIN and IIN of Kazakhstan are in no library we
found: their rule is Government Resolution 406 of 2003 (BIN) and the same sum for IIN.
"""

from enum import StrEnum
from typing import Final

from stdnum.by import unp
from stdnum.exceptions import ValidationError
from stdnum.ru import inn

_WEIGHTS: Final = (tuple(range(1, 12)), (*range(3, 12), 1, 2))  # the second if the first gives 10


class Country(StrEnum):
    """Countries whose numbers we can check, by ISO 3166."""

    RUSSIA = "RU"
    KAZAKHSTAN = "KZ"
    BELARUS = "BY"


def is_tax_id(country: Country, text: str) -> bool:
    """Say whether a text is a number of a tax payer of that country, with its check digits."""
    match country:
        case Country.RUSSIA:
            return _is_digits(text, 10, 12) and bool(inn.is_valid(text))
        case Country.BELARUS:
            return _is_unp(text)
        case Country.KAZAKHSTAN:
            return _is_digits(text, 12) and _bin_check(text) == int(text[-1])


def _is_digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


def _is_unp(text: str) -> bool:
    try:
        return bool(unp.validate(text) == text)  # nothing is repaired in silence
    except ValidationError:
        return False


def _bin_check(text: str) -> int:
    digits = [int(digit) for digit in text[:11]]
    sums = (sum(w * d for w, d in zip(each, digits, strict=True)) % 11 for each in _WEIGHTS)
    return next((check for check in sums if check != 10), -1)  # no such number is ever given out
