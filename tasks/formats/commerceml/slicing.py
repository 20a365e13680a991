"""Where the offers of a file stand, found by position, and what each of their slices is called.

A file of offers is a small frame around very many slices, and almost all slices of a re-export are
the bytes of the export before. Slices are found by their tags, which costs a tenth of parsing, and
digested, which costs a third of that. What is left of the file without them, the skeleton, is
framed as any file is: an empty offer stands in it for each run of slices, so that the framer proves
the run stands where offers may stand, and tells whose it is.

A file in which tags could be anything but tags (comments, CDATA, a DOCTYPE, instructions, other
prefixes, offers within offers) has no slices: `find_slices` gives None, the general way is taken.
"""

import os
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import xxhash

from tasks.formats.commerceml.encoding import Encoding

BLOCK_BYTES: Final = 8 << 20
SLICE_LIMIT: Final = 1 << 20  # what is longer is no usual offer
SKELETON_LIMIT: Final = 32 << 20
COUNT_LIMIT: Final = 8_000_000  # 256 MB of places
_DECLARATION: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*<\?xml[^<>]*\?>")
_AFTER_NAME: Final = frozenset(b"> \t\r\n")
_DIGEST: Final = np.dtype("V16")


@dataclass(frozen=True, slots=True)
class Run:
    """Slices `first` to `last` (exclusive) with nothing but white space between them."""

    first: int
    last: int
    mark: int  # where the empty offer that stands for it begins in the skeleton


@dataclass(frozen=True, slots=True)
class Slices:
    """All slices of a file: bytes `starts[i]` to `ends[i]`, and the xxh3_128 of each."""

    starts: np.ndarray  # int64
    ends: np.ndarray  # int64
    digests: np.ndarray  # V16
    skeleton: bytes
    runs: list[Run]
    mark_length: int

    def to_file(self, positions: np.ndarray) -> np.ndarray:
        """Return where in the file these bytes of the skeleton stand; none is within a mark."""
        marks = np.array([run.mark for run in self.runs], np.int64)
        spans = [int(self.ends[run.last - 1] - self.starts[run.first]) for run in self.runs]
        grown = np.concatenate(([0], np.cumsum(np.array(spans, np.int64) - self.mark_length)))
        return positions + grown[np.searchsorted(marks, positions, side="right")]


def find_slices(path: Path, encoding: Encoding) -> Slices | None:
    """Find the slices of a file, or None where its offers cannot be told by their tags alone."""
    if encoding.is_wide:
        return None
    finder = _Finder(encoding.name)
    with path.open("rb") as file:
        rest = b""
        while block := os.read(file.fileno(), BLOCK_BYTES):
            rest = finder.take(rest + block)
            if finder.is_lost or len(rest) > SLICE_LIMIT:
                return None
    return finder.finish(rest)


@dataclass(slots=True)
class _Finder:
    encoding: str
    is_lost: bool = False
    _offset: int = 0  # of the bytes at hand in the file
    _starts: "array[int]" = field(default_factory=lambda: array("q"))
    _ends: "array[int]" = field(default_factory=lambda: array("q"))
    _digests: bytearray = field(default_factory=bytearray)
    _skeleton: bytearray = field(default_factory=bytearray)
    _runs: list[Run] = field(default_factory=list)
    _first: int = 0  # the first slice of the open run

    @property
    def _tag(self) -> bytes:
        return "Предложение".encode(self.encoding)

    def take(self, view: bytes) -> bytes:
        """Take the whole slices of `view`; return the bytes after them, to be given again."""
        position = 0
        for start, end in self._list_elements(view):
            self._take_gap(view[position:start])
            self._starts.append(self._offset + start)
            self._ends.append(self._offset + end)
            self._digests += xxhash.xxh3_128_digest(view[start:end])
            position = end
        if not position and len(view) > SLICE_LIMIT:
            # No offer so far: all but what may be the beginning of one is of the frame around.
            position = len(view) - SLICE_LIMIT // 2
            position = max(view.rfind(b">", 0, position) + 1, 0)
            self._take_gap(view[:position])
        self._check_markup(view[:position])
        self._offset += position
        is_endless = len(self._skeleton) > SKELETON_LIMIT or len(self._starts) > COUNT_LIMIT
        self.is_lost = self.is_lost or is_endless
        return view[position:]

    def finish(self, rest: bytes) -> Slices | None:
        """Take what follows the last slice."""
        self._check_markup(rest)
        if self.is_lost or not self._starts or self._tag in rest:
            return None
        self._end_run()
        self._skeleton += rest
        return Slices(
            np.array(self._starts, np.int64),
            np.array(self._ends, np.int64),
            np.frombuffer(bytes(self._digests), _DIGEST),
            bytes(self._skeleton),
            self._runs,
            len(self._mark),
        )

    @property
    def _mark(self) -> bytes:
        return b"<" + self._tag + b"/>"

    def _list_elements(self, view: bytes) -> Iterator[tuple[int, int]]:
        opens, closes = b"<" + self._tag, b"</" + self._tag + b">"
        size, position = len(opens), 0
        while (start := view.find(opens, position)) >= 0:
            after = view[start + size : start + size + 1]
            if after and after[0] not in _AFTER_NAME:
                self.is_lost = True
                return
            end = view.find(closes, start)
            if end < 0:
                return
            if end - start > SLICE_LIMIT or view.find(opens, start + size, end) >= 0:
                self.is_lost = True
                return
            position = end + len(closes)
            yield start, position

    def _take_gap(self, gap: bytes) -> None:
        if gap.strip(b" \t\r\n"):
            self._end_run()
            self._skeleton += gap

    def _end_run(self) -> None:
        """Let an empty offer stand for the slices since the run began."""
        count = len(self._starts)
        if count > self._first:
            self._runs.append(Run(self._first, count, len(self._skeleton)))
            self._skeleton += self._mark
            self._first = count

    def _check_markup(self, view: bytes) -> None:
        begin = 0
        if not self._offset and (declared := _DECLARATION.match(view)):
            begin = declared.end()
        if view.find(b"<!", begin) >= 0 or view.find(b"<?", begin) >= 0:
            self.is_lost = True
