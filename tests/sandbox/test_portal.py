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


STOCKS = {
    "the total alone": ("<Количество>8.50</Количество>", {"": "8.5"}),
    "attributes": (
        '<Количество>3</Количество><Склад ИдСклада="w" КоличествоНаСкладе="3"/>',
        {"": "3", "w": "3"},
    ),
    "attributes of the changes": ('<Склады ИдСклада="w" КоличествоНаСкладе="0"/>', {"w": "0"}),
    "rests of warehouses": (
        "<Остатки><Остаток><Склад><Ид>w</Ид><Количество>2</Количество></Склад></Остаток></Остатки>",
        {"w": "2"},
    ),
    "rests without warehouses": (
        "<Остатки><Остаток><Количество>4</Количество></Остаток></Остатки>",
        {"": "4"},
    ),
    "a bare rest": ("<Остатки><Остаток>5</Остаток></Остатки>", {"": "5"}),
    "the vendor's own": (
        (
            "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w</ИдСклада>"
            "<Количество>7</Количество></КоличествоНаСкладе></КоличествоНаСкладах>"
        ),
        {"w": "7"},
    ),
}


@pytest.mark.parametrize(("words", "stock"), STOCKS.values(), ids=STOCKS)
def test_stock_is_read_in_every_spelling(tmp_path: Path, words: str, stock: dict[str, str]) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        pen.offers(f"<Предложение><Ид>o</Ид><Наименование>О</Наименование>{words}</Предложение>")
        held = served.held()

    assert stock == held["offers"]["o"]["stock"]


def test_stock_of_a_warehouse_that_is_not_named_stays(tmp_path: Path) -> None:
    head = "<Предложение><Ид>o</Ид><Наименование>О</Наименование>"
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        for place, quantity in (("a", 1), ("b", 2), ("a", 3)):
            row = f'<Склад ИдСклада="{place}" КоличествоНаСкладе="{quantity}"/>'
            pen.offers(f"{head}{row}</Предложение>")
        held = served.held()

    assert held["offers"]["o"]["stock"] == {"a": "3", "b": "2"}


PRICE = "<Цена><ИдТипаЦены>{}</ИдТипаЦены><ЦенаЗаЕдиницу>1 000,50</ЦенаЗаЕдиницу></Цена>"


@pytest.mark.parametrize(
    ("quirks", "left"), [((), {"b||"}), (("prices-are-merged",), {"a||", "b||"})]
)
def test_prices_that_are_not_named_go_unless_they_are_merged(
    tmp_path: Path, quirks: tuple[str, ...], left: set[str]
) -> None:
    head = "<Предложение><Ид>o</Ид><Наименование>О</Наименование><Цены>"
    with serve(tmp_path / "state", *quirks) as served, Pen(served) as pen:
        for kind in "ab":
            pen.offers(f"{head}{PRICE.format(kind)}</Цены></Предложение>")
        held = served.held()

    prices = held["offers"]["o"]["prices"]
    assert left == prices.keys()
    assert prices["b||"]["amount"] == "1000.5"


@pytest.mark.parametrize(
    ("extent", "article"), [("true", "A-1"), ("false", None)], ids=["changes", "full"]
)
def test_a_field_that_is_not_named_is_emptied_by_a_full_file_only(
    tmp_path: Path, extent: str, article: str | None
) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        pen.goods("<Товар><Ид>g</Ид><Артикул>A-1</Артикул></Товар>")
        pen.goods("<Товар><Ид>g</Ид><Наименование>Имя</Наименование></Товар>", extent)
        held = served.held()

    good = held["goods"]["g"]
    assert (article, "Имя") == (good["article"], good["name"])


GONE = [
    '<Товар Статус="Удален"><Ид>g</Ид></Товар>',
    "<Товар><Ид>g</Ид><Статус>Удален</Статус></Товар>",
    "<Товар><Ид>g</Ид><ПометкаУдаления>true</ПометкаУдаления></Товар>",
]


@pytest.mark.parametrize("words", GONE, ids=["attribute", "element", "mark"])
def test_a_product_that_goes_takes_its_offers_along(tmp_path: Path, words: str) -> None:
    offer = "<Предложение><Ид>{}</Ид><Наименование>О</Наименование></Предложение>"
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        pen.goods("<Товар><Ид>g</Ид></Товар><Товар><Ид>h</Ид></Товар>")
        pen.offers("".join(map(offer.format, ("g", "g#1", "h"))))
        pen.goods(words, "true")
        held = served.held()

    assert (["h"], ["h"]) == (list(held["goods"]), list(held["offers"]))


BROKEN = {
    "half of a file": "<Товар><Ид>g</Ид>",
    "no Ид": "<Товар><Ид>g</Ид></Товар><Товар><Наименование>Имя</Наименование></Товар>",
    "no number": "<Товар><Ид>g</Ид></Товар><Товар><Ид>h</Ид><Вес>много</Вес></Товар>",
}


@pytest.mark.parametrize("words", BROKEN.values(), ids=BROKEN)
def test_of_a_broken_file_nothing_is_in(tmp_path: Path, words: str) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        answer = pen.goods(words)
        held = served.held()

    assert answer.startswith("failure\n")
    assert ({}, []) == (held["goods"], held["applied"])
