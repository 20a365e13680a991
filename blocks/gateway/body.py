"""A request's body on its way in: in memory while it is small, then on disk, counted all along."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from starlette.requests import Request

from blocks.gateway.workers import Workers
from blocks.store import Store, StoredObject

_IN_MEMORY = 1 << 20  # bytes of one body held in memory at most
_STALL_S = 60  # a client that sends nothing so long is gone
_DEADLINE_S = 1_800  # and one that drips bytes so long is given up
_SIGN_OF_LIFE_S = 2.0
_LEFT_BEHIND_S = 24 * 3_600


class TooLargeError(Exception):
    """A body, file or session passes a limit of the partner."""


class CutError(Exception):
    """The client went away, stalled, or sent another number of bytes than it had said."""


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body: in `payload`, or in the file `path` when it is longer than _IN_MEMORY."""

    size: int
    payload: bytes = b""
    path: Path | None = None

    def put(self, store: Store) -> StoredObject:
        """Store the bytes as a chunk under their hash. Raises StoreDownError."""
        if self.path is None:
            return store.put(self.payload, under="chunks")
        return store.put_file(self.path, under="chunks")

    def read(self) -> bytes:
        """Return all bytes."""
        return self.payload if self.path is None else self.path.read_bytes()


class Spool:
    """The folder where bodies and joined files lie while they are being stored."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        """Use this folder, making it if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._workers = workers

    def sweep(self) -> None:
        """Remove what a killed gateway left behind; another one may share the folder now."""
        for left in self.folder.iterdir():
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND_S:
                left.unlink(missing_ok=True)

    @asynccontextmanager
    async def receive(
        self, request: Request, limit: int, on_progress: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[Body]:
        """Take a body of at most `limit` bytes; call `on_progress` now and then while it comes.

        Raises TooLargeError, CutError. The body is gone after the block.
        """
        promised = request.headers.get("content-length", "")
        if promised.isdigit() and int(promised) > limit:
            raise TooLargeError(promised)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="body-") as file:
            head, size = await self._drain(request, limit, file, on_progress)
            if promised.isdigit() and int(promised) != size:
                message = f"{size} bytes came of {promised}"
                raise CutError(message)
            if size <= _IN_MEMORY:
                yield Body(size, payload=bytes(head))
            else:
                yield Body(size, path=Path(file.name))

    async def _drain(
        self,
        request: Request,
        limit: int,
        file: IO[bytes],
        on_progress: Callable[[], Awaitable[object]],
    ) -> tuple[bytearray, int]:
        held, size = bytearray(), 0
        loop = asyncio.get_running_loop()
        started_at = reported_at = loop.time()
        async for piece in _pieces(request):
            held += piece
            size += len(piece)
            if size > limit:
                raise TooLargeError(str(size))
            if loop.time() > started_at + _DEADLINE_S:
                message = "the body took too long"
                raise CutError(message)
            if len(held) > _IN_MEMORY:
                full, held = held, bytearray()
                await self._workers.store(lambda block=full: file.write(block))  # type: ignore[misc]
            if loop.time() > reported_at + _SIGN_OF_LIFE_S:
                await on_progress()
                reported_at = loop.time()
        if size > _IN_MEMORY:
            await self._workers.store(lambda: (file.write(held), file.flush()))
        return held, size


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(_STALL_S):
                event = await request.receive()
        except TimeoutError as error:
            message = "the client stalled"
            raise CutError(message) from error
        if event["type"] == "http.disconnect":
            message = "the client went away"
            raise CutError(message)
        if event.get("body"):
            yield event["body"]
        if not event.get("more_body", False):
            return
