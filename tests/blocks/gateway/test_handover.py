"""The flow is told of what waits; Prefect being away costs nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, serve, serve_gateway, until


class PrefectInABox:
    """The calls of the Prefect API that matter here, over a real socket."""

    def __init__(self) -> None:
        self.started: list[dict[str, Any]] = []
        self.has_worker = True
        self.died_submitting = False
        self.asked: list[dict[str, Any]] = []
        self.authorizations: set[str] = set()
        self.is_broken = False

    async def find(self, request: Request) -> Response:
        self.authorizations.add(request.headers.get("authorization", ""))
        return JSONResponse({"id": "the-deployment"}, 500 if self.is_broken else 200)

    async def start(self, request: Request) -> Response:
        assert request.path_params["id"] == "the-deployment"
        self.started.append(await request.json())
        return JSONResponse({"id": "a-run"}, 500 if self.is_broken else 201)

    async def count(self, request: Request) -> Response:
        self.asked.append(await request.json())
        asked = self.asked[-1]["flow_runs"]
        (name,), (state,) = asked["name"]["any_"], asked["state"]["type"]["any_"]
        waiting = [each for each in self.started if each["name"] == name]
        if self.died_submitting:
            # They are pending for ever, but began to be so too long ago for who asks since when.
            is_among = state == "PENDING" and "expected_start_time" not in asked
            return JSONResponse(len(waiting) if is_among else 0)
        return JSONResponse(0 if self.has_worker else len(waiting))

    @contextmanager
    def served(self) -> Iterator[str]:
        routes = [
            Route("/api/deployments/name/catalog/catalog", self.find),
            Route("/api/deployments/{id}/create_flow_run", self.start, methods=["POST"]),
            Route("/api/flow_runs/count", self.count, methods=["POST"]),
        ]
        with serve(Starlette(routes=routes)) as address:
            yield f"{address}/api"


@pytest.fixture
def prefect() -> PrefectInABox:
    return PrefectInABox()


@pytest.fixture
def client(
    journal: Journal,
    gateway_warehouse: Warehouse,
    store: Store,
    spool: Path,
    prefect: PrefectInABox,
) -> Iterator[Onec]:
    journal.add_partner()
    with prefect.served() as api, serve_gateway(gateway_warehouse, store, spool, api) as address:
        made = Onec(address).enter()
        yield made
        made.http.close()


def hold_lease(journal: Journal, age: str) -> None:
    journal.rows(
        "insert into journal.lease (partner_key, exchange, epoch, holder, renewed_at)"
        " select partner_key, 'catalog', 1, 'a run', now() - cast(:age as interval)"
        " from journal.partner",
        age=age,
    )


def test_a_sealed_message_starts_the_flow_of_its_partner(
    client: Onec, prefect: PrefectInABox
) -> None:
    client.send("a.xml", b"<a/>")
    client.ask("complete")

    until(lambda: prefect.started)

    assert prefect.started == [
        {
            "name": "catalog-base",
            "parameters": {"partner": "base"},
            "idempotency_key": "catalog-base-1-0",
        }
    ]
    assert prefect.authorizations == {"Basic b2JtZW46Q0FOQVJZLXByZWZlY3Q="}


def test_what_waits_starts_no_second_run_of_its_own(client: Onec, prefect: PrefectInABox) -> None:
    client.send("a.xml", b"<a/>")
    for _ in range(4):
        client.ask("complete")
    until(lambda: prefect.started)

    client.send("b.xml", b"<b/>")
    client.ask("complete")
    until(lambda: len(prefect.started) > 1)

    keys = [each["idempotency_key"] for each in prefect.started]
    assert keys == ["catalog-base-1-0", "catalog-base-2-0"]


def test_one_run_waits_for_the_worker_however_many_messages_come(
    client: Onec, prefect: PrefectInABox
) -> None:
    prefect.has_worker = False
    for number in range(3):
        client.send(f"{number}.xml", b"<a/>")
        client.ask("complete")
        until(lambda asked=number: len(prefect.asked) > asked)

    assert [each["name"] for each in prefect.started] == ["catalog-base"]


def test_a_run_whose_worker_died_while_it_was_submitted_holds_up_nobody(
    client: Onec, prefect: PrefectInABox
) -> None:
    prefect.died_submitting = True
    for number in range(2):
        client.send(f"{number}.xml", b"<a/>")
        client.ask("complete")
        until(lambda started=number: len(prefect.started) > started)

    assert [each["name"] for each in prefect.started] == ["catalog-base", "catalog-base"]


def test_a_live_run_is_left_to_take_what_comes(
    journal: Journal, client: Onec, prefect: PrefectInABox
) -> None:
    hold_lease(journal, "1 second")
    client.send("a.xml", b"<a/>")
    client.ask("complete")
    journal.add_partner("other", "base-2")
    other = Onec(client.address, login="base-2").enter()
    other.send("b.xml", b"<b/>")
    other.ask("complete")
    other.http.close()

    until(lambda: prefect.started)

    assert [each["parameters"] for each in prefect.started] == [{"partner": "other"}]


def test_a_lease_that_nobody_renews_does_not_hold_up_a_partner(
    journal: Journal, client: Onec, prefect: PrefectInABox
) -> None:
    hold_lease(journal, "2 minutes")
    client.send("a.xml", b"<a/>")
    client.ask("complete")

    until(lambda: prefect.started)


def test_a_run_is_started_when_prefect_is_back(client: Onec, prefect: PrefectInABox) -> None:
    prefect.is_broken = True
    client.send("a.xml", b"<a/>")

    assert client.ask("complete").text == "success"
    until(lambda: prefect.authorizations)
    prefect.is_broken = False
    until(lambda: prefect.started)


def test_messages_that_waited_through_a_restart_are_handed_over(
    journal: Journal,
    gateway_warehouse: Warehouse,
    store: Store,
    spool: Path,
    prefect: PrefectInABox,
) -> None:
    journal.add_partner()
    with serve_gateway(gateway_warehouse, store, spool) as address:
        client = Onec(address).enter()
        client.send("a.xml", b"<a/>")
        client.ask("complete")
        client.http.close()

    with prefect.served() as api, serve_gateway(gateway_warehouse, store, spool, api):
        until(lambda: prefect.started)


def test_no_request_waits_for_prefect(journal: Journal, onec: Callable[..., Onec]) -> None:
    journal.add_partner()
    client = onec().enter()
    client.send("a.xml", b"<a/>")

    assert client.ask("complete").text == "success"
