"""Is the warehouse what the other side meant? The truth beside the exports against the rows."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.audit.core import histories, plain, spelt
from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import NEVER, Ledger, Row

_KINDS = {"Строка": "text", "Число": "number", "Справочник": "dictionary", "Время": "datetime"}
_IN = frozenset({"accepted", "unchanged"})
Exits = dict[tuple[str, str], set[str]]  # (dataset, key) -> the exits it left by


@dataclass(slots=True)
class Expected:
    """What one record must be in the end; `values` is None for a key that is only named."""

    file: str
    values: dict[str, Any] | None


def check_exports(ledger: Ledger, folders: Sequence[Path], partner: str | None) -> Findings:
    """Every record of every export left by an exit, and the last of each key is the row.

    A later record of a key supersedes the earlier ones. A refused one changes nothing.
    """
    keys = {row["partner"]: row["partner_key"] for row in ledger.incoming.values()}
    names = [partner] if partner else list(keys)
    if not folders:
        return
    if len(names) != 1 or names[0] not in keys:
        yield Finding("export", ", ".join(names), "say by --partner whose exports these are")
        return
    expected: dict[tuple[str, str], Expected] = {}
    for folder in folders:
        yield from _follow(ledger, folder, keys[names[0]], expected)
    held = _rows(ledger, keys[names[0]])
    for (dataset, key), record in expected.items():
        row, name = held.get((dataset, key)), f"{dataset} {key}"
        if row is None:
            yield Finding("lost", name, f"{record.file} brought it, it is not in the warehouse")
        elif record.values is not None and (wrong := _differences(record.values, row)):
            yield Finding("changed", name, f"not as in {record.file}: {'; '.join(wrong)}")


def _follow(
    ledger: Ledger, folder: Path, partner_key: int, expected: dict[tuple[str, str], Expected]
) -> Findings:
    """Let one export change what is expected."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    exits: dict[str, Exits | None] = {}
    for file in manifest["files"]:
        exits[file["name"]] = found = _exits(ledger, bytes.fromhex(file["sha256"]), partner_key)
        if found is None:
            yield Finding("lost", f"{folder.name}/{file['name']}", "no message of this file ended")
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for text in lines:
            line = json.loads(text)
            left = exits[line["file"]]
            key = (line["dataset"], spelt(line["dataset"], line["key"]))
            if left is None:
                continue
            how = left.get(key, set()) | left.get(("file", ""), set())
            if not how:
                name = f"{folder.name}/{line['file']}: {key[0]} {key[1]}"
                yield Finding("lost", name, "it left by no exit")
            elif how & _IN:
                _expect(expected, key, line)


def _expect(
    expected: dict[tuple[str, str], Expected], key: tuple[str, str], line: dict[str, Any]
) -> None:
    is_bare = key[0] == "offers" and set(line["values"]) == {"id"}
    if not is_bare:
        expected[key] = Expected(line["file"], line["values"])
    else:
        expected.setdefault(key, Expected(line["file"], None))


def _exits(ledger: Ledger, sha256: bytes, partner_key: int) -> Exits | None:
    """How the records of a file left, over all messages of its bytes; None: none has ended."""
    exits: Exits = defaultdict(set)
    is_ended = False
    for message in ledger.messages.values():
        if message["sha256"] != sha256 or message["partner_key"] != partner_key:
            continue
        is_ended |= message["state"] != "received"
        if message["state"] == "refused":
            exits["file", ""].add("refused")
        elif manifest := ledger.manifest_of(message):
            for line in manifest.lines:
                exits[line.dataset, spelt(line.dataset, line.key)].add(line.exit)
    return dict(exits) if is_ended else None


def _rows(ledger: Ledger, partner_key: int) -> dict[tuple[str, str], Row]:
    held = {
        (dataset, str(row["code" if dataset == "units" else "id"])): row
        for dataset, rows in ledger.named.items()
        for row in rows
        if row["partner_key"] == partner_key
    }
    for (owner, dataset, key), rows in histories(ledger):
        for row in rows:
            is_current = row["valid_to"] == NEVER and row["recorded_to"] == NEVER
            if owner == partner_key and is_current:
                held[dataset, key] = row
    return held


def _differences(values: dict[str, Any], row: Row) -> list[str]:
    held = {name: _held(name, row) for name in values}
    meant = {name: _meant(name, value) for name, value in values.items()}
    return [
        f"{name} is {held[name]!r}, must be {meant[name]!r}"
        for name in values
        if held[name] != meant[name]
    ]


def _held(name: str, row: Row) -> object:
    if name == "kind" and "value_type" in row:
        return row["value_type"]
    value = row[name]
    if isinstance(value, Decimal):
        # A price from no quantity on is kept as one from zero on.
        return None if name == "min_qty" and not value else plain(value)
    return value or None


def _meant(name: str, value: Any) -> object:  # noqa: ANN401 - JSON
    """Nothing, the empty text, list and flag are one: a file cannot tell them apart."""
    if name in _NUMBERS and value is not None:
        return plain(Decimal(value))
    return _KINDS.get(value, value) if name == "kind" else value or None


_NUMBERS = frozenset({"amount", "quantity", "min_qty", "weight_kg", "volume_m3", "pack_qty"})
