"""The supervisor: one process that keeps the services running and restarts those that die.

Everything it needs lies in the home. Whatever a killed supervisor left running is found by the mark
in its environment, or by PostgreSQL's own lock file, and ended before the next start.
"""

import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import SupervisorTransport

from blocks.embedded import postgresql
from blocks.embedded.faults import CannotStartError
from blocks.embedded.programs import MARK, Program
from blocks.settings import Settings

# A unix socket's address holds 107 bytes on Linux, 103 on macOS.
_LONGEST_SOCKET = 100

_HEADER = """\
; Written by `make up`: change blocks/embedded/ instead.
[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
logfile={home}/log/supervisor.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={home}/run/supervisor.pid
childlogdir={home}/log
directory={home}
nocleanup=true
umask=077
"""

# A service tells its own children to stop: PostgreSQL would take a signal to all of them for a
# crash, and a worker lets its runs finish. Who outlives `stopwaitsecs` is killed with its children.
_PROGRAM = """
[program:{name}]
command=/bin/sh {script}
directory={folder}
{user}autostart=false
autorestart=true
startsecs=1
startretries=1000
stopsignal={stop_signal}
stopwaitsecs={stop_wait_s}
killasgroup=true
redirect_stderr=true
stdout_logfile={home}/log/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=4
"""


class Supervisor:
    """The supervisor of one home."""

    def __init__(self, settings: Settings) -> None:
        """Speak for the home of these settings; start nothing."""
        self._settings = settings
        self._home = settings.home
        self._run = settings.home / "run"

    def ensure_running(self, programs: list[Program]) -> None:
        """Start the supervisor over these programs unless it runs over exactly these already."""
        wanted = dict(self._files(programs))
        if self.is_running():
            if wanted == {path: _text(path) for path in wanted}:
                return
            self.stop()
        self.end_leftovers()
        for path, text in wanted.items():
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
        for program in programs:
            if program.user:
                shutil.chown(self._script(program), program.user)
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)],
            check=True,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            env=os.environ | {MARK: str(self._home)},
        )
        _wait(self.is_running, 120, "the supervisor does not answer")

    def start(self, name: str) -> None:
        """Start one program that does not run; do not wait for it."""
        self._call("startProcess", name, False)  # noqa: FBT003  (the protocol's "wait")

    def states(self) -> dict[str, dict[str, Any]]:
        """Return what the supervisor says of each program; nothing when it does not run."""
        if not self.is_running():
            return {}
        return {state["name"]: state for state in self._call("getAllProcessInfo")}

    def is_running(self) -> bool:
        """Say whether the supervisor of this home answers."""
        try:
            self._call("getPID")
        except (OSError, Fault):
            return False
        return True

    def stop(self) -> None:
        """Stop every program and the supervisor; return when nothing of this home runs."""
        if self.is_running():
            pid = int(self._call("getPID"))
            self._call("shutdown")
            _wait(lambda: not _is_alive(pid), 200, "the supervisor does not stop")
        self.end_leftovers()

    def end_leftovers(self) -> None:
        """End what runs for this home without a supervisor that answers."""
        if pid := postgresql.server_pid(postgresql.data_folder(self._settings)):
            # Quit: its clients are gone, and recovery costs less than waiting for them.
            _end([psutil.Process(pid)], signal.SIGQUIT)
        while left := list(self._marked()):
            _end(left, signal.SIGTERM)
        self._socket.unlink(missing_ok=True)

    def log_tail(self, name: str, lines: int = 20) -> str:
        """Return the last lines of a program's log."""
        return "\n".join(_text(self._home / "log" / f"{name}.log").splitlines()[-lines:])

    @property
    def _configuration(self) -> Path:
        return self._run / "supervisor.conf"

    @property
    def _socket(self) -> Path:
        socket = self._run / "supervisor.sock"
        if len(str(socket)) < _LONGEST_SOCKET:
            return socket
        name = hashlib.sha256(str(self._home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"obmen-{name}.sock"

    def _script(self, program: Program) -> Path:
        return self._run / f"{program.name}.sh"

    def _files(self, programs: list[Program]) -> Iterator[tuple[Path, str]]:
        """Yield the files the supervisor is started with; they hold secrets."""
        configuration = _HEADER.format(home=self._home, socket=self._socket)
        for program in programs:
            yield self._script(program), _script_text(program, self._home)
            configuration += _PROGRAM.format(
                home=self._home,
                name=program.name,
                script=self._script(program),
                folder=program.folder,
                user=f"user={program.user}\n" if program.user else "",
                stop_signal=program.stop_signal,
                stop_wait_s=program.stop_wait_s,
            )
        yield self._configuration, configuration

    def _marked(self) -> Iterator[psutil.Process]:
        ourselves = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
        for process in psutil.process_iter():
            try:
                is_marked = process.environ().get(MARK) == str(self._home)
            except (psutil.Error, OSError):
                continue
            if is_marked and process.pid not in ourselves:
                yield process

    def _call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401  (XML-RPC)
        transport = SupervisorTransport("", "", f"unix://{self._socket}")
        with ServerProxy("http://127.0.0.1", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)


def _script_text(program: Program, home: Path) -> str:
    """Return a shell script that becomes the program: so no secret stands on a command line."""
    environment = program.environment | {MARK: str(home)}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    return "\n".join([*exports, f"exec {shlex.join(program.command)}", ""])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _end(processes: list[psutil.Process], gently: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(gently)
    _, alive = psutil.wait_procs(processes, timeout=10)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=10)


def _wait(is_so: Callable[[], bool], limit_s: float, otherwise: str) -> None:
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            raise CannotStartError(otherwise)
        time.sleep(0.05)
