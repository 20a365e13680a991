"""One request from knock to answer: who is it, what is asked, what became of it; and its row."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from blocks.gateway import answers
from blocks.gateway.answers import COOKIE, Answer, failure, success
from blocks.gateway.body import CutError
from blocks.gateway.doorkeeper import Call, Doorkeeper, TurnedAwayError, Visitor, read_basic
from blocks.gateway.imports import Imports
from blocks.gateway.names import NameFaultError, clean_name, shown
from blocks.gateway.protocol import SERVED, Mode, parse_query
from blocks.gateway.sealing import ChunkLostError, Sealing
from blocks.gateway.uploads import Uploads
from blocks.gateway.workers import Workers
from blocks.store import StoreDownError
from blocks.warehouse import Warehouse

_logger = logging.getLogger(__name__)
_CLIENT_CLOSED = 499  # nginx's number for it; nobody reads such an answer
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LATER = "Файлы временно не принимаются: хранилище недоступно. Повторите выгрузку позже."
_FAULT = "Узел обмена временно недоступен, ничего не принято. Повторите позже."


@dataclass(slots=True)
class Knock:
    """What is noted of a request while it is answered."""

    call: Call
    visitor: Visitor | None = None
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """The exchange address as an ASGI application; it does not care at which path it is mounted."""

    warehouse: Warehouse
    doorkeeper: Doorkeeper
    uploads: Uploads
    imports: Imports
    sealing: Sealing
    workers: Workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started_at = time.monotonic()
        request = Request(scope, receive)
        knock = Knock(_call_of(request))
        answer = await self._answer(knock, request)
        await self._note(knock, answer, started_at)
        encoding = knock.visitor.terms.encoding if knock.visitor else "utf-8"
        response = Response(
            answer.body(encoding),
            answer.status,
            {**_HEADERS, **answer.headers},
            f"{answer.media_type}; charset={answer.encoding or encoding}",
        )
        await response(scope, receive, send)

    async def _answer(self, knock: Knock, request: Request) -> Answer:
        try:
            knock.visitor = await self.doorkeeper.admit(knock.call)
            return await self._serve(knock, knock.visitor, request)
        except TurnedAwayError as error:
            return error.answer
        except NameFaultError as error:
            return failure(f"Недопустимое имя файла: «{error}».")
        except CutError as error:
            return failure(f"Часть файла получена не полностью ({error}).", status=_CLIENT_CLOSED)
        except (StoreDownError, ChunkLostError):
            _logger.exception("The store failed")
            return failure(_LATER)
        except Exception:  # whatever it is, 1C gets a line it can show and never a stack trace
            _logger.exception("A request could not be served")
            return failure(_FAULT)

    async def _serve(self, knock: Knock, visitor: Visitor, request: Request) -> Answer:
        asked = knock.call.asked
        if asked.repeated or asked.type not in SERVED or asked.mode is None:
            return answers.not_served(asked)
        servers: dict[Mode, Callable[[Knock, Visitor, Request], Awaitable[Answer]]] = {
            Mode.CHECKAUTH: self._checkauth,
            Mode.INIT: self._init,
            Mode.FILE: self._file,
            Mode.IMPORT: self._import,
            Mode.COMPLETE: self._complete,
            Mode.DEACTIVATE: self._complete,
            Mode.INFO: self._info,
            Mode.SUCCESS: self._success,
            Mode.QUERY: self._query,
        }
        return await servers[asked.mode](knock, visitor, request)

    async def _checkauth(self, knock: Knock, visitor: Visitor, _: Request) -> Answer:
        """Hand out the token of a new session; older ones of this login are over."""
        self.sealing.nudge()
        return answers.admitted(knock.call.asked, visitor.token, visitor.opened_at_unix)

    async def _init(self, knock: Knock, visitor: Visitor, _: Request) -> Answer:
        """Begin a portion: what this session sent before is whole, and a name may come anew.

        Nothing is ever thrown away here: `init` comes before every portion of one export.
        """
        await self.sealing.seal(visitor.session_key, "init")
        terms = visitor.terms
        return answers.limits(
            knock.call.asked,
            takes_zip=terms.takes_zip,
            file_limit=terms.file_limit,
            token=visitor.token,
        )

    async def _file(self, knock: Knock, visitor: Visitor, request: Request) -> Answer:
        if request.method != "POST":
            return failure("Файл передаётся методом POST.")
        name = clean_name(knock.call.asked.file_name)
        answer, knock.body_bytes = await self.uploads.take(visitor, name, request)
        return answer

    async def _import(self, knock: Knock, visitor: Visitor, _: Request) -> Answer:
        return await self.imports.answer(visitor, clean_name(knock.call.asked.file_name))

    async def _complete(self, knock: Knock, visitor: Visitor, _: Request) -> Answer:
        """End the session's export: seal everything, then say so, in this order for the flow."""
        asked, session_key = knock.call.asked, visitor.session_key
        counters = {asked.mode: shown(asked.timestamp, 40)}

        def note() -> None:
            with self.warehouse.transaction("note_counters") as transaction:
                transaction.run("gateway/note_counters", session_key=session_key, counters=counters)

        def complete() -> None:
            with self.warehouse.transaction("complete_session") as transaction:
                transaction.run("gateway/complete_session", session_key=session_key)
                transaction.run("gateway/notify_flow", partner=visitor.partner)

        await self.workers.rows(note)
        await self.sealing.seal(session_key, str(asked.mode))
        await self.workers.rows(complete)
        return success()

    async def _info(self, _: Knock, __: Visitor, ___: Request) -> Answer:
        return answers.directory()

    async def _success(self, _: Knock, __: Visitor, ___: Request) -> Answer:
        """Nothing was handed out that could be acknowledged; 1C does not read the answer."""
        return success()

    async def _query(self, _: Knock, __: Visitor, ___: Request) -> Answer:
        return failure("Обмен type=catalog только принимает каталог и ничего не выдаёт.")

    async def _note(self, knock: Knock, answer: Answer, started_at: float) -> None:
        """Leave one log line and one row; a warehouse that is down must not cost the answer."""
        call, visitor = knock.call, knock.visitor
        credentials = read_basic(call.authorization)
        row = {
            "session_key": visitor.session_key if visitor else None,
            "login": shown(visitor.login if visitor else credentials.login if credentials else ""),
            "peer": call.peer,
            "exchange_type": shown(call.asked.type_text, 40),
            "mode": shown(call.asked.mode_text, 40),
            "file_name": shown(call.asked.file_name),
            "body_bytes": knock.body_bytes,
            "duration_ms": round((time.monotonic() - started_at) * 1000),
            "status": int(answer.status),
            "answer": answer.gist,
        }
        _logger.info("knock %s", " ".join(f"{name}={value!r}" for name, value in row.items()))

        def insert() -> None:
            with self.warehouse.transaction("knock") as transaction:
                transaction.run("gateway/commit_lightly")
                transaction.run("gateway/insert_knock", **row)

        try:
            await self.workers.rows(insert)
        except Exception:  # the answer matters more than its row, and the log line is written
            _logger.exception("A knock could not be noted")


def _call_of(request: Request) -> Call:
    return Call(
        asked=parse_query(request.scope["query_string"]),
        peer=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        authorization=request.headers.get("authorization", ""),
        cookie=_token_cookie(request.headers.getlist("cookie")),
    )


def _token_cookie(headers: list[str]) -> str:
    """Return our cookie as it was sent: 1C sends back what it read, without any quoting."""
    for pair in ";".join(headers).split(";"):
        name, _, value = pair.partition("=")
        if name.strip() == COOKIE:
            return value.strip()
    return ""
