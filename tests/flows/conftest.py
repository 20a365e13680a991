"""The whole stack with an operator, an auditor and a letter box, once for all tests of flows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Services
from tests.office import Office, Post


@pytest.fixture(scope="session")
def office(stack: Services) -> Office:
    return Office(stack.settings)


@pytest.fixture(scope="module", autouse=True)
def schedule_at_rest(office: Office) -> Iterator[None]:
    """No run begins by the clock while these tests count runs."""
    found = office.call("POST", "/deployments/filter", {})
    clocked = [each["id"] for each in found if each["schedules"]]
    for deployment in clocked:
        office.call("POST", f"/deployments/{deployment}/pause_deployment")
    yield
    for deployment in clocked:
        office.call("POST", f"/deployments/{deployment}/resume_deployment")


@pytest.fixture(scope="module")
def post(office: Office) -> Iterator[Post]:
    """Alerts come here; they are switched on only as long as these tests run."""
    box = Post()
    path = "/block_types/slug/custom-webhook/block_documents/name/obmen-alerts"
    block = office.call("GET", path)
    found = office.call("POST", "/automations/filter", {})
    alerts = [each["id"] for each in found if each["name"].startswith("Tell of ")]
    with box.served() as address:
        data = block["data"] | {"url": address}
        office.call("PATCH", f"/block_documents/{block['id']}", {"data": data})
        for alert in alerts:
            office.call("PATCH", f"/automations/{alert}", {"enabled": True})
        yield box
        for alert in alerts:
            office.call("PATCH", f"/automations/{alert}", {"enabled": False})


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flows")
