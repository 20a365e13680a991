"""A 1C that exports its company to a site: `python -m sandbox.onec --url … --login … --client a`.

Sends file set by file set. Client A knocks and asks for the limits before EVERY set and has its
documents imported one by one; client B does it once, needs `sessid`, speaks `version=` and says
`complete` at the end. Nothing is ever resumed: any answer that is not expected ends the run.
"""

import shutil
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.dialect import Client, dialect_of
from sandbox.dialogue import Account, BrokenOffError, Dialogue, Limits, Turn, Watcher
from sandbox.export import Export, FileSet
from sandbox.faults import Fault

ZIP_BOMB_BYTES = 40_000_000
_ZIP_DAY = (2026, 11, 2, 9, 0, 0)
_ZIP_FAULTS = frozenset({Fault.ZIP_SLIP, Fault.ZIP_BOMB})
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manners:
    """How this 1C is set up, and what is to go wrong on the wire."""

    is_zip_allowed: bool = True  # pack when the site says zip=yes
    waits_for_import: bool = True  # the option «без ожидания подтверждения импорта» is off
    deactivates: bool = False  # client B: have the absent ones deactivated at the end
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended: `error` is what 1C shows, empty after a success."""

    error: str
    sent: tuple[str, ...]  # the documents imported with success
    transcript: tuple[Turn, ...]
    seconds: float

    @property
    def is_success(self) -> bool:
        """Did everything go through?"""
        return not self.error


def run(
    export: Export,
    account: Account,
    manners: Manners | None = None,
    watch: Watcher = lambda _turn: None,
) -> Result:
    """One export from knocking to the end; `watch` hears every turn as it happens."""
    manners = manners or Manners()
    if manners.fault is Fault.WRONG_PASSWORD:
        account = replace(account, password=f"{account.password}!")
    version = None
    if export.client in {Client.B209, Client.B31}:
        version = dialect_of(export.client).version
    started = time.monotonic()
    with Dialogue(account, version=version, watch=watch) as dialogue:
        session = _Session(export, dialogue, manners, is_split=version is not None)
        error = ""
        try:
            session.go()
        except BrokenOffError as broken:
            error = str(broken)
        seconds = round(time.monotonic() - started, 3)
        return Result(error, tuple(session.sent), tuple(dialogue.transcript), seconds)


class _Session:
    """One run over one dialogue."""

    def __init__(
        self, export: Export, dialogue: Dialogue, manners: Manners, *, is_split: bool
    ) -> None:
        self.sent: list[str] = []
        self._export = export
        self._dialogue = dialogue
        self._manners = manners
        self._is_split = is_split
        self._fault = manners.fault  # made once, then None

    def go(self) -> None:
        sets = list(self._export.sets)
        if self._fault is Fault.OUT_OF_ORDER:
            sets.reverse()
        if self._is_split:
            limits = self._knock()
            for number, each in enumerate(sets):
                self._carry(each, number, limits)
            if self._manners.waits_for_import:
                self._dialogue.close_run(deactivate=self._manners.deactivates)
            return
        for number, each in enumerate(sets):
            self._carry(each, number, self._knock())

    def _knock(self) -> Limits:
        self._dialogue.checkauth()
        return self._dialogue.init()

    def _carry(self, each: FileSet, number: int, limits: Limits) -> None:
        """Send one set and have it imported."""
        is_packed = self._manners.is_zip_allowed and limits.is_zip
        if is_packed or self._fault in _ZIP_FAULTS:
            self._send(self._pack(each, number), limits)
        else:
            for name in (*each.documents, *each.pictures):
                self._send(name, limits)
        is_waiting = self._manners.waits_for_import and self._fault is not Fault.NO_IMPORT
        if is_waiting:
            for name in each.documents:
                self._dialogue.import_file(name)
        if self._take(Fault.SUCCESS_BUT_LOST):
            self._carry(each, number, limits if self._is_split else self._knock())
            return
        self.sent += each.documents

    def _send(self, name: str, limits: Limits) -> None:
        path = self._export.folder / name
        for chunk in _chunks(path, limits.file_limit):
            if self._take(Fault.TIMEOUT):
                self._dialogue.send_and_hang_up(name, chunk)
            self._dialogue.send(name, chunk)
            if self._take(Fault.DUPLICATE_CHUNK):
                self._dialogue.send(name, chunk)
        if path.suffix == ".xml" and self._take(Fault.DUPLICATE_FILE):
            self._dialogue.import_file(name)
            self._send(name, limits)

    def _pack(self, each: FileSet, number: int) -> str:
        """The set as an archive beside the files, named as 1C names its temporary files."""
        name = f"v8_{0x1065 + number:X}_{number + 1:x}a.zip"
        with zipfile.ZipFile(self._export.folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in (*each.documents, *each.pictures):
                with (
                    (self._export.folder / member).open("rb") as source,
                    archive.open(zipfile.ZipInfo(member, _ZIP_DAY), "w") as target,
                ):
                    shutil.copyfileobj(source, target)
            if self._take(Fault.ZIP_SLIP):
                archive.writestr("../../etc/cron.d/obmen", b"* * * * * root true\n")
            if self._take(Fault.ZIP_BOMB):
                archive.writestr("import_files/00/bomb.xml", b" " * ZIP_BOMB_BYTES)
        return name

    def _take(self, fault: Fault) -> bool:
        """Is it time for this fault? It is made once."""
        if self._fault is not fault:
            return False
        self._fault = None
        return True


def _chunks(path: Path, file_limit: int) -> Iterator[bytes]:
    """The file in pieces of `file_limit` bytes; an empty file is one empty piece."""
    size = file_limit or path.stat().st_size or 1
    with path.open("rb") as source:
        chunk = source.read(size)
        yield chunk
        while chunk := source.read(size):
            yield chunk


if __name__ == "__main__":
    from sandbox.cli import app

    app()
