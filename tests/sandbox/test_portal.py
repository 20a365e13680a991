"""The portal in the box: what it holds after real exports is the truth of the company."""

import hashlib
import time
from pathlib import Path

import pytest

from sandbox import truth
from sandbox.dialect import Client
from sandbox.export import Mode
from sandbox.onec import Manners
from tests.sandbox.portals import (
    Pen,
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


@pytest.mark.parametrize("client", [Client.A, Client.B31])
def test_the_same_export_again_changes_nothing_and_is_counted(
    tmp_path: Path, client: Client
) -> None:
    written = full(tmp_path / "out", company_of(), client)
    with serve(tmp_path / "state") as served:
        send(served, written)
        before = served.held()
        send(served, written)
        after = served.held()

    assert before["changes"] == after["changes"]
    assert {2} == {each["times"] for each in after["applied"]}


def test_every_changed_field_is_noted_once_with_both_its_values(tmp_path: Path) -> None:
    company = company_of(40)
    later = changes_of(company)
    with serve(tmp_path / "state") as served:
        send(served, full(tmp_path / "first", company))
        before = served.held()
        send(served, exported(tmp_path / "second", later, mode=Mode.CHANGES))
        after = served.held()

    changes = after["changes"][len(before["changes"]) :]
    prices = {key: body["prices"] for key, body in before["offers"].items()}
    repriced = [each for each in changes if (each["field"] or "").startswith("prices/")]
    assert repriced
    for each in repriced:
        assert each["old"] == prices[each["id"]][each["field"].removeprefix("prices/")]
        assert each["old"] != each["new"]
    words = ("kind", "id", "field")
    updated = [tuple(map(each.get, words)) for each in changes if each["action"] == "updated"]
    assert len(updated) == len(set(updated))


def test_pictures_are_kept_with_the_digest_of_their_bytes(tmp_path: Path) -> None:
    written = full(tmp_path / "out", company_of(pictures=True))
    with serve(tmp_path / "state", "small-file-limit=500") as served:
        assert send(served, written).error == ""
        held = served.held()["pictures"]

    names = [name for each in written.sets for name in each.pictures]
    assert names
    for name in names:
        content = (written.folder / name).read_bytes()
        assert len(content) > 500  # it came in several chunks
        digest = hashlib.sha256(content).hexdigest()
        assert held[name] == {"sha256": digest, "size": len(content), "times": 1}


def test_deactivate_hides_what_was_not_named_since_checkauth(tmp_path: Path) -> None:
    company = company_of(20)
    later = changes_of(company)
    gone = {each.id for each in map(later.good, range(len(later))) if each.is_deleted}
    with serve(tmp_path / "state") as served:
        send(served, full(tmp_path / "first", company, Client.B31))
        time.sleep(1.1)  # the timestamp counts whole seconds
        words = {"client": Client.B31, "leave_out_deleted": True}
        second = exported(tmp_path / "second", later, **words)
        assert send(served, second, Manners(deactivates=True)).error == ""
        held = served.held()

    assert gone
    assert gone == set(held["inactive"]["goods"])
    assert expected_goods(later).keys() == held["goods"].keys()


def test_prices_and_stock_alone_make_no_offer(tmp_path: Path) -> None:
    company = company_of()
    with serve(tmp_path / "state") as served:
        send(served, exported(tmp_path / "out", company, mode=Mode.PRICES, client=Client.B31))
        held = served.held()

    assert {} == held["offers"]
    assert expected_offers(company, Client.B31, None).keys() == {
        each["id"] for each in held["skipped"]
    }


def test_what_a_customer_buys_here_is_gone_here_and_is_noted(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        pen.goods("<Товар><Ид>g</Ид><Наименование>Чай</Наименование></Товар>")
        stock = '<Количество>12</Количество><Склад ИдСклада="w" КоличествоНаСкладе="10"/>'
        pen.offers(f"<Предложение><Ид>g</Ид><Наименование>Чай</Наименование>{stock}</Предложение>")
        sale = {"offer_id": "g", "quantity": "3", "warehouse_id": "w"}

        sold = served.control.post("/sale", json=sale)
        refused = served.control.post("/sale", json=sale | {"quantity": "8"})

        held = served.held()
    assert {"": "9", "w": "7"} == sold.json() == held["offers"]["g"]["stock"]
    assert 400 == refused.status_code
    assert [("stock/w", "10", "7"), ("stock/", "12", "9")] == [
        (each["field"], each["old"], each["new"])
        for each in held["changes"]
        if each["file"] == "(sale)"
    ]
