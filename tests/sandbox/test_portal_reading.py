"""What the portal makes of single records, in every spelling and of every kind of file."""

from pathlib import Path

import pytest

from tests.sandbox.portals import Pen, serve

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
