"""Files of every shape we know, each with its expected twin, read field by field by a person."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import Read, read_path

_SAMPLES = Path(__file__).parents[2] / "samples" / "commerceml"
_FILES = sorted(path for path in _SAMPLES.glob("*/*.xml"))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_column_of_every_record_is_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))

    read = read_path(path)

    assert expected["heading"] == _show_heading(read)
    assert expected["records"] == {
        str(dataset): _show_rows(read, dataset) for dataset in Dataset if read.rows.get(dataset)
    }
    assert expected["refused"] == _show_faults(read)
    assert read.fault is None


@pytest.mark.parametrize("path", _FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_bytes_of_every_record_hold_its_id(path: Path) -> None:
    payload = path.read_bytes()
    encoding = read_path(path).heading.encoding

    for dataset, rows in read_path(path).rows.items():
        for row in rows:
            text = payload[row["byte_offset"] :][: row["byte_length"]].decode(encoding)

            assert text.startswith("<")
            assert text.endswith(">")
            if dataset not in (Dataset.PRICES, Dataset.STOCK, Dataset.OFFERS):
                assert row["id"] in text
            if dataset is Dataset.PRICES:
                assert row["price_type_id"] in text


def test_there_are_at_least_eight_shapes() -> None:
    assert len({path.parent for path in _FILES}) >= 8


def _show_heading(read: Read) -> dict[str, Any]:
    heading = dataclasses.asdict(read.heading)
    shown = {name: value for name, value in heading.items() if value is not None}
    return shown | {"left_alone": list(read.heading.left_alone)}


def _show_rows(read: Read, dataset: Dataset) -> list[dict[str, Any]]:
    placed = [
        {"record_no": row["record_no"], "key": row["key"]} for row in read.rows.get(dataset, [])
    ]
    return [place | row for place, row in zip(placed, read.values(dataset), strict=True)]


def _show_faults(read: Read) -> list[dict[str, Any]]:
    return [
        {
            "dataset": refused.dataset.value,
            "record_no": refused.record_no,
            "key": refused.key,
            "cause": refused.fault.cause.name,
            "place": refused.fault.place,
            "value": refused.fault.value,
        }
        for refused in read.faults
    ]
