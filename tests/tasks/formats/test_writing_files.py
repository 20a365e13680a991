"""Which files a package has, in which order and encoding, and what they say of themselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from tasks.model.datasets import Dataset, Extent
from tests.tasks.formats.reads import read_bytes
from tests.tasks.formats.writes import (
    DIALECTS,
    Row,
    Tables,
    expect,
    find,
    load_sample,
    make_table,
    make_terms,
    read_back,
    write,
    write_rows,
)

_PRICE: Row = {"offer_id": "t#c", "price_type_id": "p", "amount": "5"}
_WORDS_OF_3 = [
    "groups", "propertiesGoods", "propertiesOffers", "categories", "units", "storages",
    "priceLists", "goods", "offers", "prices", "rests",
]  # fmt: skip


def test_files_come_in_the_order_of_sending() -> None:
    catalog = load_sample("full")

    names = list(write(catalog, make_terms("commerceml-3.1")))

    assert list(write(catalog, make_terms("commerceml-2.07"))) == ["import.xml", "offers.xml"]
    assert [name.partition("_1_1_")[0] for name in names] == _WORDS_OF_3
    assert len({name.partition("_1_1_")[2] for name in names}) == 1


def test_another_package_of_3_has_other_names() -> None:
    rows = [{"id": "t", "name": "а"}]
    later = datetime(2026, 2, 7, tzinfo=ZoneInfo("UTC"))

    one = write_rows(make_terms("commerceml-3.1"), goods=rows)
    other = write_rows(make_terms("commerceml-3.1", formed_at=later), goods=rows)

    assert one.keys() != other.keys()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("dataset", [
    dataset for dataset in Dataset
    if dataset not in (Dataset.COUNTERPARTIES, Dataset.DOCUMENTS, Dataset.MOVEMENTS)
])  # fmt: skip
def test_a_package_of_one_dataset_has_one_file_that_can_be_read(
    dialect: str, dataset: Dataset
) -> None:
    tables = {dataset: load_sample("full")[dataset]}
    terms = make_terms(dialect)
    is_said = dialect > "commerceml-2.07" or dataset not in (Dataset.CATEGORIES, Dataset.UNITS)
    is_pair = dialect == "commerceml-3.1" and dataset is Dataset.PROPERTIES  # goods', offers'

    assert int(is_said) + is_pair == len(write(tables, terms))
    assert expect(tables, terms) == find(read_back(tables, terms))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_without_a_record_there_is_no_file(dialect: str) -> None:
    empty: Tables = {dataset: make_table(dataset) for dataset in Dataset}

    assert write(empty, make_terms(dialect)) == {}
    assert write({}, make_terms(dialect)) == {}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("extent", Extent)
def test_every_file_says_what_it_is(dialect: str, extent: Extent) -> None:
    terms = make_terms(dialect, extent=extent)

    for name, content in write(load_sample("full"), terms).items():
        heading = read_bytes(content).heading

        assert heading.version == dialect.removeprefix("commerceml-")
        assert heading.formed_at == "2026-02-06T11:15:23"
        assert heading.extent is extent, name


def test_changes_of_groups_alone_say_that_they_are_changes() -> None:
    terms = make_terms("commerceml-2.07", extent=Extent.CHANGES)

    (content,) = write_rows(terms, groups=[{"id": "g", "name": "а"}]).values()

    assert '<Каталог СодержитТолькоИзменения="true">' in content


def test_the_clock_is_written_in_its_own_zone() -> None:
    moment = datetime(2026, 2, 6, 23, 30, 5, 999_999, tzinfo=ZoneInfo("Asia/Vladivostok"))

    (text,) = write_rows(make_terms(formed_at=moment), goods=[{"id": "t"}]).values()

    assert 'ДатаФормирования="2026-02-06T23:30:05"' in text


@pytest.mark.parametrize(
    ("words", "beginning"),
    [
        ({}, b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>'),
        ({"has_bom": False}, b'<?xml version="1.0" encoding="UTF-8"?>'),
        ({"encoding": "windows-1251"}, b'<?xml version="1.0" encoding="windows-1251"?>'),
    ],
)
def test_the_encoding_is_that_of_the_terms(words: Row, beginning: bytes) -> None:
    terms = make_terms(**words)
    tables = {Dataset.GOODS: make_table(Dataset.GOODS, {"id": "t", "name": "Цена 5 ₽ 🙂 ¥"})}

    (content,) = write(tables, terms).values()

    assert content.startswith(beginning)
    assert ("&#8381;" in content.decode(terms.encoding)) == (terms.encoding == "windows-1251")
    assert b"?" not in content.replace(b"?>", b"").replace(b"<?", b"")
    assert expect(tables, terms) == find(read_back(tables, terms))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_site_that_stumbles_over_the_namespace_gets_none(dialect: str) -> None:
    terms = make_terms(dialect, has_namespace=False)
    tables = {Dataset.GOODS: make_table(Dataset.GOODS, {"id": "t", "name": "Чай"})}

    (content,) = write(tables, terms).values()

    assert b"xmlns" not in content
    assert expect(tables, terms) == find(read_back(tables, terms))


@pytest.mark.parametrize("dialect", DIALECTS[:-1])
def test_figures_without_their_offer_stand_in_changes_of_the_package(dialect: str) -> None:
    stock = [{"offer_id": "t", "quantity": "3"}, {"offer_id": "t", "warehouse_id": "w",
                                                  "quantity": "3"}]  # fmt: skip

    files = write_rows(make_terms(dialect), prices=[_PRICE], stock=stock)

    assert list(files) == ["offers.xml"]
    assert '<ИзмененияПакетаПредложений СодержитТолькоИзменения="true">' in files["offers.xml"]
    assert "<Ид>t</Ид><ИдХарактеристики>c</ИдХарактеристики><Цены>" in files["offers.xml"]
    assert (
        '<Ид>t</Ид><Склады ИдСклада="w" КоличествоНаСкладе="3"/><Количество>3</Количество>'
        in files["offers.xml"]
    )


@pytest.mark.parametrize("dialect", DIALECTS[:-1])
def test_figures_without_their_offer_come_after_the_offers(dialect: str) -> None:
    offers = [{"id": "a", "name": "а"}]

    files = write_rows(make_terms(dialect), offers=offers, prices=[_PRICE])

    assert list(files) == ["offers.xml", "offers1.xml"]
    assert "<ПакетПредложений " in files["offers.xml"]
    assert "<ИзмененияПакетаПредложений " in files["offers1.xml"]


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("commerceml-2.07", 'Статус="Удален"'),
        ("commerceml-2.10", 'Статус="Удален"'),
        ("commerceml-3.1", "<ПометкаУдаления>true</ПометкаУдаления>"),
    ],
)
def test_a_deleted_product_and_a_deleted_offer_say_so(dialect: str, expected: str) -> None:
    rows = [{"id": "t", "name": "а", "is_deleted": True}]

    for text in write_rows(make_terms(dialect), goods=rows, offers=rows).values():
        assert text.count(expected) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_may_lack_columns_and_be_cut_into_any_chunks(dialect: str) -> None:
    rows = [{"offer_id": f"{number:02}", "warehouse_id": warehouse, "quantity": "1"}
            for number in range(20) for warehouse in ("w1", "w2")]  # fmt: skip
    whole = pa.Table.from_pylist(rows)
    pieces = pa.concat_tables(whole.slice(start, 3) for start in range(0, 40, 3))
    coded = pa.table(
        {name: whole[name].dictionary_encode() for name in whole.column_names}
    )  # as the warehouse's client may give it
    terms = make_terms(dialect)

    expected = write({Dataset.STOCK: make_table(Dataset.STOCK, *rows)}, terms)

    for table in (whole, pieces, coded):
        assert expected == write({Dataset.STOCK: table}, terms)
