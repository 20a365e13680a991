"""The warehouse: PostgreSQL, reached by named statements only.

The only module that knows SQLAlchemy. A caller opens a named transaction, runs statements from
`sql/` by name, copies Arrow batches in and fetches Arrow tables out. It never builds SQL.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from prefect.blocks.core import Block
from psycopg import sql as pg_sql
from psycopg.types.json import Jsonb
from pydantic import Field, SecretStr
from sqlalchemy import Connection, Engine, RowMapping, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from blocks.arrow import to_hex
from blocks.crash import pass_point
from sql import statement

Row = RowMapping


class NotOneRowError(LookupError):
    """A statement that must find exactly one row found another number of them."""


class WarehouseDownError(ConnectionError):
    """The warehouse does not answer or hung up; what was being committed may be true or not."""


class Transaction:
    """One open transaction: everything in it becomes true together, or nothing does."""

    def __init__(self, connection: Connection) -> None:
        """Work on this connection, whose transaction is already open."""
        self._connection = connection

    def run(self, name: str, /, **parameters: object) -> Sequence[Row]:
        """Run `sql/<name>.sql` and return its rows; dicts and lists of dicts travel as jsonb."""
        return self._rows(statement(name), parameters)

    def one(self, name: str, /, **parameters: object) -> Row:
        """Run a statement that finds exactly one row, or raise NotOneRowError."""
        rows = self.run(name, **parameters)
        if len(rows) != 1:
            asked = ", ".join(sorted(parameters))
            message = f"{name} found {len(rows)} rows for its {asked}, expected one"
            raise NotOneRowError(message)
        return rows[0]

    def count(self, name: str, /, **parameters: object) -> int:
        """Run a statement and return how many rows it wrote."""
        result = self._connection.execute(text(statement(name)), _adapted(parameters))
        return int(result.rowcount)

    def execute_compiled(self, compiled: str, **parameters: object) -> Sequence[Row]:
        """Run a statement that the judge compiled from a suite; nobody else has a use for this."""
        return self._rows(compiled, parameters)

    def fetch(self, name: str, schema: pa.Schema, /, **parameters: object) -> pa.Table:
        """Run a statement and return its rows as an Arrow table of this schema.

        They never become Python objects one by one. The statement's columns stand in the schema's
        order; null and empty text stay apart.
        """
        compiled = text(statement(name)).compile(dialect=self._connection.dialect)
        command = f"copy ({compiled}) to stdout (format csv)".encode()
        sink = BytesIO()
        cursor = self._connection.connection.cursor()
        with cursor.copy(command, _adapted(parameters)) as pipe:
            for block in pipe:
                sink.write(block)
        if not sink.tell():
            return schema.empty_table()
        sink.seek(0)
        return pa_csv.read_csv(
            sink,
            pa_csv.ReadOptions(column_names=schema.names),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(
                column_types=schema,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["t"],
                false_values=["f"],
            ),
        ).cast(schema)

    def frame(self, compiled: str, **parameters: object) -> pd.DataFrame:
        """Read the rows of a judge's statement as a frame of objects (decimals stay decimals)."""
        return pd.read_sql_query(
            text(compiled), self._connection, params=_adapted(parameters), coerce_float=False
        )

    def copy(self, table: str, batches: Iterable[pa.RecordBatch], **constants: object) -> int:
        """COPY batches into `schema.table`, columns by name; return how many rows went in.

        `constants` are further columns with one value for all rows. Binary columns of 16 bytes
        become uuid.
        """
        cursor = self._connection.connection.cursor()
        total = 0
        for batch in batches:
            block = _csv_block(batch, constants)
            names = [*constants, *batch.schema.names]
            command = pg_sql.SQL("copy {} ({}) from stdin (format csv)").format(
                pg_sql.Identifier(*table.split(".")),
                pg_sql.SQL(", ").join(map(pg_sql.Identifier, names)),
            )
            with cursor.copy(command) as pipe:
                pipe.write(block)
            total += batch.num_rows
        return total

    def _rows(self, sql_text: str, parameters: Mapping[str, object]) -> Sequence[Row]:
        result = self._connection.execute(text(sql_text), _adapted(parameters))
        return result.mappings().all() if result.returns_rows else []


