"""The tree of groups: each group inside its parent."""

from typing import Final

import pyarrow as pa

from tasks.formats.commerceml.render_layouts import SINCE_MARKS
from tasks.formats.commerceml.render_records import render_fitted
from tasks.formats.commerceml.writing_fit import fit_batch
from tasks.formats.commerceml.writing_terms import WritingError, WritingTerms
from tasks.model.datasets import Dataset

# Readers refuse deep XML (ours at 64 levels, each group takes two).
_LEVELS: Final = 30
_CLOSING: Final = "</Группа>"


def render_groups(batch: pa.RecordBatch, terms: WritingTerms) -> pa.Array:
    """Each root that the version can say with all below it as XML.

    A group whose parent is not in the package names it in ИдРодителя (2.09 on).

    Raises:
        WritingError: a group is its own ancestor, stands too deep, or names a parent that is not
            in the package where the version cannot name it.
    """
    fitted = fit_batch(Dataset.GROUPS, batch, terms)
    ids = set(fitted.column("id").to_pylist())
    parents = fitted.column("parent_id").to_pylist()
    orphans = [parent if parent not in ids else None for parent in parents]
    placed = fitted.append_column("-orphan_parent_id", pa.array(orphans, pa.string()))
    own = render_fitted(Dataset.GROUPS, placed, terms)
    tree = _Tree(fitted, own.to_pylist(), terms.version)
    return pa.array(tree.render(), pa.string())


class _Tree:
    def __init__(self, batch: pa.RecordBatch, own: list[str], version: str) -> None:
        self._ids: list[str] = batch.column("id").to_pylist()
        parents = batch.column("parent_id").to_pylist()
        self._own: dict[str, str] = dict(zip(self._ids, own, strict=True))
        self._children: dict[str, list[str]] = {}
        self._roots: list[str] = []
        for group, parent in zip(self._ids, parents, strict=True):
            if parent in self._own:
                self._children.setdefault(parent, []).append(group)
            elif parent is None or version >= SINCE_MARKS:
                self._roots.append(group)
            else:
                message = (
                    f"groups {group!r}: parent_id {parent!r} is not in the package, and {version} "
                    f"cannot name it; give the groups above it too"
                )
                raise WritingError(message)
        self._written = 0

    def render(self) -> list[str]:
        texts = [self._render_one(root, 1) for root in self._roots]
        if self._written < len(self._ids):
            message = f"groups: {len(self._ids) - self._written} of them are their own ancestors"
            raise WritingError(message)
        return texts

    def _render_one(self, group: str, level: int) -> str:
        if level > _LEVELS:
            message = f"groups {group!r}: deeper than {_LEVELS} levels"
            raise WritingError(message)
        self._written += 1
        children = self._children.get(group)
        if not children:
            return self._own[group]
        inner = "".join(self._render_one(child, level + 1) for child in children)
        head = self._own[group].removesuffix(_CLOSING)
        return f"{head}<Группы>{inner}</Группы>{_CLOSING}"
