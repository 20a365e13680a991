"""Passwords, keys and tokens stand nowhere but where they belong."""

from pathlib import Path

import pytest
from psycopg import sql

from blocks.embedded.warehouse_setup import connect
from sandbox.company import Company
from sandbox.export import Order
from tests.office import PASSWORD, Office, export_to

pytestmark = pytest.mark.served

_TABLES = """
    select table_schema, table_name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""


@pytest.fixture(scope="module")
def secrets(office: Office, folders: Path) -> dict[str, str]:
    """What must be found nowhere, after an exchange and an operator's run."""
    account = office.add_gateway_partner("secretive")
    office.run("admit")
    export_to(account, Company(seed=3, goods=2), folders / "secretive", Order())
    office.wait_until_quiet("secretive")
    office.run("trace", partner="secretive", table="product", key="-", column="name")
    settings = office.settings
    roles = ("owner", "flow", "gateway", "reader", "auditor")
    return {
        "the door's password": PASSWORD,
        "the key of the store": settings.s3_secret_key.get_secret_value(),
        "the login of Prefect": settings.prefect_auth.get_secret_value().partition(":")[2],
        "the key of Prefect's secrets": settings.prefect_encryption_key.get_secret_value(),
        **{f"the password of {role}": settings.password_of(f"obmen_{role}") for role in roles},
    }


@pytest.mark.parametrize("database", ["warehouse", "prefect"])
def test_no_table_holds_a_secret(office: Office, secrets: dict[str, str], database: str) -> None:
    url = (
        office.settings.prefect_server_database_url.replace("+asyncpg", "", 1)
        if database == "prefect"
        else office.settings.warehouse_url_for("obmen_owner")
    )

    found = {f"{what} in {table}" for table, what in _search_tables(url, secrets)}

    assert set() == found


def test_no_log_holds_a_secret(office: Office, secrets: dict[str, str]) -> None:
    logs = {path.name: path.read_text(errors="replace") for path in _logs(office)}

    assert {"gateway.log", "worker.log", "prefect.log"} <= set(logs)
    assert set() == {
        f"{what} in {name}"
        for name, text in logs.items()
        for what, secret in secrets.items()
        if secret in text
    }


def _logs(office: Office) -> list[Path]:
    return list((office.settings.home / "log").glob("*.log"))


def _search_tables(url: str, secrets: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    with connect(url) as connection:
        for schema, table in connection.execute(_TABLES).fetchall():
            rows = sql.SQL("select 1 from {} as held where strpos(held::text, %s) > 0 limit 1")
            question = rows.format(sql.Identifier(schema, table))
            found += [
                (table, what)
                for what, secret in secrets.items()
                if connection.execute(question, (secret,)).fetchone()
            ]
    return found
