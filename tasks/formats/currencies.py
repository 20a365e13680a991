"""Currencies as others spell them -> codes of ISO 4217.

Codes, numbers and exponents are the library's, which reads the official table. Ours are only the
roubles of 1C: `руб.`, and the code and number that they had before 1998.
"""

from collections.abc import Iterator
from typing import Final

from iso4217 import Currency

from tasks.formats.values import ValueFaultError
from tasks.model.causes import Cause

BASE: Final = "RUB"  # rates are in it
_ROUBLES: Final = ("РУБ", "РУБ.", "Р.", "₽", "RUR", "810")


def _spell() -> Iterator[tuple[str, Currency]]:
    for currency in Currency:
        yield currency.code, currency
        yield f"{currency.number:03}", currency
    for spelling in _ROUBLES:
        yield spelling, Currency(BASE)


_SPELLINGS: Final = dict(_spell())


def parse_currency(text: str) -> str | None:
    """Return the code of a currency; an empty text is None.

    Raises:
        ValueFaultError: RULE_BROKEN, nobody knows it.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return str(_SPELLINGS[text.upper()].code)
    except KeyError:
        raise ValueFaultError(Cause.RULE_BROKEN, text, "валюта ISO 4217") from None


def list_spellings() -> list[dict[str, str | int]]:
    """Return every spelling with the code and the exponent it means, as `core.currency` has it.

    Gold and drawing rights have a rate and no exponent: nobody pays in them.
    """
    return [
        {"spelling": spelling, "code": currency.code, "exponent": currency.exponent}
        for spelling, currency in _SPELLINGS.items()
        if currency.exponent is not None
    ]
