"""Reading a request's query, and the rule of the repeated chunk."""

import os

import pytest

from blocks.gateway.protocol import (
    Asked,
    Chunk,
    ExchangeType,
    Mode,
    agreed_version,
    is_monotonous,
    may_be_repeat,
    parse_query,
)


@pytest.mark.parametrize(
    ("query", "mode"),
    [
        (b"type=catalog&mode=checkauth", Mode.CHECKAUTH),
        (b"type=catalog&mode=init", Mode.INIT),
        (b"mode=file&type=catalog&filename=a.xml", Mode.FILE),
        (b"type=catalog&mode=import&filename=a.xml", Mode.IMPORT),
        (b"type=catalog&mode=deactivate&timestamp=5", Mode.DEACTIVATE),
        (b"type=catalog&mode=complete", Mode.COMPLETE),
        (b"type=catalog&mode=query", Mode.QUERY),
        (b"type=catalog&mode=success", Mode.SUCCESS),
        (b"type=catalog&mode=info", Mode.INFO),
        (b"type=catalog&mode=CheckAuth", Mode.CHECKAUTH),
        (b"type=catalog&mode=erase", None),
        (b"type=catalog", None),
        (b"", None),
    ],
)
def test_a_mode_is_read_whatever_its_place_and_case(query: bytes, mode: Mode | None) -> None:
    assert mode == parse_query(query).mode


@pytest.mark.parametrize(
    "query",
    [
        "filename=Каталог.xml".encode(),
        b"filename=%D0%9A%D0%B0%D1%82%D0%B0%D0%BB%D0%BE%D0%B3.xml",
        b"filename=%CA%E0%F2%E0%EB%EE%E3.xml",
    ],
)
def test_a_file_name_is_read_in_utf_8_and_in_windows_1251(query: bytes) -> None:
    assert parse_query(query).file_name == "Каталог.xml"


def test_all_parameters_of_the_protocol_are_read() -> None:
    asked = parse_query(
        b"type=sale&mode=file&filename=a.xml&version=3.1&sessid=t&timestamp=7&other=1"
    )

    assert asked == Asked(ExchangeType.SALE, Mode.FILE, "sale", "file", "a.xml", "3.1", "t", "7")


def test_a_parameter_given_twice_with_different_values_is_named() -> None:
    assert parse_query(b"filename=a.xml&filename=b.xml").repeated == "filename"


def test_a_parameter_given_twice_alike_is_no_contradiction() -> None:
    assert parse_query(b"sessid=t&mode=init&sessid=t").repeated == ""


@pytest.mark.parametrize(
    ("asked", "agreed"),
    [
        ("2.03", "2.03"),
        ("2.05", "2.05"),
        ("2.09", "2.09"),
        ("2.10", "2.10"),
        ("2.1", "2.10"),
        ("2.11", "2.10"),
        ("3.1", "3.1"),
        ("3.2", "3.1"),
        ("abc", "2.10"),
        ("9" * 5000, "3.1"),
        ("²", "2.10"),
        (".", "2.10"),
    ],
)
def test_a_client_hears_its_own_version_or_the_newest_of_its_generation(
    asked: str, agreed: str
) -> None:
    assert agreed == agreed_version(asked)


@pytest.mark.parametrize(
    ("previous", "new", "answer"),
    [
        (None, Chunk(b"a", 1), False),
        (Chunk(b"a", 1), Chunk(b"a", 1), True),
        (Chunk(b"a", 1), Chunk(b"b", 1), False),
        (Chunk(b"a", 1), Chunk(b"a", 2), False),
    ],
)
def test_a_repeat_has_the_length_and_the_hash_of_the_last_chunk(
    previous: Chunk | None, new: Chunk, *, answer: bool
) -> None:
    assert answer == may_be_repeat(previous, new)


@pytest.mark.parametrize(
    ("chunk", "answer"),
    [
        (b"", False),
        (b"x", False),
        (bytes(1 << 20), True),
        (b"\xff\x00\x80" * 1000, True),
        (b"\xff\x00\x80" * 1000 + b"\xff", True),
        (b"<?xml version='1.0'?>" + b" " * 1000, False),
        (os.urandom(1 << 20), False),
    ],
)
def test_only_one_pattern_over_and_over_is_monotonous(chunk: bytes, *, answer: bool) -> None:
    assert answer == is_monotonous(chunk)
