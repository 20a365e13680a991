"""Ask a portal what it holds and compare: what is missing there is a row and an alarm.

Compared is what we hold now with what the portal shows: presence, names, articles, amounts and
quantities. Where it has not acknowledged our latest word yet, what differs is lag: a row of its own
kind, and no difference. What it acknowledged in any form must be there.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from blocks.outbound import Outcome, Receipt
from blocks.warehouse import Row, Transaction
from tasks.formats import open_file
from tasks.journal.outcome import LINK_S
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Dataset
from tasks.publication.desk import Desk
from tasks.publication.differences import LAG, Difference, Sums, Verified
from tasks.publication.projecting import projected
from tasks.publication.reporting import store_comparison

# What a site shows of what it was sent, by kind; everything else it may well drop.
_COMPARED: Final[Mapping[Dataset, Sequence[str]]] = {
    Dataset.GROUPS: ("name",),
    Dataset.GOODS: ("name", "article"),
    Dataset.OFFERS: (),
    Dataset.PRICES: ("amount",),
    Dataset.STOCK: ("quantity",),
}
_HOLDING: Final = pa.schema([(name, pa.string()) for name in ("dataset", "key", "field", "value")])
_FOUND: Final = pa.schema(
    [(name, pa.string()) for name in ("dataset", "key", "kind", "field", "ours", "theirs")]
)
_SAID: Final = 5
LAGS_SHOWN: Final = 50  # the journal has all of them


def verify(desk: Desk, files: Sequence[Path], *, queued_s: int = 0) -> Verified:
    """Compare what the portal shows with what we hold; differences and lag become rows.

    A portal that only queues what it acknowledges has `queued_s` seconds to take it up.

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
            queued_s=queued_s,
        )
        found = _compare(transaction, portal.partner_key, is_whole=True)
        rows = transaction.run("publication/sum_holdings")
        seen_at = projection.seen_at
    verified = _verified(portal.name, rows, found)
    report_key = store_comparison(desk, seen_at, verified)
    _note(desk, seen_at, found, verified, report_key)
    return replace(verified, report=desk.store.presign(report_key, LINK_S))


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
            found = _differences(_compare(transaction, desk.portal.partner_key, is_whole=False))
    if not found:
        return Receipt(Outcome.DELIVERED, "read back: all of it is there as told")
    said = "; ".join(str(each) for each in found[:_SAID])
    return Receipt(Outcome.FAILED, f"read back: {len(found)} differences: {said}")


def _compare(transaction: Transaction, portal_key: int, *, is_whole: bool) -> pa.Table:
    transaction.run("publication/normalise_holdings")
    transaction.run("publication/analyze_holdings")
    transaction.run("publication/forget_noughts")
    return transaction.fetch(
        "publication/select_differences", _FOUND, portal_key=portal_key, is_whole=is_whole
    )


def _differences(found: pa.Table) -> list[Difference]:
    return [Difference(**row) for row in found.to_pylist()]


def _verified(portal: str, rows: Sequence[Row], found: pa.Table) -> Verified:
    """Tell lag from differences; of lag there may be as much as there is in the catalog."""
    is_lag = pc.equal(found["kind"], LAG)
    lags, rest = found.filter(is_lag), found.filter(pc.invert(is_lag))
    lagging, differing = (
        {each["values"]: each["counts"] for each in table["dataset"].value_counts().to_pylist()}
        for table in (lags, rest)
    )
    sums = [
        Sums(
            **row,
            differing=differing.get(row["dataset"], 0),
            lagging=lagging.get(row["dataset"], 0),
        )
        for row in rows
    ]
    shown = _differences(lags.slice(0, LAGS_SHOWN))
    return Verified(portal, sums, _differences(rest), shown, lags.num_rows)


def _note(
    desk: Desk, seen_at: datetime, found: pa.Table, verified: Verified, report_key: str
) -> None:
    """Write down what was found; what is not found any more is gone."""
    keys = {"portal_key": desk.portal.partner_key}
    with desk.lease.writing(desk.warehouse, "note_differences") as transaction:
        transaction.run("publication/open_found")
        transaction.copy("found", found.to_batches())
        transaction.run("publication/close_differences", **keys)
        transaction.run("publication/insert_differences", **keys)
        for each in verified.sums:
            transaction.run(
                "publication/insert_verification",
                **keys,
                **asdict(each),
                verified_at=seen_at,
                report_key=report_key,
            )


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
