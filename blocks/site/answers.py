"""What a site's answer says. Pure.

The first line is the protocol's, the rest is for people. A word counts only when it surely is
whole: a body may end early, and `succ` at its end may have become anything.
"""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

import httpx

from blocks.site.terms import Charset
from blocks.site.wire import Heard

_KNOWN: Final = ("success", "progress", "failure")
# WooCommerce's plugin says `Error: …` where the protocol wants `failure`.
_REFUSALS: Final = ("failure", "error")
_DIGITS_MAX: Final = 16
_BLANK: Final = "\ufeff \t\r\n"
_HTTP_OK: Final = range(200, 300)
# The site read the request and would not do it. 408 and 429 are no such answers.
_HTTP_REFUSED: Final = frozenset(range(400, 500)) - {408, 425, 429}


class Word(StrEnum):
    """What the first line of an answer means."""

    SUCCESS = "success"
    PROGRESS = "progress"
    REFUSAL = "failure"
    CUT = "cut"  # the word is not surely whole
    OTHER = "another text"  # an HTML page, an error of the server, whatever


def text_of(heard: Heard, charset: Charset = "auto") -> str:
    """Return an answer as text: UTF-8 if it is that, otherwise windows-1251."""
    if charset != "auto":
        return heard.body.decode(charset, errors="replace").strip(_BLANK)
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        return decoder.decode(heard.body, final=not heard.broken).strip(_BLANK)
    except UnicodeDecodeError:
        return heard.body.decode("windows-1251", errors="replace").strip(_BLANK)


def word_of(heard: Heard) -> Word:
    """Return what an answer says. An error's HTTP status never makes a success."""
    text = heard.body.decode("latin-1").replace("\xef\xbb\xbf", "").lstrip(_BLANK)
    line, newline, _ = text.partition("\n")
    told = line.strip(_BLANK).casefold()
    if (heard.broken and not newline) or any(
        each.startswith(told) for each in _KNOWN if each != told
    ):
        said = Word.CUT
    elif told.startswith(_REFUSALS):
        said = Word.REFUSAL
    elif told in {Word.SUCCESS, Word.PROGRESS} and heard.status in _HTTP_OK:
        said = Word(told)
    else:
        said = Word.OTHER
    is_refused = said in {Word.CUT, Word.OTHER} and heard.status in _HTTP_REFUSED
    return Word.REFUSAL if is_refused else said


@dataclass(frozen=True, slots=True)
class Session:
    """What `checkauth` gave: the lines of the body, as far as they are there."""

    cookies: dict[str, str]
    sessid: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What `init` gave. `piece` is bytes of one POST; 0: any."""

    takes_zip: bool
    piece: int


def session_of(text: str, headers: httpx.Headers) -> Session:
    """Read one to five lines of `checkauth`; a cookie that was really set wins over the body."""
    lines = [line.strip() for line in text.split("\n")[1:]]
    named = dict(line.split("=", 1) for line in lines if line.startswith(("sessid=", "timestamp=")))
    plain = [line for line in lines if line and line.partition("=")[0] not in named]
    told = {plain[0]: plain[1]} if len(plain) > 1 else {}
    return Session(told | cookies_of(headers), named.get("sessid", ""))


def cookies_of(headers: httpx.Headers) -> dict[str, str]:
    """Return the cookies that an answer sets, without what browsers would need to know of them."""
    pairs = (each.split(";")[0].partition("=") for each in headers.get_list("set-cookie"))
    return {
        name.strip(): value.strip()
        for name, _, value in pairs
        if name.strip() and value.strip() not in {"", "deleted"}
    }


def limits_of(text: str) -> Limits:
    """Read the lines of `init`; what is missing or is no number limits nothing."""
    lines: Sequence[str] = [line.strip().casefold() for line in text.split("\n")]
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    piece = told.get("file_limit", "").strip()
    # Of more digits than any file has bytes, Python refuses to read thousands.
    is_number = piece.isascii() and piece.isdigit() and len(piece) < _DIGITS_MAX
    return Limits(
        takes_zip=told.get("zip", "").strip() == "yes", piece=int(piece) if is_number else 0
    )


def pause_asked_s(headers: httpx.Headers) -> float:
    """Return the seconds that `Retry-After` asks for, as a number or as a date; 0 without one."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
