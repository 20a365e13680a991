"""What a package says before its offers: lists of the classifier, and goods."""

from collections.abc import Mapping

import pyarrow as pa

from tasks.formats.commerceml.render_groups import render_groups
from tasks.formats.commerceml.render_records import render_batch
from tasks.formats.commerceml.render_text import end_lines
from tasks.formats.commerceml.writing_files import Above, open_list
from tasks.formats.commerceml.writing_offers import WINDOW_ROWS, take_batch
from tasks.formats.commerceml.writing_terms import WritingTerms
from tasks.model.datasets import Dataset

LISTS = {
    Dataset.GROUPS: "Группы",
    Dataset.PROPERTIES: "Свойства",
    Dataset.CATEGORIES: "Категории",
    Dataset.UNITS: "ЕдиницыИзмерения",
    Dataset.PRICE_TYPES: "ТипыЦен",
    Dataset.WAREHOUSES: "Склады",
    Dataset.GOODS: "Товары",
}


def write_list(
    above: Above, dataset: Dataset, tables: Mapping[Dataset, pa.Table], terms: WritingTerms
) -> None:
    """Write one list into the section `above`, if it has a record.

    Raises:
        WritingError: a record cannot be written.
    """
    table = tables.get(dataset)
    if table is None:
        return
    with open_list(above, LISTS[dataset]) as section:
        if dataset is Dataset.GROUPS:  # a tree is looked at whole; no catalog has millions
            section.write(end_lines(render_groups(take_batch(table, 0, len(table)), terms)))
            return
        for start in range(0, len(table), WINDOW_ROWS):
            _, rendered = render_batch(dataset, take_batch(table, start, WINDOW_ROWS), terms)
            section.write(end_lines(rendered))
