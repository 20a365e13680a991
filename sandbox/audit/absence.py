"""Did anything go that nobody let go? The sender lets go by a mark, a person by a list."""

from collections import defaultdict
from datetime import UTC, datetime

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger

_GOES = ("groups", "goods", "offers")  # by absence; all else goes by the sender's mark only
# A bare offer does not bring a withdrawn one back, so of offers a later message proves nothing.
_COMES_BACK = ("groups", "goods")
_NEVER = datetime.min.replace(tzinfo=UTC)


def check_withdrawn(ledger: Ledger) -> Findings:
    """What is withdrawn was marked by its sender, or stands in a list that was agreed to."""
    states = {row["list_key"]: row for row in ledger.deletion_lists}
    gone = {
        (states[row["list_key"]]["partner_key"], row["dataset"], row["key"])
        for row in ledger.deletions
        if row["done_at"]
    }
    for dataset, rows in ledger.named.items():
        for row in rows:
            if row["withdrawn_at"] is None or row["is_deleted"]:
                continue
            if dataset not in _GOES or (row["partner_key"], dataset, row["id"]) not in gone:
                words = "withdrawn, but neither its sender nor a list says so"
                yield Finding("deletion", f"{dataset} {row['id']}", words)


def check_returned(ledger: Ledger) -> Findings:
    """What a later message brought is not withdrawn any more."""
    seen: dict[tuple[int, str, str], datetime] = defaultdict(lambda: _NEVER)
    for message in ledger.messages.values():
        if message["state"] != "closed" or message["origin"] in {"replay", "salvage"}:
            continue
        if manifest := ledger.manifest_of(message):
            for line in manifest.lines:
                if line.dataset in _COMES_BACK and line.exit != "refused":
                    key = (message["partner_key"], line.dataset, line.key)
                    seen[key] = max(seen[key], message["closed_at"])
    for dataset in _COMES_BACK:
        for row in ledger.named[dataset]:
            if row["withdrawn_at"] is None or row["is_deleted"]:
                continue
            last = seen[row["partner_key"], dataset, row["id"]]
            if last > row["withdrawn_at"]:
                words = f"withdrawn at {row['withdrawn_at']}, brought again at {last}"
                yield Finding("deletion", f"{dataset} {row['id']}", words)


def check_lists(ledger: Ledger) -> Findings:
    """Nothing of a list goes before it is agreed to, and the brake agrees to little only."""
    states = {row["list_key"]: row for row in ledger.deletion_lists}
    for row in ledger.deletions:
        state = states[row["list_key"]]["state"]
        if row["done_at"] and state != "confirmed":
            name = f"list {row['list_key']}: {row['dataset']} {row['key']}"
            yield Finding("deletion", name, f"it went, but the list is {state}")
    for listed in ledger.deletion_lists:
        is_much = (
            listed["would_go"] > listed["count_max"]
            and listed["would_go"] > listed["share_max"] * listed["held"]
        )
        if is_much and listed["state"] == "confirmed" and listed["decided_by"] == "the brake":
            words = f"{listed['would_go']} of {listed['held']} went without a person"
            yield Finding("deletion", f"list {listed['list_key']}", words)
