"""Is a quantity 0 by absence only where a whole file says so, and wherever one does?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.audit.core import brought, formed_order, stock_key
from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import NEVER, Ledger, Row
from sandbox.audit.manifests import Manifest

_FILES = ("received", "member")


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole file says of stock: the keys of each offer that it gives by warehouse."""

    message: Row
    offers: dict[str, set[str]]  # offers of which a figure was refused are left out


def check_absent(ledger: Ledger) -> Findings:
    """Each quantity that is 0 by absence was lacking in the file that it names."""
    wholes = {whole.message["message_key"]: whole for whole in _wholes(ledger)}
    zeroes = {
        (row["partner_key"], row["message_key"], stock_key(row))
        for row in ledger.stock
        if row["quantity"] == 0
    }
    for message_key, keys in ledger.absences.items():
        whole = wholes.get(message_key)
        for key in keys:
            name, offer = f"stock {key}", offer_of(key)
            if whole is None or offer not in whole.offers or key in whole.offers[offer]:
                yield Finding("absence", name, f"message {message_key} does not say that it is 0")
            elif (whole.message["partner_key"], message_key, key) not in zeroes:
                yield Finding("absence", name, f"message {message_key} lacks it, no row is 0 by it")


def check_lacking(ledger: Ledger) -> Findings:
    """No quantity is held that a later whole file lacks, but for those that a list names."""
    last = brought(ledger)
    listed, waiting = set(), set()
    states = {row["list_key"]: row for row in ledger.deletion_lists}
    for row in ledger.deletions:
        of = states[row["list_key"]]
        listed.add((of["message_key"], row["key"]))
        if of["state"] == "waiting":
            waiting.add((of["partner_key"], row["key"]))
    held: dict[tuple[int, str], list[str]] = defaultdict(list)
    for row in ledger.stock:
        if (
            row["valid_to"] == NEVER == row["recorded_to"]
            and row["quantity"]
            and row["warehouse_id"]
        ):
            held[row["partner_key"], offer_of(stock_key(row))].append(stock_key(row))
    for whole in _wholes(ledger):
        message = whole.message
        for offer, told in whole.offers.items():
            for key in held.get((message["partner_key"], offer), ()):
                source = last.get((message["partner_key"], "stock", key))
                if key in told or source is None or (message["partner_key"], key) in waiting:
                    continue
                if (message["message_key"], key) not in listed and (
                    formed_order(ledger, message)
                    > formed_order(ledger, ledger.messages[source.last])
                ):
                    words = f"held, though message {message['message_key']} is whole and lacks it"
                    yield Finding("absence", f"stock {key}", words)


def offer_of(key: str) -> str:
    r"""The first part of a key, as it is written there; `\|` inside it is no border."""
    end, is_escaped = 0, False
    for end, letter in enumerate(key):
        if letter == "|" and not is_escaped:
            return key[:end]
        is_escaped = letter == "\\" and not is_escaped
    return key


def _wholes(ledger: Ledger) -> Iterator[Whole]:
    """All whole files that came in time and of which every record can be told apart."""
    for message in ledger.messages.values():
        manifest = ledger.manifest_of(message)
        if message["extent"] != "full" or message["origin"] not in _FILES or manifest is None:
            continue
        if message["state"] == "closed" and not _is_late(ledger, message):
            yield Whole(message, _told(manifest))


def _told(manifest: Manifest) -> dict[str, set[str]]:
    offers: dict[str, set[str]] = defaultdict(set)
    doubtful: set[str] = set()
    for line in manifest.lines:
        if line.dataset not in {"offers", "stock"}:
            continue
        # The key of an offer is its id; inside the key of a figure it is written with escapes.
        offer = _escaped(line.key) if line.dataset == "offers" else offer_of(line.key)
        if line.exit == "refused":
            doubtful.add(offer)
            if not line.key:
                return {}
        elif line.dataset == "stock" and not line.key.endswith("|"):
            offers[offer].add(line.key)
    return {offer: keys for offer, keys in offers.items() if offer not in doubtful}


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("|", "\\|")


def _is_late(ledger: Ledger, message: Row) -> bool:
    """Was stock known already that was formed later?"""
    for other in ledger.messages.values():
        books = ledger.books.get(other["message_key"], {}).get("stock")
        if (
            books is None
            or other["partner_key"] != message["partner_key"]
            or other["state"] != "closed"
            or other["closed_at"] > message["closed_at"]
            or books["received"] == books["refused"]
        ):
            continue
        is_portion = other["extent"] == "full" and (
            other["session_key"] is not None and other["session_key"] == message["session_key"]
        )
        if not is_portion and (formed_order(ledger, other)[0] > formed_order(ledger, message)[0]):
            return True
    return False
