"""What a message's slices come to: books of those passed over, and the next file's baseline."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Row, Transaction
from tasks.catalog.workplace import Workplace
from tasks.journal.baselines import Stream, keep_read
from tasks.model.messages import Message
from tasks.model.slices import PASSED, READ


def load_passed(store: Store, slicing: Mapping[str, Any] | None) -> pa.Table:
    """Return what was passed over of a file (schema PASSED)."""
    return _load(store, slicing, "passed", PASSED)


def count_passed(passed: pa.Table) -> dict[str, int]:
    """Return how many records of each dataset were passed over."""
    sums = passed.group_by("dataset").aggregate([("records", "sum")])
    return dict(zip(sums["dataset"].to_pylist(), sums["records_sum"].to_pylist(), strict=True))


def keep_slices(
    transaction: Transaction, message: Message, reading: Row, at: Workplace, *, is_whole: bool
) -> None:
    """Keep which slices need not be read again, in the transaction that closes their message.

    Where the file's word was not taken for what is absent from it (`is_whole`), a whole file must
    read them again.
    """
    slicing = reading["slicing"]
    keys = {"message_key": message.message_key}
    if slicing is None:
        whose = {"partner_key": message.partner_key, "exchange": message.exchange}
        transaction.run("slices/insert_staged_stale", **keys, **whose)
        return
    stream = Stream(
        message.partner_key, message.exchange, slicing["stream"], bytes.fromhex(slicing["context"])
    )
    keep_read(
        transaction,
        at.store,
        stream,
        _load(at.store, slicing, "read", READ),
        refused=[row["key"] for row in transaction.run("slices/select_refused", **keys)],
        is_full=is_whole,
        message_key=message.message_key,
    )


def _load(
    store: Store, slicing: Mapping[str, Any] | None, what: str, schema: pa.Schema
) -> pa.Table:
    key = slicing and slicing[what]
    return pq.read_table(BytesIO(store.get(key))).cast(schema) if key else schema.empty_table()
