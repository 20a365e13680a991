"""When a file says it was formed, in all the ways seen in real files (commerceml.md 1.2)."""

import re
from datetime import UTC, datetime, tzinfo

_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:(?:[T ]|UTC)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)


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
