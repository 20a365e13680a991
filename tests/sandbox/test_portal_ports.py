"""The portal's connections: down and up, broken off, and bodies without a length."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.portal.server import Portal, Terms
from tests.sandbox.portals import Served, Visitor, company_of, full, send, serve

GOODS = (
    '<КоммерческаяИнформация ВерсияСхемы="2.07"><Каталог><Товары>'
    "<Товар><Ид>g</Ид></Товар></Товары></Каталог></КоммерческаяИнформация>"
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "state") as served:
        yield served


def test_a_portal_that_is_down_refuses_connections_and_still_hears_control(
    served: Served, tmp_path: Path
) -> None:
    written = full(tmp_path / "out", company_of())
    served.control.post("/down")
    assert send(served, written).error.endswith("ConnectError")
    assert served.held()["goods"] == {}

    served.control.post("/up")
    assert send(served, written).error == ""


def test_a_port_in_use_is_not_shared_with_another_portal(served: Served, tmp_path: Path) -> None:
    for port in (served.portal.port, served.portal.control_port):
        with pytest.raises(OSError, match="Address already in use"):
            Portal(Terms(tmp_path / "other", port))
    with pytest.raises(OSError, match="Address already in use"):
        Portal(Terms(tmp_path / "other", control_port=served.portal.port))


def test_going_down_cuts_the_connections_that_are_open(served: Served) -> None:
    with Visitor(served) as visitor:
        served.control.post("/down")

        with pytest.raises(httpx.TransportError):
            visitor.ask("init")


def test_what_breaks_off_inside_a_body_leaves_no_trace(served: Served) -> None:
    with Visitor(served) as visitor:
        visitor.ask("init")
        cookie = "=".join(visitor.lines[1:3])
        with socket.create_connection(("127.0.0.1", served.portal.port)) as line:
            head = f"POST {served.url}?type=catalog&mode=file&filename=import.xml HTTP/1.1\r\n"
            line.sendall(f"{head}Cookie: {cookie}\r\nContent-Length: 1000\r\n\r\n<half".encode())

        visitor.send("import.xml", GOODS.encode())
        assert visitor.ask("import", filename="import.xml") == "success"


def test_a_body_in_chunks_of_http_is_read_as_well(served: Served) -> None:
    with Visitor(served) as visitor:
        query = {"type": "catalog", "mode": "file", "filename": "import.xml"}
        pieces = (GOODS.encode()[place : place + 50] for place in range(0, len(GOODS) * 2, 50))
        visitor.http.post(served.url, params=query, content=pieces)

        assert visitor.ask("import", filename="import.xml") == "success"
    assert json.dumps(served.held()["goods"]).startswith('{"g"')
