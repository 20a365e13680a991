"""The auditor: silent over what is whole, and not one planted damage escapes it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from pydantic import SecretStr

from blocks.embedded.store_setup import store_of
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from blocks.warehouse import Warehouse
from sandbox.audit.audit import audit
from sandbox.audit.bucket import Bucket
from sandbox.audit.ledger import Ledger, read_ledger
from sandbox.company import Company
from sandbox.dialogue import Account
from sandbox.export import Export, Mode, Order, export
from sandbox.faults import Fault
from sandbox.onec import run
from sandbox.spoil import spoil
from tests.blocks.gateway.serving import PASSWORD, hashed, serve_gateway
from tests.conftest import Services
from tests.sandbox.damages import DAMAGES, OBJECTS
from tests.sandbox.outgoing_damages import OUTGOING
from tests.sandbox.portal_damages import AT_PORTAL
from tests.sandbox.portals import Served, serve
from tests.sandbox.publishing import leave_in_doubt, open_portals
from tests.sandbox.stock_damages import STOCK, fill_stock
from tests.tasks.catalog.plain import does_wait, know_partner, take_files, take_waiting
from tests.tasks.catalog.test_own_offers import FILE as PRICED_GOODS

_WHOLE, _DAMAGED = "obmen_whole", "obmen_damaged"
_EMPTY_TABLES = (Path(__file__).parents[1] / "empty_tables.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Remembering(Bucket):
    """A bucket that asks for an object once: most damages are in the database alone."""

    seen: dict[str, bytes | None] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        """All bytes of an object, as they were when it was first asked for."""
        if key not in self.seen:
            self.seen[key] = Bucket.get(self, key)
        return self.seen[key]


@dataclass(frozen=True)
class Filled:
    """A filled warehouse, kept as a database to copy, and the exports that filled it."""

    settings: Settings
    folders: tuple[Path, ...]
    held: dict[str, Any]
    remembering: Remembering

    def ledger(self, bucket: Bucket | None = None) -> Ledger:
        """Read the damaged copy; its objects as they were first seen, or out of `bucket`."""
        url = self.settings.model_copy(update={"warehouse_database": _DAMAGED})
        return read_ledger(url.warehouse_url_for("obmen_auditor"), bucket or self.remembering)

    def audit(self, bucket: Bucket | None = None) -> list[str]:
        """Audit the damaged copy."""
        return self.judge(self.ledger(bucket), self.held)

    def judge(self, ledger: Ledger, held: dict[str, Any]) -> list[str]:
        """Audit what was read, and what the portal says that it holds."""
        found = audit(ledger, self.folders, "base", oldest_s=0, held={"site": held})
        return [str(each) for each in found]

    @contextmanager
    def copy(self) -> Iterator[psycopg.Connection]:
        """Yield a connection to a copy, as one whom no rule of the database holds back."""
        with connect(self.settings.admin_url) as cluster:
            cluster.autocommit = True
            cluster.execute(f"create database {_DAMAGED} template {_WHOLE}")
            try:
                address = self.settings.admin_url.removesuffix("/postgres") + f"/{_DAMAGED}"
                with connect(address) as connection:
                    connection.execute("set session_replication_role = replica")
                    yield connection
            finally:
                cluster.execute(f"drop database {_DAMAGED} with (force)")

    @property
    def s3(self) -> Any:
        """The store by the library that is made for it."""
        return boto3.client(
            "s3",
            endpoint_url=self.settings.store_endpoint,
            aws_access_key_id=self.settings.s3_access_key.get_secret_value(),
            aws_secret_access_key=self.settings.s3_secret_key.get_secret_value(),
            region_name="us-east-1",
        )


@pytest.fixture(scope="module")
def filled(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Two exports through the gateway, a refused price, a priced product and its late past."""
    settings, folder = services.settings, tmp_path_factory.mktemp("audit")
    with connect(settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(_EMPTY_TABLES)
    with serve(folder / "portal.sqlite") as portal:
        folders = tuple(_fill(settings, folder, portal))
        held = portal.held()
    with connect(settings.admin_url) as cluster:
        cluster.autocommit = True
        _end_connections(cluster)
        cluster.execute(f"create database {_WHOLE} template {settings.warehouse_database}")
    with Remembering.opened(*_place(settings)) as remembering:
        yield Filled(settings, folders, held, remembering)
    with connect(settings.admin_url) as cluster:
        cluster.autocommit = True
        cluster.execute(f"drop database {_WHOLE} with (force)")


def _place(settings: Settings) -> tuple[str, str, str, str]:
    return (
        settings.store_endpoint,
        settings.s3_bucket,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
    )


def _begins(found: list[str], words: str) -> bool:
    return any(each.startswith(words) for each in found)


def _end_connections(cluster: psycopg.Connection) -> None:
    cluster.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'obmen'"
    )


