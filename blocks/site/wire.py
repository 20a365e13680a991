"""One request and its answer, and nothing that could make it take for ever or fill the memory.

It works on httpx's transport, not on its client: no redirect is followed, no cookie kept, nothing
inflated and nothing logged unless it is done here. A connection serves one request, since one that
the site closes in idleness would make the next request an open question.
"""

import asyncio
import logging
import ssl
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import httpx

from blocks.site.terms import SiteTerms

# At level DEBUG it would log the headers of answers, and with them sessions.
logging.getLogger("httpcore").setLevel(logging.INFO)

_READ_BYTES: Final = 1 << 16
# A line slower than this is as good as broken; a large file gets the time that it would need.
_SLOWEST_BYTES_PER_S: Final = 32 << 10
_INFLATED: Final = {"gzip": 47, "x-gzip": 47, "deflate": 47}  # zlib: finds gzip and zlib by itself


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, or its beginning."""

    status: int
    headers: httpx.Headers
    body: bytes
    broken: str = ""  # why the body is not whole; "" when HTTP itself ended it


class UnheardError(Exception):
    """No answer. `is_sent` says whether the site may have seen the request."""

    def __init__(self, reason: str, *, is_sent: bool) -> None:
        super().__init__(reason)
        self.is_sent = is_sent


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `start + size` of a file, as the body of a request."""

    path: Path
    start: int
    size: int

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the bytes in small blocks."""
        with self.path.open("rb") as source:
            source.seek(self.start)
            left = self.size
            while left and (block := source.read(min(left, _READ_BYTES))):
                left -= len(block)
                yield block


class Wire:
    """The line to one site. Use it as an asynchronous context."""

    def __init__(self, terms: SiteTerms) -> None:
        self._terms = terms
        self._transport = httpx.AsyncHTTPTransport(
            verify=_trust(terms.ca_file),
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def ask(
        self,
        url: httpx.URL,
        headers: dict[str, str],
        piece: Piece | None = None,
        *,
        patience_s: float,
        limit: int,
    ) -> Heard:
        """Make one request; a piece makes it a POST. Raises UnheardError.

        Args:
            url: Where, with its query.
            headers: What is sent beside the length.
            piece: Body, if any.
            patience_s: Seconds that are left for it all, however little the request may take.
            limit: Bytes of the answer, inflated; what is beyond is not read.
        """
        request = self._request(url, headers, piece)
        is_sent = False

        async def watch(event: str, _info: dict[str, Any]) -> None:
            nonlocal is_sent
            is_sent = is_sent or event.endswith("send_request_headers.started")

        request.extensions["trace"] = watch
        slow_s = piece.size / _SLOWEST_BYTES_PER_S if piece else 0
        end_s = asyncio.get_running_loop().time() + min(patience_s, self._terms.request_s + slow_s)
        try:
            async with asyncio.timeout_at(end_s):
                response = await self._transport.handle_async_request(request)
        except TimeoutError:
            why = "no answer in time"
            raise UnheardError(why, is_sent=is_sent) from None
        except httpx.HTTPError as error:
            raise UnheardError(_named(error), is_sent=is_sent) from None
        try:
            return await _read(response, end_s, limit)
        finally:
            await response.aclose()

    def _request(
        self, url: httpx.URL, headers: dict[str, str], piece: Piece | None
    ) -> httpx.Request:
        patience = {"connect": self._terms.connect_s, "pool": self._terms.connect_s}
        extensions: dict[str, Any] = {"timeout": patience}
        sent = {**headers, "Accept-Encoding": "identity", "Connection": "close"}
        if piece is None:
            return httpx.Request("GET", url, headers=sent, extensions=extensions)
        sent |= {"Content-Type": "application/octet-stream", "Content-Length": str(piece.size)}
        return httpx.Request(
            "POST", url, headers=sent, content=piece.stream(), extensions=extensions
        )


@lru_cache(maxsize=8)
def _trust(ca_file: str) -> ssl.SSLContext:
    """Return whom we trust; reading all authorities takes 30 ms."""
    return ssl.create_default_context(cafile=ca_file or None)


async def _read(response: httpx.Response, end_s: float, limit: int) -> Heard:
    body, broken = bytearray(), ""
    coding = response.headers.get("Content-Encoding", "identity").strip().casefold()
    inflating = zlib.decompressobj(_INFLATED[coding]) if coding in _INFLATED else None
    if inflating is None and coding not in {"identity", ""}:
        broken = f"the answer is packed as {coding!r}, which nobody asked for"
    try:
        async with asyncio.timeout_at(end_s):
            async for block in response.aiter_raw():
                room = limit + 1 - len(body)
                body += inflating.decompress(block, room) if inflating else block[:room]
                if len(body) > limit:
                    broken = f"the answer is larger than {limit} bytes"
                if broken:
                    break
    except TimeoutError:
        broken = "the answer did not end in time"
    except (httpx.HTTPError, zlib.error) as error:
        broken = _named(error)
    if inflating and not inflating.eof:
        broken = broken or "the packed answer is cut"
    return Heard(response.status_code, response.headers, bytes(body[:limit]), broken)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
