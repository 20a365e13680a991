"""Our own CSV: the records that CommerceML gives, or a refusal that names its column."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model.causes import Cause
from tasks.model.datasets import Dataset, Extent
from tests.tasks.formats.reads import Read, read_bytes, read_text, wrap, wrap_goods, wrap_offers

_GOODS = "#obmen-catalog;2\nid;name;article;weight_kg\n"


def _key_and_digest(read: Read, dataset: Dataset) -> list[tuple[str, bytes]]:
    return [(key, digest) for word, key, digest in read.digests() if word == dataset]


def test_a_product_has_the_key_and_digest_that_xml_gives() -> None:
    csv = read_text(
        "#obmen-catalog;2;extent=full\n"
        "id;name;article;barcode;code;full_name;description;unit_code;unit_name;catalog_id;"
        "group_ids;country;brand;vat_rate;weight_kg;pictures;is_deleted\n"
        '1;"Болт ""М8""; оцинк.";A-1;4600000000017;00-1;Болт М8;<b>Болт</b>;796;шт;c;'
        "g1|g2;Россия;Своя;20%;1 234,50;a.jpg|b.jpg;нет\n"
    )
    xml = read_text(
        wrap_goods(
            '<Товар><Ид>1</Ид><Наименование>Болт "М8"; оцинк.</Наименование><Артикул>A-1</Артикул>'
            "<Штрихкод>4600000000017</Штрихкод><Код>00-1</Код>"
            "<ПолноеНаименование>Болт М8</ПолноеНаименование>"
            "<Описание>&lt;b&gt;Болт&lt;/b&gt;</Описание>"
            '<БазоваяЕдиница Код="796">шт</БазоваяЕдиница>'
            "<Группы><Ид>g1</Ид><Ид>g2</Ид></Группы><Страна>Россия</Страна>"
            "<ТорговаяМарка>Своя</ТорговаяМарка><СтавкиНалогов><СтавкаНалога>"
            "<Наименование>НДС</Наименование><Ставка>20</Ставка></СтавкаНалога></СтавкиНалогов>"
            "<Вес>1234.5</Вес><Картинка>a.jpg</Картинка><Картинка>b.jpg</Картинка>"
            "<ПометкаУдаления>false</ПометкаУдаления></Товар>"
        )
    )

    assert csv.faults == []
    assert csv.heading.extent is Extent.FULL
    assert xml.values(Dataset.GOODS) == csv.values(Dataset.GOODS)
    assert _key_and_digest(xml, Dataset.GOODS) == _key_and_digest(csv, Dataset.GOODS)


def test_offers_prices_and_stock_have_the_keys_and_digests_that_xml_gives() -> None:
    xml = read_text(
        wrap_offers(
            "<Предложение><Ид>p#c</Ид><Наименование>Болт</Наименование><Цены><Цена>"
            "<ИдТипаЦены>t|1</ИдТипаЦены><ЦенаЗаЕдиницу>5.10</ЦенаЗаЕдиницу><Валюта>RUB</Валюта>"
            "<Единица>шт</Единица><МинКоличество>10</МинКоличество></Цена></Цены>"
            '<Склад ИдСклада="w" КоличествоНаСкладе="3"/></Предложение>'
        )
    )
    offers = read_text("#obmen-catalog;1\nid;product_id;name;catalog_id\np#c;p;Болт;c\n")
    prices = read_text(
        "#obmen-catalog;1\noffer_id;price_type_id;amount;currency;unit;min_qty\n"
        "p#c;t|1;5,1;RUB;шт;10\n"
    )
    stock = read_text("#obmen-catalog;2\noffer_id;warehouse_id;quantity\np#c;w;3.0\n")

    assert len(xml.digests()) == 3
    assert sorted(xml.digests()) == sorted(offers.digests() + prices.digests() + stock.digests())


@given(st.lists(st.text('абв "z;|\n', min_size=1).filter(str.strip), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_any_text_survives_quoting_and_every_row_knows_its_bytes(names: list[str]) -> None:
    lines = [
        f'{number};"{name.replace(chr(34), chr(34) * 2)}"' for number, name in enumerate(names)
    ]
    text = "#obmen-catalog;2\nid;name\n" + "\n".join(lines) + "\n"

    read = read_text(text)

    assert [name.strip() for name in names] == [row["name"] for row in read.values(Dataset.GOODS)]
    payload = text.encode()
    assert lines == [
        payload[row["byte_offset"] :][: row["byte_length"]].decode()
        for row in read.rows[Dataset.GOODS]
    ]


def test_windows_line_ends_and_a_mark_are_fine() -> None:
    read = read_bytes(
        b"\xef\xbb\xbf" + _GOODS.replace("\n", "\r\n").encode() + "1;Я;;\r\n".encode()
    )

    assert read.values(Dataset.GOODS) == [{"id": "1", "name": "Я"}]


_FILES = {
    "an unknown version": ("#obmen-catalog;4\nid;name\n", "VERSION_UNKNOWN", "#obmen-catalog", "4"),
    "no version": ("#obmen-catalog\nid;name\n", "VERSION_UNKNOWN", "#obmen-catalog", ""),
    "a column too few": ("#obmen-catalog;2\nid;article\n", "FIELD_MISSING", "name", ""),
    "no columns": ("#obmen-catalog;2\n", "FIELD_MISSING", "id", ""),
    "a price without its type": (
        "#obmen-catalog;2\noffer_id;amount\n", "FIELD_MISSING", "price_type_id", ""),
    "a column too many": (
        "#obmen-catalog;2\nid;name;colour\n", "FIELD_UNKNOWN", "colour", "a column of goods"),
    "a column of a later version": (
        "#obmen-catalog;1\nid;name;part_number\n", "FIELD_UNKNOWN", "part_number",
        "a column of goods"),
    "a column twice": ("#obmen-catalog;2\nid;name;name\n", "FIELD_REPEATED", "name", ""),
    "a setting nobody knows": (
        "#obmen-catalog;2;mode=all\nid;name\n", "FIELD_UNKNOWN", "mode", "all"),
    "an extent nobody knows": (
        "#obmen-catalog;2;extent=some\nid;name\n", "RULE_BROKEN", "extent", "some"),
    "a dataset nobody knows": (
        "#obmen-catalog;2;dataset=orders\nid;name\n", "RULE_BROKEN", "dataset", "orders"),
    "a quote that is not closed": (
        '#obmen-catalog;2\nid;name\n1;"a\n2;b\n', "XML_NOT_WELL_FORMED", "line 3",
        "a quote is not closed"),
    "fewer rows than it says": (
        "#obmen-catalog;2;rows=2\nid;name\n1;a\n", "XML_NOT_WELL_FORMED", "row 1",
        "the first line says 2 rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", _FILES)
def test_a_file_is_refused_whole(name: str) -> None:
    text, cause, place, value = _FILES[name]

    fault = read_text(text).fault

    assert fault is not None
    assert (cause, place, value) == (
        fault.fault.cause.name, fault.fault.place, fault.fault.value
    )  # fmt: skip


def test_an_unknown_version_is_refused_with_its_number_and_those_we_read() -> None:
    fault = read_text("#obmen-catalog;7\nid;name\n").fault

    assert fault is not None
    assert fault.fault.sentence == "version 7 of the format is not known, we read 1, 2, 3"


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    payload = _GOODS.encode() + "1;Болт;;\n".encode("cp1251")

    fault = read_bytes(payload).fault

    assert fault is not None
    assert fault.fault.cause is Cause.ENCODING_MISMATCH
    assert fault.byte_offset == len(_GOODS.encode()) + 2


_ROWS = {
    ";Болт;;": ("FIELD_MISSING", "id", ""),
    "1; ;;": ("FIELD_MISSING", "name", ""),
    "1;Болт;;abc": ("NUM_FORMAT", "weight_kg", "abc"),
    "1;Болт;;1,234": ("NUM_AMBIGUOUS", "weight_kg", "1,234"),
    "1;Болт;": ("RULE_BROKEN", "line 3", "3"),
    "1;Болт;;1;2": ("RULE_BROKEN", "line 3", "5"),
    "1;Бо\x01лт;;": ("CTRL_CHAR", "name", "'Бо\\x01лт'"),
    f"{'x' * 256};Болт;;": ("FIELD_TOO_LONG", "id", "256"),
}


@pytest.mark.parametrize("row", _ROWS)
def test_a_row_is_refused_alone(row: str) -> None:
    cause, place, value = _ROWS[row]

    read = read_text(f"{_GOODS}{row}\n2;Гайка;;\n")

    (refused,) = read.faults
    assert (cause, place, value) == (
        refused.fault.cause.name, refused.fault.place, refused.fault.value
    )  # fmt: skip
    assert (refused.byte_offset, refused.record_no) == (len(_GOODS.encode()), 1)
    assert [values["id"] for values in read.values(Dataset.GOODS)] == ["2"]


def test_an_offer_of_another_product_is_refused() -> None:
    read = read_text("#obmen-catalog;2\nid;product_id\na#b;c\n")

    assert [
        (refused.fault.cause.name, refused.fault.place, refused.fault.value, refused.fault.expected)
        for refused in read.faults
    ] == [("RULE_BROKEN", "product_id", "c", "a")]


def test_xml_is_no_csv() -> None:
    assert read_text(wrap("")).heading.dialect == "commerceml"
