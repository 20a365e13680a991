"""A process that has imported everything and forks a worker for each order: a start costs no time.

`python -m tests.campaign.zygote HOME` reads a JSON order a line from its input and answers, a line
each, with the exit code of the worker (-9 for one that was killed).
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blocks.embedded.warehouse_setup import connect
from blocks.gateway.passwords import Passwords
from blocks.settings import Settings
from tests.campaign import workers

_WORKERS: dict[str, Callable[..., None]] = {
    "road": workers.take_inbox,
    "gateway": workers.serve_gateway,
    "publisher": workers.make_rounds,
}

_SETTLED_WITHIN_S = 120
_CLAIMS = """
    select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where locktype = 'advisory' and datname = current_database()
"""

_left_running: set[int] = set()


def _work(settings: Settings, order: dict[str, Any]) -> None:
    """Be the worker; never return."""
    code = 1
    try:
        for name in ("OBMEN_CRASH_AT", "OBMEN_CRASH_LOG"):
            os.environ.pop(name, None)
        os.environ.update(order.get("environment", {}))
        _WORKERS[order["worker"]](settings, **order["arguments"])
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must not live twice
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _follow(settings: Settings, order: dict[str, Any]) -> int:
    if "end" in order:
        os.kill(order["end"], signal.SIGKILL)
        _left_running.remove(order["end"])
        return _wait(settings, order["end"])
    pid = os.fork()
    if pid == 0:
        _work(settings, order)
    if order.get("is_left_running"):
        _left_running.add(pid)
        return pid
    if "kill_after_s" in order:
        time.sleep(order["kill_after_s"])
        os.kill(pid, signal.SIGKILL)
    return _wait(settings, pid)


def _wait(settings: Settings, pid: int) -> int:
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        _wait_until_noticed(settings)
    return code


def _wait_until_noticed(settings: Settings) -> None:
    """Wait until PostgreSQL knows that a worker died: only then are its claims the next one's.

    Under load it is slow to see that a peer hung up, and a road that is busy takes nothing.
    """
    deadline = time.monotonic() + _SETTLED_WITHIN_S
    with connect(settings.warehouse_url_for("obmen_auditor")) as connection:
        while connection.execute(_CLAIMS).fetchone() and time.monotonic() < deadline:
            time.sleep(0.02)


def main() -> None:
    """Follow orders until the input ends."""
    settings = Settings.load(Path(sys.argv[1]))
    Passwords()  # its decoy takes 200 ms of processor, of each gateway that did not inherit it
    print("ready", flush=True)
    for line in sys.stdin:
        print(_follow(settings, json.loads(line)), flush=True)
    for pid in _left_running:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
