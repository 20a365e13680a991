"""The quirks of real sites, each heard by the visitor it was made for."""

import time
from pathlib import Path

import httpx
import pytest

from sandbox.dialect import Client
from sandbox.portal.quirks import Habits, Quirk, parse_habits
from sandbox.portal.sessions import Login
from tests.sandbox.portal_looks import (
    BOM,
    GOOD,
    Look,
    at_file,
    broken_file,
    characteristic,
    checkauth_lines,
    cookies_agree,
    encoding_of_failure,
    first,
    full_last_chunk,
    full_twice,
    half,
    imports,
    init,
    mode,
    other_name,
    prices_named,
    raw_failure,
    raw_init,
    readback,
    second_session,
    success_lines,
    two_chunks,
    with_agent,
    with_sessid,
    without_basic,
    without_cookie,
    wrong_password,
)
from tests.sandbox.portals import Pen, company_of, expected_goods, full, goods_like, send, serve

ORDINARY = "zip=no\nfile_limit=204800"
REFUSED, TAKEN = "failure", "success"

# quirk: how it is looked at, what is seen without it, what with it
SEEN: dict[Quirk, tuple[Look, object, object]] = {
    Quirk.BOM_BEFORE_ANSWERS: (raw_init, ORDINARY.encode(), BOM + ORDINARY.encode()),
    Quirk.WINDOWS_1251_ANSWERS: (
        encoding_of_failure,
        ("utf-8", "Файл nothing.xml не найден"),
        ("windows-1251", "Файл nothing.xml не найден"),
    ),
    Quirk.ERROR_WORD: (
        raw_failure,
        b"failure\nUnknown command type.",
        b"Error: Unknown command type.",
    ),
    Quirk.HTTP_200_WITH_FAILURE: (wrong_password, (401, b"failure"), (200, b"failure")),
    Quirk.HTTP_500_FAILURE: (broken_file, (200, b"failure"), (500, b"failure")),
    Quirk.UNKNOWN_MODE_IS_SUCCESS: (mode("anything"), REFUSED, TAKEN),
    Quirk.SHORT_CHECKAUTH: (checkauth_lines, 5, 1),
    Quirk.THREE_LINE_CHECKAUTH: (checkauth_lines, 5, 3),
    Quirk.SET_COOKIE_ONLY: (checkauth_lines, 5, 1),
    Quirk.COOKIE_DIFFERS_FROM_BODY: (cookies_agree, True, False),
    Quirk.STATIC_COOKIE: (second_session, False, True),
    Quirk.NEEDS_USER_AGENT: (with_agent, [TAKEN, TAKEN], [TAKEN, REFUSED]),
    Quirk.NEEDS_SESSID: (with_sessid, ["zip=no", "zip=no"], [REFUSED, "zip=no"]),
    Quirk.BASIC_ON_EVERY_REQUEST: (without_basic, "zip=no", REFUSED),
    Quirk.FILE_LIMIT_ZERO: (init, ORDINARY, "zip=no\nfile_limit=0"),
    Quirk.FILE_LIMIT_MINUS_ONE: (init, ORDINARY, "zip=no\nfile_limit=-1"),
    Quirk.NO_FILE_LIMIT: (init, ORDINARY, "zip=no"),
    Quirk.SMALL_FILE_LIMIT: (init, ORDINARY, "zip=no\nfile_limit=1000"),
    Quirk.ZIP_YES: (init, ORDINARY, "zip=yes\nfile_limit=204800"),
    Quirk.FOUR_LINE_INIT: (lambda served, pen: len(init(served, pen).split("\n")), 2, 4),
    Quirk.CHUNKS_OVERWRITE: (two_chunks, REFUSED, TAKEN),
    Quirk.XML_START_TRUNCATES: (two_chunks, REFUSED, TAKEN),
    Quirk.LAST_CHUNK_BY_LENGTH: (full_last_chunk, TAKEN, REFUSED),
    Quirk.PROGRESS_N_TIMES: (imports, ([TAKEN] * 3, True), (["progress"] * 3, False)),
    Quirk.PROGRESS_WITHOUT_END: (imports, ([TAKEN] * 3, True), (["progress"] * 3, False)),
    Quirk.QUEUED_SUCCESS: (imports, ([TAKEN] * 3, True), ([TAKEN] * 3, False)),
    Quirk.LOST_SUCCESS: (imports, ([TAKEN] * 3, True), ([TAKEN] * 3, False)),
    Quirk.EXTRA_LINES: (success_lines, 1, 4),
    Quirk.IMPORTS_AT_FILE: (at_file, [0, 0, 1], [0, 1, 1]),
    Quirk.ONLY_IMPORT_AND_OFFERS: (other_name, (TAKEN, True), (TAKEN, False)),
    Quirk.HALF_IMPORT: (half, (TAKEN, 12), (REFUSED, 10)),
    Quirk.IGNORES_CHARACTERISTICS: (characteristic, ["g", "g#1"], ["g"]),
    Quirk.FULL_FILE_DELETES_ABSENT: (full_twice, ["g", "h"], ["h"]),
    Quirk.PRICES_ARE_MERGED: (prices_named, 1, 2),
    Quirk.NO_COMPLETE: (mode("complete"), TAKEN, REFUSED),
    Quirk.NO_GET_CATALOG: (readback, ["finished=yes"], []),
    Quirk.FINISHED_IN_LAST_SLICE: (lambda served, pen: len(readback(served, pen)), 1, 2),
}


