"""Text as others write it -> the values of our model; strict, one canonical form for each value.

Numbers leave here as canonical decimal text: no plus, no leading zeros, no trailing zeros after
the point (`12.50` and `12,5` are both `12.5`, `-0` is `0`), so that equal amounts have equal
digests. The sender's scale is not kept: it says nothing about money.
"""

import re
from datetime import datetime

from tasks.model.causes import Cause

ID_LENGTH = 255  # the standard says 80; longer than this can only be an attack on the index

_SPACES = "\u00a0\u202f\u2009"  # no-break and thin spaces that 1C and Excel put between thousands
_PLAIN = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?\Z")
_GROUPED = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]+))?\Z")
_COMMA = re.compile(r"([+-]?)([0-9]+),([0-9]+)\Z")
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3}|[.,][0-9.,]*[.,][0-9]*)\Z")
_INTEGER_DIGITS = 18
_FRACTION_DIGITS = 18
_FLAGS = {"true": True, "1": True, "да": True, "false": False, "0": False, "нет": False}
_EMPTY_DATES = frozenset({"0001-01-01", "0001-01-01T00:00:00", "01.01.0001", "0", "T"})
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y")
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d{1,2}:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z", re.ASCII
)
_RUSSIAN_INSTANT = re.compile(r"(\d\d\.\d\d\.\d{4}) (\d{1,2}:\d\d:\d\d)\Z", re.ASCII)
_ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)\Z", re.ASCII)  # xs:date allows it
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%?\Z", re.ASCII)
_NO_VAT = frozenset({"безндс", "безналога", "необлагается"})
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")


class ValueFaultError(Exception):
    """A text is not a value of its kind; the reader adds the place."""

    def __init__(self, cause: Cause, value: str, expected: str = "", place: str = "") -> None:
        """Keep why, what was found, what was expected and, when it is known, where."""
        super().__init__(cause.name)
        self.cause = cause
        self.value = value
        self.expected = expected
        self.place = place

    def at(self, place: str) -> "ValueFaultError":
        """Say the same with a place."""
        return ValueFaultError(self.cause, self.value, self.expected, place)


def parse_text(text: str) -> str | None:
    """Text without the padding 1C leaves around it; an empty one is None."""
    return text.strip() or None


def parse_id(text: str) -> str | None:
    """An opaque identifier: stripped, never longer than `ID_LENGTH`.

    Raises:
        ValueFaultError: FIELD_TOO_LONG.
    """
    text = text.strip()
    if len(text) > ID_LENGTH:
        raise ValueFaultError(Cause.FIELD_TOO_LONG, str(len(text)), str(ID_LENGTH))
    return text or None


def parse_decimal(text: str) -> str | None:
    """A number in canonical decimal text.

    A point, a comma or no fraction; spaces between thousands. `1,234` and `1.234,50` could be
    read in two ways and are not guessed at (`0,234` and `1 234,567` can be read in one only).

    Raises:
        ValueFaultError: NUM_FORMAT, NUM_AMBIGUOUS or NUM_RANGE (more than 18 digits).
    """
    text = text.strip()
    if not text:
        return None
    match = _PLAIN.match(text)
    if match is None:
        match = _match_spaced(text)
    sign, whole, fraction = match.groups()
    whole = whole.replace(" ", "").lstrip("0")
    fraction = (fraction or "").rstrip("0")
    if len(whole) > _INTEGER_DIGITS or len(fraction) > _FRACTION_DIGITS:
        raise ValueFaultError(Cause.NUM_RANGE, text, "18 digits before and after the point")
    number = f"{whole or '0'}.{fraction}" if fraction else whole or "0"
    return f"-{number}" if sign == "-" and number != "0" else number


def _match_spaced(text: str) -> re.Match[str]:
    for space in _SPACES:
        text = text.replace(space, " ")
    if _TWO_WAYS.match(text):
        raise ValueFaultError(Cause.NUM_AMBIGUOUS, text)
    match = _PLAIN.match(text) or _GROUPED.match(text) or _COMMA.match(text)
    if match is None:
        raise ValueFaultError(Cause.NUM_FORMAT, text)
    return match


def parse_flag(text: str) -> bool | None:
    """`true|false|1|0|Да|Нет` in any case.

    Raises:
        ValueFaultError: BOOL_FORMAT.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise ValueFaultError(Cause.BOOL_FORMAT, text) from None


def parse_date(text: str) -> str | None:
    """A date as `YYYY-MM-DD`, or with its time `YYYY-MM-DDTHH:MM:SS[.fff][zone]`.

    Reads ISO and Russian forms; the empty date of 1C (`0001-01-01`) is None. A time without a
    zone stays without one: it is the local time of the sender's server.

    Raises:
        ValueFaultError: DATE_FORMAT.
    """
    text = text.strip()
    if not text or text in _EMPTY_DATES:
        return None
    try:
        return _parse_day(text) or _parse_instant(text)
    except ValueError:
        raise ValueFaultError(Cause.DATE_FORMAT, text) from None


def _parse_day(text: str) -> str | None:
    if zoned := _ZONED_DAY.match(text):
        text = zoned[1]
    if len(text) != len("2026-01-31") or not text.isascii():
        return None
    form = _DATE_FORMS["." in text]
    return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone


def _parse_instant(text: str) -> str:
    match = _INSTANT.match(text) or _RUSSIAN_INSTANT.match(text)
    if match is None:
        raise ValueError(text)
    day = _parse_day(match[1])
    time = datetime.strptime(match[2], "%H:%M:%S").time().isoformat()  # noqa: DTZ007 - as written
    tail = "".join(part or "" for part in match.groups()[2:])
    return f"{day}T{time}{tail}"


def parse_rate(text: str) -> str | None:
    """A tax rate, which stays text: `18%` and `18.00` are `18`; every "no tax" is `Без НДС`."""
    text = text.strip()
    if not text:
        return None
    if match := _PERCENT.match(text):
        return parse_decimal(match[1])
    plain = text.lower().replace(" ", "").replace("\u00a0", "")
    return "Без НДС" if plain in _NO_VAT else text


def holds_html(text: str) -> bool:
    """Whether a description is marked up with tags."""
    return _HTML.search(text) is not None
