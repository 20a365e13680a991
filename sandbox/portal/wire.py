"""HTTP over a bare socket: requests read piece by piece, answers written as bytes.

A ready-made server would mend what must be seen here: half-read bodies, resets, cut answers.
"""

import io
import select
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

PIECE_BYTES = 1 << 16
MAX_HEAD_BYTES = 1 << 16
_LINGER_S = 2.0
_WATCH_MS = 200


class HungUpError(Exception):
    """The other side went away in the middle of its request, or sent what is no HTTP."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; names of headers are in lower case."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    peer: str = ""  # the address it came from

    @property
    def length(self) -> int:
        """Bytes of the body as announced; 0 for none and for a chunked one."""
        digits = self.headers.get("content-length", "0")
        return int(digits) if digits.isdecimal() else 0

    @property
    def is_chunked(self) -> bool:
        """Does the body come without a length beforehand?"""
        return self.headers.get("transfer-encoding", "").lower() == "chunked"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    body: bytes
    status: int = 200
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, *extra: str) -> bytes:
        """The head up to and with the empty line; `extra` are further header lines."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.kind}",
            *(f"{name}: {text}" for name, text in self.headers.items()),
            *extra,
        ]
        return "\r\n".join((*lines, "", "")).encode("latin-1")

    def to_bytes(self) -> bytes:
        """Head and body."""
        return self.head(f"Content-Length: {len(self.body)}") + self.body


class Line:
    """One connection, seen from the portal."""

    def __init__(self, connection: socket.socket, peer: str, stop: threading.Event) -> None:
        self._socket = connection
        self._peer = peer
        self._stop = stop
        self._in: io.BufferedReader = connection.makefile("rb")

    def read_head(self) -> Request | None:
        """The next request's head; None when the other side has nothing more to say.

        Raises:
            HungUpError: it broke off inside the head.
        """
        first = self._in.readline(MAX_HEAD_BYTES)
        if not first.strip():
            return None
        words = first.decode("latin-1").split()
        headers = self._read_headers()
        if len(words) != 3:
            message = f"not a request: {first[:80]!r}"
            raise HungUpError(message)
        url = urlsplit(words[1])
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        return Request(words[0], words[1], url.path, query, headers, self._peer)

    def _read_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := self._in.readline(MAX_HEAD_BYTES)).strip():
            name, _, text = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = text.strip()
        if not line:
            message = "inside the head"
            raise HungUpError(message)
        return headers

    def read_body(self, request: Request) -> Iterator[bytes]:
        """The body in pieces; no piece lies across the middle of a body with a length.

        Raises:
            HungUpError: the other side went away before its end.
        """
        if request.headers.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if not request.is_chunked:
            half = request.length // 2
            yield from self._read_exactly(half)
            yield from self._read_exactly(request.length - half)
            return
        while size := self._read_chunk_size():
            yield from self._read_exactly(size)
            self._in.readline(MAX_HEAD_BYTES)
        self._read_headers()

    def _read_chunk_size(self) -> int:
        line = self._in.readline(MAX_HEAD_BYTES)
        try:
            return int(line.split(b";")[0], 16)
        except ValueError:
            message = f"not the size of a chunk: {line[:80]!r}"
            raise HungUpError(message) from None

    def _read_exactly(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self._in.read(min(size, PIECE_BYTES))
            if not piece:
                message = "inside the body"
                raise HungUpError(message)
            size -= len(piece)
            yield piece

    def send(self, payload: bytes) -> None:
        """Write all of it."""
        self._socket.sendall(payload)

    def finish(self) -> None:
        """Say that nothing more comes and let the other side read it, whatever it still sends.

        Closing a socket with unread bytes resets it, and the answer would be lost with it.
        """
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(_LINGER_S)
        while self._socket.recv(PIECE_BYTES):
            pass

    def half_close(self) -> None:
        """Say that nothing more comes, and read nothing."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """End the connection by RST."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def cut(self) -> None:
        """End both directions from another thread; the one that serves the line wakes up."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def wait_until_left(self) -> None:
        """Do nothing, read nothing, until the other side goes or the portal stops."""
        watch = select.poll()
        watch.register(self._socket, select.POLLRDHUP)
        while not self._stop.is_set():
            if watch.poll(_WATCH_MS):
                return

    def pause(self, seconds: float) -> bool:
        """Wait; is the portal still running?"""
        return not self._stop.wait(seconds)

    def close(self) -> None:
        """Hang up."""
        self._in.close()
        self._socket.close()
