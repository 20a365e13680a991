"""`mode=import`: waits for the flow, then says what truly became of the file."""

import asyncio
import logging
from dataclasses import dataclass, field

from blocks.gateway import verdict
from blocks.gateway.answers import Answer, progress
from blocks.gateway.doorkeeper import Visitor
from blocks.gateway.sealing import Sealing, up_to
from blocks.gateway.verdict import Count, Filed, Reason, Standing
from blocks.gateway.workers import Workers
from blocks.warehouse import Warehouse

_logger = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.3
_JOINING_S = 30.0  # how long a call is held while a very large file is still being joined
_WATCHERS = 64  # who look every _LOOK_EVERY_S; the others are held as long and look once


@dataclass(frozen=True, slots=True)
class Imports:
    """Answers about files of a session."""

    warehouse: Warehouse
    sealing: Sealing
    workers: Workers
    watchers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_WATCHERS))

    async def answer(self, visitor: Visitor, name: str) -> Answer:
        """Seal the file if it is open, wait at most `hold_s`, and tell how it stands with it.

        1C asks again at once after `progress`, so the call is held instead of answered quickly.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + visitor.terms.hold_s
        sealing = asyncio.create_task(self.sealing.seal(visitor.session_key, "import", up_to(name)))
        done, _ = await asyncio.wait({sealing}, timeout=_JOINING_S)
        if not done:
            sealing.add_done_callback(_note_fault)
            return progress(verdict.waiting(name))
        await sealing
        standing, filed = await self._watch(visitor, name, deadline)
        return await self._tell(visitor, name, standing, filed)

    async def _watch(
        self, visitor: Visitor, name: str, deadline: float
    ) -> tuple[Standing, tuple[Filed, ...]]:
        loop = asyncio.get_running_loop()
        if self.watchers.locked():
            standing, filed = await self._look(visitor, name)
            if standing is Standing.WAITING:
                await asyncio.sleep(max(0.0, deadline - loop.time()))
                standing, filed = await self._look(visitor, name)
            return standing, filed
        async with self.watchers:
            while True:
                standing, filed = await self._look(visitor, name)
                if standing is not Standing.WAITING or loop.time() >= deadline:
                    return standing, filed
                await asyncio.sleep(_LOOK_EVERY_S)

    async def _tell(
        self, visitor: Visitor, name: str, standing: Standing, filed: tuple[Filed, ...]
    ) -> Answer:
        terms = visitor.terms
        match standing:
            case Standing.UNKNOWN:
                return verdict.unknown(name)
            case Standing.NOT_IN_ARCHIVE:
                return verdict.not_in_archive(name, filed[0].file_name)
            case Standing.WAITING:
                is_late = max(each.waiting_s for each in filed) > terms.give_up_s
                return verdict.kept(name) if is_late else progress(verdict.waiting(name))
            case Standing.REFUSED:
                return verdict.refused(name, await self._reasons(filed))
            case Standing.CLOSED:
                counts, reasons = await self._counts(filed), await self._reasons(filed)
                return verdict.closed(name, counts, reasons, is_strict=terms.strict_import)

    async def _look(self, visitor: Visitor, name: str) -> tuple[Standing, tuple[Filed, ...]]:
        def read() -> list[Filed]:
            with self.warehouse.transaction("find_messages") as transaction:
                rows = transaction.run(
                    "gateway/select_filed", session_key=visitor.session_key, file_name=name
                )
                return [Filed(**row) for row in rows]

        return verdict.judge(await self.workers.rows(read), name)

    async def _counts(self, filed: tuple[Filed, ...]) -> list[Count]:
        def read() -> list[Count]:
            with self.warehouse.transaction("find_messages") as transaction:
                rows = transaction.run("gateway/sum_books", message_keys=_keys(filed))
                return [Count(**row) for row in rows]

        return await self.workers.rows(read)

    async def _reasons(self, filed: tuple[Filed, ...]) -> list[Reason]:
        def read() -> list[Reason]:
            with self.warehouse.transaction("find_messages") as transaction:
                rows = transaction.run("gateway/group_refusals", message_keys=_keys(filed))
                return [Reason(row["records"], row["example"]) for row in rows]

        return await self.workers.rows(read)


def _keys(filed: tuple[Filed, ...]) -> list[int]:
    return [each.message_key for each in filed]


def _note_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _logger.error("Sealing for an import failed, it is tried again", exc_info=task.exception())