def test_the_table_names_every_quirk() -> None:
    assert set(Quirk) == set(SEEN)


@pytest.mark.parametrize("quirk", Quirk)
def test_a_quirk_is_seen_with_it_and_not_without(tmp_path: Path, quirk: Quirk) -> None:
    look, without, having = SEEN[quirk]
    with serve(tmp_path / "plain") as served, Pen(served) as pen:
        assert without == look(served, pen)

    with serve(tmp_path / "odd", quirk) as served, Pen(served) as pen:
        assert having == look(served, pen)


def test_a_cookie_that_differs_from_the_body_opens_nothing(tmp_path: Path) -> None:
    with serve(tmp_path / "state", Quirk.COOKIE_DIFFERS_FROM_BODY) as served, Pen(served) as pen:
        assert first(pen.ask("init")) == "zip=no"

        pen.http.cookies.clear()
        pen.http.cookies.set(pen.lines[1], pen.lines[2])
        assert first(pen.ask("init")) == REFUSED


@pytest.mark.parametrize("quirks", [(), (Quirk.SHORT_CHECKAUTH,)])
def test_only_a_short_checkauth_needs_no_cookie(tmp_path: Path, quirks: tuple[str, ...]) -> None:
    with serve(tmp_path / "state", *quirks) as served, Pen(served) as pen:
        assert ("zip=no" if quirks else REFUSED) == without_cookie(served, pen)


def test_what_was_only_queued_is_applied_later_once(tmp_path: Path) -> None:
    with serve(tmp_path / "state", "queued-success=3") as served, Pen(served) as pen:
        pen.goods(GOOD)
        assert served.held()["waiting"] == ["import.xml"]

        deadline = time.monotonic() + 60
        while served.held()["waiting"] and time.monotonic() < deadline:
            time.sleep(0.05)
        held = served.held()
    assert (["g"], [1]) == (list(held["goods"]), [each["times"] for each in held["applied"]])


def test_progress_ends_after_the_number_ordered(tmp_path: Path) -> None:
    with serve(tmp_path / "state", "progress-n-times=2") as served, Pen(served) as pen:
        answers, is_held = imports(served, pen)

    assert (["progress", "progress", "success"], True) == (answers, is_held)


@pytest.mark.parametrize(
    "quirks",
    [
        ("small-file-limit=700",),
        ("zip-yes",),
        ("zip-yes", "small-file-limit=700"),
        ("windows-1251-answers", "progress-n-times=1"),
        ("file-limit-minus-one", "import-success-with-extra-lines"),
    ],
    ids=" ".join,
)
def test_a_real_client_gets_its_catalog_through_all_the_same(
    tmp_path: Path, quirks: tuple[str, ...]
) -> None:
    company = company_of(pictures=True)
    with serve(tmp_path / "state", *quirks) as served:
        assert send(served, full(tmp_path / "out", company)).error == ""
        held = served.held()

    goods = expected_goods(company)
    assert goods == goods_like(held, goods)
    pictures = {each["path"] for good in held["goods"].values() for each in good["pictures"]}
    assert pictures == held["pictures"].keys()


def test_the_first_portion_marked_full_wipes_what_was_there_where_sites_do_so(
    tmp_path: Path,
) -> None:
    company = company_of()
    with serve(tmp_path / "state", Quirk.FULL_FILE_DELETES_ABSENT) as served:
        send(served, full(tmp_path / "out", company, Client.B209))
        held = served.held()

    assert len(held["goods"]) < len(company)


def test_a_body_over_the_limit_is_refused(tmp_path: Path) -> None:
    with serve(tmp_path / "state", "small-file-limit=10") as served, Pen(served) as pen:
        assert pen.send("import.xml", b"x" * 10) == "success"
        assert first(pen.send("import.xml", b"x" * 11)) == REFUSED


@pytest.mark.parametrize("name", ["../state", "/etc/passwd", "a/../../b.xml", ""])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        assert first(pen.send(name, b"x")) == REFUSED


def test_habits_are_read_with_their_numbers() -> None:
    habits = parse_habits(["zip-yes", "progress-n-times=9", "half-import"])

    numbers = {Quirk.ZIP_YES: 0.0, Quirk.PROGRESS_N_TIMES: 9.0, Quirk.HALF_IMPORT: 10.0}
    assert Habits(numbers) == habits


def test_an_unknown_quirk_is_refused() -> None:
    with pytest.raises(ValueError, match="always-polite"):
        parse_habits(["always-polite"])


def test_everybody_may_come_in_where_nobody_is_named(tmp_path: Path) -> None:
    with serve(tmp_path / "state", login=Login()) as served, Pen(served) as pen:
        pen.http.auth = httpx.Auth()
        assert first(pen.ask("checkauth")) == TAKEN
