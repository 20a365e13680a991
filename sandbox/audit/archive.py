"""Are the bytes there? Messages, uploads, attachments and manifests against the store."""

from collections import Counter

from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import Ledger, Row


def check_objects(ledger: Ledger) -> Findings:
    """Every message and attachment has its object, which is what the row says."""
    holders = [(f"message {key}", row) for key, row in ledger.messages.items()]
    holders += [(f"attachment {row['path']}", row) for row in ledger.attachments]
    for name, row in holders:
        found = ledger.archived[row["object_key"]]
        if found is None:
            yield Finding("object", name, f"{row['object_key']} is not in the store")
        elif (found.sha256, found.size) != (row["sha256"], row["size"]):
            yield Finding(
                "object", name, f"{row['object_key']} holds other bytes than the row says"
            )


def check_manifests(ledger: Ledger) -> Findings:
    """Every manifest is there, is what its name says, and gives the root of its message."""
    for key, message in ledger.messages.items():
        name = message["manifest_key"]
        if name is None:
            continue
        manifest = ledger.manifest_of(message)
        if manifest is None:
            yield Finding("manifest", f"message {key}", f"{name} is not in the store")
        elif manifest.sha256.hex() != name.rpartition("/")[2]:
            yield Finding("manifest", f"message {key}", f"{name} holds other bytes than its name")
        elif manifest.root != message["merkle_root"]:
            yield Finding("manifest", f"message {key}", "its lines give another root")


def check_acknowledgements(ledger: Ledger) -> Findings:
    """To whatever was answered `success`, its session has a chunk of that size."""
    sizes = {
        (upload["session_key"], chunk["size"])
        for upload in ledger.uploads
        for chunk in ledger.chunks.get(upload["upload_key"], [])
    }
    for row in ledger.acknowledged:
        if (row["session_key"], row["body_bytes"]) not in sizes:
            name = f"session {row['session_key']}/{row['file_name']}"
            yield Finding(
                "answer", name, f"success for {row['body_bytes']} bytes that are not kept"
            )


def check_uploads(ledger: Ledger, oldest_s: float) -> Findings:
    """No chunk is lost, every upload became one message of exactly its bytes."""
    for upload in ledger.uploads:
        yield from _check_upload(ledger, upload, oldest_s)
    made = Counter(upload["message_key"] for upload in ledger.uploads if upload["message_key"])
    for key, message in ledger.messages.items():
        expected = int(message["session_key"] is not None and message["origin"] == "received")
        if made[key] != expected:
            words = f"{made[key]} uploads became it, expected {expected}"
            yield Finding("upload", f"message {key}", words)


def _check_upload(ledger: Ledger, upload: Row, oldest_s: float) -> Findings:
    key = upload["upload_key"]
    name = f"upload {key} ({upload['file_name']})"
    numbers = [chunk["chunk_no"] for chunk in ledger.chunks.get(key, [])]
    joined = ledger.joined.get(key)
    message = ledger.messages.get(upload["message_key"])
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding("upload", name, f"its chunks are {numbers}")
    if joined and joined.lost:
        yield Finding("upload", name, f"chunks {joined.lost} are not in the store as they came")
        return
    size = joined.size if joined else 0
    if size != upload["size"]:
        words = f"its chunks hold {size} bytes, the row says {upload['size']}"
        yield Finding("upload", name, words)
    if upload["message_key"] is None:
        if numbers and upload["age_s"] > oldest_s:
            yield Finding("upload", name, f"not sealed for {upload['age_s']:.0f} s")
    elif message is None:
        yield Finding("upload", name, f"message {upload['message_key']} is gone")
    elif joined and joined.sha256 != message["sha256"]:
        yield Finding("upload", name, "its chunks are other bytes than its message")
