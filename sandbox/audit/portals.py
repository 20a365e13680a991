"""Does a portal of the sandbox hold what it acknowledged? Asked of the portal itself, not of us."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row
from sandbox.audit.shown import is_heard
from sandbox.audit.told import join_key, plain

Held = Mapping[str, Any]  # as `GET /held` answers
Record = tuple[str, str]  # dataset, key

_COMPARED = ("groups", "goods", "offers", "prices", "stock")


def check_portal(ledger: Ledger, name: str, held: Held) -> Findings:
    """Each record that was acknowledged is there as it was told, nothing else is.

    Of what a delivery that is not over may have changed nothing is demanded.
    """
    keys = [row["partner_key"] for row in ledger.partners if row["name"] == name]
    if not keys:
        yield Finding("portal", name, "there is no such partner")
        return
    deliveries = [row for row in ledger.deliveries if row["partner_key"] == keys[0]]
    yield from _check_records(ledger, deliveries, name, held)
    yield from _check_applied(ledger, deliveries, name, held)
    for kind, records in held["inactive"].items():
        for record in records:
            yield Finding("portal", f"{name}: {kind} {record}", "it is switched off there")


def _check_records(ledger: Ledger, deliveries: list[Row], name: str, held: Held) -> Findings:
    there = dict(_records(held))
    told, gone = _acknowledged(ledger, deliveries)
    unsure = _unsure(ledger, deliveries)
    for record in (told.keys() | there.keys()) - unsure:
        about = f"{name}: {record[0]} {record[1]}"
        if record not in there:
            yield Finding("portal", about, "it was acknowledged, it is not there")
        elif record in told:
            if told[record] != there[record]:
                words = f"it is {there[record]!r} there, told was {told[record]!r}"
                yield Finding("portal", about, words)
        elif record not in gone or not _is_unsaid(record, there[record]):
            yield Finding("portal", about, "it is there, it was never told or is to be gone")


def _is_unsaid(record: Record, value: str) -> bool:
    """A quantity that is gone is told as nothing; that a group is, no file before 2.09 can tell."""
    return record[0] == "groups" or (record[0] == "stock" and value == "0")


def _records(held: Held) -> Iterator[tuple[Record, str]]:
    """What the portal holds, as files tell it: its key and what is shown of it."""
    for dataset in ("groups", "goods", "offers"):
        for key, body in held[dataset].items():
            yield (dataset, key), body["name"] or ""
    for offer, body in held["offers"].items():
        for price in body.get("prices", {}).values():
            words = (price["price_type_id"], price["unit"], price["min_qty"])
            yield ("prices", join_key(offer, *words)), plain(price["amount"])
        for place, quantity in body.get("stock", {}).items():
            yield ("stock", join_key(offer, place)), plain(quantity)


def _acknowledged(ledger: Ledger, deliveries: list[Row]) -> tuple[dict[Record, str], set[Record]]:
    """What the portal said that it took, delivery by delivery: the last word on each record."""
    told: dict[Record, str] = {}
    gone: set[Record] = set()
    for delivery in filter(is_heard, deliveries):
        said = {
            (each.dataset, each.key): each.value
            for parcel in ledger.parcels.get(delivery["delivery_key"], ())
            for each in ledger.told.get(parcel["message_key"]) or ()
        }
        for row in ledger.carried.get(delivery["delivery_key"], ()):
            record = (row["dataset"], row["key"])
            if row["effect"] == "delete":
                gone.add(record)
                told.pop(record, None)
            elif row["dataset"] in _COMPARED and record in said:
                told[record] = said[record]
    return told, gone


def _unsure(ledger: Ledger, deliveries: list[Row]) -> set[Record]:
    """What was sent and nobody heard of, and was not told again since."""
    unsure: set[Record] = set()
    for delivery in deliveries:
        rows = ledger.carried.get(delivery["delivery_key"], ())
        records = {(row["dataset"], row["key"]) for row in rows}
        if is_heard(delivery):
            unsure -= records
        elif delivery["attempts"]:
            unsure |= records
    return unsure


def _check_applied(ledger: Ledger, deliveries: list[Row], name: str, held: Held) -> Findings:
    """Every file was taken in that was acknowledged, none more often than it was sent."""
    sent: Counter[str] = Counter()
    heard: dict[str, str] = {}
    for delivery in deliveries:
        for parcel in ledger.parcels.get(delivery["delivery_key"], ()):
            if parcel["message_key"] is not None:
                sent[parcel["sha256"].hex()] += delivery["attempts"]
                if delivery["state"] == "delivered":
                    heard[parcel["sha256"].hex()] = f"{name}: {parcel['name']}"
    taken = Counter({row["sha256"]: row["times"] for row in held["applied"]})
    for sha256, times in taken.items():
        if times > sent[sha256]:
            words = f"taken in {times} times, sent {sent[sha256]} times"
            yield Finding("portal", f"{name}: file {sha256[:8]}", words)
    for sha256 in heard.keys() - taken.keys():
        yield Finding("portal", heard[sha256], "it was acknowledged, it was never taken in")
