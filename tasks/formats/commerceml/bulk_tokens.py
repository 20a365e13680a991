"""Tags, texts and attributes of many offers at once, as positions; NumPy does the work.

A chunk is some thousand offers, laid one after another. Two offers have the same structure when
they are the same bytes but for their texts and the values of their attributes: what is done with
the first is then done with all (`bulk_plans`).
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

_OPEN, _CLOSE, _QUOTE, _APOSTROPHE = b"<>\"'"
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_BLANKS: Final = (9, 10, 13, 32)

Positions: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole offers, one after another: `data[starts[i]:ends[i]]`, in the file from `in_file[i]`."""

    data: bytes
    starts: Positions
    ends: Positions
    in_file: Positions
    numbers: Positions  # what each is called by whoever asks

    def choose(self, chosen: np.ndarray) -> "Chunk":
        """Return some of the offers, laid one after another; `chosen` is a mask."""
        spans = zip(self.starts[chosen].tolist(), self.ends[chosen].tolist(), strict=True)
        return lay([self.data[a:b] for a, b in spans], self.in_file[chosen], self.numbers[chosen])


def lay(offers: list[bytes], in_file: Positions, numbers: Positions) -> Chunk:
    """Lay offers one after another."""
    ends = np.cumsum(np.array([len(offer) for offer in offers], np.int64))
    starts = np.concatenate((np.zeros(1, np.int64), ends))[:-1]
    return Chunk(b"".join(offers), starts, ends, in_file, numbers)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tag `k` is `data[opens[k]:closes[k] + 1]`; a text stands between two tags.

    `quotes` are those inside of tags, two for each attribute; tag `k` has its own from
    `first_quotes[k]`. `firsts[i]` is the first tag of offer `i`. `solid[n]` counts the bytes before
    position `n` that are no white space.
    """

    opens: Positions
    closes: Positions
    quotes: Positions
    first_quotes: Positions
    firsts: Positions
    solid: Positions
    structures: list[bytes]


def find_unplain(chunk: Chunk, encoding: str) -> np.ndarray:
    """Say of each offer whether brackets or quotes in it may be anything but those of tags."""
    data = np.frombuffer(chunk.data, np.uint8)
    bounds = np.append(chunk.starts, len(data))
    is_control = (data < ord(" ")) & ~np.isin(data, _BLANKS)
    is_bad = _count(np.flatnonzero(is_control), bounds) > 0
    forbidden = [b"]]>", *(_NO_CHARACTERS if encoding == "utf-8" else ())]
    for word in forbidden:
        is_bad |= _count(_find_all(chunk.data, word), bounds) > 0
    opens, closes = np.flatnonzero(data == _OPEN), np.flatnonzero(data == _CLOSE)
    is_bad |= _count(opens, bounds) != _count(closes, bounds)
    return is_bad


def tokenize(chunk: Chunk) -> Tokens | None:
    """Find the tags of offers none of which `find_unplain` names; None where they overlap."""
    data = np.frombuffer(chunk.data, np.uint8)
    opens, closes = np.flatnonzero(data == _OPEN), np.flatnonzero(data == _CLOSE)
    if not (opens < closes).all() or not (closes[:-1] < opens[1:]).all():
        return None
    marks = np.flatnonzero((data == _QUOTE) | (data == _APOSTROPHE))
    around = np.searchsorted(opens, marks, "right") - 1
    quotes = marks[marks < closes[around]]
    depth = np.zeros(len(data) + 1, np.int8)
    depth[opens] = 1
    depth[closes + 1] -= 1
    is_kept = np.cumsum(depth[:-1], dtype=np.int8).astype(bool)
    is_value = np.zeros(len(data), np.int8)
    is_value[quotes[0::2]] = 1
    is_value[quotes[1::2]] = -1
    is_kept &= ~np.cumsum(is_value, dtype=np.int8).astype(bool)
    kept = data[is_kept].tobytes()
    ends = np.cumsum(is_kept)[chunk.ends - 1].tolist()
    structures = [kept[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    solid = np.zeros(len(data) + 1, np.int64)
    np.cumsum(data > ord(" "), out=solid[1:])
    return Tokens(
        opens,
        closes,
        quotes,
        np.searchsorted(quotes, opens),
        np.searchsorted(opens, chunk.starts),
        solid,
        structures,
    )


def _count(positions: Positions, bounds: Positions) -> Positions:
    return np.diff(np.searchsorted(positions, bounds))


def _find_all(data: bytes, word: bytes) -> Positions:
    found, position = [], data.find(word)
    while position >= 0:
        found.append(position)
        position = data.find(word, position + 1)
    return np.array(found, np.int64)
