"""Builders of staged messages: records with sensible defaults, put where the reader puts them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import xxhash

from blocks.store import Store
from blocks.warehouse import Warehouse
from expectations.verdict import Engine
from tasks.catalog.closing import close
from tasks.catalog.decoding import copy_batches
from tasks.catalog.judging import judge
from tasks.catalog.workplace import Workplace
from tasks.journal.drafts import draft_key
from tasks.journal.lease import Lease, claim
from tasks.journal.messages import next_message
from tasks.model.datasets import PLACE, SCHEMAS, Batch, Dataset
from tasks.model.messages import Closed, Terms

Record = Mapping[str, Any]
_KEYS = {
    Dataset.PRICES: ("offer_id", "price_type_id", "unit", "min_qty"),
    Dataset.STOCK: ("offer_id", "warehouse_id"),
}


def batch(dataset: Dataset, *records: Record) -> Batch:
    """Make a batch of records; what a record does not say is null."""
    schema = SCHEMAS[dataset]
    rows = [_row(dataset, number, record) for number, record in enumerate(records, start=1)]
    return Batch(dataset, pa.RecordBatch.from_pylist(rows, schema=schema))


def _row(dataset: Dataset, number: int, record: Record) -> dict[str, Any]:
    content = {name: record.get(name) for name in SCHEMAS[dataset].names[len(PLACE) :]}
    key = "|".join(str(content[name] or "") for name in _KEYS.get(dataset, ("id",)))
    digest = xxhash.xxh3_128(repr(sorted(content.items())).encode()).digest()
    return content | {
        "record_no": number,
        "byte_offset": number * 100,
        "byte_length": 100,
        "key": key,
        "digest": digest,
    }


@dataclass(frozen=True, slots=True)
class Base:
    """An accounting base that sends messages, and the run that takes them."""

    lease: Lease
    warehouse: Warehouse
    store: Store
    terms: Terms

    def enter(self) -> int:
        """Open a session at the gateway."""
        (open_sessions,) = self.rows("select count(*) as number from journal.session")
        with self.warehouse.transaction("enter") as transaction:
            row = transaction.one(
                "gateway/insert_session",
                partner_key=self.lease.partner_key,
                login="base",
                token_hash=bytes([open_sessions["number"]]) * 32,
                exchange_type="catalog",
                version=None,
                peer="1.1.1.1",
                user_agent="",
                idle_s=60,
            )
        return int(row["session_key"])

    def send(
        self,
        *batches: Batch,
        formed_at: str = "2026-11-01T10:00:00",
        session_key: int | None = None,
    ) -> Closed:
        """Send one file of these records and take it."""
        with self.warehouse.transaction("send") as transaction:
            stored = self.store.put(repr(batches).encode())
            transaction.one(
                "gateway/insert_message",
                partner_key=self.lease.partner_key,
                dialect=None,
                sha256=stored.sha256,
                size=stored.size,
                object_key=stored.key,
                file_name="import.xml",
                session_key=session_key,
                sender_counters={},
            )
        message = next_message(self.warehouse, self.lease)
        assert message is not None
        at = Workplace(self.terms, self.lease, self.warehouse, self.store)
        with TemporaryDirectory() as folder:
            draft = Path(folder) / "draft"
            copy_batches(message, batches, draft, at)
            self.store.upload(draft, draft_key(message.message_key))
        with self.warehouse.transaction("stage") as transaction:
            transaction.run(
                "insert_reading",
                message_key=message.message_key,
                rules={},
                file_fault=None,
                slicing=None,
                heading={"formed_at": formed_at, "extent": "changes", "dialect": "commerceml"},
            )
        return close(message, judge(message, at, Engine.SQL), at)

    def rows(self, question: str) -> list[dict[str, Any]]:
        """Ask the warehouse a question of the test's own."""
        with self.warehouse.transaction("ask") as transaction:
            return [dict(row) for row in transaction.execute_compiled(question)]

    def refused(self) -> list[tuple[str, str, str]]:
        """Return dataset, key and cause of all refusals so far."""
        rows = self.rows("select dataset, natural_key, cause from journal.refusal order by 1, 2")
        return [(row["dataset"], row["natural_key"], row["cause"]) for row in rows]


@contextmanager
def base(warehouse: Warehouse, store: Store, **terms: Any) -> Iterator[Base]:
    """Have an active partner whose messages can be taken."""
    said = Terms(**terms)
    with warehouse.transaction("partner") as transaction:
        transaction.run(
            "upsert_partner",
            name="base",
            time_zone=said.time_zone,
            state="active",
            settings=said.as_json(),
        )
        key = transaction.one("select_partner", name="base")["partner_key"]
    with claim(warehouse, key, "catalog", "test") as lease:
        yield Base(lease, warehouse, store, said)
