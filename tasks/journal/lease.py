"""The right to write for one partner and exchange, held by one run at a time.

Two guards, because each alone has a hole. An advisory lock belongs to a living connection, so a
killed run frees it at once. An epoch is checked by the very transaction that commits, so a run that
was frozen, declared dead and wakes up again cannot write: its successor has a newer epoch.
"""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from blocks.warehouse import Transaction, Warehouse, WarehouseDownError

_BEAT_S = 10
FROZEN_AFTER_S = 180  # a lease that was not renewed so long belongs to a frozen run

log = logging.getLogger(__name__)


class FencedError(RuntimeError):
    """A newer run has taken over; this one must stop and write nothing."""


class BusyError(RuntimeError):
    """Another run is at work for this partner and exchange; it will take what is waiting."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim on a partner's exchange, valid as long as nobody has a newer epoch."""

    partner_key: int
    exchange: str
    epoch: int

    @contextmanager
    def writing(self, warehouse: Warehouse, name: str) -> Iterator[Transaction]:
        """Open a transaction that commits only if the claim still holds, else raises FencedError.

        The check comes last: the row of the lease is locked for the moment of the commit only, so
        a long step does not keep its own heartbeat waiting.
        """
        with warehouse.transaction(name) as transaction:
            yield transaction
            self._hold(transaction)

    def renew(self, warehouse: Warehouse) -> None:
        """Say that the holder is alive. Raises FencedError when a newer run has taken over."""
        with self.writing(warehouse, "renew_lease"):
            pass

    @asynccontextmanager
    async def beating(self, warehouse: Warehouse, every_s: float = _BEAT_S) -> AsyncIterator[None]:
        """Renew the claim as long as the block lasts: work in it may wait for others for hours.

        A warehouse that was away for a beat has the next one. Once a newer run has taken over there
        is nothing to renew; the next write of this one says so.
        """

        async def beat() -> None:
            while True:
                await asyncio.sleep(every_s)
                try:
                    await asyncio.to_thread(self.renew, warehouse)
                except WarehouseDownError as silence:
                    log.warning("%s is not renewed, the next beat is: %s", self, silence)
                except FencedError as successor:
                    log.warning("%s", successor)
                    return

        heart = asyncio.create_task(beat(), name=f"heart of {self.exchange}/{self.partner_key}")
        try:
            yield
        finally:
            heart.cancel()

    def _hold(self, transaction: Transaction) -> None:
        rows = transaction.run(
            "hold_lease", partner_key=self.partner_key, exchange=self.exchange, epoch=self.epoch
        )
        if not rows:
            message = (
                f"epoch {self.epoch} of {self.exchange} for partner {self.partner_key} is over"
            )
            raise FencedError(message)

    def release(self, warehouse: Warehouse) -> bool:
        """Give the claim back unless messages wait; return whether it was given back."""
        with warehouse.transaction("release_lease") as transaction:
            return bool(
                transaction.run(
                    "release_lease",
                    partner_key=self.partner_key,
                    exchange=self.exchange,
                    epoch=self.epoch,
                )
            )


@contextmanager
def claim(warehouse: Warehouse, partner_key: int, exchange: str, holder: str) -> Iterator[Lease]:
    """Claim a partner's exchange for the length of the block. Raises BusyError when it is taken."""
    number = zlib.crc32(f"{exchange}/{partner_key}".encode())
    with warehouse.session_lock(number) as is_ours:
        with warehouse.transaction("take_lease") as transaction:
            rows = transaction.run(
                "take_lease",
                partner_key=partner_key,
                exchange=exchange,
                holder=holder,
                is_ours=is_ours,
                frozen_after_s=FROZEN_AFTER_S,
            )
        if not rows:
            message = f"another run works on {exchange} for partner {partner_key}"
            raise BusyError(message)
        yield Lease(partner_key, exchange, rows[0]["epoch"])
