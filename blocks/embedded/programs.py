"""The embedded services as values: what each runs, as whom, with which environment.

An address in the settings takes the place of a service: it is not among the programs then.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from blocks.embedded import postgresql
from blocks.embedded.accounts import service_account
from blocks.settings import PROJECT, Settings

POOL = "obmen"
# Each run is a process of 150 to 500 MB; more of them than that only wait for one another.
_RUNS_AT_ONCE = 4
_LEASES = "prefect.server.concurrency.lease_storage"
# Every process we start carries this variable with the home it belongs to: it is how a start finds
# what an earlier one, killed since, left behind; and it can never find anybody else's.
MARK = "OBMEN_STARTED_FOR"


@dataclass(frozen=True, slots=True)
class Program:
    """One service for the supervisor."""

    name: str
    command: list[str]
    address: str
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: Path = PROJECT
    stop_signal: str = "TERM"
    stop_wait_s: int = 20
    listens: str = ""


def programs(settings: Settings) -> list[Program]:
    """Return the services that are ours to run, in the order in which they start."""
    return [
        *([_postgresql(settings)] if settings.is_warehouse_embedded else []),
        *([_s3(settings)] if settings.is_store_embedded else []),
        *([_prefect(settings)] if settings.is_prefect_embedded else []),
        _worker(settings),
        _gateway(settings),
    ]


def _postgresql(settings: Settings) -> Program:
    account = service_account(settings)
    return Program(
        name="postgresql",
        command=postgresql.command(settings),
        address=f"127.0.0.1:{settings.warehouse_port}",
        user=account and account.pw_name,
        folder=settings.home,
        listens="OBMEN_WAREHOUSE_PORT",
        # "Fast": break connections off, write everything, end. The default waits for clients.
        stop_signal="INT",
        stop_wait_s=60,
    )


def _s3(settings: Settings) -> Program:
    access, secret = settings.s3_access_key, settings.s3_secret_key
    return Program(
        name="s3",
        command=[
            str(Path(sys.executable).with_name("rclone")),
            "serve",
            "s3",
            "--config=",
            f"--addr=127.0.0.1:{settings.s3_port}",
            str(settings.home / "store"),
        ],
        address=settings.store_endpoint,
        listens="OBMEN_S3_PORT",
        # Not by --auth-key: everyone on the machine can read a command line.
        environment={
            "RCLONE_AUTH_KEY": f'"{access.get_secret_value()},{secret.get_secret_value()}"'
        },
    )


def _prefect(settings: Settings) -> Program:
    return Program(
        name="prefect",
        command=[
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host=127.0.0.1",
            f"--port={settings.prefect_port}",
        ],
        address=settings.prefect_url.removesuffix("/api"),
        environment=server_environment(settings),
        listens="OBMEN_PREFECT_PORT",
        folder=settings.home,
        stop_wait_s=30,
    )


def _worker(settings: Settings) -> Program:
    return Program(
        name="worker",
        command=[
            sys.executable,
            "-m",
            "prefect",
            "worker",
            "start",
            f"--pool={POOL}",
            "--type=process",
            f"--name={worker_name(settings)}",
            f"--limit={_RUNS_AT_ONCE}",
        ],
        address=settings.prefect_url,
        environment=client_environment(settings) | SMALL,
        # A worker that is asked to stop lets its runs finish; a step lasts a minute at most.
        stop_wait_s=90,
    )


def _gateway(settings: Settings) -> Program:
    return Program(
        name="gateway",
        command=[
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "blocks.gateway.app:create_app",
            f"--host={settings.gateway_host}",
            f"--port={settings.gateway_port}",
            "--no-access-log",
            "--no-server-header",
        ],
        address=settings.gateway_url,
        listens="OBMEN_GATEWAY_PORT",
        environment=client_environment(settings),
    )


# Memory that a run gives back goes back to the system at once: the usual allocators keep it, and
# the more a file makes a run allocate, the more they keep.
SMALL: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "65536",
}


def worker_name(settings: Settings) -> str:
    """Return the name under which our worker reports to Prefect."""
    return f"{POOL}-{os.uname().nodename}-{settings.home.name}"


def client_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of all that talks to the Prefect API, flow runs included."""
    return settings.environment() | {
        "PREFECT_HOME": str(settings.home / "prefect"),
        # A worker keeps a folder of a fixed name in /tmp: the first user's shuts all others out.
        "TMPDIR": str(settings.home / "tmp"),
        "PREFECT_API_AUTH_STRING": settings.prefect_auth.get_secret_value(),
        "PREFECT_LOGGING_EXTRA_LOGGERS": "tasks,blocks,flows,expectations",
        # The shortest there is; with the automation a run of a dead machine ends within 90 s.
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        # The default is pickle: whoever writes to the results' place would run code in the worker.
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        # 1C waits at the door while its file is taken: the default would add 10 s to each wait.
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def outsider_environment(settings: Settings) -> dict[str, str]:
    """Return addresses for programs that share no code with us: the sandbox, the auditor."""
    return client_environment(settings) | {
        "OBMEN_GATEWAY_URL": settings.gateway_url,
        "OBMEN_AUDITOR_URL": settings.warehouse_url_for("obmen_auditor"),
        "OBMEN_STORE_ENDPOINT": settings.store_endpoint,
        "OBMEN_STORE_BUCKET": settings.s3_bucket,
        "OBMEN_STORE_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
        "OBMEN_STORE_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
    }


def server_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the Prefect server; reliability notes, section 2.3."""
    return client_environment(settings) | {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": settings.prefect_server_database_url,
        "PREFECT_SERVER_API_AUTH_STRING": settings.prefect_auth.get_secret_value(),
        "PREFECT_SERVER_ENCRYPTION_KEY": settings.prefect_encryption_key.get_secret_value(),
        # As well as --port: the pages of the UI ask the port that stands here.
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": settings.prefect_url.removesuffix("/api"),
        # Not in memory: a crash of the server would keep the slot of a dead run taken.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": f"{_LEASES}.filesystem",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        # The default of 15 s cries at every run that waits for a busy worker.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": str(settings.late_after_s),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Version 2 of the UI asks an outside host on every page.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        # It copies its pages into the installed package otherwise, which need not be ours.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(settings.home / "prefect" / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
