"""A load for the whole stack: partners as the UI makes them, and what their 1C meant in the end."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blocks.embedded.programs import outsider_environment
from blocks.settings import Settings
from sandbox.company import Company
from sandbox.demo_prefect import Prefect
from sandbox.dialect import Client
from sandbox.dialogue import Account
from sandbox.export import Export, Mode, Order, export
from sandbox.loop import Campaign

_GOODS, _PORTION, _SEED, _SHARE = 60, 25, 7, 0.05


@dataclass(frozen=True, slots=True)
class Sender:
    """An accounting base that exports in a loop."""

    partner: str
    plan: Campaign

    def exports(self, folder: Path) -> Iterator[Export]:
        """Write again, in order, what was taken; an attempt that failed sent the same bytes."""
        for number, line in enumerate(self._lines()):
            if line["taken"]:
                yield self._export(line["step"], Mode(line["mode"]), folder / f"{number:05d}")

    def whole(self, folder: Path) -> Export:
        """Write everything of the state that was being sent when the log ended."""
        last = self._lines()[-1]
        return self._export(last["step"] + int(last["taken"]), Mode.FULL, folder)

    def attempts(self) -> dict[str, int]:
        """How many exports were tried, and how many of them were taken."""
        lines = self._lines()
        return {"tried": len(lines), "taken": sum(line["taken"] for line in lines)}

    def _lines(self) -> list[dict[str, Any]]:
        text = self.plan.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def _export(self, steps: int, mode: Mode, folder: Path) -> Export:
        company = Company(self.plan.seed, goods=self.plan.goods)
        for number in range(1, steps + 1):
            company = company.after(self.plan.seed + number, _SHARE)
        return export(company, folder, Order(self.plan.client, mode, self.plan.portion))


def open_doors(
    settings: Settings, folder: Path, environment: pytest.MonkeyPatch
) -> tuple[Sender, ...]:
    """Make a partner for each of 1C's two clients and let them in."""
    for name, value in outsider_environment(settings).items():
        environment.setenv(name, value)
    with closing(Prefect()) as prefect:
        clients = (Client.A, Client.B31)
        senders = tuple(_sender(prefect, settings, client, folder) for client in clients)
        prefect.run_deployment("admit")
    return senders


def _sender(prefect: Prefect, settings: Settings, client: Client, folder: Path) -> Sender:
    partner, password = f"base-{client}", f"campaign-{client}"
    door = prefect.save_block(
        "gateway-door", f"{partner}-door", {"login": partner, "password": password}
    )
    prefect.save_block(
        "partner", partner, {"channel": {"$ref": {"block_document_id": door}}, "state": "active"}
    )
    account = Account(
        f"{settings.gateway_url}/exchange",
        partner,
        password,
        answer_timeout_s=60,
        import_deadline_s=120,
    )
    log = folder / f"{client}.jsonl"
    return Sender(partner, Campaign(account, client, _GOODS, _SEED, _PORTION, log))
