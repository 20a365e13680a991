"""What a 1C client asks: the query string of the exchange protocol as a value. Pure.

The facts are in commerceml.md, section 2. Reading never fails: a request that makes no sense
becomes a value without a mode or a type, because even that is authenticated before it is answered.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import unquote_to_bytes

_KNOWN = frozenset({"type", "mode", "filename", "version", "sessid", "timestamp"})
_FIRST_3 = 3
_NEWEST_2, _NEWEST_3 = "2.10", "3.1"
_READ = frozenset({*(f"2.0{minor}" for minor in range(3, 10)), _NEWEST_2, _NEWEST_3})
_Kind = TypeVar("_Kind", bound=StrEnum)


class ExchangeType(StrEnum):
    """What `type=` may say."""

    CATALOG = "catalog"
    SALE = "sale"
    REFERENCE = "reference"
    GET_CATALOG = "get_catalog"
    CRM = "crm"
    LISTEN = "listen"


# The seam for orders: a type is served when it stands here and the door has a counter for it.
SERVED = frozenset({ExchangeType.CATALOG})


class Mode(StrEnum):
    """What `mode=` may say."""

    CHECKAUTH = "checkauth"
    INIT = "init"
    FILE = "file"
    IMPORT = "import"
    QUERY = "query"
    SUCCESS = "success"
    INFO = "info"
    DEACTIVATE = "deactivate"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request's query. Texts are as the client wrote them, percent-encoding undone."""

    type: ExchangeType | None = None
    mode: Mode | None = None
    type_text: str = ""
    mode_text: str = ""
    file_name: str = ""
    version: str = ""
    sessid: str = ""
    timestamp: str = ""
    repeated: str = ""  # a parameter given twice with different values: such a request is refused


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is remembered of a chunk: its SHA-256 and size in bytes."""

    sha256: bytes
    size: int


def parse_query(query: bytes) -> Asked:
    """Read the query string of a request.

    >>> parse_query(b"type=catalog&mode=file&filename=import0_1.xml").file_name
    'import0_1.xml'
    """
    found: dict[str, str] = {}
    repeated = ""
    for pair in query.split(b"&"):
        name_bytes, _, value_bytes = pair.partition(b"=")
        name, value = _text(name_bytes), _text(value_bytes)
        if name not in _KNOWN:
            continue
        if found.setdefault(name, value) != value:
            repeated = name
    type_text, mode_text = found.get("type", ""), found.get("mode", "")
    return Asked(
        type=_member(ExchangeType, type_text),
        mode=_member(Mode, mode_text),
        type_text=type_text,
        mode_text=mode_text,
        file_name=found.get("filename", ""),
        version=found.get("version", ""),
        sessid=found.get("sessid", ""),
        timestamp=found.get("timestamp", ""),
        repeated=repeated,
    )


def agreed_version(asked: str) -> str:
    """Return the version of the format we announce to a client that names its own.

    The one it asks for, when we read it: Bitrix answers so, and a client may write what it hears.
    Anything else hears the newest of its own generation.
    """
    if asked in _READ:
        return asked
    major = asked.partition(".")[0]
    is_third = major.isascii() and major.isdigit() and int(major[:4]) >= _FIRST_3
    return _NEWEST_3 if is_third else _NEWEST_2


def may_be_repeat(previous: Chunk | None, new: Chunk) -> bool:
    """Say whether a chunk may be the last one sent again: same length, same SHA-256."""
    return previous == new


def is_monotonous(chunk: bytes) -> bool:
    """Say whether a chunk is one short pattern over and over, so that a file may go on with it.

    The protocol gives a chunk no number, so a chunk sent twice because an answer was lost looks
    like a file that goes on with the same bytes. The rule: an identical immediate repeat is
    ignored, unless it is exactly `file_limit` long (a shorter one is the last of its file) and
    monotonous (two equal neighbours in XML, a zip or a compressed picture would be a miracle, in a
    drawing of one colour they are usual). There dropping would spoil the file every time, appending
    a true repeat spoils it once, and the next export mends that.
    """
    half = len(chunk) // 2
    period = chunk.find(chunk[:half], 1) if half else -1
    return period > 0 and chunk[period:] == chunk[:-period]


def _member(kind: type[_Kind], text: str) -> _Kind | None:
    try:
        return kind(text.strip().lower())
    except ValueError:
        return None


def _text(encoded: bytes) -> str:
    """Undo percent-encoding: UTF-8, or else windows-1251, in which older clients write names."""
    raw = unquote_to_bytes(encoded.replace(b"+", b" "))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1251", errors="replace")
