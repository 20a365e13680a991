"""Everything that runs is killed in turn while two bases export and three portals receive.

Then all must be whole, and each portal must hold what its base meant last.

`make campaign` runs it; OBMEN_KILLS (100), OBMEN_SEED (1), OBMEN_PAUSE_S (at most so long between
two kills, 20) and OBMEN_MINUTES (35) say how much.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from random import Random

import psutil
import pytest

from blocks.embedded.health import is_healthy
from blocks.embedded.services import ALL_SERVICES
from blocks.embedded.supervisor import Supervisor
from blocks.embedded.warehouse_setup import connect
from blocks.settings import PROJECT, Settings
from sandbox.demo_prefect import Prefect
from sandbox.onec import run
from tests.campaign.audited import findings
from tests.campaign.load import Sender, open_doors, open_portals
from tests.campaign.portals import Shop, opened
from tests.conftest import Services

KILLS = int(os.environ.get("OBMEN_KILLS", "100"))
SEED = int(os.environ.get("OBMEN_SEED", "1"))
MINUTES = float(os.environ.get("OBMEN_MINUTES", "35"))
PAUSE_S = float(os.environ.get("OBMEN_PAUSE_S", "20"))
# Besides the killing: the start of the stack, the last exports, and all that still waits then.
pytestmark = [pytest.mark.campaign, pytest.mark.served, pytest.mark.timeout(MINUTES * 60 + 1800)]
_TARGETS = ("worker", "gateway", "postgresql", "s3", "prefect", "flow run", "portal")
_CALM_S = 30


def test_nothing_is_lost_or_doubled_whatever_is_killed(
    stack: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = stack.settings
    senders = open_doors(settings, tmp_path, monkeypatch)
    with opened(*open_portals(senders, tmp_path)) as shops:
        loops = [_start_loop(sender) for sender in senders]
        try:
            killed = _kill_in_turn(settings, shops, time.monotonic() + MINUTES * 60)
            _until_healthy(settings)
            time.sleep(_CALM_S)
        finally:
            for loop in loops:
                loop.kill()
                loop.wait()
        folders = {sender.partner: _finish(sender, tmp_path) for sender in senders}
        left = _drain(settings, shops)
        held = {shop.name: shop.held() for shop in shops}
    found = {
        partner: [str(each) for each in findings(settings, sent, partner, held)]
        for partner, sent in folders.items()
    }
    _report(settings, senders, killed, left, found)

    assert sum(killed.values()) >= KILLS
    assert not any(left.values())
    assert not any(found.values())


def _start_loop(sender: Sender) -> subprocess.Popen[bytes]:
    """Let 1C export one state after another, in a process of its own that nobody kills."""
    plan = sender.plan
    words = {
        "--seconds": MINUTES * 60 * 2,
        "--url": plan.account.url,
        "--login": plan.account.login,
        "--password": plan.account.password,
        "--client": plan.client,
        "--goods": plan.goods,
        "--seed": plan.seed,
        "--portion": plan.portion,
        "--log": plan.log,
    }
    arguments = [str(word) for pair in words.items() for word in pair]
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox.onec", "loop", *arguments],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )


def _kill_in_turn(settings: Settings, shops: Sequence[Shop], deadline: float) -> Counter[str]:
    luck, killed = Random(SEED), Counter[str]()
    for target in cycle(_TARGETS):
        time.sleep(luck.uniform(1, PAUSE_S))
        if sum(killed.values()) >= KILLS or time.monotonic() > deadline:
            return killed
        if target == "portal":
            shop = luck.choice(shops)
            shop.kill()
            killed[target] += 1
            print(f"{datetime.now(UTC):%H:%M:%S} {shop.name}", flush=True)
            time.sleep(luck.uniform(0, 5))
            shop.open()
            continue
        pid = _until_alive(settings, target)
        if pid:
            # A moment of no choice of ours: whatever it does just now.
            time.sleep(luck.uniform(0, 2))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed[target] += 1
                print(f"{datetime.now(UTC):%H:%M:%S} {target}", flush=True)
    return killed


def _until_alive(settings: Settings, target: str) -> int | None:
    """Wait until what is to be killed does its work; None when it never came."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = Supervisor(settings).states().get("worker" if target == "flow run" else target, {})
        if state.get("statename") == "RUNNING":
            if target == "flow run":
                if runs := _flow_runs(settings):
                    return runs[0]
            elif target == "worker" or is_healthy(target, settings):
                return int(state["pid"])
        time.sleep(0.2)
    return None


