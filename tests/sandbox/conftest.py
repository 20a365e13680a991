"""A tiny honest site for the 1C in the box to talk to, over a real socket."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.dialogue import Account

LOGIN, PASSWORD = "onec", "secret"
BASIC = "Basic b25lYzpzZWNyZXQ="


@dataclass
class Site:
    """What the site answers, settable by a test, and what it heard."""

    init: str = "zip=no\nfile_limit=2000"
    checkauth: str = "success\nsession\nabc.1=2\nsessid=token7\ntimestamp=1700000000\n"
    imports: list[str] = field(default_factory=list)  # answers before the usual success
    files: dict[str, bytes] = field(default_factory=dict)
    imported: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    cookies: list[str | None] = field(default_factory=list)
    agents: set[str | None] = field(default_factory=set)
    chunk_sizes: list[int] = field(default_factory=list)
    port: int = 0

    @property
    def account(self) -> Account:
        """Where 1C finds this site."""
        url = f"http://127.0.0.1:{self.port}/1c_exchange"
        return Account(url, LOGIN, PASSWORD, answer_timeout_s=60, import_deadline_s=60)

    def modes(self) -> list[str]:
        """The modes asked for, in order."""
        return [mode for mode, _ in self.requests]

    def answer(self, query: dict[str, str], body: bytes) -> str:
        """The text for one request."""
        mode = query["mode"]
        self.requests.append((mode, query))
        match mode:
            case "checkauth":
                return self.checkauth
            case "init":
                return self.init
            case "file":
                self.chunk_sizes.append(len(body))
                name = query["filename"]
                self.files[name] = self.files.get(name, b"") + body
                return "success"
            case "import":
                if self.imports:
                    return self.imports.pop(0)
                self.imported.append(query["filename"])
                return "success"
            case _:
                return "success"


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or every answer waits 40 ms

        def do_GET(self) -> None:
            self._reply(b"")

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) == length:
                self._reply(body)

        def _reply(self, body: bytes) -> None:
            query = {name: texts[0] for name, texts in parse_qs(urlsplit(self.path).query).items()}
            site.cookies.append(self.headers["Cookie"])
            site.agents.add(self.headers["User-Agent"])
            is_known = self.headers["Authorization"] == BASIC
            text = site.answer(query, body) if is_known else "failure\nНеверный пароль"
            payload = text.encode()
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Set-Cookie", "other=thing")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """A running site."""
    honest = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(honest))
    server.daemon_threads = True
    honest.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield honest
    server.shutdown()
    thread.join()
    server.server_close()
