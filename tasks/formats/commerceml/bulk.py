"""Slices of a file -> Arrow batches, thousands of offers in one go.

The same records, numbers, places and digests as the general decoder gives (a property of the
tests). Offers that are not plain, or not without fault, are given to it.
"""

import dataclasses
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np

from tasks.formats.commerceml.bulk_columns import ColumnReader, Group, Read
from tasks.formats.commerceml.bulk_plans import Planner
from tasks.formats.commerceml.bulk_sheaf import Decoded, Sheaf
from tasks.formats.commerceml.bulk_tokens import Chunk, find_unplain, tokenize
from tasks.formats.commerceml.decode import Decoder
from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.frames import Outline
from tasks.formats.commerceml.framing import Framer
from tasks.formats.reading import NotSliceableError
from tasks.model.causes import FileFaultError

_AROUND: Final = ("КоммерческаяИнформация", "ПакетПредложений", "Предложения")


class BulkDecoder:
    """Decodes chunks of offers of one file."""

    def __init__(self, encoding: Encoding, left_alone: frozenset[str], outline: Outline) -> None:
        """Read in this encoding; paths left alone that are met go to `outline`."""
        self._encoding = dataclasses.replace(encoding, mark_length=0)
        self._left_alone = left_alone
        self._outline = outline
        self._planner = Planner(encoding.name)
        self._reader = ColumnReader(encoding.name)

    def decode(self, chunk: Chunk, container_id: str | None) -> Decoded:
        """Read a chunk; its offers are numbered from 0, its records from 1.

        Raises:
            NotSliceableError: an offer cannot be framed by itself.
        """
        sheaf = Sheaf(len(chunk.numbers))
        is_other = find_unplain(chunk, self._encoding.name)
        plain = chunk.choose(~is_other) if is_other.any() else chunk
        for read in self._read_plain(plain, container_id):
            sheaf.add(read)
        is_other = ~np.isin(chunk.numbers, sheaf.numbers)
        if is_other.any():
            self._read_others(chunk.choose(is_other), container_id, sheaf)
        return sheaf.bind()

    def _read_plain(self, chunk: Chunk, container_id: str | None) -> list[Read]:
        tokens = tokenize(chunk) if len(chunk.numbers) else None
        if tokens is None:
            return []
        alike: dict[bytes, list[int]] = {}
        for place, structure in enumerate(tokens.structures):
            alike.setdefault(structure, []).append(place)
        groups = (
            Group(chunk, tokens, plan, np.array(places, np.int64))
            for structure, places in alike.items()
            if (plan := self._planner.plan(structure)) is not None
        )
        return [self._read_whole(group, container_id) for group in groups]

    def _read_whole(self, group: Group, container_id: str | None) -> Read:
        """Read the offers of a group that have no fault; the others are left out of it."""
        while True:
            if group.is_bad.any():
                group = dataclasses.replace(group, offers=group.offers[~group.is_bad])
            read = self._reader.read(group, container_id)
            if not group.is_bad.any():
                return read

    def _read_others(self, chunk: Chunk, container_id: str | None, sheaf: Sheaf) -> None:
        """Read offers the general way, under a frame of our own."""
        prefixes = "".join(
            f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in self._outline.prefixes.items()
        )
        name = self._encoding.name
        head = f"<{_AROUND[0]}{prefixes}><{_AROUND[1]}><{_AROUND[2]}>".encode(name)
        tail = "".join(f"</{tag}>" for tag in reversed(_AROUND)).encode(name)
        view = head + chunk.data + tail
        try:
            framer = Framer(view, self._encoding, self._left_alone)
            frames = list(framer.frames())
            if len(frames) != len(chunk.numbers):
                raise NotSliceableError
            for frame in frames:
                frame.container_id = container_id
            decoder = Decoder(view, self._encoding, self._left_alone, framer.outline)
            batches = list(decoder.decode(frames))
        except FileFaultError as fault:
            raise NotSliceableError from fault
        self._outline.left_alone |= framer.outline.left_alone
        sheaf.add_others(batches, chunk, len(head))
