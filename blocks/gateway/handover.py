"""Handing over: tells Prefect that a partner's messages wait. Best effort; nothing depends on it.

It looks at what waits in the journal, not at what was just sealed, so a restart forgets nothing. A
run that holds the lease is woken by the notification that every sealed message sends; a scheduled
run drains what stays behind when Prefect was down. While no worker is there, one run of a partner
waits for all its messages: hundreds of them would only find nothing to do later.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx

from blocks.gateway.workers import Workers
from blocks.warehouse import Warehouse

_logger = logging.getLogger(__name__)
_DEPLOYMENT = "catalog/catalog"
_STALE_S = 30.0  # a lease that was not renewed so long is nobody's
_ROUND_S = 300.0  # after so long the same waiting message may start a run once more
_PAUSE_S = 3.0
# A run that was submitted so long ago and has not begun never will: its worker is dead.
_SUBMITTED_S = 60.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A partner with messages that nobody works on."""

    partner: str
    idempotency_key: str

    @property
    def run_name(self) -> str:
        """The name of the runs that are started for this partner; the flow names itself so too."""
        return f"catalog-{self.partner}"


class Handover:
    """Starts the catalog flow of partners whose messages wait."""

    def __init__(
        self, warehouse: Warehouse, workers: Workers, api_url: str, auth: str = ""
    ) -> None:
        """Start runs through the Prefect API at this address; `auth` is `login:password`."""
        self._warehouse = warehouse
        self._workers = workers
        login, _, password = auth.partition(":")
        self._client = httpx.AsyncClient(
            base_url=api_url.rstrip("/") + "/",
            auth=httpx.BasicAuth(login, password) if auth else None,
            timeout=httpx.Timeout(5.0, connect=2.0),
            trust_env=False,
        )
        self._deployment_id = ""
        self._csrf: dict[str, str] = {}
        self._is_failing = False
        self._started: dict[str, str] = {}
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Look soon for messages that wait."""
        self._nudged.set()

    async def keep_handing_over(self) -> None:
        """Start a run wherever messages wait, for ever."""
        while True:
            try:
                await self._look()
                self._is_failing = False
            except (httpx.HTTPError, KeyError, ValueError) as error:
                self._note_fault(error)
            except Exception:  # the loop must outlive a warehouse that is down
                _logger.exception("Looking for waiting messages failed, it is tried again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _PAUSE_S)
            self._nudged.clear()

    async def close(self) -> None:
        """End the connections."""
        await self._client.aclose()

    def _note_fault(self, error: Exception) -> None:
        """Say once that Prefect is away; hours of the same line would hide the others."""
        if not self._is_failing:
            _logger.warning("Prefect did not start a run, the schedule will: %r", error)
        self._is_failing = True

    async def _look(self) -> None:
        for waiting in await self._workers.rows(self._waiting):
            if self._started.get(waiting.partner) == waiting.idempotency_key:
                continue
            self._deployment_id = self._deployment_id or await self._find_deployment()
            if not await self._has_run_to_come(waiting):
                await self._start(waiting)
            self._started[waiting.partner] = waiting.idempotency_key

    async def _has_run_to_come(self, waiting: Waiting) -> bool:
        """Say whether a run that we started for this partner will begin; it takes this too."""
        oldest = datetime.now(UTC) - timedelta(seconds=_SUBMITTED_S)
        submitted = {"expected_start_time": {"after_": oldest.isoformat()}}
        return await self._has_runs(waiting, "SCHEDULED", {}) or await self._has_runs(
            waiting, "PENDING", submitted
        )

    async def _has_runs(self, waiting: Waiting, state: str, also: dict[str, Any]) -> bool:
        count = await self._call(
            "flow_runs/count",
            {
                "deployments": {"id": {"any_": [self._deployment_id]}},
                "flow_runs": {
                    "name": {"any_": [waiting.run_name]},
                    "state": {"type": {"any_": [state]}},
                    **also,
                },
            },
        )
        return count != 0

    async def _start(self, waiting: Waiting) -> None:
        await self._call(
            f"deployments/{self._deployment_id}/create_flow_run",
            {
                "name": waiting.run_name,
                "parameters": {"partner": waiting.partner},
                "idempotency_key": waiting.idempotency_key,
            },
        )

    async def _call(self, path: str, body: dict[str, Any]) -> object:
        self._csrf = self._csrf or await self._find_csrf_token()
        answer = await self._client.post(path, headers=self._csrf, json=body)
        if answer.status_code == HTTPStatus.NOT_FOUND:  # the deployment was made anew
            self._deployment_id = ""
        if answer.status_code == HTTPStatus.FORBIDDEN:  # the token is older than an hour
            self._csrf = {}
        answer.raise_for_status()
        return answer.json()

    async def _find_deployment(self) -> str:
        answer = await self._client.get(f"deployments/name/{_DEPLOYMENT}")
        answer.raise_for_status()
        return str(answer.json()["id"])

    async def _find_csrf_token(self) -> dict[str, str]:
        """Return the headers that a server with CSRF protection wants; none where it is off."""
        client = str(uuid4())
        answer = await self._client.get("csrf-token", params={"client": client})
        if not answer.is_success:
            return {}
        return {"Prefect-Csrf-Token": answer.json()["token"], "Prefect-Csrf-Client": client}

    def _waiting(self) -> list[Waiting]:
        with self._warehouse.transaction("find_waiting") as transaction:
            rows = transaction.run(
                "gateway/select_waiting_partners", round_s=_ROUND_S, stale_s=_STALE_S
            )
            return [
                Waiting(partner, f"catalog-{partner}-{row['newest_key']}-{row['round']}")
                for row in rows
                for partner in (row["partner"],)
            ]
