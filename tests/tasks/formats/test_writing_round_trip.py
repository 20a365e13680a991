"""What is written is what was given: our own reader finds every column of every record again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats.commerceml.writing import fit_batch
from tasks.model.datasets import Dataset, Extent
from tests.tasks.formats.packages import draw_packages
from tests.tasks.formats.writes import (
    DIALECTS,
    Tables,
    expect,
    find,
    make_table,
    make_terms,
    read_back,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(tables=draw_packages(), encoding=st.sampled_from(("utf-8", "windows-1251")),
       extent=st.sampled_from(Extent))  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_our_reader_finds_what_was_written(
    dialect: str, tables: Tables, encoding: str, extent: Extent
) -> None:
    terms = make_terms(dialect, encoding=encoding, extent=extent)

    assert expect(tables, terms) == find(read_back(tables, terms))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(tables=draw_packages())
@settings(max_examples=15, deadline=None)
def test_what_was_fitted_once_fits(dialect: str, tables: Tables) -> None:
    terms = make_terms(dialect)

    for dataset, table in tables.items():
        for batch in table.to_batches():
            once = fit_batch(dataset, batch, terms)
            assert once == fit_batch(dataset, once, terms)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\tb", "a\rb", "a\r\nb", "a  b", "<a>&amp;</a>", "a\"b'c", "]]>", "&#13;", "5 ₽ 🙂",
     "a\u2028b\u0085c\u00a0d", "<!-- a -->", "<?a?>", "<![CDATA[a]]>", "a#b|c\\d"],
)  # fmt: skip
def test_an_awkward_text_survives_in_elements_attributes_and_lists(
    dialect: str, encoding: str, text: str
) -> None:
    product = {
        "id": text, "name": text, "unit_code": text, "unit_name": text, "code": text,
        "properties": [{"id": text, "values": [text]}], "extra": {"Комплектующие": text},
    }  # fmt: skip
    tables = {
        Dataset.GOODS: make_table(Dataset.GOODS, product),
        Dataset.STOCK: make_table(
            Dataset.STOCK, {"offer_id": text, "warehouse_id": text, "quantity": "1"}
        ),
    }
    terms = make_terms(dialect, encoding=encoding, catalog_name=text, owner_name=text)

    assert expect(tables, terms) == find(read_back(tables, terms))
