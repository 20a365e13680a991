"""The operator's trace finds a column's text in the bytes of every dialect of ours."""

import pytest

from tasks.formats.locating import Excerpt, locate_text
from tasks.model.datasets import Dataset

_HEAD = "#obmen-catalog;1;extent=full\nid;name;article;description\n1;…\n".encode()
_RECORD = 'p#c;"Болт ""М8""; оцинк.";A-1;'.encode()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("id", "p#c"),
        ("characteristic_id", "p#c"),
        ("name", 'Болт ""М8""; оцинк.'),
        ("article", "A-1"),
        ("description", ""),
        ("barcode", None),
    ],
)
def test_a_cell_of_our_csv_is_found_in_its_row(column: str, expected: str | None) -> None:
    found = locate_text(Excerpt("obmen_csv", "utf-8", Dataset.GOODS, _HEAD, _RECORD), column)

    text = found and _RECORD[found.offset :][: found.length].decode()
    assert expected == text


def test_a_field_of_commerceml_is_found_with_its_path() -> None:
    record = "<Товар><Ид>1</Ид><Наименование>Болт</Наименование></Товар>".encode()

    found = locate_text(Excerpt("commerceml", "utf-8", Dataset.GOODS, b"", record), "name")

    assert found is not None
    assert ("Наименование", "Болт") == (found.name, found.text)
    assert "Болт".encode() == record[found.offset :][: found.length]


def test_a_record_that_is_one_text_has_a_name_too() -> None:
    record = "<Количество>747</Количество>".encode()

    excerpt = Excerpt("commerceml", "utf-8", Dataset.STOCK, b"", record)
    found = locate_text(excerpt, "quantity")

    assert found is not None
    assert ("(the record's own text)", "747") == (found.name, found.text)


def test_of_a_dialect_of_a_plug_in_only_the_record_is_known() -> None:
    assert locate_text(Excerpt("theirs", "utf-8", Dataset.GOODS, b"", b"Bolt"), "name") is None