def _fill(settings: Settings, folder: Path, portal: Served) -> Iterator[Path]:
    warehouse, gateway, store = (
        _as_role("obmen_flow", settings),
        _as_role("obmen_gateway", settings),
        store_of(settings),
    )
    company = Company(seed=7, goods=16)
    later = company.after(changes=3, share=0.3)
    due = know_partner(warehouse)
    _open_door(warehouse, due.partner_key)
    round_of = open_portals(warehouse, store, folder, portal)
    full = export(company, folder / "full", Order(portion=10))
    changes = export(later, folder / "changes", Order(mode=Mode.CHANGES))

    def take() -> None:
        if does_wait(warehouse):
            take_waiting(warehouse, store, due)

    with serve_gateway(gateway, store, folder / "spool") as address:
        account = Account(address, "base-1", PASSWORD)
        for made in (full, changes):
            _send(
                made, account, lambda: does_wait(warehouse) and take_waiting(warehouse, store, due)
            )
            round_of()
            yield made.folder
    broken = export(later, folder / "broken", Order(mode=Mode.PRICES))
    spoil(broken, Fault.PRICE_NEGATIVE)
    priced, late = folder / "priced.xml", folder / "late.xml"
    text = PRICED_GOODS.replace(">p1<", r">p|1\2<")
    priced.write_text(text, encoding="utf-8")
    older = text.replace('="2.08"', '="2.08" ДатаФормирования="2026-01-01T10:00:00"')
    late.write_text(older.replace(">120.50<", ">99<").replace(">7<", ">9<"), encoding="utf-8")
    refused = (broken.folder / name for name in broken.sets[0].documents)
    take_files(warehouse, store, *refused, priced, late)
    fill_stock(warehouse, store, folder)
    leave_in_doubt(portal)
    round_of()
    with connect(settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(
            "insert into journal.delivery (partner_key, exchange, kind, idempotency_key)"
            " values (%s, 'catalog', 'answer', 'k1')",
            [due.partner_key],
        )


def _as_role(role: str, settings: Settings) -> Warehouse:
    return Warehouse(url=SecretStr(settings.warehouse_url_for(role)))


def _open_door(warehouse: Warehouse, partner_key: int) -> None:
    with warehouse.transaction("test") as transaction:
        transaction.run(
            "upsert_door",
            login="base-1",
            partner_key=partner_key,
            password_hash=hashed(PASSWORD),
            is_open=True,
        )


def _send(made: Export, account: Account, take: Callable[[], object]) -> None:
    """Let 1C send while the flow takes."""
    errors: list[str] = []
    sending = threading.Thread(target=lambda: errors.append(run(made, account).error))
    sending.start()
    while sending.is_alive():
        take()
        sending.join(timeout=0.05)
    assert errors == [""]


def test_what_is_whole_has_no_findings(filled: Filled) -> None:
    with filled.copy():
        assert [] == filled.audit()


@pytest.mark.parametrize("damage", DAMAGES | OUTGOING | STOCK)
def test_a_planted_damage_is_found(filled: Filled, damage: str) -> None:
    statements, finding = (DAMAGES | OUTGOING | STOCK)[damage]
    with filled.copy() as connection:
        connection.execute(statements.encode())
        connection.commit()
        found = filled.audit()

    assert _begins(found, finding), found[:5]


def test_a_damage_at_a_portal_is_found(filled: Filled) -> None:
    damaged = {name: deepcopy(filled.held) for name in AT_PORTAL}
    for name, damage in AT_PORTAL.items():
        damage(damaged[name])
    with filled.copy():
        ledger = filled.ledger()
    found = {name: filled.judge(ledger, held) for name, held in damaged.items()}

    assert [] == [name for name in AT_PORTAL if not _begins(found[name], "portal: site: ")], found


@pytest.mark.parametrize("holders", OBJECTS)
@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "changed"])
def test_a_damaged_object_is_found(filled: Filled, holders: str, *, is_gone: bool) -> None:
    column, finding = OBJECTS[holders]
    with filled.copy() as connection:
        row = connection.execute(f"select min({column}) from {holders}".encode()).fetchone()
        assert row is not None
        place = {"Bucket": filled.settings.s3_bucket, "Key": row[0]}
        payload = filled.s3.get_object(**place)["Body"].read()
        if is_gone:
            filled.s3.delete_object(**place)
        else:
            filled.s3.put_object(**place, Body=payload[:-1] + bytes([payload[-1] ^ 1]))
        try:
            with Bucket.opened(*_place(filled.settings)) as bucket:
                found = filled.audit(bucket)
        finally:
            filled.s3.put_object(**place, Body=payload)

    assert _begins(found, finding), found[:5]
