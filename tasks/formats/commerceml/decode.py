"""Frames -> Arrow batches: the bytes of some thousand records become one small tree, then columns.

lxml is hardened (no DTD, no entities, no network, no recovery) and sees the cut-out records only,
under a wrapper of our own, never a path of a file: given one it un-gzips silently.

An offer gives several records: itself, its prices and its stock figures. Each of those stands on
its own: a broken price is refused alone, and a broken offer does not take its prices with it.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from mmap import mmap
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from tasks.formats.commerceml import tables
from tasks.formats.commerceml.elements import STRAY, make_parser, strip, to_json
from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.fields import (
    FieldFaultError,
    Scope,
    read_fields,
    read_words,
    settle_stray_text,
)
from tasks.formats.commerceml.frames import Frame, Outline
from tasks.formats.commerceml.kinds import Content
from tasks.formats.commerceml.parts import (
    Piece,
    find_key,
    find_owner_id,
    find_parts,
    read_piece,
    split_part,
)
from tasks.formats.commerceml.records import finish, seal
from tasks.formats.rows import Shelf
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.datasets import Batch, Dataset

CHUNK_RECORDS: Final = 2_000
CHUNK_BYTES: Final = 4 << 20

_CLASSIFIED: Final = frozenset({Dataset.GROUPS, Dataset.PROPERTIES})
_CATALOGUED: Final = frozenset({Dataset.GOODS, Dataset.OFFERS})
_WHOLE: Final = frozenset({Dataset.COUNTERPARTIES, Dataset.DOCUMENTS})


class Decoder:
    """Decodes the frames of one file; numbering goes on from chunk to chunk."""

    def __init__(
        self, view: mmap | bytes, encoding: Encoding, left_alone: frozenset[str], outline: Outline
    ) -> None:
        """Read from `view`; `left_alone` are the partner's own paths, those met go to `outline`."""
        self._outline = outline
        self._view = view
        self._encoding = encoding
        self._left_alone = left_alone
        self._shelf = Shelf()
        self._is_mixed = False  # the chunk may have text beside elements, which nobody would read

    def decode(self, frames: Sequence[Frame]) -> Iterator[Batch]:
        """Decode some frames of one file, in file order.

        Raises:
            FileFaultError: XML_NOT_WELL_FORMED, the frames' bytes are no elements.
        """
        elements = self._parse(frames)
        for frame, element in zip(frames, elements, strict=True):
            self._read_record(frame, element)
            if frame.dataset in _CATALOGUED and frame.parts:
                self._read_parts(frame, element, find_owner_id(element))
        yield from self._shelf.clear()

    def _parse(self, frames: Sequence[Frame]) -> etree._Element:
        prefixes = "".join(
            f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in self._outline.prefixes.items()
        )
        text = b"".join(chain.from_iterable(self._cut(frame) for frame in frames))
        if self._encoding.name != "utf-8":
            text = text.decode(self._encoding.name).encode()
        self._is_mixed = any(pattern.search(text) for pattern in STRAY)
        try:
            return etree.fromstring(f"<w{prefixes}>".encode() + text + b"</w>", make_parser())
        except etree.XMLSyntaxError as error:
            place = f"{frames[0].dataset} at byte {frames[0].start}"
            fault = Fault(Cause.XML_NOT_WELL_FORMED, place, str(error.msg))
            raise FileFaultError(fault, frames[0].start) from None

    def _cut(self, frame: Frame) -> Iterator[bytes]:
        start = frame.start
        for begin, end in frame.holes:
            yield self._view[start:begin]
            start = end
        yield self._view[start : frame.end]

    def _read_record(self, frame: Frame, element: etree._Element) -> None:
        place = frame.start, frame.end - frame.start
        scope = Scope(self._left_alone, self._outline.left_alone)
        content: Content = {}
        try:
            key = self._read_content(frame, element, content, scope)
        except FieldFaultError as error:
            key = find_owner_id(element) or ""
            self._shelf.refuse(frame.dataset, place, key, error.fault)
            return
        self._shelf.take(frame.dataset, place, key, seal(content, scope.extra))

    def _read_content(
        self, frame: Frame, element: etree._Element, content: Content, scope: Scope
    ) -> str:
        dataset, tag = frame.dataset, strip(element.tag)
        table = tables.TABLES[dataset]
        if dataset in _WHOLE:
            read_words(element, table, content)
            content["body"] = to_json(element)
        else:
            if self._is_mixed:
                pieces = chain.from_iterable(map(split_part, find_parts(element)))
                settle_stray_text(element, [piece.element for piece in pieces])
            read_fields(element, table, content, scope)
        if dataset is Dataset.GROUPS and frame.parent is not None:
            content["parent_id"] = _find_parent_id(frame.parent)
        if dataset in _CLASSIFIED:
            content["classifier_id"] = frame.container_id
        elif dataset in _CATALOGUED:
            content["catalog_id"] = frame.container_id
        return finish(dataset, tag, content, scope.extra)

    def _read_parts(self, frame: Frame, element: etree._Element, owner_id: str | None) -> None:
        parts = list(find_parts(element))
        whole = frame.start, frame.end
        # A part is given its own byte range when framing saw exactly the same parts.
        ranges = frame.parts if len(frame.parts) == len(parts) else [whole] * len(parts)
        for part, (start, end) in zip(parts, ranges, strict=True):
            for piece in split_part(part):
                self._read_part(piece, owner_id, (start, end - start))

    def _read_part(self, piece: Piece, owner_id: str | None, place: tuple[int, int]) -> None:
        scope = Scope(self._left_alone, self._outline.left_alone)
        content: Content = {"offer_id": owner_id}
        try:
            if self._is_mixed:
                settle_stray_text(piece.element)
            key = read_piece(piece, content, scope)
        except FieldFaultError as error:
            key = find_key(piece, {"offer_id": owner_id})
            self._shelf.refuse(piece.dataset, place, key, error.fault)
            return
        self._shelf.take(piece.dataset, place, key, seal(content, scope.extra))


def _find_parent_id(parent: Frame) -> str:
    # The group around has no Ид and is refused: what it holds must not become a root.
    if not parent.id:
        fault = Fault(Cause.REF_MISSING, "Группа/ИдРодителя", "группа без Ид")
        raise FieldFaultError(fault)
    return parent.id
