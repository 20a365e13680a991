"""Do the files that we formed say what their journal says: manifests, books and what they carry?"""

from collections import Counter, defaultdict

from sandbox.audit.core import spelt
from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row
from sandbox.audit.told import Told

# What is in no file: a picture is a parcel of its own.
_PICTURES = "pictures"


def check_formed(ledger: Ledger) -> Findings:
    """Every formed file is a parcel once, reads as XML, and its manifest has all its records."""
    parcels = Counter(row["message_key"] for rows in ledger.parcels.values() for row in rows)
    for key, message in ledger.formed.items():
        name = f"message {key} ({message['file_name']})"
        if message["state"] != "formed" or message["origin"] != "formed":
            yield Finding("formed", name, f"{message['state']}, {message['origin']}")
        if parcels[key] != 1:
            yield Finding("formed", name, f"it is a parcel {parcels[key]} times")
        manifest, told = ledger.manifest_of(message), ledger.told[key]
        archived = ledger.archived[message["object_key"]]
        if manifest is None or told is None or archived is None:
            yield Finding("formed", name, "it has no manifest, or its bytes cannot be read")
            continue
        said = Counter((each.dataset, each.key) for each in told)
        kept = Counter((line.dataset, spelt(line.dataset, line.key)) for line in manifest.lines)
        for dataset, record in (said - kept) + (kept - said):
            count = (said[dataset, record], kept[dataset, record])
            words = f"{count[0]} times in the bytes, {count[1]} times in the manifest"
            yield Finding("formed", f"{name}: {dataset} {record}", words)
        for line in manifest.lines:
            if line.byte_offset not in archived.starts:
                yield Finding("place", f"{name}: {line.dataset} {line.key}", "no element there")


def check_formed_books(ledger: Ledger) -> Findings:
    """What a formed file's books call accepted is what its delivery carries of these kinds."""
    for key, message in ledger.formed.items():
        if "file" not in ledger.books.get(key, {}):
            yield Finding(
                "books", f"message {key} ({message['file_name']})", "formed without books"
            )
    for delivery_key, parcels in ledger.parcels.items():
        carried = Counter(row["dataset"] for row in ledger.carried.get(delivery_key, ()))
        told: Counter[str] = Counter()
        for parcel in parcels:
            books = ledger.books.get(parcel["message_key"], {})
            told.update({name: row["accepted"] for name, row in books.items()})
        for dataset in told.keys() - {"file", "withheld"}:
            if told[dataset] != carried[dataset]:
                words = f"{told[dataset]} accepted in the books, {carried[dataset]} carried"
                yield Finding("books", f"delivery {delivery_key}/{dataset}", words)


def check_parcels(ledger: Ledger) -> Findings:
    """Every delivery has its files, in order, each the bytes of its message or of a picture."""
    for delivery in ledger.deliveries:
        if delivery["kind"] != "package":
            continue
        key = delivery["delivery_key"]
        parcels, name = ledger.parcels.get(key, []), f"delivery {key}"
        if [row["position"] for row in parcels] != list(range(len(parcels))) or not parcels:
            yield Finding("parcel", name, f"its files are {[row['position'] for row in parcels]}")
        for parcel in parcels:
            yield from _check_parcel(ledger, delivery, parcel, f"{name}/{parcel['name']}")


def _check_parcel(ledger: Ledger, delivery: Row, parcel: Row, name: str) -> Findings:
    found = ledger.archived[parcel["object_key"]]
    if found is None or (found.sha256, found.size) != (parcel["sha256"], parcel["size"]):
        yield Finding("parcel", name, f"{parcel['object_key']} does not hold its bytes")
    if parcel["message_key"] is None:
        return
    message = ledger.formed.get(parcel["message_key"])
    if message is None:
        yield Finding("parcel", name, f"message {parcel['message_key']} was not formed")
    elif message["partner_key"] != delivery["partner_key"]:
        yield Finding("parcel", name, "its message was formed for another portal")
    elif any(parcel[word] != message[word] for word in ("sha256", "size", "object_key")):
        yield Finding("parcel", name, "other bytes than those of its message")


def check_carried(ledger: Ledger) -> Findings:
    """What a delivery carries stands in the file it names; what goes is in none, or marked."""
    for delivery_key, rows in ledger.carried.items():
        parcels = ledger.parcels.get(delivery_key, [])
        told: dict[tuple[str, str], list[tuple[int, Told]]] = defaultdict(list)
        for parcel in parcels:
            for each in ledger.told.get(parcel["message_key"]) or ():
                told[each.dataset, each.key].append((parcel["message_key"], each))
        pictures = {row["name"]: row["sha256"] for row in parcels if row["message_key"] is None}
        for row in rows:
            name = f"delivery {delivery_key}: {row['dataset']} {row['key']}"
            if row["dataset"] == _PICTURES:
                yield from _check_picture(row, pictures, name)
                continue
            found = told[row["dataset"], spelt(row["dataset"], row["key"])]
            if row["effect"] == "delete":
                if any(not each.is_gone for _, each in found):
                    yield Finding("carried", name, "it is to go, but a file tells it")
            elif not any(
                key == row["message_key"] and (each.dataset == "stock" or not each.is_gone)
                for key, each in found
            ):
                yield Finding("carried", name, f"it is not in message {row['message_key']}")


def _check_picture(row: Row, pictures: dict[str, bytes], name: str) -> Findings:
    digest = (row["digest"] or "").replace("-", "")
    if row["effect"] == "delete":
        if row["key"] in pictures:
            yield Finding("carried", name, "it is to go, but it is sent")
    elif row["key"] not in pictures or pictures[row["key"]].hex()[:32] != digest:
        yield Finding("carried", name, "it is not among the parcels as it is")
