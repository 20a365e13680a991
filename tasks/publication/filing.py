"""Write a formed package down: messages, books, parcels, what each record does. One transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from blocks.store import StoredObject
from blocks.warehouse import Transaction
from tasks.journal.deliveries import Plan, plan_delivery
from tasks.journal.manifest import Manifest
from tasks.journal.messages import write_books
from tasks.model.messages import Books
from tasks.publication.desk import EXCHANGE, Desk
from tasks.publication.judging import Judged
from tasks.publication.projecting import Count, Projection


@dataclass(frozen=True, slots=True)
class FormedFile:
    """A formed file in the archive."""

    judged: Judged
    stored: StoredObject
    manifest: Manifest

    @property
    def name(self) -> str:
        """The name under which the portal sees it."""
        return self.judged.path.name


@dataclass(frozen=True, slots=True)
class Package:
    """All that was formed at once for a portal."""

    files: Sequence[FormedFile]
    pictures: Sequence[Mapping[str, Any]]  # name, object_key, sha256, size
    delta: pa.Table
    counts: Sequence[Count]
    rules: Mapping[str, Any]
    extent: str
    withheld: int


def file_package(transaction: Transaction, desk: Desk, seen: Projection, package: Package) -> int:
    """Plan the delivery of a package and settle the notices it answers; return its key."""
    delivery_key = _plan(transaction, desk, seen, package)
    messages = [_insert(transaction, desk, seen, package, file) for file in package.files]
    _write_books(transaction, package, messages)
    _file_parcels(transaction, delivery_key, package, messages)
    _carry(transaction, delivery_key, desk, package, messages)
    settle_notices(transaction, seen, delivery_key)
    return delivery_key


def settle_notices(transaction: Transaction, seen: Projection, delivery_key: int | None) -> None:
    """Note in which delivery the portal hears of them; None: they held nothing for it."""
    transaction.run(
        "publication/settle_notices",
        notice_keys=[notice for notice, _ in seen.notices],
        delivery_key=delivery_key,
    )


def _plan(transaction: Transaction, desk: Desk, seen: Projection, package: Package) -> int:
    number = transaction.one(
        "publication/next_package", partner_key=desk.portal.partner_key, exchange=EXCHANGE
    )["number"]
    body = {
        "number": number,
        "extent": package.extent,
        "selection": desk.portal.selection.version,
        "seen_at": seen.seen_at.isoformat(),
        "effects": {
            each.dataset: [each.creates, each.updates, each.deletes]
            for each in package.counts
            if each.changes
        },
    }
    key = f"{EXCHANGE}/{desk.portal.partner_key}/{number}"
    planned = plan_delivery(transaction, desk.lease, Plan("package", key, body))
    if planned is None:
        message = f"package {number} of {desk.portal.name} was planned before"
        raise RuntimeError(message)
    return planned


def _insert(
    transaction: Transaction, desk: Desk, seen: Projection, package: Package, file: FormedFile
) -> int:
    row = transaction.one(
        "publication/insert_formed",
        partner_key=desk.portal.partner_key,
        exchange=EXCHANGE,
        dialect=file.judged.heading["dialect"],
        sha256=file.stored.sha256,
        size=file.stored.size,
        object_key=file.stored.key,
        file_name=file.name,
        epoch=desk.lease.epoch,
        formed_at=seen.seen_at,
        extent=package.extent,
        heading=file.judged.heading,
        rules=dict(package.rules),
        manifest_key=file.manifest.key,
        merkle_root=file.manifest.merkle_root,
    )
    return int(row["message_key"])


def _write_books(transaction: Transaction, package: Package, messages: Sequence[int]) -> None:
    """Write what was selected for the portal, and by which exit each record left.

    Told is accepted; what the portal holds already is unchanged; a withheld deletion is refused.
    What changed and stands in no file (a picture, the last price of an offer) is in the books of
    the first.
    """
    homes: dict[str, int] = {}
    for file, message in zip(package.files, messages, strict=True):
        for dataset in file.judged.records:
            homes.setdefault(dataset.value, message)
    for count in package.counts:
        if messages and count.changes:
            homes.setdefault(count.dataset, messages[0])
    for number, message in enumerate(messages):
        entries = [Books("file", 1, 1, 0, 0)]
        entries += [_entry(each) for each in package.counts if homes.get(each.dataset) == message]
        if package.withheld and not number:
            entries.append(Books("withheld", package.withheld, 0, 0, package.withheld))
        write_books(transaction, message, entries)


def _entry(count: Count) -> Books:
    told = count.creates + count.updates
    return Books(
        count.dataset,
        count.selected + count.deletes,
        told + count.deletes,
        count.selected - told,
        0,
    )


def _file_parcels(
    transaction: Transaction, delivery_key: int, package: Package, messages: Sequence[int]
) -> None:
    # Pictures go first: a site looks for them when it takes the product.
    parcels: list[dict[str, Any]] = [
        dict(each) | {"message_key": None} for each in package.pictures
    ]
    parcels += [
        {
            "name": file.name,
            "object_key": file.stored.key,
            "sha256": file.stored.sha256,
            "size": file.stored.size,
            "message_key": message,
        }
        for file, message in zip(package.files, messages, strict=True)
    ]
    for position, parcel in enumerate(parcels):
        transaction.run(
            "publication/insert_parcel", delivery_key=delivery_key, position=position, **parcel
        )


def _carry(
    transaction: Transaction,
    delivery_key: int,
    desk: Desk,
    package: Package,
    messages: Sequence[int],
) -> None:
    places = dict(_places(package.files, messages))
    delta = package.delta
    pairs = zip(delta["dataset"].to_pylist(), delta["key"].to_pylist(), strict=True)
    carried = delta.drop_columns(["before"]).append_column(
        "message_key", pa.array([places.get(pair) for pair in pairs], pa.int64())
    )
    transaction.copy("journal.carried", carried.to_batches(), delivery_key=delivery_key)
    keys = {"portal_key": desk.portal.partner_key, "delivery_key": delivery_key}
    transaction.run("publication/show_carried", **keys)
    transaction.run("publication/finish_deletions", **keys)


def _places(
    files: Sequence[FormedFile], messages: Sequence[int]
) -> Iterator[tuple[tuple[str, str], int]]:
    for file, message in zip(files, messages, strict=True):
        lines = file.judged.manifest
        for pair in zip(lines["dataset"].to_pylist(), lines["key"].to_pylist(), strict=True):
            yield pair, message
