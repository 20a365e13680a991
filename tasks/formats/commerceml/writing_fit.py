"""The records as one version can say them: what the file says, and so what reading it gives.

`write_package` fits every batch before it is rendered. Whoever judges a written file fits the same
batch and compares it with what the reader found: equal but for what `writing_unsaid` lists.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_layouts import SINCE_LISTS, make_layout
from tasks.formats.commerceml.render_nodes import (
    Kept,
    KeptRest,
    Leaf,
    Listed,
    Nest,
    Node,
    Text,
    Word,
    list_nodes,
)
from tasks.formats.commerceml.writing_renames import rename_columns
from tasks.formats.commerceml.writing_requisites import REQUISITES, settle_row
from tasks.formats.commerceml.writing_terms import WritingTerms
from tasks.formats.rows import write_json
from tasks.model.datasets import PLACE, SCHEMAS, Dataset

_CONTENT: Final = {
    dataset: pa.schema(list(schema)[len(PLACE) :]) for dataset, schema in SCHEMAS.items()
}
_SETTLED_JSON: Final = ("requisites", "taxes", "pictures", "extra")
_UNITS: Final = frozenset({"unit_code", "unit_name"})
# What stands in no element of the record: the file around it says it, or another column.
_AROUND: Final[dict[Dataset, frozenset[str]]] = {
    Dataset.GROUPS: frozenset({"parent_id", "classifier_id"}),
    Dataset.PROPERTIES: frozenset({"classifier_id"}),
    Dataset.GOODS: frozenset(
        {"catalog_id", "vat_rate", "is_description_html", *_UNITS, *REQUISITES}
    ),
    Dataset.OFFERS: frozenset(
        {"catalog_id", "product_id", "characteristic_id", "is_bare", *_UNITS}
    ),
    Dataset.PRICES: frozenset({"offer_id"}),
    Dataset.STOCK: frozenset({"offer_id", "warehouse_id", "quantity"}),
}
_BARE_WORDS: Final = (
    "name", "article", "barcode", "unit_name", "packages", "characteristics", "properties",
    "requisites", "extra",
)  # fmt: skip
_RARE_KEYS: Final = {"choices": ("is_default", "sort", "own_id"), "properties": ("type",)}


def says_dataset(dataset: Dataset, version: str) -> bool:
    """Whether a catalog package of the version has a place for such records."""
    if dataset in (Dataset.COUNTERPARTIES, Dataset.DOCUMENTS, Dataset.MOVEMENTS):
        return False
    return dataset not in (Dataset.CATEGORIES, Dataset.UNITS) or version >= SINCE_LISTS


@lru_cache(maxsize=64)
def list_columns(dataset: Dataset, version: str) -> frozenset[str]:
    """The columns of a dataset that the version can say; of `extra` see `says_path`."""
    if not says_dataset(dataset, version):
        return frozenset()
    if dataset is Dataset.STOCK:
        return _AROUND[dataset]
    said = {
        part.column
        for part in list_nodes(make_layout(dataset, version))
        if isinstance(part, (Leaf, Word, Listed, Text))
    }
    if any(isinstance(part, (Kept, KeptRest)) for part in list_nodes(_layout(dataset, version))):
        said.add("extra")
    return frozenset(said & set(_CONTENT[dataset].names)) | _AROUND.get(dataset, frozenset())


def says_path(dataset: Dataset, version: str, path: str) -> bool:
    """Whether the version has an element for this path of `extra`."""
    if dataset is Dataset.STOCK:
        return False
    nodes = list(list_nodes(_layout(dataset, version)))
    if any(isinstance(part, Kept) and part.path == path for part in nodes):
        return True
    return "/" not in path and any(isinstance(part, KeptRest) for part in nodes)


@lru_cache(maxsize=64)
def _layout(dataset: Dataset, version: str) -> Nest:
    return make_layout(dataset, version)


def fit_batch(dataset: Dataset, batch: pa.RecordBatch, terms: WritingTerms) -> pa.RecordBatch:
    """The rows of `batch` (columns of `SCHEMAS[dataset]` without PLACE) as the version says them.

    Columns that it cannot say are null; rows that it cannot say are gone; requisites agree with
    columns; the ids around records are those of the terms.

    Raises:
        WritingError: an override of `terms.renames` names an unknown element or column.
    """
    columns = {field.name: _take_column(batch, field) for field in _CONTENT[dataset]}
    rename_columns(dataset, columns, terms)
    for name in columns.keys() & {"catalog_id", "classifier_id"}:
        columns[name] = pa.repeat(pa.scalar(getattr(terms, name)), batch.num_rows)
    if dataset is Dataset.GOODS:
        _fit_goods(columns, terms)
    deleted = columns.get("is_deleted")
    _drop_unsaid(dataset, columns, terms.version)
    if dataset is Dataset.OFFERS:
        _fit_offers(columns)
    fitted = pa.RecordBatch.from_pydict(columns, schema=_CONTENT[dataset])
    if not says_dataset(dataset, terms.version):
        return fitted.slice(0, 0)
    if deleted is not None and "is_deleted" not in list_columns(dataset, terms.version):
        return fitted.filter(pc.invert(pc.fill_null(deleted, pa.scalar(value=False))))
    return fitted


def _take_column(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    if field.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, field.type)
    return pc.cast(batch.column(field.name), field.type)


def _drop_unsaid(dataset: Dataset, columns: dict[str, pa.Array], version: str) -> None:
    said = list_columns(dataset, version)
    for name, column in columns.items():
        if name not in said:
            columns[name] = pa.nulls(len(column), column.type)
    for node in list_nodes(_layout(dataset, version)) if dataset is not Dataset.STOCK else ():
        _drop_unsaid_words(node, columns)
    if version < SINCE_LISTS:
        for name in columns.keys() & _RARE_KEYS.keys():
            columns[name] = _edit_json(columns[name], _drop_keys(_RARE_KEYS[name]))
    if columns.get("extra") is not None:
        columns["extra"] = _edit_json(columns["extra"], _drop_paths(dataset, version))


def _drop_unsaid_words(node: Node, columns: dict[str, pa.Array]) -> None:
    # A deletion is said by the mark or the attribute; only words that stand alone lose values.
    if isinstance(node, Word) and node.column != "is_deleted":
        column = columns[node.column]
        is_said = pc.is_in(pc.cast(column, pa.string()), value_set=pa.array(list(node.words)))
        columns[node.column] = pc.if_else(is_said, column, pa.scalar(None, column.type))


def _drop_keys(keys: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda entries: [
        {key: value for key, value in entry.items() if key not in keys} for entry in entries
    ]


def _drop_paths(dataset: Dataset, version: str) -> Callable[[Any], Any]:
    return lambda kept: {
        path: value for path, value in kept.items() if says_path(dataset, version, path)
    }


def _edit_json(column: pa.Array, edit: Callable[[Any], Any]) -> pa.Array:
    if column.null_count == len(column):
        return column
    texts = [write_json(edit(orjson.loads(text))) if text else None for text in column.to_pylist()]
    return pa.array(texts, pa.string())


def _fit_goods(columns: dict[str, pa.Array], terms: WritingTerms) -> None:
    elements = frozenset(
        part.column
        for part in list_nodes(_layout(Dataset.GOODS, terms.version))
        if isinstance(part, Leaf)
    )
    names = (*_SETTLED_JSON, *REQUISITES, "description", "is_description_html", "vat_rate")
    rows = pa.RecordBatch.from_pydict({name: columns[name] for name in names}).to_pylist()
    for row in rows:
        for name in _SETTLED_JSON:
            row[name] = orjson.loads(row[name]) if row[name] else None
        for picture in row["pictures"] or ():
            picture["path"] = _place_picture(picture["path"], terms.pictures_under)
        settle_row(row, elements)
        for name in _SETTLED_JSON:
            row[name] = write_json(row[name])
    for name in (*_SETTLED_JSON, "is_description_html"):
        columns[name] = pa.array([row[name] for row in rows], columns[name].type)


def _place_picture(path: str, folder: str) -> str:
    if "://" in path or path.startswith(f"{folder}/"):
        return path
    return f"{folder}/{path.removeprefix('import_files/')}"


def _fit_offers(columns: dict[str, pa.Array]) -> None:
    ids = columns["id"]
    whole = pc.split_pattern(ids, "#", max_splits=1)
    columns["product_id"] = _null_empty(pc.list_element(whole, 0))
    rest = pc.replace_substring_regex(ids, "(?s)^[^#]*#?", "")
    columns["characteristic_id"] = _null_empty(rest)
    is_bare = pc.is_null(columns["name"])
    for name in _BARE_WORDS[1:]:
        is_bare = pc.and_(is_bare, pc.is_null(columns[name]))
    columns["is_bare"] = is_bare


def _null_empty(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
