"""Brings the embedded services up and down, in order, each checked before the next one needs it."""

import fcntl
import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from blocks.embedded import postgresql
from blocks.embedded.accounts import prepare_home
from blocks.embedded.faults import CannotStartError
from blocks.embedded.health import is_healthy
from blocks.embedded.prefect_stamp import ensure_prefect_set_up
from blocks.embedded.programs import Program, programs
from blocks.embedded.supervisor import Supervisor
from blocks.embedded.warehouse_setup import set_up_warehouse
from blocks.settings import Settings

DATA_SERVICES = frozenset({"postgresql", "s3"})
ALL_SERVICES = frozenset({"postgresql", "s3", "prefect", "worker", "gateway"})
# Services that start together; a later stage needs the earlier ones.
_STAGES = (("postgresql", "s3"), ("prefect",), ("worker", "gateway"))
# Generous: a first start on a slow disk makes Prefect's tables.
_LIMIT_S = 180
# One that ends at once may need some tries: PostgreSQL waits for orphans of a crash.
_MOST_TRIES = 4


def bring_up(
    settings: Settings,
    names: Collection[str] = ALL_SERVICES,
    say: Callable[[str], None] = lambda _: None,
) -> Settings:
    """Start what is not running among `names` and set it up; a second call changes nothing.

    Returns the settings with the secrets that are in force. Raises CannotStartError with the end of
    the log of the service that did not become healthy.
    """
    prepare_home(settings)
    with _alone(settings):
        settings = settings.keep_secrets()
        supervisor = Supervisor(settings)
        if settings.is_warehouse_embedded:
            postgresql.prepare(settings)
        ours = [program for program in programs(settings) if program.name in names]
        supervisor.ensure_running(ours)
        for stage in _STAGES:
            started = [program for program in ours if program.name in stage]
            for program in started:
                _start(program, supervisor)
            for program in started:
                _wait_until_healthy(program, supervisor, settings)
                say(f"{program.name:<11} {program.address}")
            for name in stage:
                if name in names and name in _SET_UPS:
                    _SET_UPS[name](settings)
        return settings


def take_down(settings: Settings) -> None:
    """Stop all services of this home; nothing of it runs afterwards."""
    if settings.home.exists():
        Supervisor(settings).stop()


def _ensure_bucket(settings: Settings) -> None:
    if settings.is_store_embedded and (settings.home / "store" / settings.s3_bucket).is_dir():
        return
    # boto3 and Prefect, on which the store is a block, cost 3 s that a second start need not pay.
    from blocks.embedded.store_setup import set_up_store  # noqa: PLC0415

    set_up_store(settings)


def _start(program: Program, supervisor: Supervisor) -> None:
    if supervisor.states()[program.name]["statename"] in {"RUNNING", "STARTING", "BACKOFF"}:
        return
    address = urlsplit(program.address if "//" in program.address else f"//{program.address}")
    if program.listens and _is_taken(address.hostname or "127.0.0.1", address.port or 80):
        message = (
            f"{program.name} cannot start: port {address.port} is taken by another program; "
            f"set {program.listens} to a free one"
        )
        raise CannotStartError(message)
    supervisor.start(program.name)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _wait_until_healthy(program: Program, supervisor: Supervisor, settings: Settings) -> None:
    deadline = time.monotonic() + _LIMIT_S
    tries: set[int] = set()
    while not is_healthy(program.name, settings):
        state = supervisor.states().get(program.name, {})
        tries.add(state.get("pid", 0))
        if len(tries) > _MOST_TRIES or time.monotonic() > deadline:
            log = settings.home / "log" / f"{program.name}.log"
            message = (
                f"{program.name} did not become healthy ({state.get('statename', 'GONE')}, "
                f"{len(tries)} tries). The end of {log}:\n{supervisor.log_tail(program.name)}"
            )
            raise CannotStartError(message)
        time.sleep(0.1)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let one start at a time work on this home; the system drops the lock of a killed one."""
    with (settings.home / "run" / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# What is set up once a service answers, ours or served.
_SET_UPS: dict[str, Callable[[Settings], None]] = {
    "postgresql": set_up_warehouse,
    "s3": _ensure_bucket,
    "prefect": ensure_prefect_set_up,
}
