"""One CommerceML file being read."""

import mmap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from tasks.formats.commerceml.decode import CHUNK_BYTES, CHUNK_RECORDS, Decoder
from tasks.formats.commerceml.encoding import SNIFFED_BYTES, decide_encoding
from tasks.formats.commerceml.frames import Frame, Outline
from tasks.formats.commerceml.framing import Framer
from tasks.formats.commerceml.sliced import SlicedFile
from tasks.formats.commerceml.slicing import find_slices
from tasks.formats.commerceml.suspicion import refuse_mojibake
from tasks.formats.reading import NotSliceableError
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Heading


class CommerceML:
    """The dialect: recognises a file and opens it."""

    name: Final = "commerceml"
    version: Final = "2"

    def recognise(self, head: bytes) -> bool:
        """Whether the first bytes of a file look like XML in any encoding."""
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return text[:1] == b"<" or head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")

    def open(
        self, path: Path, *, left_alone: frozenset[str] = frozenset(), salvage: bool = False
    ) -> "CommerceMLFile":
        """Look at the beginning of the file.

        Raises:
            FileFaultError: its encoding is none that we read, or its text was encoded twice.
        """
        return CommerceMLFile(path, left_alone, salvage=salvage)


class CommerceMLFile:
    """One file being read; a `Source`."""

    def __init__(self, path: Path, left_alone: frozenset[str], *, salvage: bool) -> None:
        """Decide the encoding; see `CommerceML.open`."""
        with path.open("rb") as file:
            head = file.read(SNIFFED_BYTES)
        self._path = path
        self._left_alone = left_alone
        self._salvage = salvage
        self._encoding = decide_encoding(head)
        self._outline = Outline()
        refuse_mojibake(head, self._encoding)

    @property
    def heading(self) -> Heading:
        """What the file says of itself: complete when the batches have ended."""
        return self._outline.make_heading(self._encoding)

    def slice(self) -> SlicedFile | None:
        """Return the same file to be read by slices, None when it has none that can be told."""
        slices = None if self._salvage else find_slices(self._path, self._encoding)
        if slices is None:
            return None
        try:
            return SlicedFile(self._path, self._encoding, self._left_alone, slices)
        except NotSliceableError:
            return None

    def batches(self) -> Iterator[Batch]:
        """Decode the file from its beginning.

        Raises:
            FileFaultError: the file cannot be taken. With `salvage` the whole records before the
                break come first; without, some batches may have come too and must be dropped.
        """
        with (
            self._path.open("rb") as file,
            closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as view,
        ):
            yield from self._decode(view)

    def _decode(self, view: mmap.mmap) -> Iterator[Batch]:
        framer = Framer(view, self._encoding, self._left_alone)
        decoder = Decoder(view, self._encoding, self._left_alone, framer.outline)
        self._outline = framer.outline
        fault: FileFaultError | None = None
        frames = framer.frames()
        while fault is None:
            chunk, fault, is_over = _take_chunk(frames)
            if chunk and (fault is None or self._salvage):
                yield from decoder.decode(chunk)
            _forget(view, chunk)
            if is_over:
                return
        raise fault


def _take_chunk(frames: Iterator[Frame]) -> tuple[list[Frame], FileFaultError | None, bool]:
    chunk: list[Frame] = []
    size = 0
    try:
        for frame in frames:
            chunk.append(frame)
            size += frame.end - frame.start
            if len(chunk) == CHUNK_RECORDS or size > CHUNK_BYTES:
                return chunk, None, False
    except FileFaultError as fault:
        return chunk, fault, False
    return chunk, None, True


def _forget(view: mmap.mmap, chunk: list[Frame]) -> None:
    # Pages of a mapped file count as ours until given back: memory must not grow with the file.
    if chunk:
        page = chunk[-1].start // mmap.PAGESIZE * mmap.PAGESIZE
        view.madvise(mmap.MADV_DONTNEED, 0, page)
