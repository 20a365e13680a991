"""Baselines: which slices of a sender are known, so that their bytes need not be read again.

A slice is known when all it told was taken or held already and nothing has told otherwise since:
another file of the sender, a list that withdrew its offer. So passing over it is what reading it
would come to. A baseline is kept for each kind of file of a sender (a stream), as objects in the
store, the newest first; an entry there goes before those of its key in older ones.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Transaction
from tasks.model.slices import KNOWN

# Raise it when the reader, the judge or the merges would treat the same bytes in another way.
_VERSION: Final = "1"
_KEPT: Final = pa.schema([*KNOWN, pa.field("is_full", pa.bool_(), nullable=False)])
_NO_DIGEST: Final = bytes(16)  # of an offer whose slice must be read whatever its bytes
_OBJECTS_MAX: Final = 16
_GROWTH_MAX: Final = 0.25  # of the newest objects over the oldest: then it is written anew


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of file of a sender, read in one context (32 bytes)."""

    partner_key: int
    exchange: str
    name: str
    context: bytes

    def as_parameters(self) -> dict[str, Any]:
        """Return what names the stream in a statement."""
        return {"partner_key": self.partner_key, "exchange": self.exchange, "stream": self.name}


def context_of(decisive: Mapping[str, object]) -> bytes:
    """Return the hash of all that decides what bytes mean; `decisive` is plain JSON."""
    text = json.dumps({"version": _VERSION, **decisive}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def load_known(
    transaction: Transaction, store: Store, stream: Stream, *, is_full: bool
) -> pa.Table:
    """Return the slices of a stream that may be passed over (schema `slices.KNOWN`).

    A whole file may pass over what was read from a whole file only: there, what is not told is
    gone.
    """
    kept = _load(transaction, store, stream)
    rows = transaction.run("slices/select_unsure", **stream.as_parameters())
    unsure = pa.array([row["key"] for row in rows], pa.string())
    kept = kept.filter(pc.invert(pc.is_in(kept["key"], unsure)))
    return (kept.filter(kept["is_full"]) if is_full else kept).select(KNOWN.names)


def keep_read(  # noqa: PLR0913 - one fact each
    transaction: Transaction,
    store: Store,
    stream: Stream,
    read: pa.Table,
    *,
    refused: Sequence[str],
    is_full: bool,
    message_key: int,
) -> None:
    """Keep what a message's slices gave (schema `slices.READ`), in the transaction that closes it.

    `refused` are offers of which a record was refused: they are read again.
    """
    rows = transaction.run("slices/select_stale", **stream.as_parameters())
    if not read.num_rows and not rows:
        return
    stale = pa.array([row["key"] for row in rows], pa.string())
    is_good = pc.and_(
        read["is_clean"], pc.invert(pc.is_in(read["key"], pa.array(refused, pa.string())))
    )
    digests = pc.if_else(is_good, read["digest"], pa.scalar(_NO_DIGEST, pa.binary(16)))
    newest = pa.table(
        {
            **{name: read[name] for name in KNOWN.names},
            "digest": digests,
            "is_full": pa.repeat(pa.scalar(is_full), read.num_rows),
        },
        schema=_KEPT,
    )
    gone = stale.filter(pc.invert(pc.is_in(stale, newest["key"].combine_chunks())))
    _write(transaction, store, stream, pa.concat_tables([newest, _none_of(gone)]), message_key)
    said = [row["key"] for row in rows]
    transaction.run("slices/forget_stale", keys=said, **stream.as_parameters())
    if transaction.run("slices/select_other_streams", **stream.as_parameters()):
        keys = read["key"].unique().to_pylist()
        transaction.run("slices/insert_stale", keys=keys, **stream.as_parameters())


def _write(
    transaction: Transaction, store: Store, stream: Stream, newest: pa.Table, message_key: int
) -> None:
    rows = transaction.run(
        "slices/select_baseline", context=stream.context, **stream.as_parameters()
    )
    keys, slices = (rows[0]["object_keys"], rows[0]["slices"]) if rows else ([], 0)
    is_big = newest.num_rows > _GROWTH_MAX * slices
    if is_big or len(keys) >= _OBJECTS_MAX:
        older = _load(transaction, store, stream)
        newest = pa.concat_tables([newest, _without(older, newest)])
        newest = newest.filter(pc.not_equal(newest["digest"], pa.scalar(_NO_DIGEST, pa.binary(16))))
        keys, slices = [], newest.num_rows
    sink = BytesIO()
    pq.write_table(newest, sink, compression="zstd")
    stored = store.put(sink.getvalue(), under="slices")
    transaction.run(
        "slices/upsert_baseline",
        context=stream.context,
        object_keys=[stored.key, *keys],
        slices=slices,
        message_key=message_key,
        **stream.as_parameters(),
    )


def _load(transaction: Transaction, store: Store, stream: Stream) -> pa.Table:
    rows = transaction.run(
        "slices/select_baseline", context=stream.context, **stream.as_parameters()
    )
    whole = _KEPT.empty_table()
    for key in rows[0]["object_keys"] if rows else ():
        older = pq.read_table(BytesIO(store.get(key))).cast(_KEPT)
        whole = pa.concat_tables([whole, _without(older, whole)]) if whole.num_rows else older
    return whole


def _without(older: pa.Table, newer: pa.Table) -> pa.Table:
    return older.filter(pc.invert(pc.is_in(older["key"], newer["key"].combine_chunks())))


def _none_of(keys: pa.Array) -> pa.Table:
    count = len(keys)
    return pa.table(
        {
            "digest": pa.array([_NO_DIGEST] * count, pa.binary(16)),
            "key": keys,
            "prices": pa.array([0] * count, pa.int32()),
            "stock": pa.array([0] * count, pa.int32()),
            "is_full": pa.array([False] * count, pa.bool_()),
        },
        schema=_KEPT,
    )
