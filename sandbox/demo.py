"""The main job for everybody to see: a 1C exports its catalog, Obmen takes it, the books balance.

Four exchanges over the real protocol: everything, the same again (nothing changes), what changed in
a day, and a file with broken records. It uses Obmen as a person would: blocks and deployments
through Prefect's API, the exchange through the gateway, the books from the warehouse.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from sandbox.company import Company
from sandbox.dialogue import Account
from sandbox.export import Client, Export, Mode, Order, export
from sandbox.faults import Fault
from sandbox.onec import Manners, Result, run
from sandbox.spoil import spoil

PARTNER, LOGIN = "roga-i-kopyta", "roga"
GOODS = 300
WAIT_S = 120
_COLUMNS = ("received", "accepted", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class Scene:
    """One exchange of the demo and how it ended."""

    title: str
    result: Result
    books: Mapping[str, int]
    is_balanced: bool


class Prefect:
    """Prefect's API, used as its own pages use it."""

    def __init__(self) -> None:
        """Reach the server that the environment names."""
        login, _, password = os.environ["PREFECT_API_AUTH_STRING"].partition(":")
        self._http = httpx.Client(
            base_url=os.environ["PREFECT_API_URL"].rstrip("/") + "/",
            auth=(login, password),
            timeout=60,
            trust_env=False,
        )
        if (token := self._http.get("csrf-token", params={"client": "demo"})).is_success:
            self._http.headers.update(
                {"Prefect-Csrf-Token": token.json()["token"], "Prefect-Csrf-Client": "demo"}
            )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def save_block(self, kind: str, name: str, values: Mapping[str, Any]) -> str:
        """Make or change a block as its form does; return its id."""
        held = self._http.get(f"block_types/slug/{kind}/block_documents/name/{name}")
        if held.is_success:
            document: str = held.json()["id"]
            self._call("PATCH", f"block_documents/{document}", {"data": values})
            return document
        block_type = self._call("GET", f"block_types/slug/{kind}")["id"]
        schemas = self._call(
            "POST",
            "block_schemas/filter",
            {"block_schemas": {"block_type_id": {"any_": [block_type]}}},
        )
        return str(
            self._call(
                "POST",
                "block_documents/",
                {
                    "name": name,
                    "data": values,
                    "block_type_id": block_type,
                    "block_schema_id": schemas[0]["id"],
                },
            )["id"]
        )

    def run_deployment(self, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Press Run on a deployment and wait for its end."""
        deployment = self._call("GET", f"deployments/name/{name}/{name}")["id"]
        flow_run = self._call(
            "POST",
            f"deployments/{deployment}/create_flow_run",
            {"parameters": dict(parameters or {})},
        )["id"]
        deadline = time.monotonic() + WAIT_S
        while (state := self._call("GET", f"flow_runs/{flow_run}")["state"])["type"] not in {
            "COMPLETED",
            "FAILED",
            "CRASHED",
            "CANCELLED",
        }:
            if time.monotonic() > deadline:
                sys.exit(f"{name} has not ended after {WAIT_S} s: {state['name']}")
            time.sleep(0.5)
        if state["type"] != "COMPLETED":
            sys.exit(f"{name} ended {state['name']}: {state['message']}")

    def _call(  # the API answers objects and lists
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None


def main() -> None:
    """Play the four scenes, print their books, and end with one line of JSON."""
    prefect, password = Prefect(), "demo-" + os.urandom(6).hex()
    door = prefect.save_block(
        "gateway-door", f"{PARTNER}-door", {"login": LOGIN, "password": password}
    )
    prefect.save_block(
        "partner", PARTNER, {"channel": {"$ref": {"block_document_id": door}}, "state": "active"}
    )
    prefect.run_deployment("admit")
    # The path that 1C itself adds when only a host is typed in.
    door_url = f"{os.environ['OBMEN_GATEWAY_URL']}/bitrix/admin/1c_exchange.php"
    account = Account(door_url, LOGIN, password)
    with tempfile.TemporaryDirectory(prefix="obmen-demo-") as folder:
        scenes = [_play(account, *scene) for scene in _scenes(Path(folder))]
    _print_table(scenes)
    _finish(scenes)


def _scenes(folder: Path) -> list[tuple[str, Export]]:
    company = Company(seed=2026, goods=GOODS)
    tomorrow = company.after(changes=1, share=0.1)
    full = export(company, folder / "full", Order(client=Client.A, portion=150))
    changes = export(tomorrow, folder / "changes", Order(client=Client.A, mode=Mode.CHANGES))
    broken = export(tomorrow, folder / "broken", Order(client=Client.A, mode=Mode.CHANGES))
    spoil(broken, Fault.PRICE_NEGATIVE)
    return [
        ("everything", full),
        ("the same again", full),
        ("what changed in a day", changes),
        ("the same with a price of -5", broken),
    ]


def _play(account: Account, title: str, made: Export) -> Scene:
    before = _last_message()
    print(f"1C sends: {title} …", flush=True)
    result = run(made, account, Manners(), watch=lambda _turn: None)
    books, is_balanced = _books_since(before)
    return Scene(title, result, books, is_balanced)


def _last_message() -> int:
    return int(_ask("select coalesce(max(message_key), 0) as last from journal.message")[0]["last"])


def _books_since(message_key: int) -> tuple[dict[str, int], bool]:
    deadline = time.monotonic() + WAIT_S
    while _ask("select 1 from journal.message where state = 'received' limit 1"):
        if time.monotonic() > deadline:
            sys.exit("messages still wait; look at the run in the UI")
        time.sleep(0.5)
    rows = _ask(
        "select * from journal.books where message_key > %s and dataset not in ('file', 'members')",
        message_key,
    )
    books = {column: sum(row[column] for row in rows) for column in _COLUMNS}
    left = books["accepted"] + books["unchanged"] + books["refused"]
    is_kept = not _ask("select 1 from journal.unbalanced")
    return books, is_kept and books["received"] == left


def _ask(question: str, *parameters: object) -> list[dict[str, Any]]:
    address = os.environ["OBMEN_AUDITOR_URL"].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, row_factory=dict_row) as connection:
        return connection.execute(question, parameters).fetchall()


def _print_table(scenes: list[Scene]) -> None:
    print(
        f"\n{'1C sends':<30}{''.join(f'{column:>11}' for column in _COLUMNS)}   balance  1C shows"
    )
    for scene in scenes:
        figures = "".join(f"{scene.books[column]:>11}" for column in _COLUMNS)
        balance = "yes" if scene.is_balanced else "NO"
        print(f"{scene.title:<30}{figures}   {balance:<7}  {scene.result.error or 'success'}")


def _finish(scenes: list[Scene]) -> None:
    totals: dict[str, Any] = {
        column: sum(scene.books[column] for scene in scenes) for column in _COLUMNS
    }
    deliveries = _ask("select state, count(*) as number from journal.delivery group by state")
    states = {row["state"]: row["number"] for row in deliveries}
    totals |= {
        "delivered": states.get("delivered", 0),
        "in_doubt": states.get("in_doubt", 0),
        "balanced": all(scene.is_balanced for scene in scenes),
    }
    interface = os.environ["PREFECT_API_URL"].removesuffix("/api")
    print(f"\nLook at the runs, their artifacts and the refused price: {interface}")
    print(json.dumps({"exchanges": {"catalog": totals}, "ui": interface}, ensure_ascii=False))
    if not totals["balanced"] or not all(scene.result.is_success for scene in scenes):
        sys.exit(1)


if __name__ == "__main__":
    main()