def _flow_runs(settings: Settings) -> list[int]:
    """Find the processes of flow runs of this home, also those whose worker is dead."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            words, environment = process.cmdline(), process.environ()
            is_ours = environment.get("OBMEN_HOME") == str(settings.home)
            if is_ours and "prefect.engine" in words:
                found.append(process.pid)
    return found


def _until_healthy(settings: Settings) -> None:
    deadline = time.monotonic() + 240
    while not all(is_healthy(name, settings) for name in ALL_SERVICES):
        assert time.monotonic() < deadline, "not all services came back"
        time.sleep(1)


def _finish(sender: Sender, folder: Path) -> list[Path]:
    """Send the last state whole until it is taken; return all that was taken, in order."""
    sent = [made.folder for made in sender.exports(folder / sender.partner)]
    whole = sender.whole(folder / sender.partner / "whole")
    for _ in range(10):
        result = run(whole, sender.plan.account)
        if result.is_success:
            return [*sent, whole.folder]
        print(f"{sender.partner}: {result.error}", flush=True)
        time.sleep(5)
    message = f"the last state of {sender.partner} is not taken: {result.error}"
    raise AssertionError(message)


def _drain(settings: Settings, shops: Sequence[Shop]) -> dict[str, int]:
    """Run the flows once more, wait for whatever still waits; return what does for ever."""
    with closing(Prefect()) as prefect:
        prefect.run_deployment("catalog")
        deadline = time.monotonic() + 300
        while any((left := _waiting(settings)).values()) and time.monotonic() < deadline:
            for shop in shops if left["deliveries"] or left["notices"] else ():
                # What failed before waits for minutes, unless a person asks.
                with suppress(SystemExit):
                    prefect.run_deployment("publish", {"partner": shop.name})
            time.sleep(2)
    return left


def _waiting(settings: Settings) -> dict[str, int]:
    with connect(settings.warehouse_url_for("obmen_auditor")) as connection:
        row = connection.execute("""
            select (select count(*) from journal.message where state = 'received'),
                   (select count(*) from journal.upload where sealed_at is null and size > 0),
                   (select count(*) from staging.reading),
                   (select count(*) from journal.notice where settled_at is null),
                   (select count(*) from journal.open_deliveries)
        """).fetchone()
    assert row is not None
    words = ("messages", "uploads", "staged", "notices", "deliveries")
    return {word: int(count) for word, count in zip(words, row, strict=True)}


def _report(
    settings: Settings,
    senders: Sequence[Sender],
    killed: Counter[str],
    left: dict[str, int],
    found: dict[str, list[str]],
) -> None:
    with connect(settings.warehouse_url_for("obmen_auditor")) as connection:
        row = connection.execute("""
            select (select count(*) from journal.message),
                   (select sum(received) from journal.books where dataset <> 'file'),
                   (select count(*) from journal.refusal),
                   (select count(*) from journal.run where outcome is null),
                   (select count(*) from journal.delivery),
                   (select count(*) from journal.attempt where outcome <> 'delivered'),
                   (select count(*) from journal.carried)
        """).fetchone()
    assert row is not None
    figures = {
        "seed": SEED,
        "killed": killed,
        "messages": int(row[0]),
        "records": int(row[1] or 0),
        "refusals": int(row[2]),
        "runs_without_end": int(row[3]),
        "deliveries": int(row[4]),
        "attempts_not_delivered": int(row[5]),
        "records_carried": int(row[6]),
        "left": left,
        "attempts": {sender.partner: sender.attempts() for sender in senders},
        "findings": {partner: len(each) for partner, each in found.items()},
    }
    print(json.dumps(figures, ensure_ascii=False), flush=True)
    for partner, each in found.items():
        print(*(f"{partner}: {words}" for words in each[:40]), sep="\n", flush=True)
