"""What every load leaves behind: who, when, which file, how many rows, what was refused and why.

Versions are never changed. The same bytes as the newest version make no new one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from blocks.store import Store, StoredObject
from blocks.warehouse import Transaction
from tasks.formats.currencies import list_spellings
from tasks.formats.sheets import Refused, SheetError
from tasks.journal.loads import File, NotLoadedError
from tasks.stock.tables import Column, Table, read_table

REFUSED_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """What is loaded, of which accounting base, and with whom it was agreed."""

    kind: str  # rates | price_policy | price_list | proposals | approvals
    source_key: int | None = None
    partner_key: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `version` is the one that holds now."""

    what: str
    version: int
    is_new: bool
    received: int
    accepted: int
    unchanged: int
    refused: tuple[Refused, ...]
    said: str = ""

    @property
    def is_balanced(self) -> bool:
        """Say whether every row was taken, was known already, or was refused."""
        return self.received == self.accepted + self.unchanged + len(self.refused)

    @property
    def note(self) -> str:
        """What there is to say beside the figures, as Markdown."""
        return "\n\n".join(filter(None, [self.said, list_refused(self.refused)]))

    def __str__(self) -> str:
        news = "" if self.is_new else " already held"
        return (
            f"{self.what} version {self.version}{news}, {self.received} rows received, "
            f"{self.accepted} accepted, {self.unchanged} unchanged, {len(self.refused)} refused"
        )


@dataclass(frozen=True, slots=True)
class Held:
    """The newest version of a subject, and whether it came of these very bytes."""

    version: int
    is_same: bool


def list_refused(refused: Sequence[Refused]) -> str:
    """Return refused rows by their place, as Markdown."""
    if not refused:
        return ""
    lines = [
        f"* row {one.row_no}, `{one.column}` = `{one.value}`: {one.sentence_ru}"
        for one in refused[:REFUSED_SHOWN]
    ]
    if (more := len(refused) - REFUSED_SHOWN) > 0:
        lines.append(f"* and {more} more")
    return "\n".join(["Refused:", "", *lines])


def read_file(file: File, columns: Mapping[str, Column]) -> Table:
    """Read a table that was to be loaded. Raises NotLoadedError."""
    try:
        table = read_table(file.name, file.payload, columns)
    except SheetError as fault:
        message = f"{file.name} cannot be taken: {fault}"
        raise NotLoadedError(message) from fault
    if not table.received:
        message = f"{file.name} has no rows"
        raise NotLoadedError(message)
    return table


def require_lines(file: File, table: Table) -> None:
    """Raise NotLoadedError when no row of a file can be taken."""
    if not table.lines:
        message = f"{file.name} has no row that can be taken\n\n{list_refused(table.refused)}"
        raise NotLoadedError(message)


def require_whole(file: File, table: Table) -> None:
    """Raise NotLoadedError, which lists the rows, when one of them cannot be taken."""
    if table.refused:
        first = table.refused[0]
        message = (
            f"nothing of {file.name} was taken: {len(table.refused)} of its {table.received} rows "
            f"cannot be, the first is row {first.row_no}: {first.column} = {first.value!r}, "
            f"{first.sentence_ru}\n\n{list_refused(table.refused)}"
        )
        raise NotLoadedError(message)


def begin_load(transaction: Transaction, file: File, subject: Subject) -> Held:
    """Let no other load in between, know the currencies, and find what holds now."""
    transaction.run("stock/lock_loads")
    transaction.run("stock/upsert_currencies", spellings={"rows": list_spellings()})
    rows = transaction.run("stock/select_load", **_keys(subject))
    if not rows:
        return Held(0, is_same=False)
    digest = hashlib.sha256(file.payload).digest()
    return Held(rows[0]["version"], is_same=bytes(rows[0]["sha256"]) == digest)


def keep_load(  # noqa: PLR0913 - what a load is made of
    transaction: Transaction,
    file: File,
    subject: Subject,
    table: Table,
    *,
    stored: StoredObject,
    version: int,
    unchanged: int = 0,
) -> int:
    """Write down a load and the rows that it refused; return its key."""
    row = transaction.one(
        "stock/insert_load",
        **_keys(subject),
        version=version,
        file_name=file.name,
        sha256=stored.sha256,
        size=stored.size,
        object_key=stored.key,
        received=table.received,
        accepted=len(table.lines) - unchanged,
        unchanged=unchanged,
        refused=len(table.refused),
        person=file.person,
    )
    copy_rows(
        transaction,
        "core.load_refusal",
        (
            {
                "row_no": refused.row_no,
                "column_name": refused.column,
                "value": refused.value,
                "sentence_ru": refused.sentence_ru,
            }
            for refused in table.refused
        ),
        load_key=row["load_key"],
    )
    return int(row["load_key"])


def put_file(store: Store, file: File) -> StoredObject:
    """Keep the bytes of a load for ever."""
    return store.put(file.payload)


def copy_rows(
    transaction: Transaction, table: str, rows: Iterable[Mapping[str, Any]], **constants: object
) -> None:
    """COPY rows of text into a table; the database makes numbers and days of them."""
    if found := [dict(row) for row in rows]:
        schema = pa.schema([(name, _arrow(found, name)) for name in found[0]])
        batch = pa.RecordBatch.from_pylist(found, schema=schema)
        transaction.copy(table, [batch], **constants)


def partner_key_of(transaction: Transaction, name: str) -> int:
    """Return the key of a partner. Raises NotLoadedError."""
    rows = transaction.run("select_partner", name=name)
    if not rows:
        message = f"there is no partner {name!r}"
        raise NotLoadedError(message)
    return int(rows[0]["partner_key"])


def _keys(subject: Subject) -> dict[str, object]:
    return {
        "kind": subject.kind,
        "source_key": subject.source_key,
        "partner_key": subject.partner_key,
    }


def _arrow(rows: Sequence[Mapping[str, Any]], name: str) -> pa.DataType:
    is_number = any(isinstance(row[name], int) for row in rows)
    return pa.int64() if is_number else pa.string()
