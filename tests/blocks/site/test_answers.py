import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from blocks.site.answers import (
    Limits,
    Session,
    Word,
    cookies_of,
    limits_of,
    pause_asked_s,
    session_of,
    text_of,
    word_of,
)
from blocks.site.terms import Charset
from blocks.site.wire import Heard


def heard(body: bytes | str, status: int = 200, broken: str = "") -> Heard:
    told = body.encode() if isinstance(body, str) else body
    return Heard(status, httpx.Headers(), told, broken)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("success", Word.SUCCESS),
        ("success\n", Word.SUCCESS),
        ("SUCCESS\r\nещё строка", Word.SUCCESS),
        ("\ufeffsuccess", Word.SUCCESS),
        ("\ufeff\ufeff\n success \nx", Word.SUCCESS),
        ("progress\n30 из 100", Word.PROGRESS),
        ("failure\nнет файла", Word.REFUSAL),
        ("failure: нет файла", Word.REFUSAL),
        ("Error: no such file", Word.REFUSAL),
        ("succ", Word.CUT),
        ("progres", Word.CUT),
        ("", Word.CUT),
        ("\ufeff\n", Word.CUT),
        ("successful", Word.OTHER),
        ("<html><body>success</body></html>", Word.OTHER),
        ("Warning: mysql in line 3\nsuccess", Word.OTHER),
        ('{"status": "success"}', Word.OTHER),
    ],
)
def test_only_a_word_of_the_protocol_counts(body: str, word: Word) -> None:
    assert word is word_of(heard(body))


@pytest.mark.parametrize(
    ("body", "status", "broken", "word"),
    [
        ("success", 200, "cut", Word.CUT),  # it could have become anything
        ("success\nдля", 200, "cut", Word.SUCCESS),
        ("failure\n", 200, "cut", Word.REFUSAL),
        ("success", 500, "", Word.OTHER),
        ("failure\nплохой файл", 500, "", Word.REFUSAL),
        ("<html>нет</html>", 404, "", Word.REFUSAL),
        ("", 403, "", Word.REFUSAL),
        ("<html>", 408, "", Word.OTHER),
        ("<html>", 502, "", Word.OTHER),
        ("<html>", 302, "", Word.OTHER),
    ],
)
def test_a_broken_body_and_an_http_error_make_no_success(
    body: str, status: int, broken: str, word: Word
) -> None:
    assert word is word_of(heard(body, status, broken))


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("failure\nнет".encode(), "auto", "failure\nнет"),
        ("failure\nнет".encode("windows-1251"), "auto", "failure\nнет"),
        ("\ufeffnon".encode(), "auto", "non"),
        ("нет".encode("windows-1251"), "windows-1251", "нет"),
        ("нет".encode()[:-1], "utf-8", "не\ufffd"),
    ],
)
def test_answers_are_read_in_both_encodings(body: bytes, charset: Charset, text: str) -> None:
    assert text == text_of(heard(body), charset)


def test_a_letter_cut_in_the_middle_does_not_change_the_encoding() -> None:
    assert "не" == text_of(heard("нет".encode()[:-1], broken="cut"))


@pytest.mark.parametrize(
    ("body", "set_cookie", "session"),
    [
        ("success", [], Session({}, "")),
        ("success\nsid", [], Session({}, "")),
        ("success\nsid\nabc==", [], Session({"sid": "abc=="}, "")),
        ("success\r\nsid\r\nabc\r\nsessid=t1\r\ntimestamp=5", [], Session({"sid": "abc"}, "t1")),
        ("success\nsid\nabc\nsessid=t=1", [], Session({"sid": "abc"}, "t=1")),
        ("success", ["sid=abc; path=/; HttpOnly"], Session({"sid": "abc"}, "")),
        ("success\nsid\nold", ["sid=new; path=/"], Session({"sid": "new"}, "")),
        ("success\nsid\nabc", ["lb=n3"], Session({"sid": "abc", "lb": "n3"}, "")),
    ],
)
def test_checkauth_is_read_with_one_to_five_lines(
    body: str, set_cookie: list[str], session: Session
) -> None:
    headers = httpx.Headers([("Set-Cookie", each) for each in set_cookie])

    assert session == session_of(body, headers)


def test_a_cookie_that_is_taken_back_is_no_cookie() -> None:
    headers = httpx.Headers([("Set-Cookie", "a=deleted"), ("Set-Cookie", "b=; Max-Age=0")])

    assert {} == cookies_of(headers)


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("zip=no\nfile_limit=1000", Limits(takes_zip=False, piece=1000)),
        ("zip=yes\r\nfile_limit= 1000 \r\n", Limits(takes_zip=True, piece=1000)),
        ("ZIP=YES\nfile_limit=0", Limits(takes_zip=True, piece=0)),
        ("zip=no\nfile_limit=-1", Limits(takes_zip=False, piece=0)),
        ("zip=no\nfile_limit=8M", Limits(takes_zip=False, piece=0)),
        ("zip=no", Limits(takes_zip=False, piece=0)),
        ("zip=no\nfile_limit=5\nsessid=x\nversion=3.1", Limits(takes_zip=False, piece=5)),
        ("zip=no\nfile_limit=" + "9" * 5000, Limits(takes_zip=False, piece=0)),
    ],
)
def test_a_limit_that_is_none_limits_nothing(body: str, limits: Limits) -> None:
    assert limits == limits_of(body)


def test_a_pause_is_asked_for_as_a_number_or_as_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert 7 == pause_asked_s(httpx.Headers({"Retry-After": "7"}))
    assert 50 < pause_asked_s(httpx.Headers({"Retry-After": soon})) <= 60
    assert 0 == pause_asked_s(httpx.Headers({"Retry-After": "soon"}))
    assert 0 == pause_asked_s(httpx.Headers())


def test_a_page_of_noise_is_no_word() -> None:
    assert Word.OTHER is word_of(heard(zlib.compress(b"noise" * 100)))
