"""The partners' description of our CSV names the columns that are read, and no others."""

import re
from pathlib import Path

import tasks.formats
from tasks.formats.csv_columns import COLUMNS
from tasks.model.datasets import Dataset

_README = Path(tasks.formats.__file__).with_name("README.md")


def test_the_description_names_all_columns_and_no_others() -> None:
    rows = re.findall(
        r"^\| (goods|offers|prices|stock|movements)(?: \(since version 3\))? \|(.*)\|$",
        _README.read_text("utf-8"),
        re.MULTILINE,
    )

    for word, cells in rows:
        mandatory, optional, later = (
            set(re.findall(r"`([a-z_0-9]+)`", cell)) for cell in cells.split(" | ")
        )
        columns = COLUMNS[Dataset(word)]
        assert {column.name for column in columns if column.is_mandatory} == mandatory
        assert {column.name for column in columns if column.since == 2} == later
        assert {column.name for column in columns} == mandatory | optional | later

    assert len(COLUMNS) == len(rows)
