"""Messages that come late: something newer of the same records was taken before.

A session of 1C that was given up may be sealed after a newer one, and an old message may be driven
again. What is newer is decided by two orders, written down at `journal.telling`: by the sender's
sessions for all that has a name, by the moment of forming for prices and stock, which keep their
history. That a later file told the same once more is written nowhere but in its manifest, so the
manifests of later messages are read: none in the common case, else the fewest that name all keys.
"""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from blocks.warehouse import Row, Transaction
from tasks.journal.telling import load_told
from tasks.model.datasets import Dataset
from tasks.model.messages import Message

_STAGED = pa.schema([("dataset", pa.string()), ("record_no", pa.int64()), ("told", pa.string())])
_VALUES = pa.array([Dataset.PRICES.value, Dataset.STOCK.value])


def mark_superseded(
    transaction: Transaction, message: Message, formed_at: datetime | None, store: Store
) -> None:
    """Mark the staged records of a message of which something newer is known.

    A named one becomes a repeat; a price or a quantity gets the moment at which it was replaced.
    """
    keys = {"message_key": message.message_key}
    transaction.run("forget_superseded", **keys)
    later = transaction.run("select_later_messages", formed_at=formed_at, **keys)
    if not later:
        return
    staged = transaction.fetch(
        "select_staged_keys", _STAGED, partner_key=message.partner_key, **keys
    )
    for telling in later:
        if not staged.num_rows:
            break
        manifest = load_told(
            store, telling["manifest_key"], telling["object_key"], telling["left_alone"]
        )
        is_told_again = pc.is_in(_name(staged["dataset"], staged["told"]), _told(manifest, telling))
        _keep(transaction, message, telling, staged.filter(is_told_again))
        staged = staged.filter(pc.invert(is_told_again))
    transaction.run("mark_superseded", formed_at=formed_at, **keys)


def _told(manifest: pa.Table, telling: Row) -> pa.Array:
    """Name what a later message says that is newer by the order that its dataset follows."""
    is_value = pc.is_in(manifest["dataset"], _VALUES)
    is_newer = pc.if_else(is_value, telling["is_formed_later"], telling["is_told_later"])
    newer = manifest.filter(pc.and_(is_newer, pc.not_equal(manifest["exit"], "refused")))
    is_offer = pc.equal(newer["dataset"], Dataset.OFFERS.value)
    by_digest = pc.binary_join_element_wise(newer["key"], newer["digest"], "|")
    return _name(newer["dataset"], pc.if_else(is_offer, by_digest, newer["key"]))


def _name(dataset: pa.ChunkedArray, told: pa.ChunkedArray) -> pa.Array:
    return pc.binary_join_element_wise(dataset, told, "/").combine_chunks()


def _keep(transaction: Transaction, message: Message, telling: Row, records: pa.Table) -> None:
    transaction.copy(
        "staging.superseded",
        records.select(["dataset", "record_no"]).to_batches(),
        message_key=message.message_key,
        ends_at=telling["valid_from"],
    )
