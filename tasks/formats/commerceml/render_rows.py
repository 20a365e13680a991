"""Some records of one dataset on their way to XML: their columns, and what is in their `extra`."""

from collections.abc import Collection

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_json import write_kept
from tasks.formats.commerceml.render_text import escape_one_attribute
from tasks.formats.rows import Json


class Rows:
    """A batch, asked for by the nodes of a layout."""

    def __init__(self, batch: pa.RecordBatch, placed: Collection[str]) -> None:
        """Parse `extra` once; `placed` are the paths of it that have a place in the layout."""
        self.count = batch.num_rows
        self._batch = batch
        self._placed = placed
        self._kept = _split_extra(batch)

    def take_column(self, name: str) -> pa.Array:
        """One column as text; flags are `true` and `false`; of one that is not given, nulls."""
        if name not in self._batch.schema.names:
            return self.blank
        return pc.cast(self._batch.column(name), pa.string())

    def take_kept(self, path: str) -> pa.Array:
        """The element or attribute that was kept under a path, as XML."""
        return self._kept.get(path, self.blank)

    def list_unplaced(self) -> list[pa.Array]:
        """All kept elements that have no place in the layout, by the alphabet."""
        paths = [path for path in self._kept if "/" not in path and path not in self._placed]
        return [self._kept[path] for path in sorted(paths)]

    @property
    def blank(self) -> pa.Array:
        """A column without values."""
        return pa.nulls(self.count, pa.string())


def _split_extra(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    if "extra" not in batch.schema.names:
        return {}
    column = batch.column("extra")
    if column.null_count == len(column):
        return {}
    found: dict[str, list[str | None]] = {}
    for row, text in enumerate(column.to_pylist()):
        for path, value in orjson.loads(text).items() if text else ():
            found.setdefault(path, [None] * len(column))[row] = _write_kept(path, value)
    return {path: pa.array(texts, pa.string()) for path, texts in found.items()}


def _write_kept(path: str, value: Json) -> str:
    tag = path.rpartition("/")[2]
    if tag[0] == "@":
        return f' {tag[1:]}="{escape_one_attribute(str(value))}"'
    return write_kept(tag, value)
