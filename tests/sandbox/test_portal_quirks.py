"""The quirks of real sites, each heard by the visitor it was made for."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sandbox.dialect import Client
from sandbox.portal.exchange import USUAL_FILE_LIMIT
from sandbox.portal.quirks import Habits, Quirk, parse_habits
from sandbox.portal.sessions import Login
from tests.sandbox.portals import (
    Pen,
    Served,
    Visitor,
    company_of,
    expected_goods,
    full,
    goods_like,
    send,
    serve,
)

GOOD = "<Товар><Ид>g</Ид></Товар>"
BOM = b"\xef\xbb\xbf"

Look = Callable[[Served, Pen], object]


def first(answer: str) -> str:
    return answer.split("\n", 1)[0]


def wrong_password(served: Served, _pen: Pen) -> tuple[int, bytes]:
    with Visitor(served) as visitor:
        visitor.http.auth = ("obmen", "wrong")
        answer = visitor.request("GET", "checkauth", b"")
    return answer.status_code, answer.content[:7]


def broken_file(_served: Served, pen: Pen) -> tuple[int, bytes]:
    answer = pen.request("GET", "import", b"", filename="nothing.xml")
    return answer.status_code, answer.content[:7]


def encoding_of_failure(_served: Served, pen: Pen) -> tuple[str | None, str]:
    answer = pen.request("GET", "import", b"", filename="nothing.xml")
    return answer.charset_encoding, answer.text.split("\n")[1]


def checkauth_lines(_served: Served, pen: Pen) -> int:
    return len(pen.lines)


def cookies_agree(_served: Served, pen: Pen) -> bool:
    return pen.http.cookies.get(pen.lines[1]) == pen.lines[2]


def init(_served: Served, pen: Pen) -> str:
    return pen.ask("init")


def without_basic(_served: Served, pen: Pen) -> str:
    pen.http.auth = httpx.Auth()
    return first(pen.ask("init"))


def without_cookie(_served: Served, pen: Pen) -> str:
    pen.http.cookies.clear()
    return first(pen.ask("init"))


def with_agent(_served: Served, pen: Pen) -> list[str]:
    agents = ("1C+Enterprise/8.3", "Mozilla/5.0")
    answers = []
    for agent in agents:
        pen.http.headers["User-Agent"] = agent
        answers.append(first(pen.ask("checkauth")))
    return answers


def with_sessid(_served: Served, pen: Pen) -> list[str]:
    sessid = pen.lines[3].removeprefix("sessid=")
    return [first(pen.ask("init", **words)) for words in ({}, {"sessid": sessid})]


def two_chunks(_served: Served, pen: Pen) -> str:
    pen.ask("init")
    pen.send("import.xml", b"<?xml version='1.0'?><one>")
    pen.send("import.xml", b"<?xml version='1.0'?>" + _small().encode())
    return first(pen.ask("import", filename="import.xml"))


def _small() -> str:
    return "<КоммерческаяИнформация><Каталог/></КоммерческаяИнформация>"


def full_last_chunk(_served: Served, pen: Pen) -> str:
    pen.ask("init")
    pen.send("import.xml", _small().encode().ljust(USUAL_FILE_LIMIT))
    return first(pen.ask("import", filename="import.xml"))


def imports(served: Served, pen: Pen) -> tuple[list[str], bool]:
    answers = [first(pen.goods(GOOD))]
    answers += [first(pen.ask("import", filename="import.xml")) for _ in range(2)]
    return answers, "g" in served.held()["goods"]


def at_file(served: Served, pen: Pen) -> list[int]:
    pen.ask("init")
    body = _small().encode()
    counts = []
    for piece in (body[:9], body[9:]):
        pen.send("import.xml", piece)
        counts.append(len(served.held()["applied"]))
    pen.ask("import", filename="import.xml")
    return [*counts, sum(each["times"] for each in served.held()["applied"])]


def other_name(served: Served, pen: Pen) -> tuple[str, bool]:
    pen.ask("init")
    pen.send("goods.xml", _small().encode())
    return first(pen.ask("import", filename="goods.xml")), bool(served.held()["applied"])


def characteristic(served: Served, pen: Pen) -> list[str]:
    offer = "<Предложение><Ид>{}</Ид><Наименование>О</Наименование></Предложение>"
    pen.offers(offer.format("g") + offer.format("g#1"))
    return sorted(served.held()["offers"])


def full_twice(served: Served, pen: Pen) -> list[str]:
    pen.goods(GOOD)
    pen.goods("<Товар><Ид>h</Ид></Товар>")
    return sorted(served.held()["goods"])


def half(served: Served, pen: Pen) -> tuple[str, int]:
    goods = "".join(f"<Товар><Ид>{number}</Ид></Товар>" for number in range(12))
    return first(pen.goods(goods)), len(served.held()["goods"])


def mode(name: str) -> Look:
    return lambda _served, pen: first(pen.ask(name))


def success_lines(_served: Served, pen: Pen) -> int:
    return len(pen.goods(GOOD).split("\n"))


def readback(served: Served, _pen: Pen) -> list[str]:
    with Visitor(served, "get_catalog") as reader:
        reader.ask("init")
        answers = [reader.ask("query") for _ in range(3)]
        return [answer[-12:] for answer in answers if "finished=yes" in answer]


def raw_init(_served: Served, pen: Pen) -> bytes:
    return pen.request("GET", "init", b"").content


def raw_failure(_served: Served, pen: Pen) -> bytes:
    return pen.request("GET", "nothing", b"").content


def second_session(served: Served, pen: Pen) -> bool:
    with Visitor(served) as other:
        return pen.lines[2] == other.lines[2]


def prices_named(served: Served, pen: Pen) -> int:
    head = "<Предложение><Ид>o</Ид><Наименование>О</Наименование><Цены><Цена><ИдТипаЦены>"
    for kind in "ab":
        pen.offers(f"{head}{kind}</ИдТипаЦены></Цена></Цены></Предложение>")
    return len(served.held()["offers"]["o"]["prices"])


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
    with serve(tmp_path / "state", "queued-success=0.3") as served, Pen(served) as pen:
        pen.goods(GOOD)
        assert served.held()["waiting"] == ["import.xml"]

        deadline = time.monotonic() + 5
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
