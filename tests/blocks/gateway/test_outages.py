"""Store or warehouse go away: a clear line, and nothing is lost or half-written (S0-35)."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.relay import Relay
from tests.blocks.gateway.serving import Onec, said, serve_gateway, until
from tests.conftest import Services


@pytest.fixture(scope="module")
def store_wire(services: Services) -> Iterator[Relay]:
    relay = Relay(urlsplit(services.settings.store_endpoint).port or 0)
    yield relay
    relay.cut()


@pytest.fixture(scope="module")
def warehouse_wire(services: Services) -> Iterator[Relay]:
    relay = Relay(urlsplit(services.settings.admin_url).port or 0)
    yield relay
    relay.cut()


@pytest.fixture
def client(
    journal: Journal,
    *,
    gateway_warehouse: Warehouse,
    store: Store,
    spool: Path,
    store_wire: Relay,
    warehouse_wire: Relay,
) -> Iterator[Onec]:
    """A client of a gateway whose wires can be cut."""
    journal.add_partner(hold_s=0)
    for wire in (store_wire, warehouse_wire):
        wire.cut()
        wire.mend()
    address = urlsplit(gateway_warehouse.url.get_secret_value())
    over = address._replace(
        netloc=f"{address.username}:{address.password}@127.0.0.1:{warehouse_wire.port}"
    )
    with serve_gateway(
        Warehouse(url=SecretStr(over.geturl())),
        store.model_copy(update={"endpoint": f"http://127.0.0.1:{store_wire.port}"}),
        spool,
    ) as served:
        made = Onec(served).enter()
        yield made
        made.http.close()


def test_a_chunk_that_the_store_cannot_keep_fails_and_can_come_again(
    journal: Journal, client: Onec, store: Store, store_wire: Relay
) -> None:
    client.send("a.xml", b"one")
    store_wire.cut()

    answer = client.ask("file", b"two", filename="a.xml")
    store_wire.mend()
    client.send("a.xml", b"two")
    client.ask("complete")

    assert answer.status_code == 200
    assert said(answer)[0] == "failure"
    assert "Повторите выгрузку позже" in said(answer)[1]
    assert [store.get(row["object_key"]) for row in journal.messages()] == [b"onetwo"]


def test_a_file_that_cannot_be_joined_stays_open_until_it_can(
    journal: Journal, client: Onec, store_wire: Relay
) -> None:
    client.send("a.xml", b"one")
    store_wire.cut()

    down = said(client.ask("complete"))
    store_wire.mend()
    up = said(client.ask("complete"))

    assert [down[0], up[0]] == ["failure", "success"]
    assert [row["file_name"] for row in journal.messages()] == ["a.xml"]


@pytest.mark.parametrize("mode", ["checkauth", "init", "file", "import", "complete", "query"])
def test_every_request_is_answered_while_the_warehouse_is_down(
    client: Onec, warehouse_wire: Relay, mode: str
) -> None:
    warehouse_wire.cut()

    answer = client.ask(mode, b"x" if mode == "file" else None, filename="a.xml")

    assert answer.status_code == 200
    assert said(answer) == [
        "failure",
        "Узел обмена временно недоступен, ничего не принято. Повторите позже.",
    ]


def test_a_chunk_whose_row_cannot_be_written_is_not_taken(
    journal: Journal, client: Onec, store: Store, warehouse_wire: Relay
) -> None:
    client.send("a.xml", b"one")
    warehouse_wire.cut()
    client.ask("file", b"two", filename="a.xml")
    warehouse_wire.mend()

    client.send("a.xml", b"three")
    client.ask("complete")

    assert [store.get(row["object_key"]) for row in journal.messages()] == [b"onethree"]


def test_health_says_that_the_warehouse_is_down(client: Onec, warehouse_wire: Relay) -> None:
    warehouse_wire.cut()

    answer = client.http.get(client.address.replace("/exchange", "/health"))

    assert answer.status_code == 503


def test_silent_files_are_sealed_when_the_warehouse_is_back(
    journal: Journal, client: Onec, warehouse_wire: Relay
) -> None:
    client.send("a.xml", b"one")
    journal.rows("update journal.session set seen_at = now() - interval '1 hour'")
    warehouse_wire.cut()
    warehouse_wire.mend()

    until(lambda: [row["file_name"] for row in journal.messages()] == ["a.xml"])
