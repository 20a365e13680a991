"""Which file names we take. Pure.

A name is metadata only: bytes are stored under their own hash and never under a sender's name. The
list says what is allowed, not what is forbidden, so a name that nobody thought of is refused.
"""

import re
import unicodedata

_LONGEST = 255
_DEEPEST = 8
# Letters of Latin and of every Cyrillic alphabet, digits, underscore, dot, dash; no leading dot.
_LETTERS = r"0-9A-Za-z\u0400-\u0482\u048A-\u052F_"
_SEGMENT = re.compile(f"[{_LETTERS}-][{_LETTERS}.-]*")
_RECORDS = frozenset({"xml", "zip"})
_ARCHIVE = "zip"
# What hangs on a product. A kind that is not here fails the client's whole export, so the list is
# generous; nothing of it is ever opened or served by the gateway.
_ATTACHMENTS = frozenset(
    {
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "gif",
        "webp",
        "bmp",
        "tif",
        "tiff",
        "svg",
        "heic",
        "avif",
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "odt",
        "ods",
        "rtf",
        "txt",
        "mp4",
    }
)


class NameFaultError(ValueError):
    """The name of a file is not one we take."""


def clean_name(text: str) -> str:
    r"""Return the name with `/` between folders, composed as NFC. Raises NameFaultError.

    >>> clean_name(r"goods\goods_1.xml")
    'goods/goods_1.xml'
    """
    name = unicodedata.normalize("NFC", text.replace("\\", "/"))
    segments = name.split("/")
    is_allowed = (
        len(name) <= _LONGEST
        and len(segments) <= _DEEPEST
        and all(_SEGMENT.fullmatch(each) and not each.endswith(".") for each in segments)
        and (_suffix(name) in _RECORDS or is_attachment(name))
    )
    if not is_allowed:
        raise NameFaultError(shown(text))
    return name


def is_attachment(name: str) -> bool:
    """Say whether a file is a picture or a document of a product.

    1C puts them in import_files, Bitrix in `<file>_files`, others beside the XML.
    """
    return _suffix(name) in _ATTACHMENTS


def is_archive(name: str) -> bool:
    """Say by its name whether a file is an archive of other files."""
    return _suffix(name) == _ARCHIVE


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return a stranger's text safe for a log line, a row and an answer: no controls, cut."""
    return "".join(
        character if character.isprintable() else f"\\x{ord(character):02x}"
        for character in text[:longest]
    )


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return suffix.casefold() if dot else ""
