"""The two ports, a thread a connection, and what happens when a fault was ordered."""

import socket
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from sandbox.portal.control import Control
from sandbox.portal.exchange import Exchange
from sandbox.portal.faults import FaultBook, Where
from sandbox.portal.ports import Ports
from sandbox.portal.quirks import Habits
from sandbox.portal.sessions import Login, Sessions
from sandbox.portal.store import Store
from sandbox.portal.striking import LOOP, redirect, strike
from sandbox.portal.wire import Answer, HungUpError, Line, Request

EXCHANGE_PATH = "/bitrix/admin/1c_exchange.php"
HEARD = 10_000
_IN_MEMORY_BYTES = 1 << 22
_STOP_S = 5.0


class Port(Enum):
    """The two ports; the control port knows no exchange."""

    EXCHANGE = "exchange"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a portal is set up. A port of 0 is any free one; so is then the control port."""

    state: Path
    port: int = 0
    control_port: int | None = None  # None: the next one
    habits: Habits = field(default_factory=Habits)
    login: Login = field(default_factory=Login)


class Portal:
    """A portal that serves from `start` to `stop`."""

    def __init__(self, terms: Terms) -> None:
        """Take the ports and open the state. Raises OSError when somebody has a port."""
        self._ports = Ports(terms.port, terms.control_port)
        self._store = Store(terms.state)
        folder = terms.state.with_name(f"{terms.state.name}.files")
        sessions = Sessions(self._store, folder, terms.habits)
        self._exchange = Exchange(self._store, sessions, terms.habits, terms.login)
        self._book = FaultBook()
        self._control = Control(self._store, self._book, self, lambda: list(self._heard))
        self._heard: deque[dict[str, Any]] = deque(maxlen=HEARD)
        self._stop = threading.Event()
        self._worker = threading.Thread(target=self._exchange.importer.work, args=(self._stop,))
        self._lines: dict[Line, Port] = {}

    @property
    def port(self) -> int:
        """The exchange's port."""
        return self._ports.exchange

    @property
    def control_port(self) -> int:
        """The port that stays open."""
        return self._ports.control

    def start(self) -> None:
        """Begin to serve, in threads."""
        self._worker.start()
        self._in_thread(self._accept, self._ports.control_door, Port.CONTROL)
        self.come_up()

    def stop(self) -> None:
        """Let nobody in any more and close the state."""
        self._stop.set()
        self._ports.close()
        self._cut(*Port)
        self._worker.join()
        # The state is closed only when no thread can come back to it.
        deadline = time.monotonic() + _STOP_S
        while self._lines and time.monotonic() < deadline:
            time.sleep(0.01)
        self._store.close()

    def go_down(self) -> None:
        """Refuse connections to the exchange and cut those that are open."""
        self._ports.shut_exchange()
        self._cut(Port.EXCHANGE)

    def come_up(self) -> None:
        """Take connections to the exchange again."""
        if door := self._ports.open_exchange():
            self._in_thread(self._accept, door, Port.EXCHANGE)

    def _cut(self, *ports: Port) -> None:
        for line in [line for line, port in list(self._lines.items()) if port in ports]:
            with suppress(OSError):
                line.cut()

    def _in_thread(self, work: Any, *words: Any) -> None:  # noqa: ANN401 - as Thread takes them
        threading.Thread(target=work, args=words, daemon=True).start()

    def _accept(self, door: socket.socket, port: Port) -> None:
        while not self._stop.is_set():
            try:
                connection, (peer, *_) = door.accept()
            except OSError:
                return
            self._in_thread(self._serve, connection, peer, port)

    def _serve(self, connection: socket.socket, peer: str, port: Port) -> None:
        line = Line(connection, peer, self._stop)
        self._lines[line] = port
        try:
            with suppress(HungUpError, OSError):
                while request := line.read_head():
                    if not self._handle(line, request, port):
                        break
        finally:
            self._lines.pop(line, None)
            with suppress(OSError):
                line.close()

    def _handle(self, line: Line, request: Request, port: Port) -> bool:
        """Answer one request; may the connection be used further?"""
        if port is Port.EXCHANGE and request.path == EXCHANGE_PATH:
            return self._converse(line, request)
        body = b"".join(line.read_body(request))
        answer = self._control.answer(request, body) or Answer(b"not found", 404)
        line.send(answer.to_bytes())
        return request.headers.get("connection", "").lower() != "close"

    def _converse(self, line: Line, request: Request) -> bool:
        """Answer a request of the exchange, or do what was ordered instead."""
        if LOOP in request.query:
            line.send(redirect(request).to_bytes())
            line.finish()
            return False
        order = self._book.take(request)
        size, answer = self._hear(line, request, order.where if order else None)
        if order:
            self._note(request, size, f"({order.fault}, {order.where})")
            strike(line, order, request, answer)
            return False
        self._note(request, size, answer.body.decode(self._exchange.tongue.encoding, "replace"))
        line.send(answer.to_bytes())
        return request.headers.get("connection", "").lower() != "close"

    def _hear(self, line: Line, request: Request, where: Where | None) -> tuple[int, Answer]:
        """Bytes of the body read and what is to be said; a fault before or inside has no effect."""
        unheard = self._exchange.tongue.refuse("Запрос не прочитан")
        if where is Where.BEFORE:
            return 0, unheard
        with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as body:
            size = 0
            for piece in line.read_body(request):
                size += len(piece)
                body.write(piece)
                if where is Where.INSIDE and size >= request.length // 2:
                    break
            if where is Where.INSIDE:
                return size, unheard
            body.seek(0)
            return size, self._exchange.answer(request, body, size)

    def _note(self, request: Request, size: int, answer: str) -> None:
        self._heard.append(
            {
                "at": time.time(),
                "type": request.query.get("type", ""),
                "mode": request.query.get("mode", ""),
                "file": request.query.get("filename", ""),
                "bytes": size,
                "has_basic": "authorization" in request.headers,
                "agent": request.headers.get("user-agent", ""),
                "answer": answer[:200],
            }
        )
