"""The manifest of a message: where in its bytes each record stands and by which exit it left.

A Parquet file in the store, its Merkle root in `journal.message.merkle_root`, so that nobody can
change one line of it unseen. A leaf is a block of `BLOCK` consecutive rows: hashing a million
rows one by one would cost more than reading them. Tree as in RFC 9162, section 2.1.1.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import pyarrow as pa
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
    ]
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a manifest lies and the root over its rows."""

    key: str
    merkle_root: bytes


def store_manifest(store: Store, rows: pa.Table) -> Manifest:
    """Write the rows, in file order, to the store and return where they are and their root."""
    ordered = rows.select(SCHEMA.names).cast(SCHEMA)
    sink = BytesIO()
    # No statistics of the writer's version or clock: the same rows give the same bytes.
    pq.write_table(ordered, sink, compression="zstd", row_group_size=64 * BLOCK)
    stored = store.put(sink.getvalue(), under="manifest")
    return Manifest(stored.key, merkle_root(ordered))


def load_manifest(store: Store, key: str) -> pa.Table:
    """Read a manifest back."""
    return pq.read_table(BytesIO(store.get(key)))


def merkle_root(rows: pa.Table) -> bytes:
    """Return the root (32 bytes) over blocks of rows; of no rows, the hash of nothing."""
    level = [
        hashlib.sha256(b"\0" + _serialise(rows.slice(start, BLOCK))).digest()
        for start in range(0, rows.num_rows, BLOCK)
    ]
    return _root(level)


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)  # largest power of two below the count
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _serialise(block: pa.Table) -> bytes:
    lines = zip(*(column.to_pylist() for column in block.columns), strict=True)
    return "".join(
        "\x1f".join("" if value is None else str(value) for value in line) + "\x1e"
        for line in lines
    ).encode()
