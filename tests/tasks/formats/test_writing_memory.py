"""A package of any size is written in windows: memory does not grow with it."""

from pathlib import Path

import pyarrow as pa
import pytest

from tasks.formats.commerceml.writing import write_package
from tasks.formats.commerceml.writing_offers import WINDOW_ROWS
from tasks.model.datasets import Dataset
from tests.tasks.formats.writes import make_terms

_WINDOWS = 2


def _make_tables(offers: int) -> dict[Dataset, pa.Table]:
    ids = [f"{number:09}" for number in range(offers)]
    twice = [offer for offer in ids for _ in range(2)]
    return {
        Dataset.OFFERS: pa.table({"id": ids, "name": ["Ботинки & Ко"] * offers}),
        Dataset.PRICES: pa.table(
            {"offer_id": twice, "price_type_id": ["a", "b"] * offers, "amount": ["5"] * 2 * offers}
        ),
        Dataset.STOCK: pa.table(
            {"offer_id": twice, "warehouse_id": ["v", "w"] * offers, "quantity": ["1"] * 2 * offers}
        ),
    }


def _measure_peak(offers: int, dialect: str, folder: Path) -> int:
    tables = _make_tables(offers)
    usual = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(usual)
    pa.set_memory_pool(pool)
    try:
        write_package(tables, make_terms(dialect), folder)
    finally:
        pa.set_memory_pool(usual)
    return int(pool.max_memory())


@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-3.1"])
def test_twice_as_many_offers_take_no_more_memory(dialect: str, tmp_path: Path) -> None:
    offers = WINDOW_ROWS * _WINDOWS

    once = _measure_peak(offers, dialect, tmp_path)
    twice = _measure_peak(offers * 2, dialect, tmp_path)

    assert twice < once * 1.2


def test_no_figure_is_lost_between_two_windows(tmp_path: Path) -> None:
    offers = WINDOW_ROWS + 7

    (path,) = write_package(_make_tables(offers), make_terms("commerceml-2.07"), tmp_path)

    text = path.read_text("utf-8-sig")
    assert offers == text.count("<Предложение>")
    assert offers * 2 == text.count("<Цена>") == text.count("<Склад ")
    halves = '<Склад ИдСклада="v" КоличествоНаСкладе="1"/><Склад ИдСклада="w"'
    assert offers == text.count(halves)
