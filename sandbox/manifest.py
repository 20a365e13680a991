"""The truth beside an export: what every file says, record by record, written by the writer.

`manifest.json` holds one entry a file: size, sha256, records per dataset. `truth.jsonl` holds one
line a record: file, dataset, natural key, digest of the values and the values themselves. Both are
made from the company's values, not from the XML, so an error of the XML shows as a difference.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

MANIFEST = "manifest.json"
TRUTH = "truth.jsonl"

Values = dict[str, object]


@dataclass(slots=True)
class FileEntry:
    """One file of the export."""

    name: str
    size: int = 0
    sha256: str = ""
    records: dict[str, int] = field(default_factory=dict)


class Manifest:
    """The truth of one export while it is being written."""

    def __init__(self, folder: Path, heading: Values) -> None:
        """Open `truth.jsonl` in `folder`; `heading` describes the export."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._heading = heading
        self._lines = (folder / TRUTH).open("w", encoding="utf-8")
        self.files: list[FileEntry] = []

    def __enter__(self) -> Self:
        """Give the manifest itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write `manifest.json`, unless the export broke."""
        self._lines.close()
        if error is None:
            body = {**self._heading, "files": [asdict(entry) for entry in self.files]}
            text = json.dumps(body, ensure_ascii=False, indent=1)
            (self._folder / MANIFEST).write_text(text, encoding="utf-8")

    def start(self, name: str) -> FileEntry:
        """Begin the entry of a file; the records noted next are its own."""
        self.files.append(FileEntry(name))
        return self.files[-1]

    def note(self, dataset: str, key: str, values: Values) -> None:
        """Keep the truth of one record of the file started last."""
        entry = self.files[-1]
        entry.records[dataset] = entry.records.get(dataset, 0) + 1
        line = {
            "file": entry.name,
            "dataset": dataset,
            "key": key,
            "digest": digest(values),
            "values": values,
        }
        self._lines.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


def digest(values: Values) -> str:
    """32 hex digits that stand for the values: SHA-256 of their canonical JSON, cut."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
