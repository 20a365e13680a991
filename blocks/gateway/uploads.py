"""Files on their way in: each chunk is durable in the store and the journal before `success`."""

from dataclasses import dataclass

from starlette.requests import Request

from blocks.gateway.answers import Answer, success, too_large
from blocks.gateway.body import Body, Spool, TooLargeError
from blocks.gateway.doorkeeper import IDLE_S, LONGEST_S, Visitor
from blocks.gateway.protocol import Chunk, is_monotonous, may_be_repeat
from blocks.gateway.workers import Workers
from blocks.store import Store, StoredObject
from blocks.warehouse import Row, Transaction, Warehouse


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes the bodies of `mode=file`."""

    warehouse: Warehouse
    store: Store
    spool: Spool
    workers: Workers

    async def take(self, visitor: Visitor, file_name: str, request: Request) -> tuple[Answer, int]:
        """Append the request's body to the session's file of this name; return its size too.

        Raises CutError, StoreDownError; then nothing of the body was kept.
        """
        limit = visitor.terms.body_bytes_max
        try:
            async with self.spool.receive(request, limit, lambda: self._stay(visitor)) as body:
                stored = await self.workers.store(lambda: body.put(self.store))
                await self.workers.rows(lambda: self._append(visitor, file_name, body, stored))
                return success(), body.size
        except TooLargeError as error:
            return too_large(f"Превышен предел размера: {error}. Файл не принят."), 0

    async def _stay(self, visitor: Visitor) -> None:
        """Show that the session is alive, or a slow chunk would look like the end of its file."""

        def touch() -> None:
            with self.warehouse.transaction("enter_session") as transaction:
                transaction.run(
                    "gateway/touch_session",
                    session_key=visitor.session_key,
                    idle_s=IDLE_S,
                    longest_s=LONGEST_S,
                    version=None,
                )

        await self.workers.rows(touch)

    def _append(self, visitor: Visitor, file_name: str, body: Body, stored: StoredObject) -> None:
        with self.warehouse.transaction("file_chunk") as transaction:
            upload = transaction.one(
                "gateway/upsert_upload", session_key=visitor.session_key, file_name=file_name
            )
            last = next(
                iter(transaction.run("gateway/select_last_chunk", upload_key=upload["upload_key"])),
                None,
            )
            if last is not None and _adds_nothing(last, body, stored, visitor.terms.file_limit):
                return
            transaction.run(
                "gateway/insert_chunk",
                upload_key=upload["upload_key"],
                chunk_no=last["chunk_no"] + 1 if last else 1,
                sha256=stored.sha256,
                size=stored.size,
                object_key=stored.key,
            )
            transaction.run(
                "gateway/grow_upload", upload_key=upload["upload_key"], size=stored.size
            )
            _check_limits(transaction, visitor, upload["size"] + stored.size, stored.size, last)


def _adds_nothing(last: Row, body: Body, stored: StoredObject, file_limit: int) -> bool:
    """Say whether a chunk is empty, or the last one sent again (the rule is in `is_monotonous`)."""
    if not may_be_repeat(Chunk(last["sha256"], last["size"]), Chunk(stored.sha256, stored.size)):
        return stored.size == 0
    return stored.size != file_limit or not is_monotonous(body.read())


def _check_limits(
    transaction: Transaction, visitor: Visitor, upload_bytes: int, size: int, last: Row | None
) -> None:
    """Count the chunk to its session; an error here takes the chunk back with the transaction."""
    totals = transaction.one(
        "gateway/grow_session", session_key=visitor.session_key, uploads=0 if last else 1, size=size
    )
    terms = visitor.terms
    for found, allowed, what in (
        (upload_bytes, terms.upload_bytes_max, "байт в файле"),
        (totals["upload_bytes"], terms.session_bytes_max, "байт за сеанс"),
        (totals["upload_count"], terms.session_uploads_max, "файлов за сеанс"),
    ):
        if found > allowed:
            message = f"{found} {what} при допустимых {allowed}"
            raise TooLargeError(message)
