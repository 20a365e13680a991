"""The faults that a portal can be made to show, seen from a bare socket."""

import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.portal.faults import Fault, Where
from sandbox.portal.striking import LOOP
from tests.sandbox.portals import Pen, Served, Visitor, serve

GOODS = (
    '<КоммерческаяИнформация ВерсияСхемы="2.07"><Каталог><Товары>'
    "<Товар><Ид>g</Ид></Товар></Товары></Каталог></КоммерческаяИнформация>"
)
PATIENCE_S = 60.0
SILENT = {Fault.TIMEOUT, Fault.DRIP}  # these are waited for in vain


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "state") as served:
        yield served


def exchange(
    served: Served, visitor: Visitor, mode: str, body: bytes = b"", patience_s: float = PATIENCE_S
) -> bytes | str:
    """The bytes of an answer until the other side ends it; a word when it does not."""
    query = f"type=catalog&mode={mode}&filename=import.xml"
    cookie = "=".join(visitor.lines[1:3])
    head = (
        f"POST {served.url}?{query} HTTP/1.1\r\nHost: portal\r\nCookie: {cookie}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.portal.port), timeout=PATIENCE_S) as line:
        line.sendall(head.encode() + body)
        line.settimeout(patience_s)
        heard = b""
        try:
            while piece := line.recv(1 << 16):
                heard += piece
        except TimeoutError:
            return f"silence after {len(heard)} bytes"
        except ConnectionResetError:
            return "reset"
        return heard


def patience_with(fault: Fault) -> float:
    return 0.2 if fault in SILENT else PATIENCE_S


def wait_until_struck(served: Served) -> None:
    """A busy machine may be slower than our patience with a silent portal."""
    deadline = time.monotonic() + PATIENCE_S
    while not any(answer.startswith("(") for answer in served.heard("answer")):
        assert time.monotonic() < deadline
        time.sleep(0.01)


# What is heard: how it begins, or the word of `exchange`.
SEEN: dict[Fault, bytes | str] = {
    Fault.TIMEOUT: "silence after 0 bytes",
    Fault.DRIP: "silence after",
    Fault.RESET: "reset",
    Fault.HALF_CLOSE: b"",
    Fault.CUT_WITHOUT_LENGTH: b"HTTP/1.1 200",
    Fault.GZIP_BOMB: b"HTTP/1.1 200",
    Fault.HTTP_500_HTML: b"HTTP/1.1 500",
    Fault.HTTP_502: b"HTTP/1.1 502",
    Fault.HTTP_429: b"HTTP/1.1 429",
    Fault.GARBAGE: b"HTTP/1.1 200",
    Fault.NOT_HTTP: b"",
    Fault.EMPTY: b"HTTP/1.1 200",
    Fault.FAILURE: b"HTTP/1.1 200",
    Fault.REDIRECT_LOOP: b"HTTP/1.1 302",
}


def test_the_table_names_every_fault() -> None:
    assert set(Fault) == set(SEEN)


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("fault", Fault)
def test_a_fault_at_import_has_its_effect_only_after_the_body(
    served: Served, fault: Fault, where: Where
) -> None:
    with Visitor(served) as visitor:
        visitor.ask("init")
        visitor.send("import.xml", GOODS.encode())
        served.order(fault, where=where, mode="import", seconds=10)

        heard = exchange(served, visitor, "import", patience_s=patience_with(fault))
    wait_until_struck(served)
    expected = SEEN[fault]
    assert isinstance(heard, type(expected))
    assert heard.startswith(expected)  # type: ignore[arg-type]
    applied = [each["times"] for each in served.held()["applied"]]
    assert applied == ([1] if where is Where.AFTER else [])


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("fault", [Fault.RESET, Fault.EMPTY, Fault.HTTP_502, Fault.TIMEOUT])
def test_a_fault_at_a_file_keeps_it_only_after_the_body(
    served: Served, fault: Fault, where: Where
) -> None:
    with Visitor(served) as visitor:
        visitor.ask("init")
        served.order(fault, where=where, mode="file")
        exchange(served, visitor, "file", GOODS.encode(), patience_with(fault))
        wait_until_struck(served)

        answer = visitor.ask("import", filename="import.xml")
    assert ("success" if where is Where.AFTER else "failure") == answer.split("\n")[0]


@pytest.mark.parametrize(("where", "part"), [("before", 0), ("inside", 0.5), ("after", 1)])
def test_of_the_body_as_much_is_read_as_was_ordered(
    served: Served, where: str, part: float
) -> None:
    body = GOODS.encode() + b" " * 150_000
    with Visitor(served) as visitor:
        served.order("failure", where=where, mode="file")
        exchange(served, visitor, "file", body)

    assert int(len(body) * part) == served.heard("bytes")[-1]


def test_a_fault_strikes_as_often_as_ordered_and_only_its_mode(served: Served) -> None:
    served.order("failure", where="before", mode="init", times=2)
    with Visitor(served) as visitor:
        answers = [visitor.ask("init").split("\n")[0] for _ in range(3)]

    assert answers == ["failure", "failure", "zip=no"]
    book = served.control.get("/fault").json()
    assert ([], 2) == (book["waiting"], len(book["struck"]))


def test_a_fault_can_wait_for_a_file(served: Served) -> None:
    served.order("failure", where="before", mode="import", file="offers")
    with Pen(served) as pen:
        answers = [pen.goods("<Товар><Ид>g</Ид></Товар>"), pen.offers("")]

    assert [each.split("\n")[0] for each in answers] == ["success", "failure"]


def test_an_order_with_an_unknown_word_is_refused(served: Served) -> None:
    for order in ({"fault": "flood"}, {"fault": "reset", "wher": "before"}, {"where": "after"}):
        assert served.control.post("/fault", json=order).status_code == 400


def test_a_fault_of_the_readback_strikes_every_request_of_it(served: Served) -> None:
    served.order("http-502", where="after", mode="get_catalog")
    with Visitor(served) as visitor:
        assert visitor.ask("init").startswith("zip")  # of type=catalog

    with Visitor(served, "get_catalog") as reader:
        assert reader.lines == ["<html><body>502 Bad Gateway</body></html>"]


def test_drops_fall_one_after_the_other_and_make_the_whole_answer(served: Served) -> None:
    served.order("drip", where="after", mode="init", seconds=0.002)
    with Visitor(served) as visitor:
        started = time.monotonic()
        assert visitor.ask("init").startswith("zip=no\n")

    assert time.monotonic() - started > 0.2


def test_the_cut_answer_is_half_and_nothing_says_so(served: Served) -> None:
    served.order("cut-without-length", where="after", mode="init")
    with Visitor(served) as visitor:
        answer = visitor.request("GET", "init", b"")

    whole = "zip=no\nfile_limit=204800"
    assert ("content-length" not in answer.headers, answer.text) == (True, whole[: len(whole) // 2])


def test_the_bomb_is_small_and_bursts(served: Served) -> None:
    served.order("gzip-bomb", where="before", mode="init")
    with Visitor(served) as visitor:
        heard = exchange(served, visitor, "init")

    assert isinstance(heard, bytes)
    packed = heard.partition(b"\r\n\r\n")[2]
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size = 0
    while packed and not unpacker.eof:
        size += len(unpacker.decompress(packed, 1 << 24))
        packed = unpacker.unconsumed_tail
    assert unpacker.eof  # a valid archive to its end
    assert size > 400 * len(heard)


def test_the_redirect_leads_round_in_a_circle(served: Served) -> None:
    served.order("redirect-loop", where="before", mode="init")
    with Visitor(served) as visitor:
        visitor.http.follow_redirects = True
        with pytest.raises(httpx.TooManyRedirects):
            visitor.ask("init")

        assert f"{LOOP}=" not in visitor.ask("init")


def test_429_says_how_long_to_wait(served: Served) -> None:
    served.order("http-429-retry-after", where="before", mode="init", seconds=7)
    with Visitor(served) as visitor:
        assert visitor.request("GET", "init", b"").headers["Retry-After"] == "7"
