"""A load for the whole stack: bases and portals as the UI makes them, and what 1C meant."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from tests.campaign.portals import PASSWORD, USER, Shop

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


def open_portals(senders: Sequence[Sender], folder: Path) -> tuple[Shop, ...]:
    """Make three portals that see what these bases send; each in its own dialect and manner."""
    manners = {
        "shop-plain": (senders[0], "commerceml-2.09", ()),
        "shop-zipped": (senders[0], "commerceml-3.1", ("zip-yes", "progress-n-times=2")),
        "shop-small": (senders[1], "commerceml-2.10", ("small-file-limit=60000",)),
    }
    shops = tuple(Shop(name, folder / f"{name}.sqlite", each[2]) for name, each in manners.items())
    with closing(Prefect()) as prefect:
        for shop in shops:
            sender, dialect, _ = manners[shop.name]
            _admit_portal(prefect, shop, {"source": sender.partner, "dialect": dialect})
        prefect.run_deployment("admit")
    return shops


def _admit_portal(prefect: Prefect, shop: Shop, publication: Mapping[str, str]) -> None:
    site = {"url": shop.url, "login": USER, "password": PASSWORD, "readback": "get_catalog"}
    channel = prefect.save_block("commerceml-site", f"{shop.name}-site", site | {"pause_s": 0.1})
    prefect.save_block(
        "partner",
        shop.name,
        {
            "channel": {"$ref": {"block_document_id": channel}},
            "direction": "out",
            "state": "active",
            "publication": publication,
            "deletion_share_max": 1,  # nobody is there to let deletions go
        },
    )


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
