"""How much memory a program and the server behind it took at their highest, and the server's time.

A program knows its own peak (VmHWM, of itself alone: `ru_maxrss` inherits that of the parent). The
server's processes are looked at five times a second while the program runs.
"""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_EVERY_S = 0.2


def peak_mb(pid: int | str = "self") -> int:
    """Return the highest resident size that a living process ever had, in MB."""
    return _status_mb(pid, "VmHWM")


class Watch:
    """Watches the children of PostgreSQL, and a program with its children, while the block runs."""

    def __init__(self, server: int | None, program: int) -> None:
        """Watch these processes; without a server only the program."""
        self._server = server
        self._program = program
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.backend_mb = 0  # of one process of the server, its own memory without shared buffers
        self.tree_mb = 0  # of the program and all its children, together
        self.server_cpu_s = 0.0  # processor seconds of all of the server's processes

    def __enter__(self) -> Self:
        """Begin."""
        self.server_cpu_s = -_server_cpu_s(self._server)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._ends.set()
        self._thread.join()
        self.server_cpu_s += _server_cpu_s(self._server)

    def _look(self) -> None:
        while not self._ends.wait(_EVERY_S):
            for child in _children(self._server):
                self.backend_mb = max(self.backend_mb, _status_mb(child, "RssAnon"))
            ours = [self._program, *_children(self._program)]
            self.tree_mb = max(self.tree_mb, sum(_status_mb(each, "VmRSS") for each in ours))


def _children(pid: int | None) -> list[int]:
    with suppress(psutil.NoSuchProcess):
        return [child.pid for child in psutil.Process(pid).children(recursive=True)] if pid else []
    return []


def _server_cpu_s(server: int | None) -> float:
    """Return the seconds of the processes that live and of those that have ended, so far."""
    total = 0.0
    for pid in [server, *_children(server)] if server else []:
        with suppress(psutil.NoSuchProcess):
            used = psutil.Process(pid).cpu_times()
            total += used.user + used.system
            if pid == server:
                total += used.children_user + used.children_system
    return total


def _status_mb(pid: int | str, field: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) // 1024
    return 0
