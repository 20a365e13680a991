"""Starting, stopping, being killed, starting again: PostgreSQL and the object store for all."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from blocks.embedded import postgresql
from blocks.embedded.faults import CannotStartError
from blocks.embedded.health import is_healthy
from blocks.embedded.programs import MARK
from blocks.embedded.services import DATA_SERVICES, bring_up, take_down
from blocks.embedded.status import read_status
from blocks.embedded.supervisor import Supervisor
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from tests.homes import free_ports, own_home


@pytest.fixture(scope="module")
def home() -> Iterator[Settings]:
    """A home of this module: its services are killed all the time."""
    with own_home() as settings:
        yield bring_up(settings, DATA_SERVICES)


@pytest.fixture
def running(home: Settings) -> Settings:
    """Settings of services that run and are healthy."""
    return bring_up(home, DATA_SERVICES)


def pids(settings: Settings) -> dict[str, int]:
    return {name: state["pid"] for name, state in Supervisor(settings).states().items()}


def supervisor_pid(settings: Settings) -> int:
    return int((settings.home / "run" / "supervisor.pid").read_text(encoding="utf-8"))


def processes_of(settings: Settings) -> list[psutil.Process]:
    """Return every process that was started for this home, found by its command line."""
    return [
        process
        for process in psutil.process_iter()
        if any(str(settings.home) in word for word in _words(process))
        and "tests.guard" not in _words(process)
    ]


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def wait_until(is_so: Callable[[], bool], otherwise: str, limit_s: float = 120) -> None:
    deadline = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


def test_a_second_start_leaves_everything_running(running: Settings) -> None:
    before = pids(running)

    bring_up(running, DATA_SERVICES)

    assert pids(running) == before


@pytest.mark.parametrize("name", sorted(DATA_SERVICES))
def test_a_killed_service_comes_back_by_itself(running: Settings, name: str) -> None:
    killed = pids(running)[name]

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: pids(running)[name] not in {killed, 0}, f"{name} is not started again")
    wait_until(lambda: is_healthy(name, running), f"{name} is not healthy again")


def test_after_a_killed_supervisor_nothing_blocks_the_next_start(running: Settings) -> None:
    orphans = pids(running)
    os.kill(supervisor_pid(running), signal.SIGKILL)

    bring_up(running, DATA_SERVICES)

    assert not any(psutil.pid_exists(pid) for pid in orphans.values())
    assert all(is_healthy(name, running) for name in DATA_SERVICES)


def test_after_a_lost_machine_nothing_blocks_the_next_start(running: Settings) -> None:
    for pid in [supervisor_pid(running), *pids(running).values()]:
        os.kill(pid, signal.SIGKILL)

    bring_up(running, DATA_SERVICES)

    assert all(is_healthy(name, running) for name in DATA_SERVICES)


def test_a_lock_file_that_names_a_stranger_does_not_block_the_start(running: Settings) -> None:
    lock = postgresql.data_folder(running) / "postmaster.pid"
    left_behind = lock.read_text(encoding="utf-8")
    take_down(running)
    stranger = str(os.getpid())
    lock.write_text(left_behind.replace(left_behind.split("\n")[0], stranger, 1), encoding="utf-8")

    bring_up(running, DATA_SERVICES)

    assert is_healthy("postgresql", running)


def test_what_was_written_survives_a_kill_of_everything(running: Settings) -> None:
    with connect(running.admin_url) as connection:
        connection.execute("create table if not exists kept (word text)")
        connection.execute("insert into kept values ('here')")
    for pid in [supervisor_pid(running), *pids(running).values()]:
        os.kill(pid, signal.SIGKILL)

    bring_up(running, DATA_SERVICES)

    with connect(running.admin_url) as connection:
        assert connection.execute("select distinct word from kept").fetchall() == [("here",)]


def test_stopping_leaves_no_process(running: Settings) -> None:
    assert processes_of(running)

    take_down(running)

    assert processes_of(running) == []
    assert all(line.cells[4] == "down" for line in read_status(running)[1:])


def test_a_start_never_ends_what_belongs_to_another_home(running: Settings) -> None:
    stranger = subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        env={MARK: str(running.home) + "-of-somebody-else"},
    )

    Supervisor(running).end_leftovers()

    assert stranger.poll() is None
    stranger.communicate()


def test_a_taken_port_is_named_with_the_variable_that_moves_it() -> None:
    with own_home() as settings, socket.socket() as other:
        other.bind(("127.0.0.1", settings.s3_port))
        other.listen()

        with pytest.raises(CannotStartError, match=f"{settings.s3_port}.*OBMEN_S3_PORT"):
            bring_up(settings, {"s3"})


def test_no_command_line_holds_a_secret(running: Settings) -> None:
    secrets = [
        line.partition("=")[2] for line in running.secrets_file.read_text("utf-8").splitlines()
    ]

    words = " ".join(word for process in psutil.process_iter() for word in _words(process))

    assert [secret for secret in secrets if secret in words] == []


def test_only_we_can_read_what_holds_secrets(running: Settings) -> None:
    run = running.home / "run"
    files = [running.secrets_file, *run.glob("*.sh"), run / "supervisor.conf"]

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}

    assert modes == dict.fromkeys(modes, 0o600)


def test_secrets_are_made_once(running: Settings) -> None:
    again = Settings.load(running.home)

    assert running.s3_secret_key == again.s3_secret_key
    assert running.password_of("obmen_flow") == again.password_of("obmen_flow")


def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_the_log_says_why_a_service_does_not_start() -> None:
    with own_home() as settings:
        broken = bring_up(settings, {"postgresql"})
        take_down(broken)
        (postgresql.data_folder(broken) / "global" / "pg_control").unlink()

        with pytest.raises(CannotStartError, match="pg_control"):
            bring_up(broken, {"postgresql"})
