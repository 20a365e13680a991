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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import xxhash

from tasks.formats.commerceml.bulk_tokens import Positions
from tasks.formats.commerceml.encoding import Encoding

BLOCK_BYTES: Final = 8 << 20
SLICE_LIMIT: Final = 1 << 20  # what is longer is no usual offer
SKELETON_LIMIT: Final = 32 << 20
COUNT_LIMIT: Final = 8_000_000  # 256 MB of places
_DECLARATION: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*<\?xml[^<>]*\?>")
_BLANKS: Final = b" \t\r\n"
_AFTER_NAME: Final = np.frombuffer(b"> \t\r\n", np.uint8)
_BRACKET: Final = ord("<")
_MARKUP: Final = np.frombuffer(b"!?", np.uint8)  # what follows it where it is no tag
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


def _find(data: "npt.NDArray[np.uint8]", candidates: Positions, word: bytes) -> Positions:
    """Return those of the candidates at which a word stands whole; its first byte is known to."""
    found = candidates[candidates <= len(data) - len(word) - 1]
    for place, byte in enumerate(word[1:], 1):
        found = found[data[found + place] == byte]
    return found


class _Finder:
    """Finds slices in blocks of a file that are given one after another."""

    def __init__(self, encoding: str) -> None:
        tag = "Предложение".encode(encoding)
        self._tag, self._opens, self._closes = tag, b"<" + tag, b"</" + tag + b">"
        self._mark = b"<" + tag + b"/>"
        self.is_lost = False
        self._offset = 0  # of the bytes at hand in the file
        self._count = 0
        self._starts = bytearray()
        self._ends = bytearray()
        self._digests = bytearray()
        self._skeleton = bytearray()
        self._runs: list[Run] = []
        self._first = 0  # the first slice of the open run

    def take(self, view: bytes) -> bytes:
        """Take the whole slices of `view`; return the bytes after them, to be given again."""
        position = self._take_slices(view)
        if not position and len(view) > SLICE_LIMIT:
            # No offer so far: all but what may be the beginning of one is of the frame around.
            position = len(view) - SLICE_LIMIT // 2
            position = max(view.rfind(b">", 0, position) + 1, 0)
            self._take_gap(view[:position])
        self._check_markup(view[:position])
        self._offset += position
        is_endless = len(self._skeleton) > SKELETON_LIMIT or self._count > COUNT_LIMIT
        self.is_lost = self.is_lost or is_endless
        return view[position:]

    def _take_slices(self, view: bytes) -> int:
        """Take what is whole; return where it ends."""
        data = np.frombuffer(view, np.uint8)
        brackets = np.flatnonzero(data == _BRACKET)
        opens = _find(data, brackets, self._opens)
        closes = _find(data, brackets, self._closes)
        closes = closes[closes > opens[0]] if len(opens) else closes[:0]
        count = len(closes)
        if count > len(opens) or len(opens) > count + 1:
            self.is_lost = True  # an offer within another, or one that has no end
            return 0
        starts, ends = opens[:count], closes + len(self._closes)
        if not ((starts < closes).all() and (ends[:-1] <= opens[1:count]).all()):
            self.is_lost = True
            return 0
        following = data[starts + len(self._opens)]
        if not np.isin(following, _AFTER_NAME).all() or (ends - starts > SLICE_LIMIT).any():
            self.is_lost = True
            return 0
        self._keep(view, starts, ends)
        return int(ends[-1]) if count else 0

    def _keep(self, view: bytes, starts: Positions, ends: Positions) -> None:
        """Keep slices, and what stands between them unless it is white space."""
        digest, position = xxhash.xxh3_128_digest, 0
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if view[position:start].strip(_BLANKS):
                self._take_gap(view[position:start])
            self._digests += digest(view[start:end])
            self._count += 1
            position = end
        self._starts += (starts + self._offset).astype(np.int64).tobytes()
        self._ends += (ends + self._offset).astype(np.int64).tobytes()

    def finish(self, rest: bytes) -> Slices | None:
        """Take what follows the last slice."""
        self._check_markup(rest)
        if self.is_lost or not self._count or self._tag in rest:
            return None
        self._end_run()
        self._skeleton += rest
        return Slices(
            np.frombuffer(bytes(self._starts), np.int64),
            np.frombuffer(bytes(self._ends), np.int64),
            np.frombuffer(bytes(self._digests), _DIGEST),
            bytes(self._skeleton),
            self._runs,
            len(self._mark),
        )

    def _take_gap(self, gap: bytes) -> None:
        self._end_run()
        self._skeleton += gap

    def _end_run(self) -> None:
        """Let an empty offer stand for the slices since the run began."""
        count = self._count
        if count > self._first:
            self._runs.append(Run(self._first, count, len(self._skeleton)))
            self._skeleton += self._mark
            self._first = count

    def _check_markup(self, view: bytes) -> None:
        """Give up where a comment, CDATA, a DOCTYPE or an instruction stands."""
        begin = 0
        if not self._offset and (declared := _DECLARATION.match(view)):
            begin = declared.end()
        data = np.frombuffer(view, np.uint8)
        brackets = np.flatnonzero(data[begin:-1] == _BRACKET) + begin
        if np.isin(data[brackets + 1], _MARKUP).any():
            self.is_lost = True
