"""The manifest of a message: where in its bytes each record stands and by which exit it left.

A row is a record, but for those that were passed over because their bytes were known: a run of them
is one row for each of its datasets, without key, and `records` says how many they are.

A Parquet file in the store, its Merkle root in `journal.message.merkle_root`, so that nobody can
change one line of it unseen. A leaf is a block of `BLOCK` consecutive rows: hashing a million
rows one by one would cost more than reading them. Tree as in RFC 9162, section 2.1.1.
"""

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from blocks.store import Store

BLOCK = 1024
SCHEMA = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("record_no", pa.int64(), nullable=False),
        pa.field("byte_offset", pa.int64(), nullable=False),
        pa.field("byte_length", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field(
            "digest", pa.string(), nullable=False
        ),  # hex, "" for a record that was not decoded
        pa.field("exit", pa.string(), nullable=False),
        pa.field("cause", pa.string()),
        pa.field("records", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a manifest lies and the root over its rows."""

    key: str
    merkle_root: bytes


def store_manifest(store: Store, parts: Iterable[pa.Table]) -> Manifest:
    """Write rows, which come in file order, to the store; return where they are and their root.

    The parts are written one after another: memory does not grow with the manifest.
    """
    leaves: list[bytes] = []
    rest = SCHEMA.empty_table()
    with tempfile.TemporaryDirectory(prefix="obmen-manifest-") as folder:
        path = Path(folder) / "manifest.parquet"
        # No statistics of the writer's version or clock: the same parts give the same bytes.
        with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
            for part in parts:
                ordered = part.select(SCHEMA.names).cast(SCHEMA)
                writer.write_table(ordered)
                rest = pa.concat_tables([rest, ordered]).combine_chunks()
                whole = rest.num_rows // BLOCK * BLOCK
                leaves += _hash_blocks(rest.slice(0, whole))
                rest = rest.slice(whole)
        stored = store.put_file(path, under="manifest")
    return Manifest(stored.key, _root([*leaves, *_hash_blocks(rest)]))


def load_manifest(store: Store, key: str) -> pa.Table:
    """Read a manifest back."""
    return pq.read_table(BytesIO(store.get(key)))


def merkle_root(rows: pa.Table) -> bytes:
    """Return the root (32 bytes) over blocks of rows; of no rows, the hash of nothing."""
    return _root(_hash_blocks(rows))


def _hash_blocks(rows: pa.Table) -> list[bytes]:
    if not rows.num_rows:
        return []
    lines = _serialise(rows.combine_chunks())
    offsets = np.frombuffer(lines.buffers()[1], np.int64)[: len(lines) + 1]
    text = memoryview(lines.buffers()[2])
    borders = [*range(0, len(lines), BLOCK), len(lines)]
    return [
        hashlib.sha256(b"\0" + text[offsets[start] : offsets[end]]).digest()
        for start, end in pairwise(borders)
    ]


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)  # largest power of two below the count
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _serialise(rows: pa.Table) -> pa.LargeStringArray:
    """Make a line of each row: its values joined by U+001F, with U+001E at its end."""
    columns = [
        pc.fill_null(column.cast(pa.large_string()), "").combine_chunks() for column in rows.columns
    ]
    between, after, nothing = (pa.scalar(one, pa.large_string()) for one in ("\x1f", "\x1e", ""))
    lines = pc.binary_join_element_wise(*columns, between)
    return pa.concat_arrays([pc.binary_join_element_wise(lines, nothing, after)])
