"""Manifests read and their Merkle roots computed anew, by the rule and not by the product's code.

A leaf is SHA-256 of a zero byte and of 1024 rows, a row its values joined by U+001F and ended by
U+001E; a node is SHA-256 of a one byte and its two children (RFC 9162, section 2.1.1).
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq

_LEAF_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a message: where it stands and by which exit it left."""

    dataset: str
    record_no: int
    byte_offset: int
    byte_length: int
    key: str
    digest: str
    exit: str
    cause: str | None
    records: int = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """All records of a message, in file order."""

    sha256: bytes
    root: bytes
    lines: tuple[Line, ...]


def read_manifest(payload: bytes) -> Manifest:
    """Read a Parquet manifest; bytes that are none give no lines and no root."""
    sha256 = hashlib.sha256(payload).digest()
    try:
        table = pq.read_table(BytesIO(payload))
    except pa.ArrowInvalid:
        return Manifest(sha256, b"", ())
    columns = [column.to_pylist() for column in table.columns]
    lines = tuple(Line(*values) for values in zip(*columns, strict=True))
    return Manifest(sha256, _root(_leaves(lines)), lines)


def _leaves(lines: tuple[Line, ...]) -> list[bytes]:
    texts = [_text(line) for line in lines]
    return [
        hashlib.sha256(b"\0" + "".join(texts[start : start + _LEAF_ROWS]).encode()).digest()
        for start in range(0, len(texts), _LEAF_ROWS)
    ]


def _text(line: Line) -> str:
    values = (getattr(line, name) for name in Line.__slots__)
    return "\x1f".join("" if value is None else str(value) for value in values) + "\x1e"


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\1" + _root(leaves[:left]) + _root(leaves[left:])).digest()
