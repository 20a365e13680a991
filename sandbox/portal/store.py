"""The portal's memory: one SQLite file, one transaction a file, nothing lost by a kill."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
    create table if not exists session (
        cookie text primary key, sessid text not null, began_at integer not null
    );
    create table if not exists record (
        kind text not null, id text not null, body text not null,
        touched_at integer not null, is_active integer not null,
        primary key (kind, id)
    );
    create table if not exists applied (
        file text not null, sha256 text not null, times integer not null,
        primary key (file, sha256)
    );
    create table if not exists change (
        number integer primary key autoincrement, file text not null, kind text not null,
        id text not null, action text not null, field text, old text, new text
    );
    create table if not exists picture (
        path text primary key, sha256 text not null, size integer not null, times integer not null
    );
    create table if not exists job (
        number integer primary key autoincrement, due_at real not null, file text not null,
        content blob not null
    );
"""


class Store:
    """The state file. Threads take turns; a transaction in progress is seen by nobody else."""

    def __init__(self, path: Path) -> None:
        """Open or make the file `path`."""
        self._lock = threading.RLock()
        self._depth = 0
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.row_factory = sqlite3.Row
        # FULL: a success that was answered outlives a power cut, too.
        self._base.executescript("pragma journal_mode = wal; pragma synchronous = full;")
        self._base.executescript(f"begin; {_SCHEMA} commit;")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or, after an exception, nothing; one inside another is a part of it."""
        with self._lock:
            self._depth += 1
            name = f"step_{self._depth}"
            self._base.execute(f"savepoint {name}")
            try:
                yield self._base
            except BaseException:
                self._base.execute(f"rollback to {name}")
                raise
            finally:
                self._depth -= 1
                self._base.execute(f"release {name}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()
