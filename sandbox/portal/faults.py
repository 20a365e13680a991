"""What the portal can be made to do instead of answering, where, and on which request.

The orders wait in a book and are carried out first come, first served, each as often as it says.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.portal.wire import Request


class Fault(StrEnum):
    """What goes wrong."""

    TIMEOUT = "timeout"  # never answers
    DRIP = "drip"  # the answer comes byte by byte, `seconds` apart
    RESET = "reset"  # RST
    HALF_CLOSE = "half-close"  # FIN instead of an answer; the other direction stays open
    CUT_WITHOUT_LENGTH = "cut-without-length"  # half of the answer; nothing says that it is half
    GZIP_BOMB = "gzip-bomb"
    HTTP_500_HTML = "http-500-html"
    HTTP_502 = "http-502"
    HTTP_429 = "http-429-retry-after"  # `seconds` is what it asks to wait
    GARBAGE = "garbage"  # HTTP 200 with bytes of no meaning
    NOT_HTTP = "not-http"  # bytes of no meaning instead of HTTP
    EMPTY = "empty"
    FAILURE = "failure"
    REDIRECT_LOOP = "redirect-loop"


class Where(StrEnum):
    """At which place of the request; what is struck before or inside has no effect."""

    BEFORE = "before"  # nothing of the body was read
    INSIDE = "inside"  # half of the body was read; without a body the same as before
    AFTER = "after"  # the request was carried out, an import is applied


ANY = "any"
MODES = (
    ANY,
    "checkauth",
    "init",
    "file",
    "import",
    "deactivate",
    "complete",
    "get_catalog",  # every request of that type
)


@dataclass(slots=True)
class Order:
    """One fault to come; it strikes the next `times` requests that fit."""

    fault: Fault
    where: Where
    mode: str = ANY
    times: int = 1
    file: str = ""  # only where the file's name holds this
    seconds: float = 1.0  # between two bytes of a drip; what 429 asks to wait

    def fits(self, request: Request) -> bool:
        """Is this the request to strike?"""
        is_readback = request.query.get("type") == "get_catalog"
        mode = "get_catalog" if is_readback else request.query.get("mode")
        return self.mode in {ANY, mode} and self.file in request.query.get("filename", "")


class FaultBook:
    """The orders that wait, and what was struck already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Order] = []
        self._struck: list[dict[str, str]] = []

    def add(self, words: Mapping[str, Any]) -> None:
        """Take an order as it came in JSON.

        Raises:
            ValueError: a word of it is unknown.
        """
        known = {"fault", "where", "mode", "times", "file", "seconds"}
        mode = str(words.get("mode", ANY))
        if unknown := words.keys() - known:
            message = f"unknown in an order: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        if mode not in MODES:
            message = f"there is no mode {mode}; known: {', '.join(MODES)}"
            raise ValueError(message)
        order = Order(
            Fault(str(words.get("fault"))),
            Where(words.get("where", Where.BEFORE)),
            mode,
            int(words.get("times", 1)),
            str(words.get("file", "")),
            float(words.get("seconds", 1.0)),
        )
        with self._lock:
            self._orders.append(order)

    def take(self, request: Request) -> Order | None:
        """The fault this request meets, taken out of the book."""
        with self._lock:
            order = next((each for each in self._orders if each.fits(request)), None)
            if order is None:
                return None
            order.times -= 1
            if order.times <= 0:
                self._orders.remove(order)
            self._struck.append(
                {
                    "fault": order.fault,
                    "where": order.where,
                    "mode": request.query.get("mode", ""),
                    "file": request.query.get("filename", ""),
                }
            )
            return order

    def clear(self) -> None:
        """Forget the orders that wait."""
        with self._lock:
            self._orders.clear()

    def show(self) -> dict[str, object]:
        """The orders that wait and what was struck, for the control port."""
        with self._lock:
            waiting = [
                {"fault": each.fault, "where": each.where, "mode": each.mode, "times": each.times}
                for each in self._orders
            ]
            return {"waiting": waiting, "struck": list(self._struck)}
