"""Taking a file in: in one transaction with the count of how often it was taken."""

import hashlib
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from sandbox.portal.holding import Holding
from sandbox.portal.quirks import Habits, Quirk
from sandbox.portal.reading import Document
from sandbox.portal.records import Kind, UnreadableError
from sandbox.portal.store import Store

_LOOK_EVERY_S = 0.1


class Importer:
    """Applies files, at once or, of a queue that outlives the process, later."""

    def __init__(self, store: Store, habits: Habits) -> None:
        self._store = store
        self._habits = habits

    def apply(self, name: str, path: Path) -> None:
        """Take the file at `path` in under the name it came by.

        Raises:
            UnreadableError: it cannot be read; nothing of it is in, but for the quirk of the half.
        """
        digest = file_digest(path)
        document = Document(path)
        is_half = False
        with self._store.transaction() as base:
            holding = Holding(base, name, self._habits)
            named: set[str] = set()
            for number, record in enumerate(document.records()):
                is_half = self._gives_up_at(number)
                if is_half:
                    break
                holding.put(record)
                if record.kind is Kind.GOODS:
                    named.add(record.id)
            is_catalog = document.is_full and "Каталог" in document.containers
            if is_catalog and Quirk.FULL_FILE_DELETES_ABSENT in self._habits:
                holding.delete_goods_but(named)
            if not is_half:
                base.execute(
                    "insert into applied (file, sha256, times) values (?, ?, 1)"
                    " on conflict (file, sha256) do update set times = times + 1",
                    (name, digest),
                )
        if is_half:
            message = "Превышено время выполнения"
            raise UnreadableError(message)

    def _gives_up_at(self, number: int) -> bool:
        if Quirk.HALF_IMPORT not in self._habits:
            return False
        return number >= self._habits.number(Quirk.HALF_IMPORT)

    def keep_picture(self, name: str, path: Path, *, is_new: bool) -> None:
        """Note a picture as it now is; `is_new` unless it was a further chunk of it."""
        with self._store.transaction() as base:
            base.execute(
                "insert into picture (path, sha256, size, times) values (?, ?, ?, 1)"
                " on conflict (path) do update set sha256 = excluded.sha256,"
                " size = excluded.size, times = times + ?",
                (name, file_digest(path), path.stat().st_size, int(is_new)),
            )

    def enqueue(self, name: str, path: Path) -> None:
        """Promise to take a file in some seconds later."""
        due_at = time.time() + self._habits.number(Quirk.QUEUED_SUCCESS)
        with self._store.transaction() as base:
            base.execute(
                "insert into job (due_at, file, content) values (?, ?, ?)",
                (due_at, name, path.read_bytes()),
            )

    def work(self, stop: threading.Event) -> None:
        """Keep the promises until `stop`."""
        while not stop.wait(_LOOK_EVERY_S):
            with self._store.transaction() as base:
                row = base.execute(
                    "select * from job where due_at <= ? order by number limit 1", (time.time(),)
                ).fetchone()
            if row:
                self._do(row["number"], row["file"], row["content"])

    def _do(self, number: int, name: str, content: bytes) -> None:
        """Apply one queued file; one that cannot be read is dropped in silence, as over there."""
        with tempfile.NamedTemporaryFile(suffix=".xml") as copy:
            copy.write(content)
            copy.flush()
            with self._store.transaction() as base:
                with suppress(UnreadableError):
                    self.apply(name, Path(copy.name))
                base.execute("delete from job where number = ?", (number,))


def file_digest(path: Path) -> str:
    """SHA-256 in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
