"""A reader that shares nothing with ours, forty lines of the standard library, finds the same.

So what portals read does not depend on our own reader agreeing with our own writer.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model.datasets import Dataset
from tests.tasks.formats.packages import draw_packages
from tests.tasks.formats.writes import DIALECTS, Tables, load_sample, make_terms, write

Found = set[tuple[str, ...]]

_LEAVES = {
    "Группа": {"Наименование": "name"},
    "Товар": {"Наименование": "name", "Артикул": "article", "Штрихкод": "barcode",
              "Страна": "country", "ТорговаяМарка": "brand"},
    "Предложение": {"Наименование": "name", "Артикул": "article", "Штрихкод": "barcode"},
    "ТипЦены": {"Наименование": "name", "Валюта": "currency"},
    "Склад": {"Наименование": "name"},
    "Цена": {"Валюта": "currency", "Единица": "unit", "Представление": "presentation",
             "МинКоличество": "min_qty", "Коэффициент": "coefficient"},
}  # fmt: skip
_DATASETS = {
    "Группа": Dataset.GROUPS, "Товар": Dataset.GOODS, "Предложение": Dataset.OFFERS,
    "ТипЦены": Dataset.PRICE_TYPES, "Склад": Dataset.WAREHOUSES,
}  # fmt: skip


def _find(content: bytes) -> Iterator[tuple[str, ...]]:
    """(dataset, key…, column, value) of all that this reader knows."""
    for element in ET.fromstring(content).iter():  # noqa: S314 - bytes of our own making
        tag = _strip(element.tag)
        children = {_strip(child.tag): child.text or "" for child in element}
        is_rest = tag == "Склад" and "Количество" in children
        if tag in _DATASETS and "Ид" in children and not is_rest:
            for child, column in _LEAVES[tag].items():
                if child in children:
                    yield str(_DATASETS[tag]), children["Ид"], column, children[child]
        if tag == "Предложение":
            owner = "#".join(filter(None, (children["Ид"], children.get("ИдХарактеристики"))))
            yield from _find_figures(element, owner)


def _find_figures(offer: ET.Element, owner: str) -> Iterator[tuple[str, ...]]:
    for element in offer.iter():
        children = {_strip(child.tag): child.text or "" for child in element}
        match _strip(element.tag):
            case "Цена":
                key = (owner, children["ИдТипаЦены"], children["ЦенаЗаЕдиницу"])
                yield "prices", *key, "", ""
                for child, column in _LEAVES["Цена"].items():
                    if child in children:
                        yield "prices", *key, column, children[child]
            case "Склад" | "Склады" if element.keys():
                yield (
                    "stock",
                    owner,
                    element.get("ИдСклада", ""),
                    element.get("КоличествоНаСкладе", ""),
                )
            case "Склад":
                yield "stock", owner, children["Ид"], children["Количество"]
            case "Предложение" | "Остаток" if "Количество" in children:
                yield "stock", owner, "", children["Количество"]


def _expect(tables: Tables, dialect: str) -> Iterator[tuple[str, ...]]:
    for tag, dataset in _DATASETS.items():
        for row in _list_rows(tables, dataset):
            if row["is_deleted"] and not _says_deletion(dataset, dialect):
                continue
            for column in _LEAVES[tag].values():
                if row[column] is not None:
                    yield str(dataset), row["id"], column, row[column]
    for row in _list_rows(tables, Dataset.PRICES):
        key = (row["offer_id"], row["price_type_id"], row["amount"])
        yield "prices", *key, "", ""
        for column in _LEAVES["Цена"].values():
            if row[column] is not None:
                yield "prices", *key, column, row[column]
    for row in _list_rows(tables, Dataset.STOCK):
        yield "stock", row["offer_id"], row["warehouse_id"] or "", row["quantity"]


def _says_deletion(dataset: Dataset, dialect: str) -> bool:
    return dataset in (Dataset.GOODS, Dataset.OFFERS) or dialect > "commerceml-2.08"


def _list_rows(tables: Tables, dataset: Dataset) -> list[dict[str, Any]]:
    return tables[dataset].to_pylist() if dataset in tables else []


def _strip(tag: str) -> str:
    return tag.rpartition("}")[2]


def _read(tables: Tables, dialect: str, encoding: str) -> Found:
    files = write(tables, make_terms(dialect, encoding=encoding))
    return {found for content in files.values() for found in _find(content)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_reader_finds_our_catalog(dialect: str) -> None:
    catalog = load_sample("full")

    found = _read(catalog, dialect, "utf-8")

    assert set(_expect(catalog, dialect)) == found
    assert len(found) > 30


@pytest.mark.parametrize("dialect", DIALECTS)
@given(tables=draw_packages(), encoding=st.sampled_from(("utf-8", "windows-1251")))
@settings(max_examples=25, deadline=None)
def test_another_reader_finds_whatever_was_written(
    dialect: str, tables: Tables, encoding: str
) -> None:
    assert set(_expect(tables, dialect)) == _read(tables, dialect, encoding)
