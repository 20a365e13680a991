"""The daily rates of the Bank of Russia, as its XML_daily document gives them.

    <ValCurs Date="21.11.2026" name="Foreign Currency Market">
      <Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal>
        <Name>Доллар США</Name><Value>81,1800</Value><VunitRate>81,18</VunitRate></Valute> …

`Date` is the day from which the rates hold: asked for a Sunday, the Bank gives Saturday's document.
Name and VunitRate (the rate of one unit, rounded) are left alone. Pure: bytes in, rows out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tasks.formats.currencies import BASE, parse_currency
from tasks.formats.sheets import Refused, SheetError
from tasks.formats.values import ValueFaultError, parse_date, parse_decimal
from tasks.model.causes import Cause, Fault

UNITS: Final = frozenset({"1", "10", "100", "1000", "10000", "100000"})  # they divide exactly
_FIELDS: Final = frozenset({"NumCode", "CharCode", "Nominal", "Name", "Value", "VunitRate"})
_SIZE_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Roubles for so many units of a currency on a day; canonical decimal text and ISO date."""

    row_no: int
    currency: str
    on_date: str
    units: str
    rate: str
    source: str


def read_cbr_rates(payload: bytes) -> tuple[list[Rate], list[Refused]]:
    """Read a document of daily rates. Raises SheetError when it is none."""
    root = _parse(payload)
    try:
        day = parse_date(root.get("Date", ""))
    except ValueFaultError:
        day = None
    if root.tag != "ValCurs" or not day:
        message = "it is no document of daily rates: ValCurs with a Date was expected"
        raise SheetError(message)
    rates, refused = [], []
    for row_no, valute in enumerate(root, start=1):
        try:
            rates.append(_read_valute(row_no, valute, day))
        except ValueFaultError as fault:
            said = Fault(fault.cause, fault.place, fault.value, fault.expected)
            refused.append(Refused(row_no, fault.place, fault.value[:200], said.sentence_ru))
    return rates, refused


def _parse(payload: bytes) -> etree._Element:
    if len(payload) > _SIZE_MAX:
        message = f"it has {len(payload)} bytes, more than {_SIZE_MAX}"
        raise SheetError(message)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(payload, parser)
    except etree.XMLSyntaxError as fault:
        message = f"it is no XML: {fault}"
        raise SheetError(message) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        message = "it declares a DOCTYPE; none is ever accepted"
        raise SheetError(message)
    return root


def _read_valute(row_no: int, valute: etree._Element, day: str) -> Rate:
    said = {str(field.tag): (field.text or "").strip() for field in valute}
    for name in sorted(set(said) - _FIELDS):
        raise ValueFaultError(Cause.FIELD_UNKNOWN, said[name], place=f"Valute/{name}")
    for name in ("CharCode", "NumCode", "Nominal", "Value"):
        if not said.get(name):
            raise ValueFaultError(Cause.FIELD_MISSING, "", place=name)
    currency = _parsed("CharCode", said["CharCode"], parse_currency)
    if currency != _parsed("NumCode", said["NumCode"], parse_currency) or currency == BASE:
        raise ValueFaultError(Cause.RULE_BROKEN, said["NumCode"], currency, "NumCode")
    if said["Nominal"] not in UNITS:
        raise ValueFaultError(Cause.NUM_RANGE, said["Nominal"], "1, 10, 100 …", "Nominal")
    rate = _parsed("Value", said["Value"], parse_decimal)
    if rate.startswith("-") or rate == "0":
        raise ValueFaultError(Cause.NUM_RANGE, rate, "> 0", "Value")
    return Rate(row_no, currency, day, said["Nominal"], rate, "ЦБ РФ")


def _parsed(place: str, text: str, parse: Callable[[str], str | None]) -> str:
    try:
        return parse(text) or ""
    except ValueFaultError as fault:
        raise fault.at(place) from fault