class Warehouse(Block):
    """Where the warehouse is and as whom we enter it."""

    _block_type_slug = "warehouse"
    _block_type_name = "Obmen warehouse"
    _description = "PostgreSQL that holds the warehouse and the journal."

    url: SecretStr = Field(description="postgresql+psycopg://user:password@host:port/database")

    @contextmanager
    def transaction(self, name: str) -> Iterator[Transaction]:
        """Open a transaction and commit it at the end; an error rolls all of it back.

        `name` says what becomes true by it; it is the name of the crash point too.
        """
        try:
            with _engine(self.url.get_secret_value()).connect() as connection:
                with connection.begin():
                    yield Transaction(connection)
                    pass_point(name, "before")
                pass_point(name, "after")
        except (OperationalError, InterfaceError) as error:
            message = f"the warehouse failed in {name}: {error}"
            raise WarehouseDownError(message) from error

    @contextmanager
    def snapshot(self, name: str) -> Iterator[Transaction]:
        """Open a transaction that sees one instant in all its statements, and keeps nothing."""
        try:
            with _engine(self.url.get_secret_value()).connect() as connection:
                connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin() as begun:
                    yield Transaction(connection)
                    begun.rollback()
        except (OperationalError, InterfaceError) as error:
            message = f"the warehouse failed in {name}: {error}"
            raise WarehouseDownError(message) from error

    def is_reachable(self) -> bool:
        """Say whether the warehouse answers now."""
        try:
            with _engine(self.url.get_secret_value()).connect():
                return True
        except DBAPIError:
            return False

    @contextmanager
    def session_lock(self, number: int) -> Iterator[bool]:
        """Hold an advisory lock for the length of the block; yield whether we got it.

        PostgreSQL drops it when the connection ends, so a killed holder never blocks the next. A
        living one gives it back itself: a server under load is slow to notice that a peer hung up,
        and would keep the holder's own next claim waiting.
        """
        with _engine(self.url.get_secret_value()).connect() as connection:
            # Held for as long as a run: in the pool, a few of them would leave no room for work.
            connection.detach()
            outcome = connection.execute(text(statement("lock_session")), {"number": number})
            is_ours = bool(outcome.scalar_one())
            connection.commit()
            try:
                yield is_ours
            finally:
                with suppress(DBAPIError):
                    connection.execute(text(statement("unlock_session")), {"number": number})


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        # What failed is told in logs and artifacts; passwords' and tokens' hashes are parameters.
        hide_parameters=True,
        pool_size=4,
        max_overflow=12,
        connect_args={
            "connect_timeout": 10,
            # A frozen process must not hold row locks for ever; its epoch is over anyway.
            "options": "-c idle_in_transaction_session_timeout=300000",
        },
    )


def _adapted(parameters: Mapping[str, object]) -> dict[str, Any]:
    return {name: _adapt(value) for name, value in parameters.items()}


def _adapt(value: object) -> object:
    is_document = isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )
    return Jsonb(value) if is_document else value


def _csv_block(batch: pa.RecordBatch, constants: Mapping[str, object]) -> memoryview:
    columns: list[pa.Array] = [pa.array([value] * batch.num_rows) for value in constants.values()]
    columns += [_as_csv(column) for column in batch.columns]
    names = [*constants, *batch.schema.names]
    sink = BytesIO()
    pa_csv.write_csv(
        pa.table(columns, names=names),
        sink,
        pa_csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    return sink.getbuffer()


def _as_csv(column: pa.Array) -> pa.Array:
    if pa.types.is_fixed_size_binary(column.type):
        return to_hex(column)
    return column
