"""Services for the tests: real ones, a set for each session, started as `make up` starts them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pydantic import SecretStr

from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.embedded.store_setup import store_of
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.homes import own_home

# How long an example takes says more of the machine than of the code.
settings.register_profile("obmen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("obmen")

# Modules whose tests share what takes some seconds to make.
_ONE_BEGINNING = {"test_audit", "test_crash_points", "test_malformed", "test_services"}
_EMPTY_TABLES = (Path(__file__).parent / "empty_tables.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Services:
    """The services of this test session."""

    settings: Settings


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """PostgreSQL and the object store, migrated and with a bucket; no Prefect."""
    with own_home() as settings:
        yield Services(_without_disk(bring_up(settings, DATA_SERVICES)))


@pytest.fixture(scope="session")
def stack() -> Iterator[Services]:
    """The whole stack with Prefect, a worker and the gateway: for tests marked `served`."""
    with own_home() as settings:
        yield Services(_without_disk(bring_up(settings)))


@pytest.fixture
def empty_tables(services: Services) -> None:
    """Tables as the migrations leave them."""
    with connect(services.settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(_EMPTY_TABLES)


@pytest.fixture
def warehouse(services: Services, empty_tables: None) -> Warehouse:
    """The warehouse as flows enter it, empty."""
    return _as_role("obmen_flow", services)


@pytest.fixture
def gateway_warehouse(services: Services, empty_tables: None) -> Warehouse:
    """The warehouse as the gateway enters it, empty."""
    return _as_role("obmen_gateway", services)


@pytest.fixture
def owner_warehouse(services: Services, empty_tables: None) -> Warehouse:
    """The warehouse as its owner enters it, empty."""
    return _as_role("obmen_owner", services)


@pytest.fixture
def store(services: Services) -> Store:
    """The object store; objects stay from test to test, their keys are their content."""
    return store_of(services.settings)


def _without_disk(settings: Settings) -> Settings:
    """Let PostgreSQL not wait for the disk: here processes die, and never the machine."""
    with connect(settings.admin_url) as connection:
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
    return settings


def _as_role(role: str, services: Services) -> Warehouse:
    return Warehouse(url=SecretStr(services.settings.warehouse_url_for(role)))


# First, for xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests of one dear beginning in one process; whoever asks the stack waits patiently."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))
            if not item.get_closest_marker("campaign"):
                item.add_marker(pytest.mark.timeout(900))
        elif item.path.stem in _ONE_BEGINNING:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
