"""The words 1C exchanges with a site over HTTP, request by request (fact sheet 2.1-2.3).

Behaves as 1C does where another client would be kinder: the cookie is sent verbatim, `init` of
client A must have exactly two lines, a `progress` is answered at once, and every first line that is
not expected ends the whole run with the text 1C would show.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

USER_AGENT = "1C+Enterprise/8.3"
ANSWER_TIMEOUT_S = 180.0  # what УТ waits for one answer
INIT_LINES = 2
CHECKAUTH_LINES = 3


class BrokenOffError(Exception):
    """1C gave the exchange up; the text is what it shows to its user."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where and as whom 1C knocks, and how patient it is."""

    url: str
    login: str
    password: str
    answer_timeout_s: float = ANSWER_TIMEOUT_S
    import_deadline_s: float = 600.0  # 1C repeats forever; a test must not


@dataclass(frozen=True, slots=True)
class Turn:
    """One request and what came back."""

    request: str
    answer: str  # the first line
    seconds: float
    body: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the site said at `init`."""

    is_zip: bool
    file_limit: int  # bytes of one chunk; 0: no splitting


Watcher = Callable[[Turn], None]


class Dialogue:
    """A session of 1C with one site. Keeps the transcript of everything said."""

    def __init__(self, account: Account, *, version: str | None = None, watch: Watcher) -> None:
        """Speak as client A, or as client B when a `version` is to be sent."""
        self.transcript: list[Turn] = []
        self._account = account
        self._version = version
        self._watch = watch
        self._cookie = ""
        self._sessid = ""
        self._timestamp = ""
        self._http = httpx.Client(
            auth=httpx.BasicAuth(account.login, account.password),
            headers={"User-Agent": USER_AGENT},
            timeout=account.answer_timeout_s,
            trust_env=False,
        )
        # 1C sends the cookie of the answer's body and knows no other.
        self._http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def __enter__(self) -> Self:
        """Give the dialogue itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._http.close()

    def checkauth(self) -> None:
        """Knock; keep cookie and `sessid`."""
        self._cookie = self._sessid = ""
        lines = self._ask("GET", "mode=checkauth", version=self._version)
        if lines[0].strip().lower() != "success":
            self._give_up("Не удалось установить соединение с сервером", lines)
        if len(lines) < CHECKAUTH_LINES:
            self._give_up("Не удалось прочитать ответ сервера", lines)
        self._cookie = f"{lines[1]}={lines[2]}"
        named = dict(line.strip().split("=", 1) for line in lines[CHECKAUTH_LINES:] if "=" in line)
        self._timestamp = named.get("timestamp", "")
        if self._version:
            if "sessid" not in named:
                self._give_up("Сервер не сообщил sessid", lines)
            self._sessid = named["sessid"]

    def init(self) -> Limits:
        """Ask for the limits."""
        lines = self._ask("GET", "mode=init", version=self._version)
        is_short = len(lines) < INIT_LINES
        if is_short or (not self._version and len(lines) != INIT_LINES):
            self._give_up("Не удалось прочитать ответ сервера", lines)
        named = dict(line.strip().split("=", 1) for line in lines if "=" in line)
        if "zip" not in named:
            self._give_up("Не удалось прочитать ответ сервера", lines)
        digits = named.get("file_limit", "")
        limit = int(digits) if digits.isdecimal() else 0
        return Limits(is_zip=named["zip"].lower() == "yes", file_limit=limit)

    def send(self, name: str, chunk: bytes) -> None:
        """One chunk of the file `name`."""
        lines = self._ask("POST", f"mode=file&filename={quote(name)}", content=chunk)
        if lines[0].strip().lower() != "success":
            self._give_up(f"Не удалось отправить файл {name}", lines)

    def send_and_hang_up(self, name: str, chunk: bytes) -> None:
        """Begin to send a chunk and vanish in the middle of its body."""

        def half() -> Iterator[bytes]:
            yield chunk[: len(chunk) // 2]
            message = "1C is gone"
            raise httpx.WriteError(message)

        query = self._query(f"mode=file&filename={quote(name)}")
        headers = {**self._headers(), "Content-Length": str(len(chunk))}
        try:
            self._http.post(f"{self._account.url}?{query}", content=half(), headers=headers)
        except httpx.TransportError:
            self._note(f"POST {query}", "(hung up in mid-body)", 0.0)
        message = f"Не удалось отправить файл {name}: соединение разорвано"
        raise BrokenOffError(message)

    def import_file(self, name: str) -> None:
        """Have a file imported: repeat at once while the site says `progress`."""
        deadline = time.monotonic() + self._account.import_deadline_s
        while True:
            lines = self._ask("GET", f"mode=import&filename={quote(name)}")
            match lines[0].strip().lower():
                case "success":
                    return
                case "progress" if time.monotonic() < deadline:
                    continue
                case "progress":
                    self._give_up(f"Импорт файла {name} не закончен вовремя", lines)
                case "failure":
                    self._give_up(f"Ошибка импорта файла {name}", lines)
                case _:
                    self._give_up("Получен неизвестный статус импорта", lines)

    def close_run(self, *, deactivate: bool = False) -> None:
        """Client B: everything was sent; `deactivate` what was not touched in this run."""
        modes = [f"mode=deactivate&timestamp={self._timestamp}"] if deactivate else []
        for mode in (*modes, "mode=complete"):
            lines = self._ask("GET", mode)
            if lines[0].strip().lower() != "success":
                self._give_up("Не удалось завершить обмен", lines)

    def _ask(
        self, method: str, mode: str, *, version: str | None = None, content: bytes | None = None
    ) -> list[str]:
        query = self._query(mode, version)
        started = time.monotonic()
        try:
            answer = self._http.request(
                method,
                f"{self._account.url}?{query}",
                content=content,
                headers=self._headers(binary=content is not None),
            )
        except httpx.TransportError as error:
            self._note(f"{method} {query}", f"({error!r})", started)
            message = f"Сервер не ответил: {type(error).__name__}"
            raise BrokenOffError(message) from error
        text = answer.content.decode("utf-8-sig", errors="replace")
        self._note(f"{method} {query}", text, started)
        return text.split("\n")

    def _query(self, mode: str, version: str | None = None) -> str:
        sessid = f"&sessid={quote(self._sessid)}" if self._sessid else ""
        spoken = f"&version={version}" if version else ""
        return f"type=catalog&{mode}{sessid}{spoken}"

    def _headers(self, *, binary: bool = False) -> dict[str, str]:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if binary:
            headers["Content-Type"] = "application/octet-stream"
        return headers

    def _note(self, request: str, text: str, started: float) -> None:
        seconds = time.monotonic() - started if started else 0.0
        turn = Turn(request, text.split("\n", 1)[0].strip(), round(seconds, 3), text)
        self.transcript.append(turn)
        self._watch(turn)

    def _give_up(self, words: str, lines: list[str]) -> None:
        answer = "\n".join(lines).strip()
        message = f"{words}: {answer}"
        raise BrokenOffError(message)
