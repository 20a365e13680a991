"""Who is in, and the folder in which the files of a session wait for their import."""

import base64
import hmac
import secrets
import shutil
import time
import zipfile
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path, PurePosixPath
from typing import IO

from sandbox.portal.quirks import Habits, Quirk
from sandbox.portal.records import UnreadableError
from sandbox.portal.store import Store
from sandbox.portal.wire import Request

COOKIE_NAME = "PORTALSESSID"
MAX_ARCHIVE_BYTES = 1 << 30
_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Login:
    """Who may come in; an empty name lets everybody in."""

    user: str = ""
    password: str = ""

    def is_met(self, request: Request) -> bool:
        """Does the request carry this name and password?"""
        if not self.user:
            return True
        expected = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        return hmac.compare_digest(expected.encode(), given.encode())


@dataclass(frozen=True, slots=True)
class Session:
    """One visit, from checkauth on."""

    cookie: str
    sessid: str
    began_at: int
    folder: Path

    def reset(self) -> None:
        """Throw away the files that wait."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def place(self, name: str) -> Path:
        """Where the file `name` waits.

        Raises:
            UnreadableError: the name leads out of the folder.
        """
        path = PurePosixPath(name)
        if not path.parts or path.is_absolute() or ".." in path.parts:
            message = f"Недопустимое имя файла: {name}"
            raise UnreadableError(message)
        return self.folder.joinpath(*path.parts)

    def write(self, name: str, body: IO[bytes], *, append: bool) -> Path:
        """Write a file, or add to what waits of it already."""
        path = self.place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab" if append else "wb") as target:
            shutil.copyfileobj(body, target)
        return path

    def unpack(self) -> list[str]:
        """Unpack the archives that wait and remove them; the names of what was in them.

        Raises:
            UnreadableError: an archive is broken, too large or leads out of the folder.
        """
        names: list[str] = []
        for path in sorted(self.folder.glob("*.zip")):
            try:
                with zipfile.ZipFile(path) as archive:
                    members = [each for each in archive.infolist() if not each.is_dir()]
                    if sum(each.file_size for each in members) > MAX_ARCHIVE_BYTES:
                        message = f"Архив {path.name} слишком велик"
                        raise UnreadableError(message)
                    for each in members:
                        with archive.open(each) as body:
                            self.write(each.filename, body, append=False)
                        names.append(each.filename)
            except zipfile.BadZipFile as error:
                message = f"Архив {path.name} испорчен: {error}"
                raise UnreadableError(message) from None
            path.unlink()
        return names


class Sessions:
    """All sessions; they outlive the process, as files of sessions do on a real site."""

    def __init__(self, store: Store, folder: Path, habits: Habits) -> None:
        self._store = store
        self._folder = folder
        self._habits = habits

    def begin(self, request: Request) -> Session:
        """A new session; its cookie follows the quirks."""
        if Quirk.SHORT_CHECKAUTH in self._habits:
            cookie = _address_name(request)
        elif Quirk.STATIC_COOKIE in self._habits:
            cookie = "5ebe2294ecd0e0f08eab7690d2a6ee69"
        else:
            cookie = secrets.token_hex(16)
        session = self._session(cookie, secrets.token_hex(16), int(time.time()))
        with self._store.transaction() as base:
            base.execute(
                "insert or replace into session (cookie, sessid, began_at) values (?, ?, ?)",
                (session.cookie, session.sessid, session.began_at),
            )
            forgotten = base.execute(
                "delete from session where rowid <= (select rowid from session"
                " order by rowid desc limit 1 offset ?) returning cookie",
                (_REMEMBERED,),
            ).fetchall()
        for row in forgotten:
            shutil.rmtree(self._folder / row["cookie"], ignore_errors=True)
        return session

    def find(self, request: Request) -> Session | None:
        """The session a request belongs to."""
        if Quirk.SHORT_CHECKAUTH in self._habits:
            cookie = _address_name(request)
        else:
            try:
                morsel = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE_NAME)
            except CookieError:
                return None
            cookie = morsel.value if morsel else ""
        with self._store.transaction() as base:
            row = base.execute("select * from session where cookie = ?", (cookie,)).fetchone()
        return self._session(row["cookie"], row["sessid"], row["began_at"]) if row else None

    def _session(self, cookie: str, sessid: str, began_at: int) -> Session:
        return Session(cookie, sessid, began_at, self._folder / cookie)


def _address_name(request: Request) -> str:
    return f"address-{request.peer.replace(':', '-')}"
