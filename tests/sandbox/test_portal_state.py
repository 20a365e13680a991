"""What the portal keeps outlives its process, and a kill leaves a file in whole or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sandbox.dialogue import Account
from sandbox.export import Export
from sandbox.onec import run
from sandbox.portal.quirks import Quirk
from tests.sandbox.portals import Pen, company_of, expected_goods, full, goods_like, send, serve

GOOD = "<Товар><Ид>g</Ид></Товар>"


def test_a_portal_that_starts_anew_holds_what_it_held(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served:
        send(served, full(tmp_path / "out", company_of()))
        before = served.held()

    with serve(tmp_path / "state") as served:
        assert before == served.held()


def test_a_session_outlives_the_process(tmp_path: Path) -> None:
    with serve(tmp_path / "state") as served, Pen(served) as pen:
        pen.ask("init")
        pen.send("import.xml", b"<one/>")
        cookie = {pen.lines[1]: pen.lines[2]}

    with serve(tmp_path / "state") as served, httpx.Client(cookies=cookie) as http:
        query = "type=catalog&mode=import&filename=import.xml"
        answer = http.get(f"{served.url}?{query}")

        # The file is still there: it is what it says that is refused.
    assert "Неизвестный корневой элемент: one" in answer.text


def test_what_is_queued_outlives_the_process(tmp_path: Path) -> None:
    with serve(tmp_path / "state", "queued-success=3") as served, Pen(served) as pen:
        pen.goods(GOOD)
        assert served.held()["waiting"] == ["import.xml"]

    with serve(tmp_path / "state") as served:
        deadline = time.monotonic() + 60
        while served.held()["waiting"] and time.monotonic() < deadline:
            time.sleep(0.05)

        assert list(served.held()["goods"]) == ["g"]


@contextmanager
def process(state: Path) -> Iterator[tuple[int, str, str]]:
    """A portal of its own: its process, the exchange's address and the control port's."""
    words = ("--port", "0", "--state", str(state), "--quirk", Quirk.FILE_LIMIT_ZERO)
    command = [sys.executable, "-m", "sandbox.portal", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout
            said = child.stdout.readline().replace(",", "").split()
            yield child.pid, said[2], said[5]
        finally:
            child.kill()


def carry(written: Export, url: str) -> str:
    return run(written, Account(url, "any", "", answer_timeout_s=60)).error


def test_sigterm_ends_the_process_with_no_word_of_error(tmp_path: Path) -> None:
    with process(tmp_path / "state") as (pid, _url, control):
        assert httpx.get(f"{control}/held", trust_env=False).is_success
        os.kill(pid, signal.SIGTERM)

        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_of_a_file_killed_in_the_middle_of_its_import_nothing_is_in(tmp_path: Path) -> None:
    goods = "".join(f"<Товар><Ид>{number}</Ид></Товар>" for number in range(50_000))
    with process(tmp_path / "state") as (pid, url, _control), Pen(url) as pen:
        pen.put_goods(goods)
        killer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(httpx.TransportError):  # importing takes some seconds
            pen.ask("import", filename="import.xml")
        killer.join()

    with serve(tmp_path / "state") as served:
        held = served.held()
    assert ({}, [], []) == (held["goods"], held["changes"], held["applied"])


@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.5])
def test_killed_at_any_moment_it_holds_whole_files_and_takes_the_rest_later(
    tmp_path: Path, after_s: float
) -> None:
    company = company_of(60)
    written = full(tmp_path / "out", company)
    with process(tmp_path / "state") as (pid, url, _control):
        killer = subprocess.Popen(["/bin/sh", "-c", f"sleep {after_s}; kill -9 {pid}"])
        while not carry(written, url):  # until it dies under an exchange
            pass
        killer.wait()

    with serve(tmp_path / "state") as served:
        held = served.held()
        by_file = {each["file"] for each in held["applied"]}
        created = {each["file"] for each in held["changes"]}
        assert created <= by_file

        assert send(served, written).error == ""
        held = served.held()
    goods = expected_goods(company)
    assert goods == goods_like(held, goods)
    # Nothing came into being twice.
    made = [(each["kind"], each["id"]) for each in held["changes"] if each["action"] == "created"]
    assert len(made) == len(set(made))
