"""States, order and effects: did every message end, once, in its turn, leaving nothing behind?"""

from collections import Counter

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row

_FINAL = ("closed", "refused")
_WITHOUT_MANIFEST = ("archive", "attachment")


def check_states(ledger: Ledger, oldest_s: float) -> Findings:
    """No message waits too long; one that ended has books, one that waits has none."""
    for key, message in ledger.incoming.items():
        name, books = f"message {key} ({message['file_name']})", ledger.books.get(key, {})
        if message["state"] == "received":
            if message["age_s"] > oldest_s:
                yield Finding("message", name, f"waits for {message['age_s']:.0f} s")
            if books or message["closed_at"]:
                yield Finding("message", name, "waits, but has books or an end")
        elif message["state"] not in _FINAL or message["closed_at"] is None:
            yield Finding("message", name, f"no end in state {message['state']}")
        elif "file" not in books:
            yield Finding("message", name, "ended without books")
        else:
            yield from _check_end(message, books, name)


def _check_end(message: Row, books: dict[str, Row], name: str) -> Findings:
    is_refused = message["state"] == "refused"
    if is_refused != bool(books["file"]["refused"]):
        yield Finding("message", name, f"{message['state']}, but its books say otherwise")
    if is_refused and (len(books) > 1 or message["manifest_key"]):
        yield Finding("message", name, "refused whole, but records of it were taken")
    if (
        not is_refused
        and not message["manifest_key"]
        and message["dialect"] not in _WITHOUT_MANIFEST
    ):
        yield Finding("message", name, "closed without a manifest")
    if message["epoch"] is None:
        yield Finding("message", name, "ended without an epoch")


def check_epochs(ledger: Ledger) -> Findings:
    """No message was ended by an epoch that was never given."""
    given = {(row["partner_key"], row["exchange"]): row["epoch"] for row in ledger.leases}
    for key, message in ledger.messages.items():
        last = given.get((message["partner_key"], message["exchange"]), 0)
        if message["epoch"] is not None and message["epoch"] > last:
            yield Finding("epoch", f"message {key}", f"{message['epoch']}, the last is {last}")


def check_members(ledger: Ledger) -> Findings:
    """Every file of an archive is one message, and an archive has as many as its books say."""
    members = [row for row in ledger.messages.values() if row["origin"] == "member"]
    per_file = Counter((row["parent_key"], row["file_name"]) for row in members)
    for (parent, file_name), count in per_file.items():
        if count > 1:
            yield Finding("member", f"message {parent}/{file_name}", f"{count} messages of it")
        if parent not in ledger.messages:
            yield Finding("member", f"message {parent}/{file_name}", "its archive is gone")
    for key, books in ledger.books.items():
        booked = books["members"]["received"] if "members" in books else 0
        filed = sum(row["parent_key"] == key for row in members) if booked else 0
        if booked != filed:
            yield Finding("member", f"message {key}", f"{booked} booked, {filed} filed")


def check_checkpoints(ledger: Ledger) -> Findings:
    """A watermark is never ahead of what it counts, and no ended message is beyond it."""
    for row in ledger.checkpoints:
        if row["name"] != "message":
            continue
        name = f"{row['partner_key']}/{row['exchange']}"
        ended = [
            key
            for key, message in ledger.messages.items()
            if (message["partner_key"], message["exchange"])
            == (row["partner_key"], row["exchange"])
            and message["state"] in _FINAL
            and message["dialect"] not in _WITHOUT_MANIFEST
        ]
        if row["position"] not in ended:
            yield Finding("checkpoint", name, f"at {row['position']}, which has not ended")
        elif row["position"] < max(ended):
            yield Finding("checkpoint", name, f"at {row['position']} behind {max(ended)}")


def check_clocks(ledger: Ledger) -> Findings:
    """The clock of recording is never ahead of its watermark."""
    marks = {
        row["partner_key"]: row["position"]
        for row in ledger.checkpoints
        if row["name"] == "recorded_us"
    }
    latest: dict[int, int] = {}
    for row in (*ledger.prices, *ledger.stock):
        recorded = int(row["recorded_from"] * 1_000_000)
        latest[row["partner_key"]] = max(latest.get(row["partner_key"], 0), recorded)
    for partner, recorded in latest.items():
        if recorded > marks.get(partner, 0):
            words = f"rows were recorded {recorded - marks.get(partner, 0)} us after the watermark"
            yield Finding("checkpoint", f"partner {partner}", words)


def check_staging(ledger: Ledger) -> Findings:
    """Nothing of an ended message is left in staging."""
    for row in ledger.staged:
        message = ledger.messages.get(row["message_key"])
        if message is None or message["state"] in _FINAL:
            yield Finding("staging", row["name"], f"left of message {row['message_key']}")
