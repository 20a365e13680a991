"""Effects outside: each once, in its turn, over only when somebody said so."""

from collections import Counter, defaultdict
from itertools import pairwise

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row

_OVER = ("delivered", "resolved")
# How the last attempt may have ended, by the state of the delivery. Who settles what was in doubt
# leaves the attempt as it was; what is dropped may never have gone.
_LAST: dict[str, set[str | None]] = {
    "planned": {None},
    "sending": {None, "failed", "in_doubt"},
    "delivered": {"delivered"},
    "failed": {"failed", "in_doubt"},
    "in_doubt": {"in_doubt"},
    "resolved": {None, "failed", "in_doubt"},
}


def check_deliveries(ledger: Ledger) -> Findings:
    """Every effect stands once, by its key; one in doubt says what to ask, and no other does."""
    counts = Counter(row["idempotency_key"] for row in ledger.deliveries)
    for key, count in counts.items():
        if count > 1:
            yield Finding("delivery", key, f"stands {count} times")
    for row in ledger.deliveries:
        name = row["idempotency_key"]
        if row["state"] in _OVER and row["ended_at"] is None:
            yield Finding("delivery", name, f"{row['state']} without an end")
        if bool(row["question"]) != (row["state"] == "in_doubt"):
            yield Finding("delivery", name, f"{row['state']}, its question is {row['question']!r}")


def check_attempts(ledger: Ledger) -> Findings:
    """Attempts are counted without a gap and explain the state of their delivery."""
    for delivery in ledger.deliveries:
        key, state = delivery["delivery_key"], delivery["state"]
        attempts, name = ledger.attempts.get(key, []), f"delivery {key}"
        numbers = [row["attempt_no"] for row in attempts]
        ended = delivery["attempts"] - (state == "sending")
        if numbers != list(range(1, ended + 1)):
            yield Finding("attempt", name, f"attempts {numbers}, it was sent {ended} times")
            continue
        last = attempts[-1]["outcome"] if attempts else None
        if last not in _LAST[state]:
            yield Finding("attempt", name, f"{state}, but its last attempt is {last}")
        if attempts and state != "sending" and attempts[-1]["sent_at"] != delivery["sent_at"]:
            yield Finding("attempt", name, "it was sent at another time than its last attempt")
        yield from _check_again(delivery, attempts, name)


def _check_again(delivery: Row, attempts: list[Row], name: str) -> Findings:
    """Nothing goes again on a guess."""
    for before, after in pairwise(attempts):
        if before["outcome"] == "delivered":
            yield Finding("attempt", name, "it was sent again after it was delivered")
        if after["sent_at"] < before["ended_at"] or after["epoch"] < before["epoch"]:
            yield Finding("attempt", name, "an attempt began before the one before it had ended")
    goes_again = attempts if delivery["state"] == "failed" else attempts[:-1]
    was_in_doubt = any(row["outcome"] == "in_doubt" for row in goes_again)
    if was_in_doubt and not delivery["resolved_why"]:
        yield Finding("attempt", name, "it was in doubt and goes again, nobody said why")


def check_turns(ledger: Ledger) -> Findings:
    """No delivery went before all earlier ones to its portal were over."""
    for rows in _by_portal(ledger).values():
        for number, later in enumerate(rows):
            sent = [row["sent_at"] for row in ledger.attempts.get(later["delivery_key"], ())]
            began_at = min([*sent, *filter(None, [later["sent_at"]])], default=None)
            if began_at is None:
                continue
            for earlier in rows[:number]:
                is_over = earlier["state"] in _OVER and earlier["ended_at"] is not None
                if not is_over or earlier["ended_at"] > began_at:
                    words = f"it overtook delivery {earlier['delivery_key']} ({earlier['state']})"
                    yield Finding("turn", f"delivery {later['delivery_key']}", words)


def check_numbers(ledger: Ledger) -> Findings:
    """A portal's packages are numbered 1, 2, 3 …, and its counter stands at the last."""
    marks = {
        (row["partner_key"], row["exchange"]): row["position"]
        for row in ledger.checkpoints
        if row["name"] == "package"
    }
    packages = _by_portal(ledger)
    for whose in marks.keys() | packages.keys():
        numbers = [row["body"].get("number") for row in packages.get(whose, [])]
        if numbers != list(range(1, marks.get(whose, 0) + 1)):
            words = f"packages {numbers}, the counter says {marks.get(whose, 0)}"
            yield Finding("package", f"partner {whose[0]}", words)


def _by_portal(ledger: Ledger) -> dict[tuple[int, str], list[Row]]:
    packages: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in ledger.deliveries:
        if row["kind"] == "package":
            packages[row["partner_key"], row["exchange"]].append(row)
    return packages
