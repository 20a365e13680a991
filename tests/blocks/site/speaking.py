"""A site that says exactly the bytes that a test wants, for what no well-meant portal would say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from blocks.commerceml_site import CommerceMLSite

PASSWORD = "CANARY-пароль/+"

Turn = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Heard:
    """One request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def mode(self) -> str:
        return self.query.get("mode", "")


@dataclass
class Speaking:
    """A site that runs, and what it heard. A mode's turns are said in order, the last for ever."""

    url: str
    turns: dict[str, list[Turn]]
    heard: list[Heard] = field(default_factory=list)
    leave: Callable[[], None] = lambda: None  # lets nobody in any more

    def modes(self) -> list[str]:
        return [each.mode for each in self.heard]

    def names(self) -> list[str]:
        return [each.query["filename"] for each in self.heard if "filename" in each.query]

    def block(self, **fields: Any) -> CommerceMLSite:
        usual = {"url": self.url, "login": "obmen", "password": PASSWORD, "pause_s": 0.01}
        return CommerceMLSite(**{**usual, "request_timeout_s": 20, **fields})


def http(
    body: str | bytes, status: str = "200 OK", *headers: str, length: int | None = None
) -> bytes:
    """An answer; a `length` that is not the body's is a lie, -1 leaves the header out."""
    told = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if length != -1:
        lines.append(f"Content-Length: {len(told) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + told


@asynccontextmanager
async def speak(**turns: Any) -> AsyncIterator[Speaking]:
    """Serve a site that is friendly except for these turns, by mode: one, or a list.

    `import` is no word for an argument, so it is `import_`.
    """
    said: dict[str, list[Turn]] = {
        "checkauth": [http("success\nsid\nCANARY-cookie\nsessid=CANARY-sessid")],
        "init": [http("zip=no\nfile_limit=0")],
        "file": [http("success")],
        "import": [http("success")],
    }
    for mode, told in turns.items():
        said[mode.rstrip("_")] = list(told) if isinstance(told, list) else [told]
    site = Speaking("", said)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await _answer(site, reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    site.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/exchange"
    site.leave = server.close
    try:
        yield site
    finally:
        server.close()


async def _answer(
    site: Speaking, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    target = urlsplit(head[0].split(" ")[1])
    pairs = (line.split(": ", 1) for line in head[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    request = Heard(target.path, dict(parse_qsl(target.query)), headers, body)
    site.heard.append(request)
    turns = site.turns[request.mode]
    turn = turns.pop(0) if len(turns) > 1 else turns[0]
    if callable(turn):
        await turn(writer)
    else:
        writer.write(turn)
        await writer.drain()


def dripping(text: bytes, pause_s: float = 0.05) -> Turn:
    """Say an answer byte by byte."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        for at in range(len(text)):
            writer.write(text[at : at + 1])
            await writer.drain()
            await asyncio.sleep(pause_s)

    return drip


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Say nothing."""
    writer.transport.abort()
