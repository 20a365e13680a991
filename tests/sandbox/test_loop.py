"""The load loop and the command line, over a real socket."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox.cli import app
from sandbox.dialect import Client
from sandbox.loop import Campaign, campaign
from tests.sandbox.conftest import LOGIN, PASSWORD, Site


def lines_of(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def plan(site: Site, folder: Path) -> Campaign:
    return Campaign(site.account, Client.A, goods=10, seed=7, portion=10, log=folder / "log.jsonl")


def test_states_follow_one_another_and_each_is_logged(site: Site, tmp_path: Path) -> None:
    site.init = "zip=no\nfile_limit=0"
    taken = campaign(plan(site, tmp_path), 1.0, say=lambda _line: None)
    steps = [line["step"] for line in lines_of(tmp_path / "log.jsonl")]

    assert taken > 1
    assert list(range(taken)) == steps


def test_a_state_is_exported_until_the_site_takes_it(site: Site, tmp_path: Path) -> None:
    site.imports = ["failure\nЗанято", "failure\nЗанято"]
    campaign(plan(site, tmp_path), 5.0, say=lambda _line: None)
    first = [line for line in lines_of(tmp_path / "log.jsonl") if line["step"] == 0]

    assert [line["taken"] for line in first] == [False, False, True]
    assert first[0]["last_answer"] == "failure\nЗанято"


def test_a_site_that_is_down_ends_in_a_log_not_in_a_crash(tmp_path: Path) -> None:
    taken = campaign(plan(Site(port=1), tmp_path), 0.2, say=lambda _line: None)

    assert taken == 0
    assert lines_of(tmp_path / "log.jsonl")[0]["error"] == "Сервер не ответил: ConnectError"


@pytest.mark.parametrize(("client", "mode"), [("a", "full"), ("b31", "changes"), ("old", "prices")])
def test_the_command_exports_once(site: Site, client: str, mode: str) -> None:
    site.init = "zip=no\nfile_limit=0" + ("\nversion=3.1" if client == "b31" else "")
    words = ["--url", site.account.url, "--login", LOGIN, "--password", PASSWORD]
    shown = CliRunner().invoke(app, [*words, "--client", client, "--mode", mode, "--goods", "9"])

    assert (shown.exit_code, "Выгрузка завершена" in shown.output) == (0, True)


def test_the_command_ends_with_one_when_1c_shows_an_error(site: Site) -> None:
    words = ["--url", site.account.url, "--login", LOGIN, "--password", "wrong", "--goods", "3"]
    shown = CliRunner().invoke(app, words)

    assert shown.exit_code == 1
    assert "Не удалось установить соединение" in shown.output
