"""Services that stand elsewhere, starts at the same time, and test sessions that are killed."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.embedded.store_setup import store_of
from blocks.embedded.supervisor import Supervisor
from blocks.embedded.warehouse_setup import connect
from blocks.settings import PROJECT, Settings
from tests.conftest import Services
from tests.homes import own_home


def test_an_address_takes_the_place_of_a_service() -> None:
    with own_home() as there, own_home() as here:
        served = bring_up(there, DATA_SERVICES)
        settings = here.model_copy(
            update={
                "warehouse_url": SecretStr(served.admin_url),
                "s3_endpoint": served.store_endpoint,
                "s3_access_key": served.s3_access_key,
                "s3_secret_key": served.s3_secret_key,
                "s3_bucket": "elsewhere",
            }
        )

        used = bring_up(settings, DATA_SERVICES)

        assert Supervisor(used).states() == {}
        with connect(used.warehouse_url_for("obmen_flow")) as connection:
            assert connection.execute("select count(*) from journal.message").fetchone() == (0,)
        stored = store_of(used).put(b"far away")
        assert store_of(used).get(stored.key) == b"far away"


@pytest.mark.parametrize("login", ["postgres", "postgres:wrong", "obmen_flow:"])
def test_a_stranger_gets_into_no_database(services: Services, login: str) -> None:
    address = services.settings.admin_url.rpartition("@")[2]

    with pytest.raises(psycopg.OperationalError, match="password"):
        connect(f"postgresql://{login}@{address}")


def test_two_starts_at_the_same_time_are_one_start() -> None:
    with own_home() as home, ThreadPoolExecutor(2) as pool:
        rivals = [Settings.load(home.home, warehouse_port=home.warehouse_port) for _ in range(2)]

        both = list(pool.map(bring_up, rivals, [{"postgresql"}] * 2))

        assert both[0].admin_url == both[1].admin_url
        with connect(both[1].admin_url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_killed_test_session_leaves_nothing() -> None:
    script = (
        "import os, signal\n"
        "from blocks.embedded.services import bring_up\n"
        "from tests.homes import own_home\n"
        "with own_home() as home:\n"
        "    bring_up(home, {'postgresql'})\n"
        "    print(home.home, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    session = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    home = Path(session.stdout.strip())

    deadline = time.monotonic() + 120
    while home.exists():
        assert time.monotonic() < deadline, f"{home} is still there"
        time.sleep(0.1)
    assert home.name.startswith("test-")
    assert list(Supervisor(Settings.load(home))._marked()) == []  # noqa: SLF001
