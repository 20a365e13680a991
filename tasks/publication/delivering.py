"""Send packages in their order; say of each what became of it, or that nobody knows.

Forming and sending are apart: a failed package goes again as the same bytes. What a dead run was
sending, and what the other side did not answer for, is in doubt until the target is asked or a
person says.

Several portals share one loop: what waits for the warehouse, the archive or a large file to be
read is done beside it, or one portal's catalog would stop the hearts of all others.
"""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from blocks.commerceml_site import CommerceMLSite
from blocks.outbound import Outbound, Outcome, Parcel, PortalSilentError, Receipt
from blocks.store import StoreDownError
from tasks.journal.deliveries import (
    Arrived,
    Ended,
    doubt_orphans,
    end_delivery,
    settle_asked,
    start_delivery,
)
from tasks.publication.desk import EXCHANGE, Desk

# A package whose formation waits no longer than this many others; then changes gather in one.
BACKLOG_MAX = 20
# A site that only queues what it acknowledges has so long to show it; until then it lags.
TAKEN_UP_WITHIN_S = 3600
_ARRIVED = {Outcome.DELIVERED: Arrived.DELIVERED, Outcome.FAILED: Arrived.FAILED}


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending, or one answer to a question about an earlier one."""

    portal: str
    delivery_key: int
    outcome: str  # delivered | failed | in_doubt
    answer: str
    records: int
    question: str = ""
    is_final: bool = True  # False: the portal only queued it; what it shows may lag


def only_queues(channel: Outbound) -> bool:
    """Say whether the portal's success means no more than that it has put a file into its queue."""
    return isinstance(channel, CommerceMLSite) and channel.success_means == "queued"


def count_open(desk: Desk) -> int:
    """Return how many packages wait or are in doubt."""
    with desk.warehouse.transaction("count_open") as transaction:
        row = transaction.one(
            "publication/count_open", partner_key=desk.portal.partner_key, exchange=EXCHANGE
        )
    return int(row["open"])


async def settle_doubts(
    desk: Desk, channel: Outbound, compare: Callable[[int, Sequence[Path]], Receipt]
) -> list[Sent]:
    """Ask the target about what is in doubt; what it cannot answer stays in doubt.

    `compare` says of a delivery whether the files that the target showed us hold its records.
    """
    doubtful = await asyncio.to_thread(_list_doubtful, desk)
    return [await _ask(delivery_key, desk, channel, compare) for delivery_key in doubtful]


async def send_next(desk: Desk, channel: Outbound, *, is_asked: bool) -> Sent | None:
    """Send the oldest package that waits; None when there is none, or it may not go now."""
    delivery = await asyncio.to_thread(
        start_delivery, desk.warehouse, desk.lease, is_asked=is_asked
    )
    if delivery is None:
        return None
    with tempfile.TemporaryDirectory(prefix="obmen-send-") as folder:
        try:
            package = await asyncio.to_thread(
                fetch_package, desk, channel, delivery.delivery_key, Path(folder)
            )
        except (StoreDownError, KeyError) as fault:
            # Nothing was said to the portal: there is no doubt, and it goes again by itself.
            said = f"it was not sent, the archive does not give its files: {fault}"
            receipt = Receipt(Outcome.FAILED, said)
        else:
            receipt = await channel.send(package)
    await asyncio.to_thread(
        end_delivery,
        desk.warehouse,
        desk.lease,
        delivery.delivery_key,
        Ended(receipt.outcome.value, receipt.answer, receipt.question),
    )
    return await asyncio.to_thread(_sent, desk, delivery.delivery_key, receipt)


def fetch_package(desk: Desk, channel: Outbound, delivery_key: int, folder: Path) -> list[Parcel]:
    """Fetch a package's files from the archive, in their order.

    A site takes `import.xml` time and again. Where files only lie, each package has a folder of its
    own: what the portal has not fetched yet is never overwritten.
    """
    with desk.warehouse.transaction("select_parcels") as transaction:
        rows = transaction.run("select_parcels", delivery_key=delivery_key)
    parcels = []
    for place, row in enumerate(rows):
        path = folder / str(place)
        desk.store.download(row["object_key"], path)
        under = "" if isinstance(channel, CommerceMLSite) else f"{row['number']:06d}/"
        parcels.append(Parcel(f"{under}{row['name']}", path, row["sha256"], row["size"]))
    return parcels


async def _ask(
    delivery_key: int,
    desk: Desk,
    channel: Outbound,
    compare: Callable[[int, Sequence[Path]], Receipt],
) -> Sent:
    with tempfile.TemporaryDirectory(prefix="obmen-ask-") as folder:
        try:
            shown = await channel.read_back(Path(folder))
        except PortalSilentError as silence:
            said = f"the portal could not be asked: {silence}"
            receipt = Receipt(Outcome.IN_DOUBT, said, _question(desk))
            return await asyncio.to_thread(_sent, desk, delivery_key, receipt)
        if shown is None:
            package = await asyncio.to_thread(
                fetch_package, desk, channel, delivery_key, Path(folder)
            )
            receipt = await channel.probe(package)
        else:
            receipt = await asyncio.to_thread(compare, delivery_key, shown)
    return await asyncio.to_thread(_settle, desk, delivery_key, receipt)


def _list_doubtful(desk: Desk) -> list[int]:
    doubt_orphans(desk.warehouse, desk.lease, _question(desk))
    with desk.warehouse.transaction("select_doubtful") as transaction:
        rows = transaction.run(
            "publication/select_doubtful", partner_key=desk.portal.partner_key, exchange=EXCHANGE
        )
    return [row["delivery_key"] for row in rows]


def _settle(desk: Desk, delivery_key: int, receipt: Receipt) -> Sent:
    if arrived := _ARRIVED.get(receipt.outcome):
        settle_asked(desk.warehouse, desk.lease, delivery_key, arrived, receipt.answer)
    return _sent(desk, delivery_key, receipt)


def _sent(desk: Desk, delivery_key: int, receipt: Receipt) -> Sent:
    with desk.warehouse.transaction("count_carried") as transaction:
        row = transaction.one("publication/count_carried", delivery_key=delivery_key)
    return Sent(
        desk.portal.name,
        delivery_key,
        receipt.outcome.value,
        receipt.answer,
        int(row["records"]),
        receipt.question,
        receipt.is_final,
    )


def _question(desk: Desk) -> str:
    return (
        f"Did {desk.portal.name} take this package? Compare some of its records there, then settle "
        "the delivery."
    )
