"""With the worker away nothing is lost and nothing piles up; one partner's fault is its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from blocks.embedded.supervisor import Supervisor
from sandbox.company import Company
from sandbox.dialogue import Account, Dialogue
from sandbox.export import Client, Order, export
from sandbox.onec import Manners, run
from tests.office import Ended, Office, Post, until

pytestmark = pytest.mark.served


@dataclass(frozen=True, slots=True)
class Outage:
    """What was seen while the worker was away, and after it."""

    waiting: dict[str, int]  # runs that waited, by partner
    broken: Ended  # the run of the partner whose first file had gone
    whole: list[Ended]  # the runs of the other partner


@pytest.fixture(scope="module")
def outage(office: Office, post: Post, folders: Path) -> Outage:
    accounts = {name: office.add_gateway_partner(name) for name in ("alpha", "beta")}
    office.run("admit")
    with _worker_away(office):
        # Other companies: equal bytes would be one object, and its loss the fault of both.
        for seed, (name, account) in enumerate(accounts.items()):
            _send_and_leave(account, Company(seed=seed, goods=6), folders / f"out-{name}")
        until(lambda: post.has("a run is late"))
        waiting = {name: len(office.list_runs(f"catalog-{name}")) for name in accounts}
        held = _take_away_first_file(office, "alpha")
    whole = office.wait_until_quiet("beta")
    until(lambda: office.list_runs("catalog-alpha", states={"FAILED"}))
    broken = office.look(office.list_runs("catalog-alpha", states={"FAILED"})[0])
    held.rename(held.with_suffix(""))
    return Outage(waiting, broken, whole)


def test_one_run_of_each_partner_waits_for_the_worker(outage: Outage) -> None:
    assert {"alpha": 1, "beta": 1} == outage.waiting


def test_what_waited_is_taken_in_order(outage: Outage, office: Office) -> None:
    assert ["Completed"] == [run.state for run in outage.whole]
    rows = office.ask(
        "select message_key from journal.message join journal.partner using (partner_key)"
        " where partner.name = 'beta' order by closed_at"
    )
    assert len(rows) > 1
    assert sorted(rows) == rows


def test_a_partner_that_fails_does_not_stop_the_other(outage: Outage) -> None:
    assert "Failed" == outage.broken.state
    assert "**alpha** stopped and its messages wait" in outage.broken.artifact


def test_people_are_told_of_a_failed_run(outage: Outage, post: Post) -> None:
    until(lambda: post.has("a run failed", "catalog-alpha"))


def test_people_are_told_of_a_late_run(outage: Outage, post: Post) -> None:
    assert post.has("a run is late", "catalog")


def test_the_failed_partner_goes_on_where_it_stopped(outage: Outage, office: Office) -> None:
    office.run("catalog", partner="alpha")

    states = office.ask(
        "select distinct message.state from journal.message join journal.partner"
        " using (partner_key) where partner.name = 'alpha'"
    )
    assert [("closed",)] == states


def _send_and_leave(account: Account, company: Company, folder: Path) -> None:
    """Send a whole catalog in portions; this 1C does not wait for the import."""
    folder.mkdir()
    made = export(company, folder, Order(client=Client.A, portion=3))
    run(made, account, Manners(is_zip_allowed=False, waits_for_import=False))
    with Dialogue(account, watch=lambda _turn: None) as dialogue:
        dialogue.checkauth()  # a new session says that the one before is over


def _take_away_first_file(office: Office, partner: str) -> Path:
    """Hide the archived bytes of a partner's oldest message; return where they are hidden."""
    waiting = (
        "select object_key from journal.message join journal.partner using (partner_key)"
        " where partner.name = %s and message.state = 'received' order by message_key limit 1"
    )
    until(lambda: office.ask(waiting, partner))
    key = office.ask(waiting, partner)[0][0]
    stored: Path = office.settings.home / "store" / office.settings.s3_bucket / key
    return stored.rename(stored.with_name(f"{stored.name}.hidden"))


@contextmanager
def _worker_away(office: Office) -> Iterator[None]:
    """Freeze the worker: nothing that is scheduled begins."""
    pid = Supervisor(office.settings).states()["worker"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
