"""Real files, when they are there: counts equal to a count that shares nothing with the reader."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_path

_CORPUS = Path(__file__).parents[3].parent / "shared" / "samples" / "commerceml"
_FILES = sorted(_CORPUS.rglob("*.xml"))
pytestmark = pytest.mark.skipif(not _FILES, reason=f"no corpus at {_CORPUS.name}")

_TAGS = {
    Dataset.GROUPS: "Группа",
    Dataset.PROPERTIES: "Свойство",
    Dataset.CATEGORIES: "Категория",
    Dataset.UNITS: "ЕдиницаИзмерения",
    Dataset.PRICE_TYPES: "ТипЦены",
    Dataset.WAREHOUSES: "Склады/Склад",
    Dataset.GOODS: "Товары/Товар",
    Dataset.OFFERS: "Предложение",
    Dataset.PRICES: "Цена",
    Dataset.DOCUMENTS: "Документ",
}


def _count(path: Path) -> Counter[Dataset]:
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - files of our own folder
    names = re.compile(r"\{[^}]*\}")
    counts: Counter[Dataset] = Counter()

    def walk(element: ET.Element, above: str, *, is_order: bool) -> None:
        tag = names.sub("", element.tag)
        is_order = is_order or tag == "Документ"
        if not is_order or tag == "Документ":
            for dataset, wanted in _TAGS.items():
                # A category of the catalog is no category of a product.
                counts[dataset] += f"/{above}/{tag}".endswith(f"/{wanted}") and not (
                    tag == "Категория" and above != "Категории"
                )
            counts[Dataset.STOCK] += _is_stock(element, tag, above)
        for child in element:
            walk(child, tag, is_order=is_order)

    walk(root, "", is_order=False)
    return counts


def _is_stock(element: ET.Element, tag: str, above: str) -> bool:
    if tag == "Количество":
        return above in ("Предложение", "Остаток") or "Склад" in above
    return tag in ("Склад", "Склады") and "КоличествоНаСкладе" in element.attrib


@pytest.mark.parametrize("path", _FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_all_records_of_a_real_file_are_read(path: Path) -> None:
    expected = _count(path)

    read = read_path(path)

    assert read.fault is None
    assert not read.faults
    found = {dataset: len(read.rows.get(dataset, [])) for dataset in expected}
    assert dict(expected) == found


@pytest.mark.parametrize("path", _FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_the_bytes_of_a_real_record_stand_alone(path: Path) -> None:
    payload, read = path.read_bytes(), read_path(path)

    for dataset, rows in read.rows.items():
        for row in rows:
            piece = payload[row["byte_offset"] :][: row["byte_length"]]
            element = ET.fromstring(piece.decode(read.heading.encoding))  # noqa: S314 - as above
            if dataset not in (Dataset.PRICES, Dataset.STOCK):
                ids = [element.findtext(tag, "").strip() for tag in ("Ид", "Код", "Номер")]
                assert row["id"] in ids
