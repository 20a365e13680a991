"""Homes for services under test, gone with all that runs in them when the test ends."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blocks.settings import PROJECT, Settings

# Below what Linux and macOS give to clients: a connection of another test may not take it.
_PORTS = range(10_000, 32_000)


@contextmanager
def own_home() -> Iterator[Settings]:
    """Yield settings for a new home on free ports; whatever runs there ends with the block.

    A guard process of its own does the work, so a killed test session leaves nothing either.
    """
    # PostgreSQL's user must be able to reach it when the tests run as root; pytest's own temporary
    # folders are closed to everyone else.
    system = Path("/var/lib/obmen")
    if os.geteuid() == 0:
        system.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="test-", dir=system if os.geteuid() == 0 else None))
    home.chmod(0o755)
    guard = subprocess.Popen(
        [sys.executable, "-m", "tests.guard", str(home)],
        stdin=subprocess.PIPE,
        cwd=PROJECT,
        start_new_session=True,
    )
    try:
        yield settings_on_free_ports(home)
    finally:
        guard.communicate(timeout=240)


def settings_on_free_ports(home: Path) -> Settings:
    """Return settings for `home` that no variable of the developer's environment changes."""
    ports = free_ports(4)
    return Settings.load(
        home,
        warehouse_url=None,
        warehouse_port=ports[0],
        warehouse_database="obmen",
        s3_endpoint=None,
        s3_port=ports[1],
        s3_bucket="obmen",
        gateway_host="127.0.0.1",
        gateway_port=ports[2],
        prefect_port=ports[3],
        late_after_s=15,
        prefect_api_url=None,
        prefect_database_url=None,
    )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, outside the range the system gives to clients."""
    taken: dict[int, socket.socket] = {}
    try:
        while len(taken) < count:
            # Not by `random`: the processes of one test session begin it with the same seed.
            port = secrets.choice(_PORTS)
            if port not in taken and (bound := _bound(port)):
                taken[port] = bound
        return list(taken)
    finally:
        for each in taken.values():
            each.close()


def _bound(port: int) -> socket.socket | None:
    made = socket.socket()
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        return None
    return made
