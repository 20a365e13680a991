"""When a file says it was formed, in all the ways seen in real files (commerceml.md 1.2)."""

import re
from datetime import UTC, datetime, tzinfo

_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:(?:[T ]|UTC)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)


# In a name the time stands after a T, `_` or `-`: stock_2026-03-01T0930, rests_20260301_093000.
_IN_NAME = re.compile(
    r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)"
    r"(?:[T_ -]?([0-2]\d)[:-]?([0-5]\d)(?:[:-]?([0-5]\d))?)?(?!\d)"
)


def find_instant(file_name: str) -> str | None:
    """Return the moment that a file's name gives as text that `read_instant` reads, or None.

    A date without a time is the midnight with which the day begins.
    """
    if not (match := _IN_NAME.search(file_name)):
        return None
    year, month, day, hour, minute, second = match.groups()
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}"


def read_instant(text: str | None, zone: tzinfo) -> datetime | None:
    """Return the instant in UTC, or None when the text names none; no zone means the partner's."""
    match = _INSTANT.fullmatch((text or "").strip())
    if not match:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        naive = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=_zone_of(offset, zone),
        )
    except ValueError:
        return None
    return naive.astimezone(UTC) if naive.year > 1 else None


def _zone_of(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    parsed = datetime.fromisoformat(f"2000-01-01T00:00:00{offset.replace('Z', '+00:00')}").tzinfo
    return parsed or UTC
