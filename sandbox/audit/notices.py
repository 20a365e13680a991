"""Did every portal hear of every message that changed what it sees?"""

from collections import defaultdict

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row

_HEARS = ("active", "paused")
_NOT_RECORDS = frozenset({"file", "members", "attachments"})


def check_notices(ledger: Ledger) -> Findings:
    """A notice is settled by a package of its own portal, in the transaction that planned it."""
    deliveries = {row["delivery_key"]: row for row in ledger.deliveries}
    for row in ledger.notices:
        name = f"notice {row['notice_key']} of message {row['message_key']}"
        message = ledger.incoming.get(row["message_key"])
        if message is None or message["state"] != "closed":
            yield Finding("notice", name, "its message did not come in")
        if row["settled_at"] is None or row["delivery_key"] is None:
            continue
        delivery = deliveries.get(row["delivery_key"])
        if delivery is None:
            yield Finding("notice", name, f"delivery {row['delivery_key']} is gone")
        elif delivery["partner_key"] != row["partner_key"]:
            yield Finding("notice", name, "a delivery to another portal settled it")
        elif delivery["planned_at"] != row["settled_at"]:
            words = f"settled at {row['settled_at']}, delivery {delivery['delivery_key']} was not"
            yield Finding("notice", name, words)


def check_heard(ledger: Ledger) -> Findings:
    """A message that changed something has a notice for each portal that surely was there.

    It surely was there since the first notice that it got after its row was changed for the last
    time.
    """
    noticed: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in ledger.notices:
        noticed[row["partner_key"]][row["message_key"]] = row
    sources = {row["name"]: row["partner_key"] for row in ledger.partners}
    for portal in ledger.partners:
        source = sources.get(portal["settings"].get("publication", {}).get("source", ""))
        if source is None or portal["state"] not in _HEARS:
            continue
        # The transaction that made a notice saw the portal on the terms that it has today.
        known_at = [
            row["made_at"]
            for row in noticed[portal["partner_key"]].values()
            if row["made_at"] > portal["changed_at"]
        ]
        for key, message in ledger.incoming.items():
            if (
                known_at
                and message["partner_key"] == source
                and key not in noticed[portal["partner_key"]]
                and _changed_something(ledger, message)
                and message["closed_at"] > min(known_at)
            ):
                yield Finding("notice", f"message {key}", f"{portal['name']} never heard of it")


def _changed_something(ledger: Ledger, message: Row) -> bool:
    books = ledger.books.get(message["message_key"], {})
    return message["state"] == "closed" and any(
        row["accepted"] for name, row in books.items() if name not in _NOT_RECORDS
    )
