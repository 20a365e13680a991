"""The operator's trace: the text of a column inside the archived bytes of its record."""

import pytest

from tasks.formats.commerceml.locate import locate
from tasks.model.datasets import Dataset

_GOODS = (
    '<p:Товар p:Статус="Удален"><p:Ид> 5 </p:Ид><p:Наименование>Сок &amp; вода</p:Наименование>'
    '<p:БазоваяЕдиница НаименованиеПолное="Штука" Код="796">шт</p:БазоваяЕдиница>'
    "<p:Изготовитель><p:Ид>m</p:Ид></p:Изготовитель>"
    "<p:ЗначенияРеквизитов><p:ЗначениеРеквизита><p:Наименование>Вес</p:Наименование>"
    "<p:Значение>2</p:Значение></p:ЗначениеРеквизита><p:ЗначениеРеквизита>"
    "<p:Наименование>Партномер</p:Наименование><p:Значение>X-1</p:Значение>"
    "</p:ЗначениеРеквизита></p:ЗначенияРеквизитов></p:Товар>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16-le"])
@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("id", " 5 "),
        ("name", "Сок &amp; вода"),
        ("unit_code", "796"),
        ("unit_name", "шт"),
        ("manufacturer_id", "m"),
        ("weight_kg", "2"),
        ("part_number", "X-1"),
        ("catalog_id", None),
        ("barcode", None),
    ],
)
def test_a_column_is_found_in_its_bytes(column: str, expected: str | None, encoding: str) -> None:
    payload = _GOODS.encode(encoding)

    found = locate(payload, encoding, Dataset.GOODS, column)

    text = found and payload[found.offset :][: found.length].decode(encoding)
    assert expected == text


@pytest.mark.parametrize(
    ("slice_", "column", "expected"),
    [
        ('<Склад ИдСклада="w" КоличествоНаСкладе="7"/>', "quantity", "7"),
        ('<Склад ИдСклада="w" КоличествоНаСкладе="7"/>', "warehouse_id", "w"),
        ("<Количество>8</Количество>", "quantity", "8"),
        ("<Остаток><Склад><Ид>w</Ид><Количество>9</Количество></Склад></Остаток>", "quantity", "9"),
        ("<Остаток>3</Остаток>", "quantity", "3"),
    ],
)
def test_a_stock_figure_is_found_in_every_shape(slice_: str, column: str, expected: str) -> None:
    payload = slice_.encode()

    found = locate(payload, "utf-8", Dataset.STOCK, column)

    assert found is not None
    assert expected == payload[found.offset :][: found.length].decode()


def test_a_price_is_found() -> None:
    payload = b"<\xd0\xa6\xd0\xb5\xd0\xbd\xd0\xb0>" + (
        "<ЦенаЗаЕдиницу>12.50</ЦенаЗаЕдиницу></Цена>".encode()
    )

    found = locate(payload, "utf-8", Dataset.PRICES, "amount")

    assert found is not None
    assert found.path == ("ЦенаЗаЕдиницу",)
    assert found.text == "12.50"
