"""A customer's own tree: loads a portal's re-classification map as a new version.

A portal may want other groups than the accounting base has (S3-34). Its map says where it wants a
group or a product of the source; what the map leaves out stands in «Без раздела». The source's tree
stays as it is. A version is never changed: the file lies in the object store, and so do the name of
who loaded it and every row that was refused.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

import pyarrow as pa

from blocks.store import Store
from blocks.warehouse import Transaction, Warehouse
from tasks.catalog.tree_files import TreeFile, read_tree_file
from tasks.formats.sheets import Refused, SheetError
from tasks.journal.loads import NotLoadedError

REFUSED_SHOWN: Final = 100
UNCLASSIFIED: Final = "Без раздела"
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:obmen:customer-group")


class TreeNotLoadedError(NotLoadedError):
    """There is no such portal or source, nobody signs, or the file is no map; nothing changed."""


@dataclass(frozen=True, slots=True)
class TreeLoaded:
    """What a load did. `version` is the map that holds now; the same bytes make no new one."""

    portal: str
    source: str
    version: int
    is_new: bool
    received: int
    accepted: int
    refused: tuple[Refused, ...]
    strangers: int = 0  # rows for groups and products that the source does not have (yet)

    @property
    def is_balanced(self) -> bool:
        """Say whether every row was taken or refused."""
        return self.received == self.accepted + len(self.refused)

    @property
    def note(self) -> str:
        """What there is to say beside the figures, as Markdown: refused rows by their place."""
        lines = [
            f"* row {one.row_no}, `{one.column}` = `{one.value}`: {one.sentence_ru}"
            for one in self.refused[:REFUSED_SHOWN]
        ]
        if (more := len(self.refused) - REFUSED_SHOWN) > 0:
            lines.append(f"* and {more} more, in `core.tree_refusal`")
        told = [f"Groups and goods of **{self.source}** as **{self.portal}** wants them."]
        if self.strangers:
            told.append(f"{self.strangers} rows are for what {self.source} does not have (yet).")
        return "\n".join([" ".join(told), *(["", "Refused:", ""] if lines else []), *lines])

    def __str__(self) -> str:
        news = "" if self.is_new else " already held, the same bytes"
        return (
            f"version {self.version}{news}, {self.received} rows received, "
            f"{self.accepted} accepted, {len(self.refused)} refused"
        )


def group_id(portal: str, path: tuple[str, ...]) -> UUID:
    """Return the id of a customer's group: the same for the same portal and path, for ever.

    «Без раздела» at the top is one group for all portals: it is there without any map.
    """
    if path == (UNCLASSIFIED,):
        return uuid5(_NAMESPACE, UNCLASSIFIED)
    return uuid5(_NAMESPACE, f"{portal}/{'/'.join(path)}")


def load_tree(  # noqa: PLR0913, PLR0917 - what a load is made of
    warehouse: Warehouse,
    store: Store,
    portal: str,
    source: str,
    file_name: str,
    payload: bytes,
    person: str,
) -> TreeLoaded:
    """Load a map; good rows make the new version, bad ones are kept with column and value.

    Raises TreeNotLoadedError.
    """
    if not (person := person.strip()):
        message = "say who loads it (person): it is kept with the version"
        raise TreeNotLoadedError(message)
    read = _read(file_name, payload)
    stored = store.put(payload)
    with warehouse.transaction("load_tree") as transaction:
        whose = {
            "partner_key": _key(transaction, portal, "portal"),
            "source_key": _key(transaction, source, "source"),
        }
        # Two loads at once would number their versions alike.
        transaction.run("lock_partner", partner_key=whose["partner_key"])
        held = transaction.run("select_tree", **whose)
        is_new = not held or held[0]["sha256"] != hashlib.sha256(payload).digest()
        version = (held[0]["version"] if held else 0) + is_new
        if is_new:
            row = transaction.one(
                "insert_tree",
                version=version,
                file_name=file_name,
                sha256=stored.sha256,
                size=stored.size,
                object_key=stored.key,
                received=read.received,
                accepted=len(read.lines),
                refused=len(read.refused),
                person=person,
                **whose,
            )
            _write_rows(transaction, row["tree_key"], portal, read)
            transaction.run("analyze_trees")
            transaction.run("notice_tree", **whose)
        strangers = transaction.one("count_tree_strangers", **whose)["strangers"]
    return TreeLoaded(
        portal, source, version, is_new, read.received, len(read.lines), read.refused, strangers
    )


def source_of(warehouse: Warehouse, portal: str) -> str:
    """Return whose catalog a portal sees. Raises TreeNotLoadedError."""
    with warehouse.transaction("select_partner") as transaction:
        rows = transaction.run("select_partner", name=portal)
    source = rows[0]["settings"].get("publication", {}).get("source", "") if rows else ""
    if not source:
        why = "sees no catalog: its block names no source" if rows else "is no partner"
        message = f"{portal!r} {why}"
        raise TreeNotLoadedError(message)
    return str(source)


def _read(file_name: str, payload: bytes) -> TreeFile:
    try:
        read = read_tree_file(file_name, payload)
    except SheetError as fault:
        message = f"{file_name} is no map of groups: {fault}"
        raise TreeNotLoadedError(message) from fault
    if not read.lines:
        # An empty map would put everything into «Без раздела».
        first = next((f": row {one.row_no}, {one.sentence_ru}" for one in read.refused), "")
        message = f"{file_name} has no row that can be taken{first}"
        raise TreeNotLoadedError(message)
    return read


def _key(transaction: Transaction, name: str, role: str) -> int:
    rows = transaction.run("select_partner", name=name)
    if not rows:
        message = f"there is no partner {name!r} ({role})"
        raise TreeNotLoadedError(message)
    return int(rows[0]["partner_key"])


def _write_rows(transaction: Transaction, tree_key: int, portal: str, read: TreeFile) -> None:
    groups = {
        path[:depth]
        for path in (line.path for line in read.lines)
        for depth in range(1, len(path) + 1)
    }
    _copy(
        transaction,
        "core.tree_group",
        tree_key,
        (
            {
                "id": str(group_id(portal, path)),
                "parent_id": str(group_id(portal, path[:-1])) if path[:-1] else None,
                "name": path[-1],
                "path": "/".join(path),
            }
            for path in sorted(groups)
        ),
    )
    _copy(
        transaction,
        "core.tree_line",
        tree_key,
        (
            {
                "kind": line.kind,
                "id": line.id,
                "group_id": str(group_id(portal, line.path)),
                "row_no": line.row_no,
            }
            for line in read.lines
        ),
    )
    _copy(
        transaction,
        "core.tree_refusal",
        tree_key,
        (
            {
                "row_no": refused.row_no,
                "column_name": refused.column,
                "value": refused.value,
                "sentence_ru": refused.sentence_ru,
            }
            for refused in read.refused
        ),
    )


def _copy(
    transaction: Transaction, table: str, tree_key: int, rows: Iterable[dict[str, object]]
) -> None:
    if found := list(rows):
        transaction.copy(table, [pa.RecordBatch.from_pylist(found)], tree_key=tree_key)
