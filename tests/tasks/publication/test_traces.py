"""From a portal's value to 1C's bytes, and from 1C's record to the portals that were told of it."""

from pathlib import Path

import pytest

from blocks.drop_folder import DropFolder
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tasks.operate.showing import list_carriers, trace_shown
from tasks.operate.tracing import Cell, NotTraceableError, trace_cell
from tests.tasks.publication.rounds import SOURCE, ask, know_portal, publish, take_company

_CELLS = """
    select 'product', id, 'name', name from core.product
    union all select 'product', id, 'article', article from core.product where article is not null
    union all select 'product_group', id, 'name', name from core.product_group
    union all select 'price', key, 'amount', row ->> 'amount' from core.traceable
        where table_name = 'price'
    union all select 'stock', key, 'quantity', row ->> 'quantity' from core.traceable
        where table_name = 'stock'
    order by 1, 2, 3
"""


@pytest.fixture
def shown(warehouse: Warehouse, store: Store, tmp_path: Path) -> None:
    """A portal was shown a company's catalog."""
    take_company(warehouse, store, tmp_path / "full", Company(seed=9, goods=40))
    (tmp_path / "out").mkdir()
    published = publish(warehouse, store, know_portal(warehouse), DropFolder(path=tmp_path / "out"))
    assert {} == published.failures


@pytest.mark.usefixtures("shown")
def test_a_hundred_cells_of_a_portal_lead_to_the_sources_bytes(
    warehouse: Warehouse, store: Store
) -> None:
    every = ask(warehouse, _CELLS)
    cells = every[:: len(every) // 100][:100]

    assert 100 == len(cells)

    for table, key, column, value in cells:
        trace = trace_shown(warehouse, store, Cell("shop", table, key, column))
        assert trace.came_from is not None
        for found in (trace.told, trace.came_from):
            text = store.get_range(found.object_key, found.byte_offset, found.byte_length)
            assert _canonical(value) == _canonical(text.decode()), (table, key, column)


@pytest.mark.usefixtures("shown")
def test_a_sources_record_names_the_deliveries_that_told_of_it(
    warehouse: Warehouse, store: Store
) -> None:
    (product,) = ask(warehouse, "select id from core.product order by id limit 1")
    trace = trace_cell(warehouse, store, Cell(SOURCE, "product", product[0], "name"))

    (carrier,) = list_carriers(warehouse, trace, SOURCE)

    assert ("shop", "delivered", "create", "import.xml") == (
        carrier.portal,
        carrier.state,
        carrier.effect,
        carrier.file_name,
    )


@pytest.mark.usefixtures("shown")
def test_what_a_portal_was_never_told_is_said_so(warehouse: Warehouse, store: Store) -> None:
    with pytest.raises(NotTraceableError, match="never acknowledged a product 'nothing'"):
        trace_shown(warehouse, store, Cell("shop", "product", "nothing", "name"))


def _canonical(text: str) -> str:
    bare = text.strip().replace("&amp;", "&").replace("&quot;", '"').replace("&lt;", "<")
    bare = bare.replace("&gt;", ">").replace("&#13;", "\r")
    is_number = bare.replace(".", "", 1).replace("-", "", 1).isdigit() and "." in bare
    return bare.rstrip("0").rstrip(".") if is_number else bare
