"""Are the movements those that the files tell, and do their books add up as the warehouse says?"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row
from sandbox.audit.moved import PARTS
from sandbox.audit.told import join_key


@dataclass(frozen=True, slots=True)
class Moved:
    """The last accepted telling of one movement."""

    message_key: int
    quantity: Decimal | None  # None: its line cannot be found in the bytes


def check_movements(ledger: Ledger) -> Findings:
    """Each movement is what a file told of it last, and each that was accepted is held."""
    told: dict[tuple[int, str], Moved] = {}
    closed = [row for row in ledger.incoming.values() if row["state"] == "closed"]
    for message in sorted(closed, key=lambda row: row["closed_at"]):
        manifest = ledger.manifest_of(message)
        quantities = ledger.moved.get(message["message_key"], {})
        for line in manifest.lines if manifest else ():
            if (line.dataset, line.exit) == ("movements", "accepted"):
                moved = Moved(message["message_key"], quantities.get(line.key))
                told[message["partner_key"], line.key] = moved
    held = {(row["partner_key"], _key(row)): row for row in ledger.movements}
    for (partner_key, key), moved in told.items():
        row = held.get((partner_key, key))
        if row is None:
            yield Finding("movement", key, "was accepted, is not in the warehouse")
        elif (row["message_key"], row["quantity"]) != (moved.message_key, moved.quantity):
            yield Finding("movement", key, f"is not what message {moved.message_key} told")
    for _, key in held.keys() - told.keys():
        yield Finding("movement", key, "no message brought it")


def check_balances(ledger: Ledger) -> Findings:
    """Opening and movements make what the warehouse expects, and what they do not make is told."""
    movements: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in ledger.movements:
        movements[row["partner_key"], row["offer_id"], row["warehouse_id"]].append(row)
    told = {(row["partner_key"], row["offer_id"], row["warehouse_id"]) for row in ledger.mismatches}
    for balance in ledger.balances:
        place = (balance["partner_key"], balance["offer_id"], balance["warehouse_id"])
        name = f"{balance['source']}: {balance['offer_id']} in {balance['warehouse_id']}"
        expected = _expected(movements[place], balance)
        if expected != balance["expected"]:
            words = f"{expected} by its movements, the warehouse expects {balance['expected']}"
            yield Finding("balance", name, words)
        elif None not in {expected, balance["closing"]} and (
            (expected != balance["closing"]) != (place in told)
        ):
            yield Finding("balance", name, "its mismatch is not told as it is")


def _expected(movements: list[Row], balance: Row) -> Decimal | None:
    past = [row for row in movements if row["moved_at"] <= balance["as_of"]]
    openings = [row for row in past if row["kind"] == "opening"]
    if not openings:
        return None
    last = max(openings, key=lambda row: (row["moved_at"], row["movement_key"]))
    later = (
        row["quantity"]
        for row in past
        if row["kind"] != "opening" and row["moved_at"] > last["moved_at"]
    )
    return sum(later, Decimal(last["quantity"]))


def _key(row: Row) -> str:
    return join_key(*(row[part] for part in PARTS))
