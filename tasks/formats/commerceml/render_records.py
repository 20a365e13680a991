"""Batches of records -> one XML text a record, checked before a byte of it is written."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_layouts import make_layout
from tasks.formats.commerceml.render_nodes import list_placed
from tasks.formats.commerceml.render_rows import Rows
from tasks.formats.commerceml.render_text import (
    escape_attribute,
    escape_text,
    holds_forbidden,
    join,
    wrap,
)
from tasks.formats.commerceml.writing_fit import fit_batch
from tasks.formats.commerceml.writing_terms import FORBIDDEN, WritingError, WritingTerms
from tasks.formats.rows import join_key
from tasks.model.datasets import Dataset

_DIGITS: Final = "^[0-9]+$"
# Without these a record has no key, or says nothing.
_REQUIRED: Final = {
    Dataset.PRICES: ("offer_id", "price_type_id", "amount"),
    Dataset.STOCK: ("offer_id", "quantity"),
}
_KEYS: Final = {
    Dataset.PRICES: ("offer_id", "price_type_id", "unit", "min_qty"),
    Dataset.STOCK: ("offer_id", "warehouse_id"),
}


def render_batch(
    dataset: Dataset, batch: pa.RecordBatch, terms: WritingTerms
) -> tuple[pa.RecordBatch, pa.Array]:
    """The rows that the version can say, and each as XML.

    Raises:
        WritingError: a row without its key, or with a character that no XML can hold.
    """
    fitted = fit_batch(dataset, batch, terms)
    return fitted, render_fitted(dataset, fitted, terms)


def render_fitted(dataset: Dataset, fitted: pa.RecordBatch, terms: WritingTerms) -> pa.Array:
    """Each row of a batch that was fitted as XML.

    Raises:
        WritingError: as `render_batch`.
    """
    _check_required(dataset, fitted)
    if dataset is Dataset.STOCK:
        rendered = _render_stock(fitted, is_split=terms.is_split)
    else:
        layout = make_layout(dataset, terms.version)
        rows = Rows(_add_unit(fitted, is_split=terms.is_split), list_placed(layout))
        rendered = layout.render(rows)
    _check_characters(dataset, fitted, rendered)
    return rendered


def _render_stock(batch: pa.RecordBatch, *, is_split: bool) -> pa.Array:
    """A total as `Количество`, a figure of a warehouse as the version has it."""
    warehouse = batch.column("warehouse_id")
    quantity = escape_text(batch.column("quantity"))
    total = wrap("<Количество>", quantity, "</Количество>")
    if is_split:
        known = escape_text(warehouse)
        placed = join("<Склад><Ид>", known, "</Ид>", total, "</Склад>")
        inner = pc.if_else(pc.is_null(warehouse), total, placed)
        return wrap("<Остаток>", inner, "</Остаток>")
    known = escape_attribute(warehouse)
    placed = join('<Склад ИдСклада="', known, '" КоличествоНаСкладе="', quantity, '"/>')
    return pc.if_else(pc.is_null(warehouse), total, placed)


def _add_unit(batch: pa.RecordBatch, *, is_split: bool) -> pa.RecordBatch:
    """Where the unit's code and name stand in `БазоваяЕдиница`.

    2.x writes the name as text with the code beside it, 3.1 the bare OKEI code. Digits alone are
    read as a code, so a name of digits without a code stands in НаименованиеКраткое.
    """
    if "unit_code" not in batch.schema.names:
        return batch
    code, name = batch.column("unit_code"), batch.column("unit_name")
    nothing = pa.scalar(None, pa.string())
    is_text = pc.fill_null(pc.match_substring_regex(code, _DIGITS), pa.scalar(value=False))
    if is_split:
        short = pc.if_else(is_text, name, nothing)
        text = pc.if_else(is_text, code, name)
        code = pc.if_else(is_text, nothing, code)
    else:
        short, text = pa.nulls(len(code), pa.string()), name
    is_taken_for_code = pc.and_(
        pc.is_null(batch.column("unit_code")),
        pc.fill_null(pc.match_substring_regex(name, _DIGITS), pa.scalar(value=False)),
    )
    short = pc.if_else(is_taken_for_code, name, short)
    text = pc.if_else(is_taken_for_code, nothing, text)
    columns = {"-unit_code": code, "-unit_short": short, "-unit": text}
    for column, values in columns.items():
        batch = batch.append_column(column, values)
    return batch


def _check_required(dataset: Dataset, batch: pa.RecordBatch) -> None:
    for name in _REQUIRED.get(dataset, ("id",)):
        column = batch.column(name)
        empty = pc.or_(
            pc.is_null(column), pc.fill_null(pc.equal(column, ""), pa.scalar(value=True))
        )
        row = pc.index(empty, pa.scalar(value=True)).as_py()
        if row >= 0:
            message = f"{dataset} {_name_row(dataset, batch, row)}: {name} is empty"
            raise WritingError(message)


def _check_characters(dataset: Dataset, batch: pa.RecordBatch, rendered: pa.Array) -> None:
    if not holds_forbidden(rendered):
        return
    for row, text in enumerate(rendered.to_pylist()):
        if text and (found := FORBIDDEN.search(text)):
            column = _find_column(batch.slice(row, 1), found[0])
            message = (
                f"{dataset} {_name_row(dataset, batch, row)}: {column} holds "
                f"U+{ord(found[0]):04X}, which XML 1.0 forbids"
            )
            raise WritingError(message)


def _find_column(row: pa.RecordBatch, character: str) -> str:
    # In JSON a control character stands as its escape, the others as themselves.
    written = (character, f"\\u{ord(character):04x}", {"\b": "\\b", "\f": "\\f"}.get(character))
    for name, values in row.to_pydict().items():
        if any(form and form in str(values[0]) for form in written):
            return str(name)
    return "a column"


def _name_row(dataset: Dataset, batch: pa.RecordBatch, row: int) -> str:
    names = _KEYS.get(dataset, ("id",))
    return repr(join_key(*(batch.column(name)[row].as_py() for name in names)))
