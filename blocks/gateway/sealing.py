"""Sealing: the chunks of an upload become one object and one message, once and in order.

An upload is never discarded. A file that was cut is sealed as it is; the flow refuses it, and the
old data stay. Its row is locked while it is joined, so two gateways make one message of it, and
uploads of a session are sealed in the order in which they were opened, so goods come before offers.
"""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

from blocks.gateway.body import Spool
from blocks.gateway.names import is_archive, is_attachment
from blocks.gateway.terms import DoorTerms
from blocks.gateway.workers import Workers
from blocks.store import Store, StoredObject
from blocks.warehouse import Row, Warehouse

_logger = logging.getLogger(__name__)
# A login that begins anew has finished or given up its older session. Not at once: two bases may
# enter by one login, and a session that still sends says so every 2 seconds.
_SUPERSEDED_S = 5.0
_PAUSE_S = 2.0
Pick = Callable[[Sequence[Row]], Sequence[Row]]  # of a session's open uploads, oldest first


class ChunkLostError(Exception):
    """The store no longer gives the bytes of a chunk that it had taken."""


def up_to(file_name: str) -> Pick:
    """Pick what was opened before this file and the file itself, and the pictures after it.

    A file that is not open may lie in an archive that is. 1C may be in the middle of a later file;
    a picture is never what `import` waits for, and the goods are better off with it.
    """

    def pick(uploads: Sequence[Row]) -> Sequence[Row]:
        named = [row for row in uploads if row["file_name"] == file_name]
        archives = [row for row in uploads if is_archive(row["file_name"])]
        last = max((row["upload_key"] for row in named or archives), default=0)
        return [
            row for row in uploads if row["upload_key"] <= last or is_attachment(row["file_name"])
        ]

    return pick


class Sealing:
    """Seals uploads when asked, and those that nobody asks for."""

    def __init__(
        self,
        warehouse: Warehouse,
        store: Store,
        spool: Spool,
        workers: Workers,
        on_sealed: Callable[[], None],
    ) -> None:
        """Seal between this warehouse and store; call `on_sealed` after new messages."""
        self._warehouse = warehouse
        self._store = store
        self._spool = spool
        self._workers = workers
        self._on_sealed = on_sealed
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Look soon for sessions that are over."""
        self._nudged.set()

    async def seal(self, session_key: int, by: str, pick: Pick = lambda uploads: uploads) -> None:
        """Seal the picked open uploads of a session in order. Raises ChunkLostError.

        The lock only spares work (the journal decides): callers of one session wait here, and not
        each in a thread with a connection.
        """
        lock = self._locks.setdefault(session_key, asyncio.Lock())
        async with lock:
            for row in pick(await self._workers.rows(lambda: self._open_uploads(session_key))):
                upload_key: int = row["upload_key"]
                await self._workers.sealing(lambda key=upload_key: self._seal(key, by))  # type: ignore[misc]
                self._on_sealed()

    async def keep_sealing(self) -> None:
        """Seal what nobody asks for, for ever: at the start too, so a restart loses nothing."""
        while True:
            try:
                for session_key in await self._workers.rows(self._silent_sessions):
                    await self._seal_silent(session_key)
            except Exception:  # the loop must outlive whatever befalls one pass
                _logger.exception("Looking for silent sessions failed, it is tried again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _PAUSE_S)
            self._nudged.clear()

    async def _seal_silent(self, session_key: int) -> None:
        try:
            await self.seal(session_key, "silence")
        except Exception:  # one session's lost chunk must not hold up the others
            _logger.exception("Sealing session %d failed, it is tried again", session_key)

    def _open_uploads(self, session_key: int) -> Sequence[Row]:
        with self._warehouse.transaction("find_uploads") as transaction:
            return transaction.run("gateway/select_open_uploads", session_key=session_key)

    def _silent_sessions(self) -> list[int]:
        with self._warehouse.transaction("find_uploads") as transaction:
            rows = transaction.run(
                "gateway/select_silent_sessions",
                quiet_s=DoorTerms().quiet_s,
                superseded_s=_SUPERSEDED_S,
            )
            return [row["session_key"] for row in rows]

    def _seal(self, upload_key: int, by: str) -> None:
        with self._warehouse.transaction("seal_upload") as transaction:
            upload = transaction.one("gateway/lock_upload", upload_key=upload_key)
            if upload["message_key"] is not None:
                return
            chunks = transaction.run("gateway/select_chunks", upload_key=upload_key)
            stored = self._join(chunks)
            counters = upload["counters"] | {"chunks": len(chunks), "sealed_by": by}
            if upload["version"]:
                counters["version"] = upload["version"]
            message = transaction.one(
                "gateway/insert_message",
                partner_key=upload["partner_key"],
                session_key=upload["session_key"],
                dialect="attachment" if is_attachment(upload["file_name"]) else None,
                sha256=stored.sha256,
                size=stored.size,
                object_key=stored.key,
                file_name=upload["file_name"],
                sender_counters=counters,
            )
            transaction.run(
                "gateway/seal_upload", upload_key=upload_key, message_key=message["message_key"]
            )
            transaction.run("gateway/notify_flow", partner=upload["partner"])

    def _join(self, chunks: Sequence[Row]) -> StoredObject:
        """Store the chunks as one object, in the memory of one chunk."""
        if len(chunks) == 1:
            return self._store.put(self._bytes_of(chunks[0]))
        with tempfile.NamedTemporaryFile(dir=self._spool.folder, prefix="join-") as file:
            for chunk in chunks:
                file.write(self._bytes_of(chunk))
            file.flush()
            return self._store.put_file(Path(file.name))

    def _bytes_of(self, chunk: Row) -> bytes:
        try:
            payload = self._store.get(chunk["object_key"])
        except KeyError as error:
            raise ChunkLostError(chunk["object_key"]) from error
        if hashlib.sha256(payload).digest() != chunk["sha256"]:
            raise ChunkLostError(chunk["object_key"])
        return payload
