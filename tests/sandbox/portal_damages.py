"""What a portal may do to what it holds; the auditor must find each by asking it."""

from collections.abc import Callable
from typing import Any

Held = dict[str, Any]


def _first(held: Held, kind: str, having: str = "") -> Any:
    return next(body for body in held[kind].values() if not having or body[having])


def _lose(held: Held) -> None:
    del held["goods"][next(iter(held["goods"]))]


def _lose_a_price(held: Held) -> None:
    _first(held, "offers", "prices")["prices"].popitem()


def _change_a_price(held: Held) -> None:
    next(iter(_first(held, "offers", "prices")["prices"].values()))["amount"] = "0.01"


def _change_a_quantity(held: Held) -> None:
    stock = _first(held, "offers", "stock")["stock"]
    stock[next(iter(stock))] = "123456"


def _rename(held: Held) -> None:
    _first(held, "goods")["name"] = "x"


def _invent(held: Held) -> None:
    held["offers"]["invented"] = _first(held, "offers") | {"prices": {}, "stock": {}}


def _take_twice(held: Held) -> None:
    held["applied"][0]["times"] += 1


def _take_from_a_stranger(held: Held) -> None:
    held["applied"].append({"file": "import.xml", "sha256": "00" * 32, "times": 1})


def _forget_a_file(held: Held) -> None:
    del held["applied"][0]


def _switch_off(held: Held) -> None:
    held["inactive"]["goods"].append(next(iter(held["goods"])))


AT_PORTAL: dict[str, Callable[[Held], None]] = {
    "a product is lost there": _lose,
    "a price is lost there": _lose_a_price,
    "a price is another there": _change_a_price,
    "a quantity is another there": _change_a_quantity,
    "a name is another there": _rename,
    "an offer is there that nobody told": _invent,
    "a file was taken in twice": _take_twice,
    "a file was taken in that is not ours": _take_from_a_stranger,
    "a file that it acknowledged was never taken in": _forget_a_file,
    "a product is switched off there": _switch_off,
}
