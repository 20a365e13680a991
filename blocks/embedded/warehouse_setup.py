"""Roles, databases and tables of the warehouse: made once, brought up to date at every start."""

from collections.abc import Sequence

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from blocks.settings import PROJECT, ROLES, Settings

MIGRATIONS = PROJECT / "sql" / "migrations"


def set_up_warehouse(settings: Settings) -> None:
    """Make roles and databases and apply all migrations; a second time nothing happens."""
    roles = {role: settings.password_of(role) for role in ROLES}
    with connect(settings.admin_url) as connection:
        _make_role(connection, "prefect", settings.prefect_password.get_secret_value())
        for role, password in roles.items():
            _make_role(connection, role, password)
        _make_database(connection, "prefect", owner="prefect", guests=[])
        _make_database(
            connection, settings.warehouse_database, owner="obmen_owner", guests=ROLES[1:]
        )
    migrate(settings.warehouse_url_for("obmen_owner"))


def migrate(url: str) -> None:
    """Apply the migrations that the database at `url` has not seen."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.attributes["url"] = url
    command.upgrade(configuration, "head")


def connect(url: str, timeout_s: int = 60) -> psycopg.Connection:
    """Open a connection at a SQLAlchemy address, outside any transaction."""
    return psycopg.connect(
        url.replace("+psycopg", "", 1), autocommit=True, connect_timeout=timeout_s
    )


def is_ready(url: str) -> bool:
    """Say whether PostgreSQL lets us in and answers."""
    try:
        with connect(url, timeout_s=5) as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def _make_role(connection: psycopg.Connection, name: str, password: str) -> None:
    found = connection.execute("select from pg_roles where rolname = %s", [name]).fetchone()
    verb = sql.SQL("create role" if found is None else "alter role")
    connection.execute(
        sql.SQL("{} {} login password {}").format(verb, sql.Identifier(name), sql.Literal(password))
    )
    # On a served PostgreSQL the administrator need not be a superuser: it must be a member of the
    # role that shall own a database.
    connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(name)))


def _make_database(
    connection: psycopg.Connection, name: str, *, owner: str, guests: Sequence[str]
) -> None:
    found = connection.execute("select from pg_database where datname = %s", [name]).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("create database {} owner {} encoding 'UTF8' template template0").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )
    database = sql.Identifier(name)
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    for guest in guests:
        connection.execute(
            sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(guest))
        )
