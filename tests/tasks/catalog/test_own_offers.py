"""A product that carries its prices and stock itself stands for its own offer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.datasets import Batch, Dataset
from tests.tasks.catalog.builders import Base, base, batch
from tests.tasks.catalog.plain import take_files

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.08"><Каталог><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора>
<Товары><Товар><Ид>p1</Ид><Наименование>Сенча</Наименование>
<Цены><Цена><ИдТипаЦены>t1</ИдТипаЦены><ЦенаЗаЕдиницу>120.50</ЦенаЗаЕдиницу></Цена></Цены>
<Количество>7</Количество></Товар></Товары></Каталог>
<ПакетПредложений><Ид>c#</Ид><ТипыЦен><ТипЦены><Ид>t1</Ид><Наименование>РРЦ</Наименование></ТипЦены>
</ТипыЦен></ПакетПредложений></КоммерческаяИнформация>
"""
GOOD = batch(Dataset.GOODS, {"id": "p1", "name": "Сенча"})
TYPE = batch(Dataset.PRICE_TYPES, {"id": "t1", "name": "РРЦ"})
PRICE = batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t1", "amount": "10"})
STOCK = batch(Dataset.STOCK, {"offer_id": "p1", "quantity": "3"})
OFFER = batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "name": "Сенча"})


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


def _offers(sender: Base) -> list[dict[str, Any]]:
    return sender.rows("select id, name from core.offer order by id")


def test_prices_and_stock_inside_a_product_enter_and_again_change_nothing(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "import.xml"
    file.write_text(FILE, encoding="utf-8")

    first, again = take_files(warehouse, store, file, file)

    assert () == first.refusals
    assert {"file": 1, "goods": 1, "price_types": 1, "prices": 1, "stock": 1} == {
        entry.dataset: entry.accepted for entry in first.books
    }
    assert {0} == {entry.accepted for entry in again.books}


@pytest.mark.parametrize("figures", [PRICE, STOCK], ids=["prices", "stock"])
def test_a_known_product_stands_for_the_offer_that_nobody_sent(
    sender: Base, figures: Batch
) -> None:
    sender.send(GOOD, TYPE)

    sender.send(figures)

    assert [] == sender.refused()
    assert [{"id": "p1", "name": None}] == _offers(sender)


def test_an_offer_that_comes_later_takes_the_place_and_keeps_the_prices(sender: Base) -> None:
    sender.send(GOOD, TYPE, PRICE)

    closed = sender.send(OFFER, PRICE)

    assert {"file": 1, "offers": 1, "prices": 0} == {
        entry.dataset: entry.accepted for entry in closed.books
    }
    assert [{"id": "p1", "name": "Сенча"}] == _offers(sender)


def test_a_known_offer_is_left_as_it_is(sender: Base) -> None:
    sender.send(GOOD, TYPE, OFFER)

    sender.send(PRICE, STOCK)

    assert [{"id": "p1", "name": "Сенча"}] == _offers(sender)


def test_a_refused_offer_takes_its_prices_with_it_though_its_product_is_there(sender: Base) -> None:
    sender.send(GOOD, TYPE)

    unnamed = batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1"})
    sender.send(unnamed, PRICE, STOCK)

    assert [
        ("offers", "p1", "FIELD_MISSING"),
        ("prices", "p1|t1||", "REF_MISSING"),
        ("stock", "p1|", "REF_MISSING"),
    ] == sender.refused()
    assert [] == _offers(sender)


def test_prices_that_came_before_their_product_enter_when_it_has_come(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    prices, goods = tmp_path / "prices.csv", tmp_path / "import.xml"
    prices.write_text("#obmen-catalog;2\noffer_id;price_type_id;amount\np1;t1;99\n", "utf-8")
    whole = FILE.replace("<Количество>7</Количество>", "").replace(">120.50<", ">98<")
    without = whole.partition("<Цены>")[0] + whole.partition("</Цены>")[2]
    goods.write_text(without, encoding="utf-8")

    early, *late = take_files(warehouse, store, prices, goods)

    assert [("REF_MISSING", 1)] == [(cause, count) for cause, _, count in early.refusals]
    assert ["import.xml", "prices.csv"] == [message.file_name for message in late]
    assert [()] * 2 == [message.refusals for message in late]
