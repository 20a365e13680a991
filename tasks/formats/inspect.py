"""Judge sample files of a partner without any database: `python -m tasks.formats.inspect FILE…`.

Prints one JSON line for each file, and one for each XML or CSV member of an archive. Never stops
at a bad file. Exit code 0: all files were readable; 1: some file was refused whole.

`left_alone` is ready for the form of the partner's block: with these fields left alone, no field of
the file is unknown. A reading names one unknown field of each record, so a file that has any is
read again until no new one is found.
"""

import hashlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tasks.formats import open_file
from tasks.formats.reading import Reading
from tasks.formats.zipped import extract, list_members, looks_zipped
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.datasets import Batch, Dataset, Heading, RecordFault

_SHOWN_REFUSALS: Final = 100
_RECORD_ENDINGS: Final = (".xml", ".csv")
_BLOCK_BYTES: Final = 1 << 20
_READINGS_MAX: Final = 50


class _Tally:
    """What was read of one file so far."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.shown: list[RecordFault] = []
        self.fault: FileFaultError | None = None
        self.unknown: set[str] = set()

    def read(self, reading: Reading) -> None:
        """Read a file to its end, or to its fault."""
        try:
            for batch in reading.batches():
                self._add(batch)
        except FileFaultError as error:
            self.fault = error
            self._note(error.fault)

    def _note(self, fault: Fault) -> None:
        if fault.cause is Cause.FIELD_UNKNOWN:
            self.unknown.add(fault.place)

    def _add(self, batch: Batch) -> None:
        for refused in batch.faults:
            self._note(refused.fault)
        self.accepted[batch.dataset] += batch.records.num_rows
        self.refused[batch.dataset] += len(batch.faults)
        self.shown += batch.faults[: _SHOWN_REFUSALS - len(self.shown)]


def inspect_file(path: Path, name: str = "") -> dict[str, Any]:
    """Read one file and say what is in it, in the shape that README.md describes.

    Counts of a file that is refused whole are of what was read before its fault.
    """
    started = time.monotonic()
    tally = _Tally()
    reading = open_file(path, salvage=True)
    tally.read(reading)
    return {
        "file": name or str(path),
        **_describe(reading.heading),
        "records": {word: tally.accepted[word] + tally.refused[word] for word in Dataset},
        "accepted": {word: tally.accepted[word] for word in Dataset},
        "refused": [_describe_refusal(path, refusal) for refusal in tally.shown],
        "refused_total": tally.refused.total(),
        "fault": tally.fault and _describe_fault(tally.fault),
        "unread": list(reading.heading.left_alone),
        "left_alone": _list_unknown(path, tally.unknown),
        "rules": reading.rules,
        **_measure(path),
        "seconds": round(time.monotonic() - started, 3),
    }


def _list_unknown(path: Path, found: set[str]) -> list[str]:
    """Name the fields that a partner's list must hold for the file to be read."""
    left_alone: set[str] = set()
    for _ in range(_READINGS_MAX):
        if found <= left_alone:
            break
        left_alone |= found
        tally = _Tally()
        tally.read(open_file(path, left_alone=frozenset(left_alone), salvage=True))
        found = tally.unknown
    return sorted(left_alone - found)  # what is still unknown cannot be left alone


def inspect_paths(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Inspect files and the members of archives, whatever they are; raises nothing."""
    for path in paths:
        try:
            yield from _inspect_members(path) if _is_archive(path) else [inspect_file(path)]
        except OSError as error:
            yield _make_blank(path, {"cause": "NOT_READABLE", "sentence": str(error)})
        except FileFaultError as error:
            yield _make_blank(path, _describe_fault(error))
        except Exception as error:  # noqa: BLE001 - our own bug: said of its file, the rest go on
            sentence = f"{type(error).__name__}: {error}"
            yield _make_blank(path, {"cause": "UNEXPECTED", "sentence": sentence})


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return looks_zipped(file.read(4))


def _inspect_members(path: Path) -> Iterator[dict[str, Any]]:
    members = [one for one in list_members(path) if one.path.lower().endswith(_RECORD_ENDINGS)]
    with tempfile.TemporaryDirectory(prefix="obmen-inspect-") as folder:
        for member, unpacked in extract(path, members, Path(folder)):
            yield inspect_file(unpacked, f"{path}/{member.path}")


def _make_blank(path: Path, fault: dict[str, Any]) -> dict[str, Any]:
    zeros = dict.fromkeys(Dataset, 0)
    return {
        "file": str(path),
        **dict.fromkeys(("dialect", "version", "encoding", "declared_encoding", "extent")),
        "formed_at": None,
        "records": zeros,
        "accepted": zeros,
        "refused": [],
        "refused_total": 0,
        "fault": {"place": "", "byte_offset": 0, **fault},
        "unread": [],
        "left_alone": [],
        "rules": {},
        "sha256": None,
        "size": None,
        "seconds": 0,
    }


def _describe(heading: Heading) -> dict[str, Any]:
    return {
        "dialect": heading.dialect,
        "version": heading.version,
        "encoding": heading.encoding,
        "declared_encoding": heading.declared_encoding,
        "extent": heading.extent,
        "formed_at": heading.formed_at,
    }


def _describe_fault(error: FileFaultError) -> dict[str, Any]:
    return {
        "cause": error.fault.cause.name,
        "place": error.fault.place,
        "value": error.fault.value[:200],
        "byte_offset": error.byte_offset,
        "sentence": error.fault.sentence,
        "sentence_ru": error.fault.sentence_ru,
    }


def _describe_refusal(path: Path, refusal: RecordFault) -> dict[str, Any]:
    return {
        "dataset": refusal.dataset,
        "record_no": refusal.record_no,
        "key": refusal.key,
        "byte_offset": refusal.byte_offset,
        "byte_length": refusal.byte_length,
        "line": _count_lines(path, refusal.byte_offset),
        "place": refusal.fault.place,
        "cause": refusal.fault.cause.name,
        "value": refusal.fault.value[:200],
        "sentence": refusal.fault.sentence,
        "sentence_ru": refusal.fault.sentence_ru,
    }


def _count_lines(path: Path, offset: int) -> int:
    lines = 1
    with path.open("rb") as file:
        while block := file.read(min(_BLOCK_BYTES, offset - file.tell())):
            lines += block.count(b"\n")
    return lines


def _measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
            "size": path.stat().st_size,
        }


def main(arguments: Sequence[str]) -> int:
    """Print the lines; the exit code says whether all files were readable."""
    worst = 0
    for line in inspect_paths([Path(argument) for argument in arguments]):
        print(_printable(json.dumps(line, ensure_ascii=False)))
        if line["fault"]:
            print(_printable(f"{line['file']}: {line['fault']['sentence']}"), file=sys.stderr)
            worst = 1
    return worst


def _printable(text: str) -> str:
    # A name that is no UTF-8 reaches Python as surrogates, which no stream can write.
    return text.encode(errors="replace").decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
