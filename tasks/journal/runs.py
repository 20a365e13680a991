"""Runs as our journal has them: the watchdog's and the auditor's view; Prefect's is only a view."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from blocks.warehouse import Warehouse
from tasks.journal.lease import Lease


def this_process() -> str:
    """Name who holds a lease: the machine and the process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class Run:
    """A run in progress; what is put into `summary` is written at its end."""

    run_key: int
    summary: dict[str, Any] = field(default_factory=dict)


@contextmanager
def recorded_run(warehouse: Warehouse, lease: Lease, holder: str) -> Iterator[Run]:
    """Record a run from begin to end; one that raises is recorded as failed.

    A run that is killed has no end at all: that is how the watchdog sees it.
    """
    with warehouse.transaction("insert_run") as transaction:
        row = transaction.one(
            "insert_run",
            exchange=lease.exchange,
            partner_key=lease.partner_key,
            epoch=lease.epoch,
            holder=holder,
            parameters={},
        )
    run, outcome = Run(row["run_key"]), "failed"
    try:
        yield run
        outcome = "completed"
    finally:
        with warehouse.transaction("end_run") as transaction:
            transaction.run("end_run", run_key=run.run_key, outcome=outcome, summary=run.summary)
