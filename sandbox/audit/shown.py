"""Is what a portal is believed to hold what its deliveries, in order, make of it?"""

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row

Key = tuple[int, str, str]  # portal, dataset, key
Says = tuple[str | None, int | None]  # digest (None: it is gone), delivery

NEVER: Says = (None, None)
# Nobody knows how much of a dropped package arrived: its records are to be told of again.
UNKNOWN = "00000000-0000-0000-0000-000000000000"


def is_heard(delivery: Row) -> bool:
    """Did the portal, or somebody who looked there, say that it arrived?"""
    return "delivered" in (delivery["state"], delivery["resolved_as"])


def check_shown(ledger: Ledger) -> Findings:
    """What was acknowledged is the last word heard; what is planned, the last word there is."""
    acked: dict[Key, Says] = {}
    planned: dict[Key, Says] = {}
    for delivery in ledger.deliveries:
        for row in ledger.carried.get(delivery["delivery_key"], ()):
            key = (delivery["partner_key"], row["dataset"], row["key"])
            is_dropped = delivery["resolved_as"] == "dropped"
            said = UNKNOWN if is_dropped else row["digest"]
            planned[key] = said, delivery["delivery_key"]
            if is_heard(delivery):
                acked[key] = planned[key]
    held = {(row["partner_key"], row["dataset"], row["key"]): row for row in ledger.shown}
    for key in planned.keys() | held.keys():
        name = f"portal {key[0]}: {key[1]} {key[2]}"
        if key not in held:
            yield Finding("shown", name, "was carried, is not in what is shown")
        elif key not in planned:
            yield Finding("shown", name, "no delivery carried it")
        else:
            yield from _check(held[key], "planned", planned[key], name)
            yield from _check(held[key], "acked", acked.get(key, NEVER), name)


def _check(row: Row, word: str, expected: Says, name: str) -> Findings:
    held = (row[f"{word}_digest"], row[f"{word}_in"])
    if held != expected:
        words = f"{held[0]} of delivery {held[1]}, must be {expected[0]} of {expected[1]}"
        yield Finding(word, name, words)
