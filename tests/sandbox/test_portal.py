"""The portal in the box: what it holds after real exports is the truth of the company."""

from pathlib import Path

import pytest

from sandbox import truth
from sandbox.dialect import Client
from sandbox.export import Mode
from sandbox.onec import Manners
from tests.sandbox.portals import (
    changes_of,
    company_of,
    expected_goods,
    expected_offers,
    exported,
    full,
    goods_like,
    offers_like,
    send,
    serve,
)

SPELLINGS = [
    (Client.A, None),
    (Client.A, "2.05"),
    (Client.OLD, None),
    (Client.OLD, "2.03"),
    (Client.B209, None),
    (Client.B31, None),
]


@pytest.mark.parametrize(("client", "cml"), SPELLINGS)
def test_a_full_export_is_held_as_the_company_is(
    tmp_path: Path, client: Client, cml: str | None
) -> None:
    company = company_of(pictures=True)
    written = exported(tmp_path / "out", company, client=client, version=cml, portion=5)
    with serve(tmp_path / "state") as served:
        assert send(served, written).error == ""

        held = served.held()
    goods, offers = expected_goods(company), expected_offers(company, client, cml)
    if client is Client.OLD:
        offers = {key: {**body, "stock": {}} for key, body in offers.items()}
    assert goods == goods_like(held, goods)
    assert offers == offers_like(held, offers)
    assert held["skipped"] == []


@pytest.mark.parametrize("client", [Client.A, Client.B31])
def test_the_frame_is_held_as_the_company_has_it(tmp_path: Path, client: Client) -> None:
    company = company_of()
    with serve(tmp_path / "state") as served:
        send(served, full(tmp_path / "out", company, client))

        held = served.held()
    frame = company.frame
    assert {each.id: truth.group(each) for each in frame.groups} == {
        key: {"id": key, **body} for key, body in held["groups"].items()
    }
    assert {each.id: truth.warehouse(each) for each in frame.warehouses} == {
        key: {"id": key, **body} for key, body in held["warehouses"].items()
    }
    assert {each.id: truth.price_type(each) for each in frame.price_types} == {
        key: {"id": key, **body} for key, body in held["price_types"].items()
    }
    assert {each.id: truth.known_property(each) for each in frame.properties} == {
        key: {"id": key, **body} for key, body in held["properties"].items()
    }


@pytest.mark.parametrize("client", [Client.A, Client.B209, Client.B31])
def test_changes_bring_the_portal_to_the_later_company(tmp_path: Path, client: Client) -> None:
    company = company_of(40)
    later = changes_of(company)
    with serve(tmp_path / "state") as served:
        send(served, full(tmp_path / "first", company, client))
        changes = exported(tmp_path / "second", later, client=client, mode=Mode.CHANGES)
        assert send(served, changes).error == ""

        held = served.held()
    goods, offers = expected_goods(later), expected_offers(later, client, None)
    assert len(goods) < len(later)  # some were deleted
    assert goods == goods_like(held, goods)
    assert offers == offers_like(held, offers)
