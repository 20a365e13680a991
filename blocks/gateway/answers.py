"""What the gateway says, line by line. Pure.

Line 1 is ASCII and for the machine, the rest is Russian and for people. Answers have no trailing
newline: 1C counts the lines of `init` and accepts exactly two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from blocks.gateway.names import shown
from blocks.gateway.protocol import Asked, agreed_version

COOKIE = "obmen"  # 1C sends the name back as it read it; a dot in it is lost on the way
_REALM = 'Basic realm="Obmen", charset="UTF-8"'
_EMPTY_DIRECTORY = (
    '<?xml version="1.0" encoding="windows-1251"?>',
    # The first letter of the first list is a Latin C: so the only client that asks reads it.
    "<Справочник><Cтатусы/><ПлатежныеСистемы/><СлужбыДоставки/></Справочник>",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its lines, HTTP status, headers, and an encoding if it must be a certain one."""

    lines: tuple[str, ...]
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "text/plain"
    encoding: str | None = None

    def body(self, encoding: str) -> bytes:
        """Return the bytes of the answer; what the encoding lacks becomes a question mark."""
        return "\n".join(self.lines).encode(self.encoding or encoding, errors="replace")

    @property
    def gist(self) -> str:
        """What the log keeps: the first line, and after `failure` the reason too; never a token."""
        is_failure = self.lines[0] == "failure"
        return shown(": ".join(self.lines[: 2 if is_failure else 1]))


def success(*details: str) -> Answer:
    """Say that it is done."""
    return Answer(("success", *details))


def progress(detail: str) -> Answer:
    """Say that it is being done; 1C asks again at once."""
    return Answer(("progress", detail))


def failure(
    *details: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Answer:
    """Say what went wrong. An error of the exchange has status 200: 1C reads the body."""
    return Answer(("failure", *details), status=status, headers=headers or {})


def unauthorised(detail: str) -> Answer:
    """Refuse somebody whose credentials or token are not good."""
    return failure(detail, status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": _REALM})


def too_many(detail: str, retry_after_s: int) -> Answer:
    """Ask somebody to come back later."""
    return failure(
        detail, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(retry_after_s)}
    )


def too_large(detail: str) -> Answer:
    """Refuse bytes beyond a limit. The rest of the body is not read, so the connection ends."""
    return failure(
        detail, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"}
    )


def admitted(asked: Asked, token: str, opened_at_unix: int) -> Answer:
    """Answer `checkauth`: four lines.

    The fifth, `timestamp=`, is for a client that will send it back with `deactivate`. Only Bitrix's
    own 1C module does that, and it names its `version=`; the standard module never asks for it, and
    lines it does not expect have broken exports before (see `init`).
    """
    lines = ["success", COOKIE, token, f"sessid={token}"]
    if asked.version:
        lines.append(f"timestamp={opened_at_unix}")
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict"
    return Answer(tuple(lines), headers={"Set-Cookie": cookie})


def limits(asked: Asked, *, takes_zip: bool, file_limit: int, token: str) -> Answer:
    """Answer `init`: exactly two lines, unless the client names its version.

    The standard module counts the lines and aborts the export when there are not two.
    """
    lines = [f"zip={'yes' if takes_zip else 'no'}", f"file_limit={file_limit}"]
    if asked.version:
        lines += [f"sessid={token}", f"version={agreed_version(asked.version)}"]
    return Answer(tuple(lines))


def directory() -> Answer:
    """Answer `info`: the lists of order statuses, payments and deliveries; a catalog has none."""
    return Answer(_EMPTY_DIRECTORY, media_type="application/xml", encoding="windows-1251")


def not_served(asked: Asked) -> Answer:
    """Refuse a type or a mode that this gateway does not serve."""
    if asked.repeated:
        return failure(f"Параметр {asked.repeated} указан в запросе дважды с разными значениями.")
    if asked.type is None:
        return failure(f"Неизвестный вид обмена: type={shown(asked.type_text, 40)}.")
    if asked.mode is None:
        return failure(f"Неизвестная команда: mode={shown(asked.mode_text, 40)}.")
    return failure(f"Обмен type={asked.type} этим узлом пока не обслуживается.")
