"""A gateway on a real socket, and a client that speaks to it as 1C does, for the tests."""

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import uvicorn
from argon2 import PasswordHasher
from starlette.types import ASGIApp

from blocks.gateway.app import Gateway
from blocks.gateway.passwords import hash_password
from blocks.store import Store
from blocks.warehouse import Warehouse

PASSWORD = "открой дверь"
NOWHERE = "http://127.0.0.1:9/api"  # the port of "discard": nobody listens

# By one round over little memory: to verify a hash as doors have it takes 200 ms of processor.
hashed = cache(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash)
hashed_as_doors_have_it = cache(hash_password)


@contextmanager
def serve(application: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def serve_gateway(
    warehouse: Warehouse, store: Store, spool: Path, prefect_url: str = NOWHERE
) -> Iterator[str]:
    """Serve a gateway of its own; yield the address that is entered in 1C."""
    gateway = Gateway.build(warehouse, store, spool, prefect_url, "obmen:CANARY-prefect")
    with serve(gateway.application()) as address:
        yield f"{address}/exchange"


def until(is_so: Any, limit_s: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            message = "it did not become so in time"
            raise AssertionError(message)
        time.sleep(0.02)


@dataclass
class Onec:
    """A client of the exchange: Basic and whatever token it is told to send."""

    address: str
    login: str = "base-1"
    password: str = PASSWORD
    token: str = ""
    sends_basic: bool = True
    sends: str = "cookie"  # or "sessid", or "nothing"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60, trust_env=False))

    def ask(self, mode: str, body: bytes | None = None, **query: str) -> httpx.Response:
        """Make one request of `type=catalog`; a body makes it a POST."""
        asked = {"type": "catalog", "mode": mode, **query}
        if self.token and self.sends == "sessid":
            asked["sessid"] = self.token
        line = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
        return self.raw(line, body)

    def raw(self, query: str, body: bytes | None = None) -> httpx.Response:
        """Make one request with this very query string."""
        method = "GET" if body is None else "POST"
        url = httpx.URL(self.address, query=query.encode())
        with suppress(httpx.CookieConflict):
            self.http.cookies.clear()
        return self.http.request(method, url, content=body, headers=self._headers())

    def enter(self) -> "Onec":
        """Go through checkauth and init as 1C does before every portion."""
        lines = said(self.ask("checkauth"))
        assert lines[0] == "success", lines
        self.token = lines[2]
        assert self.ask("init").status_code == 200
        return self

    def send(self, name: str, *chunks: bytes) -> None:
        """Send a file in these chunks, every one of which must succeed."""
        for chunk in chunks:
            answer = self.ask("file", chunk, filename=name)
            assert answer.text == "success", answer.text

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": "1C+Enterprise/8.3"}
        if self.sends_basic:
            pair = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        if self.token and self.sends == "cookie":
            headers["Cookie"] = f"obmen={self.token}"
        return headers


def said(answer: httpx.Response) -> list[str]:
    """Return the lines of an answer."""
    return answer.text.split("\n")
