"""Records that were passed over because their bytes were known: who they are, and were they known?

A manifest names a run of them by its bytes alone. Each offer in those bytes must be, byte for byte,
one that an earlier message of the sender read; what was read of it then is what it holds.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.audit.finding import Finding
from sandbox.audit.manifests import Line, Manifest

Row = Mapping[str, Any]
Key = tuple[str, str]  # of the manifest, of the bytes
_TAG = "Предложение"
_INSIDE = frozenset({"offers", "prices", "stock"})


def expand(
    messages: Iterable[Row],
    manifests: dict[Key, Manifest | None],
    get: Callable[[str], bytes | None],
) -> Iterator[Finding]:
    """Put the records of each run in its place, in `manifests`; tell of those nobody has read."""
    read: dict[tuple[int, bytes], tuple[Line, ...]] = {}
    closed = [row for row in messages if row["state"] == "closed" and row["direction"] == "in"]
    for message in sorted(closed, key=lambda row: row["closed_at"]):
        key = (message["manifest_key"], message["object_key"])
        manifest = manifests.get(key)
        payload = get(message["object_key"]) if manifest and _holds_offers(manifest) else None
        if manifest is None or payload is None:
            continue
        name, partner = f"message {message['message_key']}", message["partner_key"]
        runs = [line for line in manifest.lines if _is_run(line)]
        lines = [line for line in manifest.lines if not _is_run(line)]
        for digest, told in _slices_of(lines, payload):
            if all(line.exit != "refused" for line in told):
                read[partner, digest] = tuple(replace(line, exit="unchanged") for line in told)
        for run in (run for run in runs if run.dataset == "offers"):
            found: list[Line] = []
            for start, piece in _split(payload, run):
                known = read.get((partner, hashlib.sha256(piece).digest()))
                if known is None:
                    words = f"the offer at byte {start} was passed over and never read"
                    yield Finding("books", name, words)
                    continue
                found += _moved(known, start)
            yield from _compare(name, run, runs, found)
            lines += found
        if runs:
            manifests[key] = replace(manifest, lines=tuple(lines))


def _compare(
    name: str, run: Line, runs: Sequence[Line], found: Sequence[Line]
) -> Iterator[Finding]:
    """A run counts its records by dataset, and its numbers leave room for all of them."""
    for dataset in sorted(_INSIDE):
        said = sum(
            one.records
            for one in runs
            if one.dataset == dataset and one.byte_offset == run.byte_offset
        )
        there = sum(line.dataset == dataset for line in found)
        if said != there:
            words = f"{said} {dataset} passed over at byte {run.byte_offset}, there are {there}"
            yield Finding("books", name, words)


def _is_run(line: Line) -> bool:
    return not line.key and line.exit == "unchanged" and line.dataset in _INSIDE


def _holds_offers(manifest: Manifest) -> bool:
    return any(line.dataset == "offers" for line in manifest.lines)


def _slices_of(lines: Sequence[Line], payload: bytes) -> Iterator[tuple[bytes, tuple[Line, ...]]]:
    """The bytes of each offer, as a hash, and the records that begin in it, by their distance."""
    ordered = sorted(
        (line for line in lines if line.dataset in _INSIDE), key=lambda line: line.byte_offset
    )
    held: list[Line] = []
    for line in ordered:
        if held and line.byte_offset >= held[0].byte_offset + held[0].byte_length:
            yield _digest(payload, held[0]), _moved(held, -held[0].byte_offset)
            held = []
        if held or line.dataset == "offers":
            held.append(line)
    if held:
        yield _digest(payload, held[0]), _moved(held, -held[0].byte_offset)


def _digest(payload: bytes, line: Line) -> bytes:
    end = line.byte_offset + line.byte_length
    return hashlib.sha256(payload[line.byte_offset : end]).digest()


def _moved(lines: Iterable[Line], by: int) -> tuple[Line, ...]:
    return tuple(replace(line, byte_offset=line.byte_offset + by) for line in lines)


def _split(payload: bytes, run: Line) -> Iterator[tuple[int, bytes]]:
    """The offers of a run, in the encoding that writes their tag there."""
    end = run.byte_offset + run.byte_length
    tag = next(
        word
        for encoding in ("utf-8", "windows-1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
        if payload.startswith(b"<" + (word := _TAG.encode(encoding)), run.byte_offset)
    )
    closing, start = b"</" + tag + b">", run.byte_offset
    while 0 <= start < end:
        stop = payload.index(closing, start) + len(closing)
        yield start, payload[start:stop]
        start = payload.find(b"<" + tag, stop, end)
