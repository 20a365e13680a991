"""In which encoding a CommerceML file is really written: decided by its bytes.

The declaration is only a hint: files declared windows-1251 arrive in UTF-8 and the other way
round (commerceml.md 1.2). Never guesses silently: what fits no rule is a fault.
"""

import codecs
import re
from dataclasses import dataclass

from tasks.model.causes import Cause, Fault, FileFaultError

SNIFFED_BYTES = 65_536

_SOUND_FOR_A_TORN = 20  # characters of UTF-8 beside each that is none
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_STARTS = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})""")
# The single-byte encodings 1C ever wrote on its platforms; every other declared name is a fault.
_SINGLE_BYTE = frozenset(
    {"cp1251", "cp1252", "koi8-r", "koi8-u", "cp866", "iso8859-1", "iso8859-5", "mac-cyrillic"}
)
_CANONICAL = {"cp1251": "windows-1251", "cp1252": "windows-1252", "iso8859-1": "iso-8859-1",
              "iso8859-5": "iso-8859-5"}  # fmt: skip
_UNICODE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "utf-8-sig"})


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name Python and expat know it by, the length of the BOM, and what the file declares."""

    name: str
    mark_length: int
    declared: str | None

    @property
    def is_wide(self) -> bool:
        """Whether one character takes two bytes."""
        return self.name.startswith("utf-16")


def decide_encoding(head: bytes) -> Encoding:
    """Decide from the first `SNIFFED_BYTES` bytes: BOM, then UTF-8, then the declaration.

    Raises:
        FileFaultError: ENCODING_MISMATCH when the bytes fit no encoding that we read.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            _refuse_second_mark(head, mark)
            return Encoding(name, len(mark), _find_declared(head[len(mark) :], name))
    if name := _UTF16_STARTS.get(head[:2], ""):
        return Encoding(name, 0, _find_declared(head, name))
    declared = _find_declared(head, "utf-8")
    # UTF-8 wins over any declaration: Russian text in a single-byte encoding never is valid UTF-8.
    # A few torn characters do not make it anything else: they are found where they stand.
    if (is_utf8(head) and not (head.isascii() and declared)) or is_mostly_utf8(head):
        return Encoding("utf-8", 0, declared)
    return Encoding(_choose_declared(declared, head), 0, declared)


def is_utf8(head: bytes) -> bool:
    """Whether the bytes are strict UTF-8; the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return False
    return True


def is_mostly_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8 but for some damage; of other encodings hardly a letter is."""
    text = head.decode("utf-8", "replace")
    torn = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) > torn * _SOUND_FOR_A_TORN


def _find_declared(head: bytes, name: str) -> str | None:
    if name.startswith("utf-16"):
        head = head[:600].decode(name, "ignore").encode("ascii", "ignore")
    match = _DECLARATION.match(head)
    return match[1].decode() if match else None


def _refuse_second_mark(head: bytes, mark: bytes) -> None:
    # Two files joined by a program that knows nothing of marks; expat would pass over it.
    if head.startswith(mark, len(mark)):
        place = f"line 1, byte {len(mark)}"
        fault = Fault(Cause.XML_NOT_WELL_FORMED, place, "a second byte order mark")
        raise FileFaultError(fault, len(mark))


def _choose_declared(declared: str | None, head: bytes) -> str:
    try:
        name = codecs.lookup(declared or "utf-8").name
    except LookupError:
        raise _mismatch(declared or "", head) from None
    if name in _UNICODE:
        # Rule 3 of 1.2: bytes that are not the UTF-8 they say are windows-1251.
        return "utf-8" if head.isascii() else "windows-1251"
    if name not in _SINGLE_BYTE:
        raise _mismatch(declared or "", head)
    return _CANONICAL.get(name, name)


def _mismatch(declared: str, head: bytes) -> FileFaultError:
    seen = repr(head[:60])
    return FileFaultError(Fault(Cause.ENCODING_MISMATCH, "the declaration", seen, declared))
