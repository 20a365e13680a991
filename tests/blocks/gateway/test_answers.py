"""What is said, to the letter of commerceml.md 2.2."""

import pytest

from blocks.gateway import answers
from blocks.gateway.protocol import Asked, ExchangeType, Mode, parse_query

_CATALOG = Asked(ExchangeType.CATALOG, Mode.CHECKAUTH)
_BITRIX = Asked(ExchangeType.CATALOG, Mode.CHECKAUTH, version="3.1")


def test_checkauth_has_four_lines() -> None:
    body = answers.admitted(_CATALOG, "abc", 1_700_000_000).body("utf-8")

    assert body == b"success\nobmen\nabc\nsessid=abc"


def test_checkauth_of_a_client_with_a_version_has_a_timestamp_too() -> None:
    body = answers.admitted(_BITRIX, "abc", 1_700_000_000).body("utf-8")

    assert body == b"success\nobmen\nabc\nsessid=abc\ntimestamp=1700000000"


def test_the_name_of_the_cookie_survives_1c() -> None:
    assert answers.COOKIE.isascii()
    assert answers.COOKIE.isalnum()


@pytest.mark.parametrize(("takes_zip", "word"), [(True, b"yes"), (False, b"no")])
def test_init_has_exactly_two_lines(*, takes_zip: bool, word: bytes) -> None:
    body = answers.limits(_CATALOG, takes_zip=takes_zip, file_limit=1024, token="abc").body("utf-8")

    assert body == b"zip=" + word + b"\nfile_limit=1024"


def test_init_of_a_client_with_a_version_names_session_and_version_too() -> None:
    body = answers.limits(_BITRIX, takes_zip=True, file_limit=1024, token="abc").body("utf-8")

    assert body == b"zip=yes\nfile_limit=1024\nsessid=abc\nversion=3.1"


@pytest.mark.parametrize(
    "answer",
    [
        answers.success("Готово"),
        answers.progress("Идёт"),
        answers.failure("Нет"),
        answers.unauthorised("Нет"),
        answers.too_many("Позже", 5),
        answers.too_large("Много"),
        answers.directory(),
        answers.not_served(Asked()),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_line_1_is_ascii_and_no_line_follows_the_last(
    answer: answers.Answer, encoding: str
) -> None:
    body = answer.body(encoding)

    assert body.split(b"\n")[0].decode("ascii")
    assert not body.endswith(b"\n")


def test_russian_is_written_in_the_encoding_1c_reads() -> None:
    assert answers.failure("Нет").body("windows-1251") == b"failure\n\xcd\xe5\xf2"


def test_what_an_encoding_lacks_does_not_break_an_answer() -> None:
    assert answers.failure("名").body("windows-1251") == b"failure\n?"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (b"type=sale&mode=query", "type=sale"),
        (b"type=reference&mode=init", "type=reference"),
        (b"type=get_catalog&mode=init", "type=get_catalog"),
        (b"type=crm&mode=query", "type=crm"),
        (b"type=listen", "mode="),
        (b"type=whatever&mode=init", "type=whatever"),
        (b"type=catalog&mode=erase", "mode=erase"),
        (b"type=catalog&mode=init&mode=file", "mode"),
        (b"", "type="),
    ],
)
def test_what_is_not_served_is_said_in_a_clear_line(query: bytes, word: str) -> None:
    answer = answers.not_served(parse_query(query))

    assert answer.lines[0] == "failure"
    assert word in answer.lines[1]
    assert answer.status == 200


def test_the_log_keeps_the_reason_of_a_failure_and_no_token() -> None:
    assert answers.failure("Нет", "и ещё").gist == "failure: Нет"
    assert answers.admitted(_CATALOG, "abc", 0).gist == "success"
