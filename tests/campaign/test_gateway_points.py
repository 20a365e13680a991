"""The gateway dies before and after every durable act while 1C sends; 1C comes again.

All deaths happen to one journal, as in a bad week: what a dead gateway left half done stays lying
there while the next one works. The audit at the end looks at everything.
"""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blocks.embedded.store_setup import store_of
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.dialogue import Account
from sandbox.export import Export, Mode, Order, export
from sandbox.onec import Manners, run
from tasks.model.partners import DuePartner
from tests.blocks.gateway.serving import PASSWORD, hashed
from tests.campaign.audited import findings
from tests.campaign.dying import Zygote, empty, zygote
from tests.campaign.sites import durable_sites
from tests.campaign.workers import warehouse_of
from tests.conftest import Services
from tests.homes import free_ports
from tests.tasks.catalog.plain import does_wait, know_partner, take_files, take_waiting

DIED = 137
NAMES = sorted(durable_sites("blocks"))
# Passed by every chunk: here death comes in the middle of a file too.
_AMID = ("file_chunk", "put_chunks")
_LOGIN = "base-1"


@dataclass
class Site:
    """A site whose gateway can be made to die, and a 1C that sends to it."""

    settings: Settings
    worker: Zygote
    due: DuePartner
    folder: Path
    port: int
    company: Company = field(default_factory=lambda: Company(seed=7, goods=4))
    folders: list[Path] = field(default_factory=list)
    passages: Counter[str] = field(default_factory=Counter)

    def take_whole(self) -> None:
        """Have everything in, by no gateway: what is under test are the prices after it."""
        full = self._export(Mode.FULL)
        files = [full.folder / name for each in full.sets for name in each.documents]
        take_files(warehouse_of(self.settings, "obmen_flow"), store_of(self.settings), *files)

    def learn(self) -> None:
        """Send some prices by a gateway that nobody kills."""
        log = self.folder / "passages"
        gateway = self._serve({"OBMEN_CRASH_LOG": str(log)})
        assert self._send(self._export(Mode.PRICES)) == ""
        self.worker.end(gateway)
        lines = log.read_text(encoding="utf-8").splitlines()
        self.passages.update(line.rpartition(":")[0] for line in lines)

    def send_and_die(self, point: str) -> int:
        """Send a new state to a gateway that dies at a point, then again to one that does not."""
        made = self._export(Mode.PRICES)
        gateway = self._serve({"OBMEN_CRASH_AT": point})
        self._send(made)
        code = self.worker.end(gateway)
        gateway = self._serve({})
        assert self._send(made) == ""
        self.worker.end(gateway)
        return code

    def settle(self) -> None:
        """Let a gateway seal what dead ones left open, and take all of it."""
        gateway = self._serve({})
        deadline = time.monotonic() + 60
        while self._open_uploads() and time.monotonic() < deadline:
            time.sleep(0.2)
        self.worker.end(gateway)
        self._take()

    def _export(self, mode: Mode) -> Export:
        self.company = self.company.after(len(self.folders), 0.5)
        folder = self.folder / str(len(self.folders))
        self.folders.append(folder)
        return export(self.company, folder, Order(Client.B31, mode))

    def _serve(self, crash: dict[str, str]) -> int:
        spool = str(self.folder / "spool")
        process = self.worker.leave_running("gateway", crash, port=self.port, spool=spool)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            time.sleep(0.02)
        message = "the gateway does not listen"
        raise AssertionError(message)

    def _send(self, made: Export) -> str:
        """Let 1C send while the flow takes; return what 1C shows."""
        account = Account(f"http://127.0.0.1:{self.port}/exchange", _LOGIN, PASSWORD)
        errors: list[str] = []
        sending = threading.Thread(
            target=lambda: errors.append(run(made, account, Manners(deactivates=True)).error)
        )
        sending.start()
        while sending.is_alive():
            self._take()
            sending.join(timeout=0.05)
        return errors[0]

    def _take(self) -> None:
        warehouse = warehouse_of(self.settings, "obmen_flow")
        if does_wait(warehouse):
            take_waiting(warehouse, store_of(self.settings), self.due)

    def _open_uploads(self) -> int:
        with connect(self.settings.warehouse_url_for("obmen_auditor")) as connection:
            row = connection.execute(
                "select count(*) from journal.upload where sealed_at is null"
            ).fetchone()
        return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def site(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose points are learned."""
    settings = services.settings
    empty(settings)
    due = know_partner(warehouse_of(settings, "obmen_flow"))
    with zygote(settings) as worker:
        made = Site(settings, worker, due, tmp_path_factory.mktemp("site"), free_ports(1)[0])
        made.take_whole()
        _open_door(settings, due)
        made.learn()
        yield made


def _open_door(settings: Settings, due: DuePartner) -> None:
    with warehouse_of(settings, "obmen_flow").transaction("test") as transaction:
        transaction.run(
            "upsert_door",
            login=_LOGIN,
            partner_key=due.partner_key,
            password_hash=hashed(PASSWORD),
            is_open=True,
        )
        # Small chunks, so that a file is many of them.
        transaction.run(
            "upsert_partner",
            name=due.name,
            time_zone=due.terms.time_zone,
            state="active",
            settings=due.terms.as_json() | {"gateway": {"file_limit": 2048}},
        )


@pytest.mark.timeout(600)
def test_a_gateway_that_dies_anywhere_loses_and_doubles_nothing(site: Site) -> None:
    points = [f"{name}:{moment}" for name in NAMES for moment in ("before", "after")]
    unknown = [point for point in points if not site.passages[point]]
    assert [] == unknown, "no run of the test passes there: extend the scenario"
    passages = [f"{point}:1" for point in points]
    passages += [f"{point}:2" for point in points if point.startswith(_AMID)]
    survived = [point for point in passages if site.send_and_die(point) != DIED]
    site.settle()

    assert [] == survived
    assert [] == findings(site.settings, site.folders)
