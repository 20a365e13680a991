"""Is everything in the warehouse brought by a message, and everything brought in the warehouse?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import NEVER, Ledger, Row
from sandbox.audit.told import join_key

HISTORY = ("prices", "stock")
_UNDECLARED = ("price_types", "warehouses")  # a term of the partner lets files use them undeclared
_CLOCKS = ("valid", "recorded")
_AGAIN = ("replay", "salvage")


@dataclass(frozen=True, slots=True)
class Brought:
    """What messages told of one record: the last, and the digests of all that were accepted."""

    last: int
    digest: str
    accepted: dict[int, str]  # message: digest

    @property
    def messages(self) -> frozenset[int]:
        """All messages that had it accepted."""
        return frozenset(self.accepted)


Key = tuple[int, str, str]  # partner, dataset, natural key


def price_key(row: Row) -> str:
    """The natural key of a price row; quantities are spelt one way."""
    quantity = plain(row["min_qty"]) if row["min_qty"] else ""
    return join_key(row["offer_id"], row["price_type_id"], row["unit"], quantity)


def stock_key(row: Row) -> str:
    """The natural key of a stock row."""
    return join_key(row["offer_id"], row["warehouse_id"])


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros and exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def brought(ledger: Ledger) -> dict[Key, Brought]:
    """What the manifests of closed messages tell of each record that was ever accepted.

    Of what has a name, the last telling is the last that was accepted. Of prices and stock it is
    what was formed last, though it may have come before others or said nothing new.
    """
    tellings: dict[Key, list[tuple[int, str, bool]]] = defaultdict(list)
    closed = [row for row in ledger.messages.values() if row["state"] == "closed"]
    formed = sorted(closed, key=lambda row: formed_order(ledger, row))
    taken = sorted(closed, key=lambda row: row["closed_at"])
    for is_value, messages in ((True, formed), (False, taken)):
        for message in messages:
            manifest = ledger.manifest_of(message)
            for line in manifest.lines if manifest else ():
                is_accepted = line.exit == "accepted"
                if (line.dataset in HISTORY) != is_value or line.exit == "refused":
                    continue
                if is_accepted or is_value:
                    key = (message["partner_key"], line.dataset, spelt(line.dataset, line.key))
                    tellings[key].append((message["message_key"], line.digest, is_accepted))
            # What a whole file lacks is told by it too: that it is 0.
            for absent in ledger.absences.get(message["message_key"], ()) if is_value else ():
                key = (message["partner_key"], "stock", absent)
                tellings[key].append((message["message_key"], "", True))
    return {
        key: Brought(*lines[-1][:2], accepted)
        for key, lines in tellings.items()
        if (accepted := {number: digest for number, digest, is_accepted in lines if is_accepted})
    }


def formed_order(ledger: Ledger, message: Row) -> tuple[Any, ...]:
    """Sort messages by the moment since which their values hold, then as they were told.

    An old message once more is as old as the one it repeats, a member of an archive as the archive.
    """
    source, session = message, message["session_key"]
    while source["parent_key"]:
        source = ledger.messages[source["parent_key"]]
        session = session or source["session_key"]
    formed = min(message["formed_at"] or source["received_at"], source["received_at"])
    is_again = message["origin"] in _AGAIN
    told = message["parent_key"] if is_again else message["message_key"]
    return formed, session or 0, source["message_key"], told, message["closed_at"]


def spelt(dataset: str, key: str) -> str:
    """A natural key as this audit spells it: the quantity of a price without trailing zeros."""
    head, _, quantity = key.rpartition("|")
    if dataset != "prices" or not quantity:
        return key
    return f"{head}|{plain(Decimal(quantity))}"


def check_named(ledger: Ledger) -> Findings:
    """Each row of the reference data, goods and offers was brought by its message, once."""
    accepted = brought(ledger)
    priced = {row["offer_key"] for row in (*ledger.prices, *ledger.stock)}
    seen: set[Key] = set()
    for dataset, rows in ledger.named.items():
        for row in rows:
            key = (row["partner_key"], dataset, row["id"])
            name = f"{dataset} {row['id']}"
            if key in seen:
                yield Finding("core", name, "stands twice")
            seen.add(key)
            if key in accepted or not (_is_undeclared(dataset, row) or _stands(row, priced)):
                yield from _check_named(row, accepted.get(key), name)
    for key in accepted.keys() - seen:
        if key[1] in ledger.named:
            yield Finding("core", f"{key[1]} {key[2]}", "was accepted, is not in the warehouse")


def _is_undeclared(dataset: str, row: Row) -> bool:
    return dataset in _UNDECLARED and row["name"] is None


def _stands(row: Row, priced: set[int]) -> bool:
    """Is it an offer that its product stands for? No file has one: prices or stock made it."""
    is_bare = "product_id" in row and row["name"] is None
    return is_bare and row["id"] == row["product_id"] and row["offer_key"] in priced


def _check_named(row: Row, source: Brought | None, name: str) -> Findings:
    if source is None:
        yield Finding("core", name, "no message brought it")
    elif row["message_key"] != source.last:
        words = f"says message {row['message_key']}, the last that brought it is {source.last}"
        yield Finding("core", name, words)
    elif row["digest"].replace("-", "") != source.digest:
        yield Finding("core", name, f"is not what message {source.last} brought")


def check_references(ledger: Ledger) -> Findings:
    """Nothing points at what is not there."""
    groups = {(row["partner_key"], row["id"]) for row in ledger.named["groups"]}
    for row in ledger.named["groups"]:
        if row["parent_id"] and (row["partner_key"], row["parent_id"]) not in groups:
            yield Finding("orphan", f"groups {row['id']}", f"no parent {row['parent_id']}")
    for row in ledger.named["offers"]:
        if row["product_id"] is None:
            yield Finding("orphan", f"offers {row['id']}", "it has no product")
    for row in ledger.prices:
        if row["offer_id"] is None or row["price_type_id"] is None:
            yield Finding("orphan", f"prices {price_key(row)}", "no offer or no price type")
    for row in ledger.stock:
        if row["offer_id"] is None or (row["warehouse_key"] and row["warehouse_id"] is None):
            yield Finding("orphan", f"stock {stock_key(row)}", "no offer or no warehouse")


def check_history(ledger: Ledger) -> Findings:
    """Prices and stock: one current row a key, no overlap on the two clocks, each row brought."""
    accepted = brought(ledger)
    seen: set[Key] = set()
    for key, rows in histories(ledger):
        seen.add(key)
        name = f"{key[1]} {key[2]}"
        current = sum(row["valid_to"] == NEVER and row["recorded_to"] == NEVER for row in rows)
        if current != 1:
            yield Finding("history", name, f"{current} current rows")
        if any(row[f"{clock}_from"] >= row[f"{clock}_to"] for row in rows for clock in _CLOCKS):
            yield Finding("history", name, "a period ends before it begins")
        if _overlapping(rows):
            yield Finding("history", name, "two rows hold at the same instant of both clocks")
        source = accepted.get(key)
        known = source.messages if source else frozenset()
        held = {row["message_key"] for row in rows}
        if held - known:
            yield Finding("core", name, f"messages {sorted(held - known)} did not bring it")
        if known - held:
            yield Finding("core", name, f"what messages {sorted(known - held)} brought is gone")
        if source:
            yield from _check_current(rows, source, name)
    for key in accepted.keys() - seen:
        if key[1] in HISTORY:
            yield Finding("core", f"{key[1]} {key[2]}", "was accepted, is not in the warehouse")


def _check_current(rows: list[Row], source: Brought, name: str) -> Findings:
    for row in rows:
        if row["valid_to"] != NEVER or row["recorded_to"] != NEVER:
            continue
        if "digest" not in row and source.last not in source.accepted:
            continue  # the digest of stock covers more than the quantity, which may be the same
        held = row.get("digest", source.digest).replace("-", "")
        if {held, source.accepted.get(row["message_key"])} != {source.digest}:
            yield Finding("core", name, f"is not what message {source.last} brought")


def histories(ledger: Ledger) -> Iterator[tuple[Key, list[Row]]]:
    """All rows of prices and stock by their natural key."""
    for dataset, rows, key_of in (
        ("prices", ledger.prices, price_key),
        ("stock", ledger.stock, stock_key),
    ):
        groups: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row["partner_key"], dataset, key_of(row)].append(row)
        yield from groups.items()


def _overlapping(rows: list[Row]) -> bool:
    return any(
        all(
            one[f"{clock}_from"] < other[f"{clock}_to"]
            and other[f"{clock}_from"] < one[f"{clock}_to"]
            for clock in _CLOCKS
        )
        for number, one in enumerate(rows)
        for other in rows[number + 1 :]
    )
