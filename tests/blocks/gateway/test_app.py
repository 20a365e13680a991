"""The gateway as `make up` starts it: a process of its own, configured by its environment."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from blocks.settings import PROJECT
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import PASSWORD, Onec, until
from tests.conftest import Services
from tests.homes import free_ports


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_the_process_takes_a_file_and_its_log_holds_no_secret(
    services: Services, journal: Journal, tmp_path: Path
) -> None:
    journal.add_partner()
    port, log = free_ports(1)[0], tmp_path / "log"
    # Without --no-access-log: the application itself must keep addresses with sessid out.
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "blocks.gateway.app:create_app",
        f"--port={port}",
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=PROJECT,
            env=os.environ | services.settings.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            until(lambda: is_up(port), limit_s=60)
            client = Onec(f"http://127.0.0.1:{port}/exchange", sends="sessid").enter()
            client.send("a.xml", b"<a/>")
            client.ask("complete")
            client.http.close()
        finally:
            process.terminate()

    lines = log.read_text()
    assert [row["file_name"] for row in journal.messages()] == ["a.xml"]
    assert "knock session_key=1 login='base-1'" in lines
    assert client.token not in lines
    assert PASSWORD not in lines
