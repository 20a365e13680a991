"""Any value leads back to the bytes it came from."""

from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.operate.tracing import Cell, trace_cell
from tests.tasks.catalog.plain import take_files
from tests.tasks.catalog.stock_files import Base, Said, stock_xml
from tests.tasks.catalog.test_own_offers import FILE


def _at(text: str, file: str = FILE) -> tuple[int, str]:
    """The byte at which a text stands in a file, and the text."""
    return len(file.partition(text)[0].encode()), text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell("base", "price", "p1", "amount"), "120.50"),
        (Cell("base", "stock", "p1", "quantity"), "7"),
        (Cell("base", "offer", "p1", "id"), "p1"),
    ],
    ids=str,
)
def test_what_stands_inside_a_product_is_traced(
    warehouse: Warehouse, store: Store, tmp_path: Path, cell: Cell, text: str
) -> None:
    file = tmp_path / "import.xml"
    file.write_text(FILE, encoding="utf-8")
    take_files(warehouse, store, file)

    trace = trace_cell(warehouse, store, cell)

    tag = {"amount": "ЦенаЗаЕдиницу>", "quantity": "Количество>", "id": "<Товар><Ид>"}[cell.column]
    start, _ = _at(f"{tag}{text}")
    assert (start + len(tag.encode()), text) == (trace.byte_offset, trace.text)


_ODD = r"a|b\c_%"


@pytest.mark.parametrize(
    "cell",
    [
        Cell("base", "product", _ODD, "name"),
        Cell("base", "price", _ODD, "amount"),
        Cell("base", "price", r"a\|b\\c_%|t1||", "amount"),
        Cell("base", "stock", _ODD, "quantity"),
    ],
    ids=str,
)
def test_an_id_with_marks_that_part_keys_is_traced(
    warehouse: Warehouse, store: Store, tmp_path: Path, cell: Cell
) -> None:
    file = tmp_path / "import.xml"
    other = FILE.replace(">p1<", ">a|b<")
    file.write_text(FILE.replace(">p1<", f">{_ODD}<"), encoding="utf-8")
    (tmp_path / "other.xml").write_text(other, encoding="utf-8")
    take_files(warehouse, store, file, tmp_path / "other.xml")

    trace = trace_cell(warehouse, store, cell)

    text = {"name": "Сенча", "amount": "120.50", "quantity": "7"}[cell.column]
    assert ("import.xml", text) == (trace.file_name, trace.text)


def test_a_quantity_that_a_whole_file_took_away_is_traced_to_that_file(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    base = Base(warehouse, store, tmp_path).prepare()
    base.say(Said({"p1": {"w1": "5", "w2": "7"}}, minute=0))
    last = Said({"p1": {"w1": "5"}}, minute=1)
    (whole,) = base.say(last)

    trace = trace_cell(warehouse, store, Cell("base", "stock", "p1|w2", "quantity"))

    start, _ = _at("<Предложение>", stock_xml(last))
    assert (whole.message_key, "0", start) == (trace.message_key, trace.value, trace.byte_offset)
    assert "gives this offer without that warehouse" in trace.as_markdown("link")
    assert "(before: Товар p1, Склад w2: 7); agreed to by the brake, list 1" in trace.why
