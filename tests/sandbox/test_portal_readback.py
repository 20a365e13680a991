"""The portal asked for its catalog by `type=get_catalog`: what it answers is what it holds."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.dialect import Client
from sandbox.portal.quirks import Quirk
from sandbox.portal.readback import PAGE
from tests.sandbox.portals import Served, Visitor, company_of, full, send, serve

END = b"finished=yes"
MOST = 50
TOLD = ("groups", "properties", "price_types", "warehouses", "goods", "offers")


def read_slices(served: Served) -> list[bytes]:
    """All slices until the portal says that it is finished."""
    slices: list[bytes] = []
    with Visitor(served, "get_catalog") as reader:
        assert reader.ask("init").strip() == "zip=no"
        for _ in range(MOST):
            body = reader.request("GET", "query", b"").content.strip()
            if body == END:
                return slices
            slices.append(body.removesuffix(END).rstrip())
            if body.endswith(END):
                return slices
    raise AssertionError(slices)


def told(held: dict[str, Any]) -> dict[str, Any]:
    return {kind: held[kind] for kind in TOLD}


@pytest.mark.parametrize(
    ("client", "quirks"),
    [
        (Client.A, ()),
        (Client.B31, (Quirk.WINDOWS_1251_ANSWERS,)),
        (Client.B209, (Quirk.FINISHED_IN_LAST_SLICE,)),
    ],
    ids=["utf-8", "windows-1251", "finished in the last"],
)
def test_a_second_portal_fed_with_the_slices_holds_the_same(
    tmp_path: Path, client: Client, quirks: tuple[Quirk, ...]
) -> None:
    company = company_of(PAGE + 1)
    with serve(tmp_path / "first", *quirks) as served:
        send(served, full(tmp_path / "out", company, client))
        slices = read_slices(served)
        first = served.held()

    with serve(tmp_path / "second", Quirk.FILE_LIMIT_ZERO) as served, Visitor(served) as pen:
        pen.ask("init")
        for number, body in enumerate(slices):
            pen.send(f"slice{number}.xml", body)
            assert pen.ask("import", filename=f"slice{number}.xml") == "success"
        second = served.held()

    assert len(slices) == 4  # two pages of both
    assert told(first) == told(second)


def test_an_empty_portal_answers_empty_slices(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served:
        assert len(read_slices(served)) == 2


def test_init_begins_from_the_first_slice_again(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served, Visitor(served, "get_catalog") as reader:
        answers = []
        for _ in range(2):
            reader.ask("init")
            answers.append("Классификатор" in reader.ask("query"))

    assert answers == [True, True]


def test_a_stranger_reads_nothing(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served, Visitor(served, "get_catalog") as reader:
        reader.http.cookies.clear()

        assert reader.request("GET", "query", b"").status_code == 401
