"""A partner's own mapping: which column fills an element of a product or an offer.

Only this partner's package changes; all others are written by their own terms.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import pyarrow as pa

from tasks.formats.commerceml.render_layouts import make_layout
from tasks.formats.commerceml.render_nodes import First, Leaf, Nest, Text
from tasks.formats.commerceml.writing_requisites import REQUISITES
from tasks.formats.commerceml.writing_terms import VERSIONS, WritingError, WritingTerms
from tasks.model.datasets import PLACE, SCHEMAS, Dataset

_TAGS: Final = {"Товар": Dataset.GOODS, "Предложение": Dataset.OFFERS}
# Without these a record is another one, or is not what its sender says it is.
_FIXED: Final = frozenset({"id", "version", "is_deleted"})
_OWN: Final = {"-unit_code": "unit_code", "-unit": "unit_name", "-unit_short": "unit_name"}
_NUMBERS: Final = frozenset({"pack_qty", "weight_kg", "volume_m3"})
_JSON: Final = frozenset(
    {
        "packages", "group_ids", "taxes", "pictures", "properties", "characteristics",
        "requisites", "extra",
    }
)  # fmt: skip


def rename_columns(dataset: Dataset, columns: dict[str, pa.Array], terms: WritingTerms) -> None:
    """Fill the columns of overridden elements from the columns that the terms name, in place."""
    given = dict(columns)
    for path, source in terms.renames.items():
        if _TAGS.get(path.partition("/")[0]) is dataset:
            columns[list_targets(dataset)[path]] = given[source]
    if columns.get("description") is not given.get("description"):
        columns["is_description_html"] = pa.nulls(len(columns["description"]), pa.bool_())


def check_renames(renames: Mapping[str, str]) -> None:
    """Refuse overrides that mean nothing.

    Raises:
        WritingError: the path is no element that can be overridden, the column is not in the
            schema of its dataset, or it cannot be text there.
    """
    for path, source in renames.items():
        dataset = _TAGS.get(path.partition("/")[0])
        targets = list_targets(dataset) if dataset else {}
        if dataset is None or path not in targets:
            known = ", ".join(targets or _TAGS)
            message = f"renames: {path!r} is no element that can be overridden; there are: {known}"
            raise WritingError(message)
        sources = _list_sources(dataset, targets[path])
        if source not in sources:
            known = ", ".join(sources)
            message = f"renames: {path!r} cannot be filled from {source!r}; it can from: {known}"
            raise WritingError(message)


@lru_cache(maxsize=8)
def list_targets(dataset: Dataset) -> dict[str, str]:
    """Path of each element that can be overridden -> the column that fills it by default."""
    found: dict[str, str] = {}
    for version in VERSIONS:
        layout = make_layout(dataset, version)
        for path, column in _walk(layout, layout.tag):
            own = _OWN.get(column, column)
            if own not in _FIXED:
                found.setdefault(path, own)
        if dataset is Dataset.GOODS:
            found |= {
                f"{layout.tag}/ЗначенияРеквизитов/{name}": column
                for column, name in REQUISITES.items()
            }
    return found


def _walk(nest: Nest, path: str) -> Iterator[tuple[str, str]]:
    for part in nest.parts:
        match part:
            case Leaf(tag, column):
                yield f"{path}/{tag}", column
            case Text(column):
                yield path, column
            case First(parts):
                yield from _walk(Nest("", parts), path)
            case Nest(tag):
                yield from _walk(part, f"{path}/{tag}")
            case _:
                pass


def _list_sources(dataset: Dataset, target: str) -> list[str]:
    names = [
        field.name
        for field in list(SCHEMAS[dataset])[len(PLACE) :]
        if field.type == pa.string() and field.name not in _JSON
    ]
    return [name for name in names if name in _NUMBERS] if target in _NUMBERS else names
