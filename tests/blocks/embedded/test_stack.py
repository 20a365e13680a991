"""The whole stack: Prefect as we set it up, and what comes back when it is killed."""

import os
import signal
import time
from typing import Any

import httpx
import pytest

from blocks.embedded.health import is_healthy
from blocks.embedded.prefect_api import api_client
from blocks.embedded.services import ALL_SERVICES, bring_up
from blocks.embedded.supervisor import Supervisor
from blocks.embedded.warehouse_setup import connect
from tests.conftest import Services

pytestmark = pytest.mark.served


def everything(stack: Services, kind: str) -> dict[str, Any]:
    """Return all that Prefect holds of one kind, by name."""
    with api_client(stack.settings, timeout_s=60) as prefect:
        found = prefect.post(f"/{kind}/filter", json={}).json()
    return {each["name"]: each for each in found}


def test_every_service_is_healthy(stack: Services) -> None:
    healthy = {name for name in ALL_SERVICES if is_healthy(name, stack.settings)}

    assert healthy == ALL_SERVICES


def test_setting_up_again_leaves_the_same(stack: Services) -> None:
    kinds = ("deployments", "automations", "work_pools", "block_documents")
    before = {kind: everything(stack, kind) for kind in kinds}

    bring_up(stack.settings)

    after = {kind: everything(stack, kind) for kind in kinds}
    names = {kind: {(name, each["id"]) for name, each in before[kind].items()} for kind in kinds}
    assert names == {kind: {(name, e["id"]) for name, e in after[kind].items()} for kind in kinds}


def test_every_deployment_explains_itself_and_runs_in_our_pool(stack: Services) -> None:
    deployments = everything(stack, "deployments")

    assert {"catalog", "replay", "trace", "waive", "salvage", "admit", "watch"} <= set(deployments)
    for name, deployment in deployments.items():
        assert deployment["description"], name
        assert deployment["tags"], name
        assert deployment["work_pool_name"] == "obmen", name


def test_no_partner_waits_for_another_ones_run_and_there_is_a_schedule(stack: Services) -> None:
    catalog = everything(stack, "deployments")["catalog"]

    assert catalog["global_concurrency_limit"]["limit"] == 4
    assert catalog["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert [each["active"] for each in catalog["schedules"]] == [True]


def test_runs_of_dead_machines_end_and_alerts_wait_for_an_address(stack: Services) -> None:
    switches = {name: each["enabled"] for name, each in everything(stack, "automations").items()}

    assert switches["A run without heartbeat has crashed"]
    assert switches["A run late by 20 minutes is cancelled"]
    assert {name for name, is_on in switches.items() if not is_on} == {
        "Tell of a failed run",
        "Tell of a late run",
        "Tell of refused records",
        "Tell of books that do not balance",
        "Tell of records missing at a portal",
        "Tell of deliveries in doubt",
    }


def test_blocks_do_not_show_their_secrets(stack: Services) -> None:
    blocks = everything(stack, "block_documents")

    shown = str([each["data"] for each in blocks.values()])
    assert stack.settings.password_of("obmen_flow") not in shown
    assert stack.settings.s3_secret_key.get_secret_value() not in shown


@pytest.mark.parametrize("path", ["/flow_runs/filter", "/block_documents/filter"])
def test_prefect_refuses_whoever_has_no_password(stack: Services, path: str) -> None:
    answer = httpx.post(f"{stack.settings.prefect_url}{path}", json={}, trust_env=False)

    assert answer.status_code in {401, 403}


def test_prefect_refuses_a_password_without_a_token(stack: Services) -> None:
    login = stack.settings.prefect_auth.get_secret_value().split(":", 1)

    answer = httpx.post(
        f"{stack.settings.prefect_url}/flows/filter",
        json={},
        auth=httpx.BasicAuth(*login),
        trust_env=False,
    )

    assert answer.status_code == 403


def test_the_key_of_stored_secrets_is_not_in_the_database(stack: Services) -> None:
    url = stack.settings.prefect_server_database_url.replace("+asyncpg", "", 1)
    with connect(url) as connection:
        row = connection.execute(
            "select count(*) from configuration where key = 'ENCRYPTION_KEY'"
        ).fetchone()

    assert row == (0,)


def test_a_run_gets_through_the_pool(stack: Services) -> None:
    with api_client(stack.settings, timeout_s=60) as prefect:
        admit = prefect.get("/deployments/name/admit/admit").json()
        run = prefect.post(f"/deployments/{admit['id']}/create_flow_run", json={}).json()
        deadline = time.monotonic() + 240
        while run["state_type"] in {"SCHEDULED", "PENDING", "RUNNING"}:
            assert time.monotonic() < deadline, run["state"]
            time.sleep(0.5)
            run = prefect.get(f"/flow_runs/{run['id']}").json()

    assert (run["state_type"], run["state"]["message"]) == ("COMPLETED", None)


def test_what_is_killed_comes_back_by_itself(stack: Services) -> None:
    settings = stack.settings
    states = Supervisor(settings).states()
    before = {name: states[name]["pid"] for name in ("prefect", "worker", "gateway")}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    deadline = time.monotonic() + 240
    while not all(is_healthy(name, settings) for name in ALL_SERVICES):
        assert time.monotonic() < deadline
        time.sleep(0.5)

    after = Supervisor(settings).states()
    assert all(after[name]["pid"] != pid for name, pid in before.items())
