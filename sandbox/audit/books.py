"""Do the books balance, and do they say what the manifests, the refusals and the bytes say?"""

from collections import Counter, defaultdict

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row
from sandbox.audit.manifests import Manifest

_EXITS = ("accepted", "unchanged", "refused")
# What an archive's or a picture's books count is no record of a manifest.
_NOT_RECORDS = frozenset({"file", "members", "attachments"})


def check_balance(ledger: Ledger) -> Findings:
    """Everything read left by one exit."""
    for key, books in ledger.books.items():
        for dataset, row in books.items():
            if row["received"] != sum(row[exit_] for exit_ in _EXITS):
                yield Finding("books", f"message {key}/{dataset}", "they do not balance")


def check_against_manifests(ledger: Ledger) -> Findings:
    """The books of each dataset are the counts of the manifest's lines by exit."""
    for key, message in ledger.incoming.items():
        manifest = ledger.manifest_of(message)
        if manifest is None:
            continue
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for line in manifest.lines:
            counted[line.dataset][line.exit] += 1
        booked = {
            dataset: Counter({exit_: row[exit_] for exit_ in _EXITS if row[exit_]})
            for dataset, row in ledger.books.get(key, {}).items()
            if dataset not in _NOT_RECORDS
        }
        for dataset in counted.keys() | booked.keys():
            if counted.get(dataset) != booked.get(dataset):
                words = f"booked {booked.get(dataset)}, manifest {counted.get(dataset)}"
                yield Finding("books", f"message {key}/{dataset}", words)


def check_against_bytes(ledger: Ledger) -> Findings:
    """The books count every element of the archived bytes, and every place is inside them."""
    for key, message in ledger.messages.items():
        archived = ledger.archived[message["object_key"]]
        if message["state"] != "closed" or archived is None:
            continue
        books = ledger.books.get(key, {})
        manifest = ledger.manifest_of(message)
        if manifest is not None:
            yield from _check_places(key, manifest, archived.size)
            if archived.is_xml and message["origin"] != "salvage":
                yield from _check_counts(key, message, books, archived.counts)
                yield from _check_starts(key, manifest, archived.starts)
        elif archived.counts and "files" in archived.counts:
            filed = sum(
                books[name]["received"] for name in ("members", "attachments") if name in books
            )
            if filed != archived.counts["files"]:
                words = f"the archive holds {archived.counts['files']} files, {filed} were booked"
                yield Finding("books", f"message {key}", words)


def _check_counts(
    key: int, message: Row, books: dict[str, Row], counts: dict[str, int] | None
) -> Findings:
    if counts is None:
        yield Finding("books", f"message {key}", "closed, though its bytes are not well formed")
        return
    booked = {name: row["received"] for name, row in books.items() if name not in _NOT_RECORDS}
    is_part = bool(message["replays"].get("refusal_keys"))
    for dataset in booked.keys() | counts.keys() - {"files"}:
        read, there = booked.get(dataset, 0), counts.get(dataset, 0)
        if dataset not in ("documents", "counterparties") and (
            read > there or (read < there and not is_part)
        ):
            words = f"{there} elements in the bytes, {read} in the books"
            yield Finding("books", f"message {key}/{dataset}", words)


def _check_places(key: int, manifest: Manifest, size: int) -> Findings:
    for line in manifest.lines:
        if line.byte_offset < 0 or line.byte_offset + line.byte_length > size:
            yield Finding("place", f"message {key}/{line.dataset}/{line.key}", "outside the file")


def _check_starts(key: int, manifest: Manifest, starts: frozenset[int]) -> Findings:
    for line in manifest.lines:
        if line.byte_offset not in starts:
            yield Finding(
                "place", f"message {key}/{line.dataset}/{line.key}", "no element begins there"
            )


def check_refusals(ledger: Ledger) -> Findings:
    """Every refusal has its message and place; there are as many as the books say."""
    refused: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for refusal in ledger.refusals:
        name = f"refusal {refusal['refusal_key']} ({refusal['natural_key']})"
        message = ledger.messages.get(refusal["message_key"])
        if message is None:
            yield Finding("refusal", name, f"message {refusal['message_key']} is gone")
            continue
        refused[message["message_key"]][refusal["dataset"]].add(refusal["record_no"])
        yield from _check_refusal(ledger, refusal, message, name)
    for key in ledger.incoming:
        for dataset, row in ledger.books.get(key, {}).items():
            if len(refused[key][dataset]) != row["refused"]:
                words = f"{row['refused']} refused in the books, {len(refused[key][dataset])} kept"
                yield Finding("refusal", f"message {key}/{dataset}", words)
    for key in ledger.messages:
        for dataset in refused[key].keys() - ledger.books.get(key, {}).keys():
            yield Finding("refusal", f"message {key}/{dataset}", "refused, but not in the books")


def _check_refusal(ledger: Ledger, refusal: Row, message: Row, name: str) -> Findings:
    end = refusal["byte_offset"] + refusal["byte_length"]
    if refusal["byte_offset"] < 0 or refusal["byte_length"] < 0 or end > message["size"]:
        yield Finding("refusal", name, "its place is outside the file")
    if not refusal["sentence"] or not refusal["sentence_ru"]:
        yield Finding("refusal", name, "it does not say why")
    if refusal["state"] == "replayed" and refusal["replay_message_key"] not in ledger.messages:
        yield Finding("refusal", name, "the message that replayed it is gone")
