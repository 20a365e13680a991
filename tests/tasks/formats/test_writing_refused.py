"""What cannot be written truthfully is refused with its place, and nothing is left to be sent."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.formats.commerceml.writing import WritingError, write_package
from tasks.model.datasets import Dataset
from tests.tasks.formats.writes import DIALECTS, Row, Tables, make_table, make_terms, write_rows

_GOODS: Row = {"id": "t1", "name": "Ящик"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"dialect": "commerceml-2.06"}, "dialect 'commerceml-2.06' is not one of commerceml-2.07"),
        ({"dialect": "2.09"}, "dialect '2.09' is not one of"),
        ({"encoding": "koi8-r"}, "encoding 'koi8-r' is not one of utf-8, windows-1251"),
        ({"formed_at": datetime(2026, 2, 6)}, "has no time zone"),  # noqa: DTZ001 - that is the fault
        ({"owner_name": " "}, "owner_name is empty"),
        ({"catalog_id": "a\x00"}, "catalog_id holds U\\+0000, which XML 1.0 forbids"),
    ],
)
def test_terms_that_mean_nothing_are_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(WritingError, match=message):
        make_terms(**words)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    ("dataset", "row", "place"),
    [
        ("groups", {"id": "g", "name": "a?"}, "groups 'g': name"),
        ("goods", {"id": "t", "article": "?b"}, "goods 't': article"),
        ("goods", {"id": "t", "requisites": [{"name": "Цвет", "values": ["?"]}]},
         "goods 't': requisites"),
        ("goods", {"id": "t", "code": "?"}, "goods 't': code"),
        ("offers", {"id": "t#c", "extra": {"Описание": "a?"}}, "offers 't#c': extra"),
        ("prices", {"offer_id": "t", "price_type_id": "p", "amount": "5", "currency": "?"},
         "prices 't|p||': currency"),
        ("stock", {"offer_id": "t", "warehouse_id": "w?", "quantity": "5"},
         "stock 't|w?': warehouse_id"),
    ],
)  # fmt: skip
def test_a_character_that_xml_forbids_is_named_with_its_place(
    dialect: str, character: str, dataset: str, row: Row, place: str
) -> None:
    given = _replace(row, character)
    place = place.replace("?", repr(character)[1:-1])

    with pytest.raises(WritingError) as refused:
        write_rows(make_terms(dialect), **{dataset: [given]})

    expected = f"{place} holds U+{ord(character):04X}, which XML 1.0 forbids"
    assert expected == str(refused.value)


def _replace(value: Any, character: str) -> Any:
    match value:
        case str():
            return value.replace("?", character)
        case list():
            return [_replace(entry, character) for entry in value]
        case dict():
            return {name: _replace(entry, character) for name, entry in value.items()}
        case _:
            return value


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"goods": [{"name": "a"}]}, "goods '': id is empty"),
        ({"groups": [{"id": "", "name": "a"}]}, "groups '': id is empty"),
        ({"offers": [{"name": "a"}]}, "offers in row 1: id is empty"),
        ({"prices": [{"price_type_id": "p", "amount": "5"}]}, "prices in row 1: offer_id is empty"),
        ({"prices": [{"offer_id": "t", "amount": "5"}]},
         r"prices 't\|\|\|': price_type_id is empty"),
        ({"prices": [{"offer_id": "t", "price_type_id": "p"}]}, r"prices 't\|p\|\|': amount is e"),
        ({"stock": [{"offer_id": "t", "warehouse_id": "w"}]}, r"stock 't\|w': quantity is empty"),
        ({"offers": [{"id": "b"}, {"id": "a"}]}, "offers: rows are not sorted by id"),
        ({"offers": [{"id": "a"}, {"id": "a"}]}, "offers: .*an offer stands twice"),
        ({"stock": [{"offer_id": "b", "quantity": "1"}, {"offer_id": "a", "quantity": "1"}]},
         "stock: rows are not sorted by offer_id"),
        ({"groups": [{"id": "a", "parent_id": "b"}, {"id": "b", "parent_id": "a"}]},
         "2 of them are their own ancestors"),
        ({"groups": [{"id": "a", "parent_id": "a"}, {"id": "b"}]},
         "1 of them are their own ancestors"),
        ({"groups": [{"id": f"{level:02}", "parent_id": f"{level - 1:02}" if level else None}
                     for level in range(31)]}, "groups '30': deeper than 30 levels"),
    ],
)  # fmt: skip
def test_rows_that_no_reader_could_take_are_refused(
    dialect: str, rows: dict[str, list[Row]], message: str
) -> None:
    with pytest.raises(WritingError, match=message):
        write_rows(make_terms(dialect), **rows)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_parent_outside_the_package_is_named_or_refused(dialect: str) -> None:
    groups = [{"id": "g2", "parent_id": "g1", "name": "б"}]

    if dialect < "commerceml-2.09":
        with pytest.raises(WritingError, match="groups 'g2': parent_id 'g1' is not in the package"):
            write_rows(make_terms(dialect), groups=groups)
        return

    (text,) = write_rows(make_terms(dialect), groups=groups).values()
    assert "<ИдРодителя>g1</ИдРодителя>" in text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_file_is_left_of_a_package_that_cannot_be_written(dialect: str, tmp_path: Path) -> None:
    tables: Tables = {
        Dataset.GROUPS: make_table(Dataset.GROUPS, {"id": "g", "name": "а"}),
        Dataset.GOODS: make_table(Dataset.GOODS, _GOODS),
        Dataset.OFFERS: make_table(Dataset.OFFERS, {"id": "t1", "name": "а"}),
        Dataset.STOCK: make_table(
            Dataset.STOCK, {"offer_id": "t1", "quantity": "1"}, {"offer_id": "t2"}
        ),
    }

    with pytest.raises(WritingError):
        write_package(tables, make_terms(dialect), tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "column", "message"),
    [
        ("Товар/Имя", "name", "'Товар/Имя' is no element that can be overridden; there are: .*Арт"),
        ("Товар/Ид", "article", "'Товар/Ид' is no element that can be overridden"),
        ("Группа/Наименование", "name", "no element that can be overridden; .*Товар, Предложение"),
        ("Товар/Наименование", "title", "cannot be filled from 'title'; it can from: .*full_name"),
        ("Товар/Наименование", "requisites", "cannot be filled from 'requisites'"),
        ("Товар/Наименование", "is_deleted", "cannot be filled from 'is_deleted'"),
        ("Товар/Вес", "name", "cannot be filled from 'name'; it can from: pack_qty, weight_kg"),
        ("Предложение/Наименование", "full_name", "cannot be filled from 'full_name'"),
    ],
)
@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-3.1"])
def test_an_override_that_means_nothing_is_refused(
    dialect: str, path: str, column: str, message: str
) -> None:
    with pytest.raises(WritingError, match=message):
        write_rows(make_terms(dialect, renames={path: column}), goods=[_GOODS])
