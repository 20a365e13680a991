"""Says why a file cannot be read: what is wrong with its bytes, its root or its version."""

import re
from mmap import mmap
from xml.parsers import expat

from tasks.formats.commerceml.encoding import Encoding, is_utf8
from tasks.formats.commerceml.sections import READ_VERSIONS
from tasks.model.causes import Cause, Fault, FileFaultError

_OLD_SECTIONS = frozenset({"Каталог", "ПакетПредложений", "Документ", "Контрагент"})
_OLD_MARKS = frozenset({"Идентификатор", "ХозОперация"})
_LONGEST_CHARACTER = 4
_TEXTS = re.compile(r">([^<>]{2,})</")
_ROOT_TAG = re.compile(r"<([^\s<>?!/\"'=]+)")  # encoded twice it is no name, so expat cannot say
_RUSSIAN = re.compile("[а-яё]{2}", re.IGNORECASE)
_WRONG_ENCODINGS = ("cp1251", "latin-1", "cp1252")
_FEW = 3


def explain_syntax(
    error: expat.ExpatError, offset: int, view: mmap | bytes, encoding: Encoding
) -> FileFaultError:
    """The fault of a file that is not well-formed: cut, joined or holding foreign bytes."""
    place = f"line {error.lineno}, byte {offset}"
    around = view[offset : offset + 40]
    if encoding.name == "utf-8" and not _starts_utf8(around) and offset < len(view):
        return FileFaultError(
            Fault(Cause.ENCODING_MISMATCH, place, repr(around[:20]), encoding.name), offset
        )
    said = expat.ErrorString(error.code)
    return FileFaultError(Fault(Cause.XML_NOT_WELL_FORMED, place, said), offset)


def _starts_utf8(around: bytes) -> bool:
    # At the end of the file a character may lack its tail: such a file is cut, not misdeclared.
    is_cut = len(around) < _LONGEST_CHARACTER and is_utf8(around)
    return is_cut or any(
        _decodes(around[:length]) for length in range(1, min(_LONGEST_CHARACTER, len(around)) + 1)
    )


def _decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def explain_root(tag: str, offset: int) -> FileFaultError:
    """The fault of a root that is not ours."""
    return FileFaultError(Fault(Cause.DIALECT_UNKNOWN, "the root element", f"<{tag}>"), offset)


def refuse_version(tag: str, attributes: dict[str, str], offset: int) -> None:
    """Refuse CommerceML 1 (1C 7.7), which writes attributes where version 2 has elements.

    Raises:
        FileFaultError: VERSION_UNKNOWN.
    """
    if tag in _OLD_SECTIONS and _OLD_MARKS & attributes.keys():
        fault = Fault(Cause.VERSION_UNKNOWN, tag, "1 (1С 7.7)", READ_VERSIONS)
        raise FileFaultError(fault, offset)


def refuse_mojibake(head: bytes, encoding: Encoding) -> None:
    """Refuse a file whose root or most of whose texts were encoded twice.

    Russian read once too often in a single-byte encoding is valid UTF-8 when written back in it;
    real Russian practically never is. Most of the texts must be so, and more than a few.

    Raises:
        FileFaultError: MOJIBAKE with the first such text.
    """
    text = head[encoding.mark_length :].decode(encoding.name, "ignore")
    root = _ROOT_TAG.search(text)
    if root and is_encoded_twice(root[1]):
        raise FileFaultError(Fault(Cause.MOJIBAKE, "the root element", root[1]), root.start())
    texts = [found for found in _TEXTS.findall(text) if not found.isascii()]
    twice = [found for found in texts if is_encoded_twice(found)]
    if len(twice) >= _FEW and len(twice) * 2 > len(texts):
        place = f"line {text[: text.index(twice[0])].count(chr(10)) + 1}"
        offset = encoding.mark_length + len(text[: text.index(twice[0])].encode(encoding.name))
        raise FileFaultError(Fault(Cause.MOJIBAKE, place, twice[0][:60]), offset)


def is_encoded_twice(text: str) -> bool:
    """Whether a text is UTF-8 that was read in a single-byte encoding."""
    return any(_decodes_again(text, encoding) for encoding in _WRONG_ENCODINGS)


def _decodes_again(text: str, encoding: str) -> bool:
    try:
        # 0x98 is no character of windows-1251; programs pass it through as U+0098.
        written = b"\x98".join(part.encode(encoding) for part in text.split("\x98"))
        return _RUSSIAN.search(written.decode("utf-8")) is not None
    except UnicodeError:
        return False
