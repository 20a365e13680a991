"""Ask a portal what it holds and compare: what is missing there is a row and an alarm.

Compared is what the portal acknowledged and what is still so: presence, names, articles, amounts
and quantities. A change that it has not acknowledged yet is lag, not a difference.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from blocks.outbound import Outcome, Receipt
from blocks.warehouse import Transaction
from tasks.formats import open_file
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Dataset
from tasks.publication.desk import Desk
from tasks.publication.projecting import projected

# What a site shows of what it was sent, by kind; everything else it may well drop.
_COMPARED: Final[Mapping[Dataset, Sequence[str]]] = {
    Dataset.GROUPS: ("name",),
    Dataset.GOODS: ("name", "article"),
    Dataset.OFFERS: (),
    Dataset.PRICES: ("amount",),
    Dataset.STOCK: ("quantity",),
}
_HOLDING: Final = pa.schema([(name, pa.string()) for name in ("dataset", "key", "field", "value")])
_SAID: Final = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that the other side does not hold as we told it."""

    dataset: str
    key: str
    kind: str  # missing_at_target | unknown_at_target | different
    field: str
    ours: str | None
    theirs: str | None

    def __str__(self) -> str:
        if self.kind == "different":
            return f"{self.dataset} {self.key}: {self.field} is {self.theirs}, not {self.ours}"
        return f"{self.dataset} {self.key}: {self.kind.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Sums:
    """Both sides of one kind of record: counts, sums and a hash over all that is compared."""

    dataset: str
    our_records: int
    their_records: int
    our_total: str | None
    their_total: str | None
    our_hash: str
    their_hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What asking a portal showed."""

    portal: str
    sums: Sequence[Sums]
    differences: Sequence[Difference]

    @property
    def missing(self) -> int:
        """How many records are not there that the portal acknowledged."""
        return sum(each.kind == "missing_at_target" for each in self.differences)


def verify(desk: Desk, files: Sequence[Path]) -> Verified:
    """Compare what the portal shows with what it acknowledged; differences become rows.

    Raises FileFaultError when what it shows cannot be read.
    """
    portal = desk.portal
    with projected(desk.warehouse, portal) as projection:
        transaction = projection.transaction
        transaction.run("publication/open_holdings")
        transaction.copy("theirs", _holdings(files))
        transaction.run(
            "publication/insert_ours",
            portal_key=portal.partner_key,
            source_key=projection.source_key,
            warehouses=list(portal.selection.warehouses),
            has_article=not portal.selection.fields or "article" in portal.selection.fields,
        )
        found = _differences(transaction, portal.partner_key, is_whole=True)
        sums = [Sums(**row) for row in transaction.run("publication/sum_holdings")]
    with desk.lease.writing(desk.warehouse, "note_differences") as transaction:
        # In an object: an empty list alone would not travel as JSON.
        rows = {"found": [asdict(each) for each in found]}
        noted = {"portal_key": portal.partner_key, "found": rows}
        transaction.run("publication/close_differences", **noted)
        transaction.run("publication/insert_differences", **noted)
    return Verified(portal.name, sums, found)


def compare_delivery(desk: Desk, delivery_key: int, files: Sequence[Path]) -> Receipt:
    """Say whether what the other side shows holds all that a delivery in doubt carried."""
    with tempfile.TemporaryDirectory(prefix="obmen-told-") as folder:
        told = _fetch_formed(desk, delivery_key, Path(folder))
        with desk.warehouse.snapshot("compare") as transaction:
            transaction.run("publication/open_holdings")
            try:
                transaction.copy("theirs", _holdings(files))
            except FileFaultError as fault:
                return Receipt(
                    Outcome.IN_DOUBT,
                    f"what it shows cannot be read: {fault}",
                    f"Does {desk.portal.name} hold what delivery {delivery_key} carried?",
                )
            transaction.copy("ours", _holdings(told))
            transaction.run("publication/keep_carried", delivery_key=delivery_key)
            transaction.run("publication/insert_gone", delivery_key=delivery_key)
            found = _differences(transaction, desk.portal.partner_key, is_whole=False)
    if not found:
        return Receipt(Outcome.DELIVERED, "read back: all of it is there as told")
    said = "; ".join(str(each) for each in found[:_SAID])
    return Receipt(Outcome.FAILED, f"read back: {len(found)} differences: {said}")


def _differences(transaction: Transaction, portal_key: int, *, is_whole: bool) -> list[Difference]:
    transaction.run("publication/normalise_holdings")
    transaction.run("publication/analyze_holdings")
    transaction.run("publication/forget_noughts")
    rows = transaction.run(
        "publication/select_differences", portal_key=portal_key, is_whole=is_whole
    )
    return [Difference(**row) for row in rows]


def _fetch_formed(desk: Desk, delivery_key: int, folder: Path) -> list[Path]:
    with desk.warehouse.transaction("select_parcels") as transaction:
        rows = transaction.run("select_parcels", delivery_key=delivery_key)
    formed = [row for row in rows if row["message_key"] is not None]
    files = []
    for number, row in enumerate(formed):
        files.append(folder / f"{number}")
        desk.store.download(row["object_key"], files[-1])
    return files


def _holdings(files: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    """Yield what files say, a row for each record and one for each field that is compared."""
    for file in files:
        for batch in open_file(file).batches():
            if batch.dataset in _COMPARED:
                yield from _holding(batch)


def _holding(batch: Batch) -> Iterator[pa.RecordBatch]:
    records = batch.records
    if "is_deleted" in records.schema.names:
        records = records.filter(pc.invert(pc.fill_null(records["is_deleted"], False)))  # noqa: FBT003
    for field in ("", *_COMPARED[batch.dataset]):
        size = records.num_rows
        yield pa.record_batch(
            [
                pa.array([batch.dataset.value] * size, pa.string()),
                records["key"],
                pa.array([field] * size, pa.string()),
                records[field] if field else pa.nulls(size, pa.string()),
            ],
            schema=_HOLDING,
        )
