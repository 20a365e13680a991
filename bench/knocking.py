"""How long the gateway takes to answer `checkauth` while another process is at work.

The gateway is the program that `make up` starts. It is asked at a steady rate whatever it answers,
each time over a new connection as 1C does, so a slow answer hides none that came after it.
"""

import asyncio
import base64
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import httpx
from pydantic import SecretStr

from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.gateway.passwords import hash_password
from blocks.settings import Settings
from blocks.warehouse import Warehouse
from tests.tasks.catalog.plain import know_partner

_LOGIN, _PASSWORD = "knocker", "открой дверь"
_RATE = 20  # times a second


@dataclass(frozen=True, slots=True)
class Answers:
    """How long the answers took, in milliseconds, and how many were not `success`."""

    taken_ms: list[float]
    failed: int

    def as_json(self) -> dict[str, float]:
        """Return percentiles."""
        cuts = statistics.quantiles(self.taken_ms, n=100, method="inclusive")
        return {
            "asked": len(self.taken_ms),
            "failed": self.failed,
            "p50_ms": round(cuts[49], 1),
            "p95_ms": round(cuts[94], 1),
            "p99_ms": round(cuts[98], 1),
            "max_ms": round(max(self.taken_ms), 1),
        }


def open_door(settings: Settings) -> None:
    """Start the gateway of this installation and let one partner in."""
    bring_up(settings, {*DATA_SERVICES, "gateway"})
    warehouse = Warehouse(url=SecretStr(settings.warehouse_url_for("obmen_flow")))
    due = know_partner(warehouse, "knocker")
    with warehouse.transaction("door") as transaction:
        transaction.run(
            "upsert_door",
            login=_LOGIN,
            partner_key=due.partner_key,
            password_hash=hash_password(_PASSWORD),
            is_open=True,
        )


def knock(settings: Settings, goes_on: Callable[[], bool]) -> Answers:
    """Ask for as long as `goes_on` says so."""
    return asyncio.run(_knock(f"{settings.gateway_url}/exchange", goes_on))


async def _knock(address: str, goes_on: Callable[[], bool]) -> Answers:
    pair = base64.b64encode(f"{_LOGIN}:{_PASSWORD}".encode()).decode()
    limits = httpx.Limits(max_keepalive_connections=0)
    headers = {"Authorization": f"Basic {pair}", "User-Agent": "1C+Enterprise/8.3"}
    asked: list[asyncio.Task[tuple[float, bool]]] = []
    async with httpx.AsyncClient(
        timeout=60, trust_env=False, limits=limits, headers=headers
    ) as client:
        await _ask(client, address)  # the first proves the password, which is slow by design
        begun = perf_counter()
        while goes_on():
            asked.append(asyncio.create_task(_ask(client, address)))
            await asyncio.sleep(max(0.0, begun + len(asked) / _RATE - perf_counter()))
        answers = await asyncio.gather(*asked)
    return Answers([ms for ms, _ in answers], sum(not is_success for _, is_success in answers))


async def _ask(client: httpx.AsyncClient, address: str) -> tuple[float, bool]:
    begun = perf_counter()
    answer = await client.get(address, params={"type": "catalog", "mode": "checkauth"})
    return 1000 * (perf_counter() - begun), answer.text.startswith("success")
