"""The conversation, mode by mode (fact sheet 2.1-2.3), with the quirks that were ordered."""

import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO

from sandbox.portal import readback
from sandbox.portal.holding import Holding
from sandbox.portal.importing import Importer
from sandbox.portal.quirks import Habits, Quirk
from sandbox.portal.records import UnreadableError
from sandbox.portal.sessions import COOKIE_NAME, Login, Session, Sessions
from sandbox.portal.store import Store
from sandbox.portal.tongue import Tongue
from sandbox.portal.wire import Answer, Request

USUAL_FILE_LIMIT = 200 * 1024
USER_AGENT = "1C+Enterprise"
_DOCUMENTS = (".xml", ".zip")
_UNKNOWN = "Unknown command type."
_IMPORTED = {"import.xml", "offers.xml"}


class Exchange:
    """Answers requests of 1C's side. One at a time: a file half applied is seen by nobody."""

    def __init__(self, store: Store, sessions: Sessions, habits: Habits, login: Login) -> None:
        self.importer = Importer(store, habits)
        self.tongue = Tongue(habits)
        self._store = store
        self._sessions = sessions
        self._habits = habits
        self._login = login
        self._lock = threading.Lock()
        self._progress: Counter[tuple[str, str]] = Counter()  # by cookie and file
        self._last_chunks: dict[tuple[str, str], int] = {}
        self._imported_early: set[tuple[str, str]] = set()
        self._slices: dict[str, int] = {}  # by cookie: the next slice to give

    @property
    def file_limit(self) -> int:
        """Bytes of one request's body; 0 or less: no limit."""
        if Quirk.FILE_LIMIT_ZERO in self._habits:
            return 0
        if Quirk.FILE_LIMIT_MINUS_ONE in self._habits or Quirk.NO_FILE_LIMIT in self._habits:
            return -1
        if Quirk.SMALL_FILE_LIMIT in self._habits:
            return int(self._habits.number(Quirk.SMALL_FILE_LIMIT))
        return USUAL_FILE_LIMIT

    def answer(self, request: Request, body: IO[bytes], size: int) -> Answer:
        """What is said to a request whose body of `size` bytes was read."""
        with self._lock:
            try:
                return self._answer(request, body, size)
            except UnreadableError as error:
                return self.tongue.refuse(str(error))

    def _answer(self, request: Request, body: IO[bytes], size: int) -> Answer:
        agent = request.headers.get("user-agent", "")
        if Quirk.NEEDS_USER_AGENT in self._habits and not agent.startswith(USER_AGENT):
            return self.tongue.refuse("Доступ запрещён", status=403)
        mode = request.query.get("mode", "")
        if request.query.get("type") not in {"catalog", "get_catalog"}:
            return self._unknown()
        if mode == "checkauth":
            return self._checkauth(request)
        session = self._admit(request)
        if isinstance(session, Answer):
            return session
        if request.query["type"] == "get_catalog":
            return self._give_catalog(session, mode)
        return self._take_catalog(session, request, body, size)

    def _admit(self, request: Request) -> Session | Answer:
        """The session of a request, or why it has none."""
        session = self._sessions.find(request)
        if session is None:
            return self.tongue.refuse("Сессия не найдена", status=401)
        needs_basic = Quirk.BASIC_ON_EVERY_REQUEST in self._habits
        if needs_basic and not self._login.is_met(request):
            return self.tongue.refuse("Ошибка авторизации", status=401)
        needs_sessid = Quirk.NEEDS_SESSID in self._habits
        if needs_sessid and request.query.get("sessid") != session.sessid:
            return self.tongue.refuse("Ваша сессия истекла", status=403)
        return session

    def _take_catalog(
        self, session: Session, request: Request, body: IO[bytes], size: int
    ) -> Answer:
        mode, name = request.query.get("mode", ""), request.query.get("filename", "")
        match mode:
            case "init":
                return self._init(session, request)
            case "file":
                return self._file(session, name, body, size)
            case "import":
                return self._import(session, name)
            case "deactivate" | "complete" if Quirk.NO_COMPLETE not in self._habits:
                return self._close(mode, request.query.get("timestamp", ""))
            case _:
                return self._unknown()

    def _checkauth(self, request: Request) -> Answer:
        if not self._login.is_met(request):
            return self.tongue.refuse("Ошибка авторизации", status=401)
        session = self._sessions.begin(request)
        header = f"{COOKIE_NAME}={session.cookie}; path=/; HttpOnly"
        if Quirk.SHORT_CHECKAUTH in self._habits:
            return self.tongue.say("success")
        if Quirk.SET_COOKIE_ONLY in self._habits:
            return self.tongue.say("success", cookie=header)
        if Quirk.COOKIE_DIFFERS_FROM_BODY in self._habits:
            other = session.cookie[::-1]
            return self.tongue.say("success", COOKIE_NAME, other, cookie=header)
        lines = ["success", COOKIE_NAME, session.cookie]
        if Quirk.THREE_LINE_CHECKAUTH not in self._habits:
            lines += [f"sessid={session.sessid}", f"timestamp={session.began_at}"]
        return self.tongue.say(*lines, cookie=header)

    def _init(self, session: Session, request: Request) -> Answer:
        session.reset()
        lines = [f"zip={'yes' if Quirk.ZIP_YES in self._habits else 'no'}"]
        if Quirk.NO_FILE_LIMIT not in self._habits:
            lines.append(f"file_limit={self.file_limit}")
        if Quirk.FOUR_LINE_INIT in self._habits:
            version = request.query.get("version", "3.1")
            lines += [f"sessid={session.sessid}", f"version={version}"]
        return self.tongue.say(*lines)

    def _file(self, session: Session, name: str, body: IO[bytes], size: int) -> Answer:
        if 0 < self.file_limit < size:
            return self.tongue.refuse(f"Часть файла больше {self.file_limit} байт")
        path = session.place(name)
        is_known = path.exists()
        is_further = is_known and Quirk.CHUNKS_OVERWRITE not in self._habits
        if is_further and Quirk.XML_START_TRUNCATES in self._habits:
            is_further = not body.read(6).startswith(b"<?xml ")
            body.seek(0)
        session.write(name, body, append=is_further)
        self._imported_early.discard((session.cookie, name))
        self._last_chunks[session.cookie, name] = size
        if not name.lower().endswith(_DOCUMENTS):
            self.importer.keep_picture(name, path, is_new=not is_further)
        elif Quirk.IMPORTS_AT_FILE in self._habits:
            self._import_early(session, name, path)
        return self.tongue.say("success")

    def _import_early(self, session: Session, name: str, path: Path) -> None:
        """Import as soon as what has come is a whole document; until then it is not read."""
        with suppress(UnreadableError):
            self.importer.apply(name, path)
            self._imported_early.add((session.cookie, name))

    def _import(self, session: Session, name: str) -> Answer:
        for member in session.unpack():
            if not member.lower().endswith(_DOCUMENTS):
                self.importer.keep_picture(member, session.place(member), is_new=True)
        if Quirk.ONLY_IMPORT_AND_OFFERS in self._habits and name not in _IMPORTED:
            return self.tongue.say("success")
        path = self._find_whole(session, name)
        if (session.cookie, name) in self._imported_early:
            return self.tongue.say("success")
        if self._is_in_progress(session, name):
            return self.tongue.say("progress", f"Обработка файла {name}")
        if Quirk.QUEUED_SUCCESS in self._habits:
            self.importer.enqueue(name, path)
        elif Quirk.LOST_SUCCESS not in self._habits:
            self.importer.apply(name, path)
        is_wordy = Quirk.EXTRA_LINES in self._habits
        more = ("Импорт завершён", "laravel_session", session.cookie) if is_wordy else ()
        return self.tongue.say("success", *more)

    def _find_whole(self, session: Session, name: str) -> Path:
        """The file that is to be imported; raises UnreadableError when it has not all come."""
        path = session.place(name)
        if not path.is_file():
            message = f"Файл {name} не найден"
            raise UnreadableError(message)
        chunk = self._last_chunks.get((session.cookie, name))
        if Quirk.LAST_CHUNK_BY_LENGTH in self._habits and chunk == self.file_limit:
            message = f"Файл {name} получен не полностью"
            raise UnreadableError(message)
        return path

    def _is_in_progress(self, session: Session, name: str) -> bool:
        if Quirk.PROGRESS_WITHOUT_END in self._habits:
            return True
        if Quirk.PROGRESS_N_TIMES not in self._habits:
            return False
        key = session.cookie, name
        self._progress[key] += 1
        if self._progress[key] <= self._habits.number(Quirk.PROGRESS_N_TIMES):
            return True
        del self._progress[key]
        return False

    def _close(self, mode: str, timestamp: str) -> Answer:
        if mode == "complete":
            return self.tongue.say("success")
        if not timestamp.isdecimal():
            return self.tongue.refuse("Не указано время начала обмена")
        with self._store.transaction() as base:
            hidden = Holding(base, mode, self._habits).deactivate(int(timestamp))
        return self.tongue.say("success", f"Деактивировано: {hidden}")

    def _give_catalog(self, session: Session, mode: str) -> Answer:
        if Quirk.NO_GET_CATALOG in self._habits:
            return self._unknown()
        if mode == "init":
            self._slices[session.cookie] = 0
            return self.tongue.say("zip=no")
        if mode != "query":
            return self._unknown()
        number = self._slices.get(session.cookie, 0)
        with self._store.transaction() as base:
            total = readback.slices(base)
            if number >= total:
                return self.tongue.say("finished=yes")
            document = readback.write_slice(base, number, self.tongue.encoding)
        self._slices[session.cookie] = number + 1
        if number + 1 == total and Quirk.FINISHED_IN_LAST_SLICE in self._habits:
            document += b"\nfinished=yes"
        return self.tongue.show(document)

    def _unknown(self) -> Answer:
        if Quirk.UNKNOWN_MODE_IS_SUCCESS in self._habits:
            return self.tongue.say("success")
        return self.tongue.refuse(_UNKNOWN)
