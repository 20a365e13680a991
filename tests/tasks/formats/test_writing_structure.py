"""The elements of 2.07–2.10 stand as the standard has them, whatever is in the tables."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from lxml import etree

from tasks.formats.commerceml.writing import fit_batch
from tests.tasks.formats.packages import draw_packages
from tests.tasks.formats.structure import find_breaches
from tests.tasks.formats.writes import DIALECTS, SAMPLES, Tables, load_sample, make_terms, write

_STANDARD = DIALECTS[:-1]
_CORPUS = Path(__file__).parents[3].parent / "shared" / "samples" / "commerceml"
_SCHEMAS = {
    "commerceml-2.08": _CORPUS / "dobromyslov__commerceml-parser/doc/commerceml-2.08.xsd",
    "commerceml-2.10": _CORPUS / "dobromyslov__commerceml-parser/doc/commerceml-2.10.xsd",
}


def _as_standard(tables: Tables) -> Tables:
    """Only what 2.07 says: the other versions add what shops add, when it is in the tables."""
    terms = make_terms("commerceml-2.07")
    return {
        dataset: pa.Table.from_batches(
            [fit_batch(dataset, batch, terms) for batch in table.to_batches()]
            or [fit_batch(dataset, pa.RecordBatch.from_pylist([], schema=table.schema), terms)]
        )
        for dataset, table in tables.items()
    }


@given(tables=draw_packages())
@settings(max_examples=30, deadline=None)
def test_every_package_has_the_structure_of_the_standard(tables: Tables) -> None:
    standard = _as_standard(tables)

    for dialect in _STANDARD:
        for name, content in write(standard, make_terms(dialect)).items():
            assert find_breaches(content.decode("utf-8-sig")) == [], (dialect, name)
    for name, content in write(tables, make_terms("commerceml-2.07")).items():
        assert find_breaches(content.decode("utf-8-sig")) == [], name


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<Товар Статус=", "<Товар Stand="),
        ("<Ид>t-2</Ид><Наименование>", "<Наименование>"),
        ("</Артикул>", "</Артикул><Артикул>1</Артикул>"),
        ("<Страна>Россия</Страна>", "<Край>Россия</Край>"),
        ("<Картинка>import_files/t1/side.jpg</Картинка><Страна>Россия</Страна>",
         "<Страна>Россия</Страна><Картинка>import_files/t1/side.jpg</Картинка>"),
        ("<Значение>графит</Значение>", "<Значение><b>графит</b></Значение>"),
    ],
)  # fmt: skip
def test_a_breach_is_found(right: str, wrong: str) -> None:
    text = (SAMPLES / "full_2.07" / "import.xml").read_text("utf-8-sig")
    assert find_breaches(text) == []

    assert find_breaches(text.replace(right, wrong, 1)) != []


@pytest.mark.parametrize("dialect", _SCHEMAS)
@pytest.mark.skipif(not _CORPUS.exists(), reason=f"no corpus at {_CORPUS.name}")
def test_our_catalog_is_valid_against_the_published_schema(dialect: str) -> None:
    schema = etree.XMLSchema(etree.parse(_SCHEMAS[dialect]))

    for name, content in write(_as_standard(load_sample("full")), make_terms(dialect)).items():
        assert schema.validate(etree.fromstring(content)), (name, str(schema.error_log))
