"""What a Bitrix site holds, as it tells it: type=get_catalog, slice after slice.

An answer may open with words about its progress; the document follows in the same body. The last
answer, or the end of one, is the line `finished=yes`. The site moves on with every question, so a
slice that was not heard cannot be asked again: the whole reading starts anew.
"""

import re
from pathlib import Path
from typing import Final

from blocks.outbound import PortalSilentError
from blocks.site.asking import BrokenOffError
from blocks.site.dialogue import Dialogue
from blocks.site.terms import Deadline, SiteTerms
from blocks.site.wire import Wire

_SLICE_BYTES: Final = 64 << 20
_TOTAL_BYTES: Final = 4 << 30
_SLICES: Final = 100_000
_OPENING: Final = b"<?xml"
_HEAD: Final = re.compile(rb"<\?xml[^>]*\?>\s*")
_COMMENT: Final = (b"<!--", b"-->")
_ROOT: Final = re.compile(rb"\s*<([^\s!?/>]+)")
_BLANK: Final = b"\xef\xbb\xbf \t\r"


async def read_catalog(terms: SiteTerms, folder: Path) -> list[Path]:
    """Write each slice to a file in `folder`; return them in order. Raises PortalSilentError."""
    files: list[Path] = []
    total = 0
    async with Wire(terms) as wire:
        dialogue = Dialogue(terms, wire, Deadline(terms.package_s), type="get_catalog")
        try:
            await dialogue.knock()
            await dialogue.ask_limits()
            while len(files) < _SLICES and total <= _TOTAL_BYTES:
                body = (await dialogue.query(_SLICE_BYTES)).body
                document, is_last = slice_of(body)
                if document:
                    total += len(document)
                    path = folder / f"slice-{len(files):05}.xml"
                    path.write_bytes(document)
                    files.append(path)
                if is_last:
                    return files
                if not document:
                    message = "mode=query was answered with neither a document nor finished=yes"
                    raise PortalSilentError(message)
        except BrokenOffError as error:
            raise PortalSilentError(str(error)) from None
    message = (
        f"the site told more than {_TOTAL_BYTES >> 30} GiB or {_SLICES} slices and did not end"
    )
    raise PortalSilentError(message)


def slice_of(body: bytes) -> tuple[bytes, bool]:
    """Return the document in an answer, b"" if there is none, and whether it was the last.

    A body may be cut where nobody notices, so a document ends with the tag that it began with.
    Raises PortalSilentError.

    >>> slice_of("всего/1".encode() + b'<?xml version="1.0"?><a></a>')
    (b'<?xml version="1.0"?><a></a>', False)
    """
    start, end = max(0, body.find(_OPENING)), body.rfind(b">") + 1
    document = body[start:end] if _OPENING in body else b""
    if document and not _is_whole(document):
        message = "mode=query was answered with a document that is cut"
        raise PortalSilentError(message)
    around = body[end:] if document else body
    # Some sites put a byte order mark before every answer.
    return document, any(line.strip(_BLANK) == b"finished=yes" for line in around.split(b"\n"))


def _is_whole(document: bytes) -> bool:
    """Say whether a document ends with the tag that it began with.

    Not by one expression: a stranger could write 64 MiB over which it would go back for ever.
    """
    head = _HEAD.match(document)
    start = head.end() if head else 0
    if document.startswith(_COMMENT[0], start):
        end = document.find(_COMMENT[1], start + len(_COMMENT[0]))
        start = end + len(_COMMENT[1]) if end >= 0 else len(document)
    root = _ROOT.match(document, start)
    if not head or not root:
        return False
    if document.find(b">", root.end()) == len(document) - 1:
        return document.endswith(b"/>")
    closing = document[document.rfind(b"</") :]
    return re.fullmatch(rb"</" + re.escape(root[1]) + rb"\s*>", closing) is not None
