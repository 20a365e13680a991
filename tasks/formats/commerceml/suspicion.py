"""Says why a file cannot be read: what is wrong with its bytes, its root or its version."""

from mmap import mmap
from xml.parsers import expat

from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.sections import READ_VERSIONS, ROOT
from tasks.model.causes import Cause, Fault, FileFaultError

_OLD_SECTIONS = frozenset({"Каталог", "ПакетПредложений", "Документ", "Контрагент"})
_OLD_MARKS = frozenset({"Идентификатор", "ХозОперация"})
_LONGEST_CHARACTER = 4


def explain_syntax(
    error: expat.ExpatError, offset: int, view: mmap, encoding: Encoding
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
    return any(
        _decodes(around[:length]) for length in range(1, min(_LONGEST_CHARACTER, len(around)) + 1)
    )


def _decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def explain_root(tag: str, offset: int) -> FileFaultError:
    """The fault of a root that is not ours: another format, or ours encoded twice."""
    for encoding in ("cp1251", "latin-1", "cp1252"):
        if tag == _encode_twice(ROOT, encoding):
            return FileFaultError(Fault(Cause.MOJIBAKE, "the root element", tag), offset)
    return FileFaultError(Fault(Cause.DIALECT_UNKNOWN, "the root element", f"<{tag}>"), offset)


def _encode_twice(text: str, encoding: str) -> str:
    return text.encode().decode(encoding, "replace")


def refuse_version(tag: str, attributes: dict[str, str], offset: int) -> None:
    """Refuse CommerceML 1 (1C 7.7), which writes attributes where version 2 has elements.

    Raises:
        FileFaultError: VERSION_UNKNOWN.
    """
    if tag in _OLD_SECTIONS and _OLD_MARKS & attributes.keys():
        fault = Fault(Cause.VERSION_UNKNOWN, tag, "1 (1С 7.7)", READ_VERSIONS)
        raise FileFaultError(fault, offset)


def refuse_mojibake(head: bytes, encoding: Encoding) -> None:
    """Refuse a file whose texts (not its tags) were encoded twice.

    Raises:
        FileFaultError: MOJIBAKE with the first such text.
    """
