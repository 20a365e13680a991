"""Runs the set-up of Prefect only where it would change something: it costs 15 s.

What was set up last is written down in Prefect itself, as a variable: a server that is new, or was
emptied, or is not ours, is set up without anybody's help.
"""

import hashlib
import os
import subprocess
import sys

import httpx

from blocks.embedded.faults import CannotStartError
from blocks.embedded.prefect_api import api_client
from blocks.embedded.programs import client_environment
from blocks.settings import PROJECT, Settings

_VARIABLE = "obmen_set_up"
_DEPLOYMENTS = PROJECT / "prefect.yaml"


def ensure_prefect_set_up(settings: Settings) -> None:
    """Set Prefect up unless exactly this was done before. Raises CannotStartError."""
    stamp = _stamp(settings)
    with api_client(settings, timeout_s=60) as prefect:
        answer = prefect.get(f"/variables/name/{_VARIABLE}")
        if answer.status_code == httpx.codes.OK and answer.json()["value"] == stamp:
            return
        _run(settings, "-m", "blocks.embedded.prefect_setup")
        if _DEPLOYMENTS.exists():
            _run(settings, "-m", "prefect", "--no-prompt", "deploy", "--all")
        is_known = answer.status_code == httpx.codes.OK
        path = f"/variables/name/{_VARIABLE}" if is_known else "/variables/"
        body = {"name": _VARIABLE, "value": stamp}
        prefect.request("PATCH" if is_known else "POST", path, json=body).raise_for_status()


def _stamp(settings: Settings) -> str:
    """Return a hash of everything the set-up reads."""
    sources = [
        _DEPLOYMENTS,
        *sorted((PROJECT / "flows").glob("*.py")),
        *sorted((PROJECT / "blocks").rglob("*.py")),
    ]
    digest = hashlib.sha256()
    for path in sources:
        if path.exists():
            digest.update(path.read_bytes())
    for value in (
        settings.warehouse_url_for("obmen_flow"),
        settings.store_endpoint,
        settings.s3_bucket,
        settings.s3_secret_key.get_secret_value(),
        settings.alert_url or "",
        str(PROJECT),
    ):
        digest.update(value.encode())
    return digest.hexdigest()


def _run(settings: Settings, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=os.environ | client_environment(settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"`{' '.join(arguments)}` failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        raise CannotStartError(message)
