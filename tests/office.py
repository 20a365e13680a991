"""An operator at work on the whole stack, through Prefect's API as its pages use it."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from blocks.embedded.prefect_api import api_client
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from sandbox.company import Company
from sandbox.dialogue import Account
from sandbox.export import Order, export
from sandbox.onec import Manners, Result, run
from tests.blocks.gateway.serving import serve

PASSWORD = "CANARY-of-the-door-1f0c"
_PATIENCE_S = 240  # what is waited for comes within seconds; a busy machine may take minutes
_NOT_ENDED = {"SCHEDULED", "PENDING", "RUNNING"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A flow run that has ended, with what it left for people."""

    run_id: str
    name: str
    state: str
    message: str
    artifacts: tuple[str, ...]
    started: str

    @property
    def artifact(self) -> str:
        """The one artifact of the run."""
        (only,) = self.artifacts
        return only


@dataclass(frozen=True, slots=True)
class Office:
    """Partners, deployments and the warehouse, as an operator and an auditor have them."""

    settings: Settings

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Prefect's API."""
        with api_client(self.settings, timeout_s=60) as prefect:
            answer = prefect.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json() if answer.content else None

    def save_block(self, kind: str, name: str, values: dict[str, Any]) -> str:
        """Make a block as its form does; return its id."""
        kind_id = self.call("GET", f"/block_types/slug/{kind}")["id"]
        wanted = {"block_schemas": {"block_type_id": {"any_": [kind_id]}}}
        schema = self.call("POST", "/block_schemas/filter", wanted)[0]["id"]
        block = {"block_type_id": kind_id, "block_schema_id": schema, "name": name, "data": values}
        return str(self.call("POST", "/block_documents/", block)["id"])

    def add_gateway_partner(self, name: str) -> Account:
        """Make an active partner with a door; return the account of its 1C."""
        door = self.save_block(
            "gateway-door", f"{name}-door", {"login": name, "password": PASSWORD}
        )
        self._add_partner(name, door, "active")
        address = f"{self.settings.gateway_url}/bitrix/admin/1c_exchange.php"
        return Account(address, name, PASSWORD)

    def add_folder_partner(self, name: str, folder: Path, state: str = "active") -> str:
        """Make a partner that drops files into a folder; return the id of its block."""
        folder.mkdir()
        channel = self.save_block("folder", f"{name}-folder", {"path": str(folder), "settle_s": 0})
        return self._add_partner(name, channel, state)

    def _add_partner(self, name: str, channel: str, state: str) -> str:
        reference = {"$ref": {"block_document_id": channel}}
        return self.save_block("partner", name, {"channel": reference, "state": state})

    def start(self, deployment: str, **parameters: Any) -> str:
        """Press Run on a deployment; return the run's id."""
        known = self.call("GET", f"/deployments/name/{deployment}/{deployment}")["id"]
        body = {"parameters": parameters}
        return str(self.call("POST", f"/deployments/{known}/create_flow_run", body)["id"])

    def wait(self, run_id: str) -> Ended:
        """Wait for the end of a run."""
        until(lambda: self._state(run_id)["type"] not in _NOT_ENDED)
        return self.look(run_id)

    def run(self, deployment: str, **parameters: Any) -> Ended:
        """Press Run and wait for the end."""
        return self.wait(self.start(deployment, **parameters))

    def look(self, run_id: str) -> Ended:
        """Open a run's page."""
        run = self.call("GET", f"/flow_runs/{run_id}")
        wanted = {"artifacts": {"flow_run_id": {"any_": [run_id]}, "key": {"exists_": True}}}
        artifacts = self.call("POST", "/artifacts/filter", wanted)
        return Ended(
            run_id,
            run["name"],
            run["state"]["name"],
            run["state"]["message"] or "",
            tuple(artifact["data"] for artifact in artifacts),
            run["start_time"] or "",
        )

    def list_runs(self, name: str, *, states: Collection[str] = ()) -> list[str]:
        """Return the ids of the runs of that name, oldest first; only of these state types."""
        wanted: dict[str, Any] = {"name": {"any_": [name]}}
        if states:
            wanted["state"] = {"type": {"any_": sorted(states)}}
        runs = self.call("POST", "/flow_runs/filter", {"flow_runs": wanted})
        return [run["id"] for run in sorted(runs, key=lambda run: str(run["created"]))]

    def wait_until_quiet(self, partner: str) -> list[Ended]:
        """Wait until nothing of a partner waits and none of its runs goes on; return the runs."""
        waiting = (
            "select from journal.message join journal.partner using (partner_key)"
            " where message.state = 'received' and partner.name = %s"
        )
        until(lambda: not self.ask(waiting, partner))
        name = f"catalog-{partner}"
        until(lambda: not self.list_runs(name, states=_NOT_ENDED))
        return [self.look(run_id) for run_id in self.list_runs(name)]

    def ask(self, question: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the warehouse, as the auditor."""
        with connect(self.settings.warehouse_url_for("obmen_auditor")) as connection:
            return connection.execute(question, parameters).fetchall()

    def _state(self, run_id: str) -> dict[str, Any]:
        state: dict[str, Any] = self.call("GET", f"/flow_runs/{run_id}")["state"]
        return state


@dataclass(slots=True)
class Post:
    """A receiver of webhooks: what people would read."""

    letters: list[str] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """Take a letter in."""
        self.letters.append((await request.json())["text"])
        return Response()

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve it; yield its address."""
        with serve(Starlette(routes=[Route("/", self.take, methods=["POST"])])) as address:
            yield address

    def has(self, *words: str) -> bool:
        """Say whether a letter with all these words came."""
        return any(all(word in letter for word in words) for letter in self.letters)


def export_to(account: Account, company: Company, folder: Path, order: Order) -> Result:
    """Have a 1C export a company through the gateway, to the end."""
    folder.mkdir()
    return run(export(company, folder, order), account, Manners(is_zip_allowed=False))


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it has not become so"
        time.sleep(0.3)
