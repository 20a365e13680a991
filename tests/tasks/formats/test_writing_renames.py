"""A partner's own mapping fills an element from another column, and changes nobody else's bytes."""

import pytest

from tasks.formats.commerceml.writing_renames import list_targets
from tasks.model.datasets import Dataset
from tests.tasks.formats.writes import (
    DIALECTS,
    Row,
    expect,
    find,
    make_table,
    make_terms,
    read_back,
    write_rows,
)

_PRODUCT: Row = {
    "id": "t1", "name": "Ящик", "full_name": "Ящик деревянный, 20 л", "article": "A-1",
    "part_number": "PN-9", "code": "0042", "description": "<b>текст</b>", "brand": "Ромашка",
    "is_description_html": True, "unit_code": "796", "unit_name": "шт", "weight_kg": "2.5",
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("path", "column", "expected"),
    [
        ("Товар/Наименование", "full_name", "<Наименование>Ящик деревянный, 20 л</Наименование>"),
        ("Товар/Артикул", "part_number", "<Артикул>PN-9</Артикул>"),
        ("Товар/Описание", "name", "<Описание>Ящик</Описание>"),
        ("Товар/Изготовитель/Наименование", "brand",
         "<Изготовитель><Наименование>Ромашка</Наименование></Изготовитель>"),
        ("Товар/ЗначенияРеквизитов/Код", "article",
         "<Наименование>Код</Наименование><Значение>A-1</Значение>"),
    ],
)  # fmt: skip
def test_an_element_is_filled_from_the_column_of_the_override(
    dialect: str, path: str, column: str, expected: str
) -> None:
    usual, own = make_terms(dialect), make_terms(dialect, renames={path: column})

    (before,) = write_rows(usual, goods=[_PRODUCT]).values()
    (changed,) = write_rows(own, goods=[_PRODUCT]).values()
    (after,) = write_rows(usual, goods=[_PRODUCT]).values()

    assert expected not in before
    assert expected in changed
    assert before == after


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_columns_can_change_places(dialect: str) -> None:
    renames = {"Товар/Артикул": "code", "Товар/ЗначенияРеквизитов/Код": "article"}

    (text,) = write_rows(make_terms(dialect, renames=renames), goods=[_PRODUCT]).values()

    assert "<Артикул>0042</Артикул>" in text
    assert "<Наименование>Код</Наименование><Значение>A-1</Значение>" in text


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("dataset", [Dataset.GOODS, Dataset.OFFERS])
def test_every_element_that_can_be_overridden_is_read_back_as_said(
    dialect: str, dataset: Dataset
) -> None:
    for path, target in list_targets(dataset).items():
        column = "pack_qty" if target in ("weight_kg", "volume_m3", "pack_qty") else "id"
        terms = make_terms(dialect, renames={path: column})
        tables = {dataset: make_table(dataset, {"id": "7000", "pack_qty": "5"}
                                      if dataset is Dataset.GOODS else {"id": "7000"})}  # fmt: skip

        assert expect(tables, terms) == find(read_back(tables, terms)), path


def test_an_override_of_offers_leaves_goods_alone() -> None:
    terms = make_terms(renames={"Предложение/Наименование": "article"})
    rows = [{"id": "t1", "name": "Имя", "article": "A-1"}]

    files = write_rows(terms, goods=rows, offers=rows)

    assert "<Наименование>Имя</Наименование>" in files["import.xml"]
    assert "<Наименование>A-1</Наименование>" in files["offers.xml"]
