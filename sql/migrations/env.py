"""Alembic's entry: every revision runs one .sql file of this folder in its own transaction."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

_LOCK = 7_202_611_22

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    # Two starts at once must not apply the same file twice.
    connection.exec_driver_sql(f"select pg_advisory_lock({_LOCK})")
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
