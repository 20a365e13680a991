"""Carrying out an ordered fault on a connection."""

import functools
import zlib
from random import Random

from sandbox.portal.faults import Fault, Order
from sandbox.portal.wire import Answer, Line, Request

LOOP = "loop"  # the parameter by which a redirected request is known again
_BOMB_BLOCK = b" " * (1 << 20)
_BOMB_BLOCKS = 512
_HTML = "text/html; charset=utf-8"
_CLOSE = {"Connection": "close"}
_JUNK = Random(1).randbytes(700)
_PLAIN = {
    Fault.HTTP_500_HTML: Answer(
        "<html><body><h1>500</h1>Внутренняя ошибка сервера</body></html>".encode(),
        500,
        _HTML,
        _CLOSE,
    ),
    Fault.HTTP_502: Answer(b"<html><body>502 Bad Gateway</body></html>", 502, _HTML, _CLOSE),
    Fault.GARBAGE: Answer(_JUNK, headers=_CLOSE),
    Fault.FAILURE: Answer("failure\nЗаказанный отказ".encode(), headers=_CLOSE),
    Fault.EMPTY: Answer(b"", headers=_CLOSE),
}


def strike(line: Line, order: Order, request: Request, answer: Answer) -> None:
    """Do `order` instead of giving `answer`, which is what would have been said."""
    match order.fault:
        case Fault.TIMEOUT:
            line.wait_until_left()
        case Fault.DRIP:
            _drip(line, answer.to_bytes(), order.seconds)
        case Fault.RESET:
            line.reset()
        case Fault.HALF_CLOSE:
            line.half_close()
            line.wait_until_left()
        case Fault.CUT_WITHOUT_LENGTH:
            line.send(answer.head("Connection: close") + answer.body[: len(answer.body) // 2])
            line.finish()
        case Fault.NOT_HTTP:
            line.send(_JUNK)
            line.finish()
        case _:
            line.send(_other_answer(order, request).to_bytes())
            line.finish()


def redirect(request: Request) -> Answer:
    """An answer that sends the other side round in a circle."""
    target = request.target
    if LOOP not in request.query:
        target += f"{'&' if '?' in target else '?'}{LOOP}=1"
    return Answer(b"", 302, headers={"Location": target, **_CLOSE})


def _other_answer(order: Order, request: Request) -> Answer:
    match order.fault:
        case Fault.GZIP_BOMB:
            return Answer(_bomb(), headers={"Content-Encoding": "gzip", **_CLOSE})
        case Fault.HTTP_429:
            wait = {"Retry-After": f"{order.seconds:.0f}", **_CLOSE}
            return Answer(b"Too Many Requests", 429, headers=wait)
        case Fault.REDIRECT_LOOP:
            return redirect(request)
        case _:
            return _PLAIN[order.fault]


def _drip(line: Line, payload: bytes, seconds: float) -> None:
    for place in range(len(payload)):
        line.send(payload[place : place + 1])
        if not line.pause(seconds):
            return
    line.finish()


@functools.cache
def _bomb() -> bytes:
    """Half a gigabyte of spaces in half a megabyte, a single valid gzip member.

    After a full flush the packer starts anew, so the same block packs to the same bytes again.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(_BOMB_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(_BOMB_BLOCKS):
        checksum = zlib.crc32(_BOMB_BLOCK, checksum)
    size = len(_BOMB_BLOCK) * _BOMB_BLOCKS
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    tail = checksum.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")
    return head + block * _BOMB_BLOCKS + packer.flush() + tail
