"""Uploads become messages: once, in order, by whatever ends them."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, serve_gateway, until

Clients = Callable[..., Onec]


def names(journal: Journal) -> list[str]:
    return [row["file_name"] for row in journal.messages()]


def test_a_message_is_filed_with_all_the_flow_needs(
    journal: Journal, onec: Clients, store: Store
) -> None:
    journal.add_partner()
    client = onec(sends="sessid")
    client.token = client.ask("checkauth", version="3.1").text.split("\n")[2]
    client.send("goods\\goods_1.xml", b"<a>", b"</a>")

    client.ask("deactivate", timestamp="1700000000")

    (message,) = journal.messages()
    assert (message["partner"], message["exchange"], message["direction"], message["state"]) == (
        "base",
        "catalog",
        "in",
        "received",
    )
    assert (message["file_name"], message["size"], message["dialect"]) == (
        "goods/goods_1.xml",
        7,
        None,
    )
    assert message["object_key"] == f"raw/{message['sha256'].hex()[:2]}/{message['sha256'].hex()}"
    assert store.get(message["object_key"]) == b"<a></a>"
    assert message["sender_counters"] == {
        "chunks": 2,
        "sealed_by": "deactivate",
        "deactivate": "1700000000",
        "version": "3.1",
    }


@pytest.mark.parametrize("mode", ["complete", "deactivate"])
def test_the_end_of_an_export_seals_everything_and_is_noted(
    journal: Journal, onec: Clients, mode: str
) -> None:
    journal.add_partner()
    client = onec().enter()
    client.send("import0_1.xml", b"<a/>")
    client.send("offers0_1.xml", b"<b/>")

    answers = [client.ask(mode, timestamp="17").text for _ in range(2)]

    assert answers == ["success", "success"]
    assert names(journal) == ["import0_1.xml", "offers0_1.xml"]
    (session,) = journal.rows("select completed_at, counters from journal.session")
    assert session["completed_at"] is not None
    assert session["counters"] == {mode: "17"}


def test_messages_stand_in_the_order_in_which_files_were_opened(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    for name in ("import0_1.xml", "offers0_1.xml", "prices0_1.xml"):
        client.send(name, b"<a>")
    client.send("import0_1.xml", b"</a>")

    client.ask("import", filename="offers0_1.xml")
    client.ask("import", filename="import0_1.xml")
    client.ask("complete")

    assert names(journal) == ["import0_1.xml", "offers0_1.xml", "prices0_1.xml"]


def test_a_picture_is_filed_as_an_attachment(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    client.send("import_files/5c/a.jpg", b"\xff\xd8\xff")

    client.ask("complete")

    (message,) = journal.messages()
    assert message["dialect"] == "attachment"


def test_pictures_that_follow_a_file_are_sealed_with_it(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    client.send("import0_1.xml", b"<a/>")
    client.send("offers0_1.xml", b"<b>")
    client.send("import_files/5c/a.jpg", b"\xff\xd8\xff")

    client.ask("import", filename="import0_1.xml")

    assert names(journal) == ["import0_1.xml", "import_files/5c/a.jpg"]


def test_a_new_portion_seals_what_the_session_sent_before(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    client.send("import0_1.xml", b"<a/>")

    client.ask("init")
    client.send("import0_1.xml", b"<b/>")
    client.ask("complete")

    assert [row["size"] for row in journal.messages()] == [4, 4]


def test_a_new_session_of_the_login_ends_the_older_one(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    onec().enter().send("import0_1.xml", b"<a>cut")

    onec().enter()

    until(lambda: names(journal) == ["import0_1.xml"])


def test_a_session_of_another_login_ends_nothing(journal: Journal, onec: Clients) -> None:
    journal.add_partner("base", "base-1")
    journal.add_partner("base", "base-2")
    onec(login="base-1").enter().send("import0_1.xml", b"<a>")
    onec(login="base-2").enter().send("offers0_1.xml", b"<b>")

    onec(login="base-2").enter()

    until(lambda: names(journal) == ["offers0_1.xml"])


def test_silence_ends_a_session(journal: Journal, onec: Clients) -> None:
    journal.add_partner(quiet_s=1)
    client = onec().enter()

    client.send("import0_1.xml", b"<a/>")
    client.send("offers0_1.xml", b"<b/>")

    until(lambda: names(journal) == ["import0_1.xml", "offers0_1.xml"])
    assert journal.messages()[0]["sender_counters"]["sealed_by"] == "silence"


def test_a_restart_does_not_forget_what_was_silent(
    journal: Journal, gateway_warehouse: Warehouse, store: Store, spool: Path
) -> None:
    journal.add_partner(quiet_s=1)
    with serve_gateway(gateway_warehouse, store, spool) as address:
        client = Onec(address).enter()
        client.send("import0_1.xml", b"<a/>")
        client.http.close()
    journal.rows("update journal.session set seen_at = now() - interval '1 hour'")

    with serve_gateway(gateway_warehouse, store, spool):
        until(lambda: names(journal) == ["import0_1.xml"])


def test_two_gateways_make_one_message(
    journal: Journal, gateway_warehouse: Warehouse, store: Store, spool: Path, address: str
) -> None:
    journal.add_partner(hold_s=0)
    with serve_gateway(gateway_warehouse, store, spool) as other:
        here = Onec(address).enter()
        there = Onec(other, token=here.token)
        for number in range(5):
            here.send(f"import{number}.xml", *(b"%d" % part for part in range(10)))
        asks = [
            threading.Thread(target=client.ask, args=("complete",)) for client in (here, there) * 2
        ]
        for ask in asks:
            ask.start()
        for ask in asks:
            ask.join()
        here.http.close()
        there.http.close()

    assert names(journal) == [f"import{number}.xml" for number in range(5)]
    assert {row["size"] for row in journal.messages()} == {10}


def test_the_flow_is_notified_of_every_message(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    client.send("import0_1.xml", b"<a/>")
    with journal.warehouse.transaction("test") as listening:
        listening.execute_compiled("listen obmen_message")
        wire = listening._connection.connection.driver_connection  # noqa: SLF001  (no other way to hear)
        assert wire is not None
        wire.commit()
        client.ask("complete")

        heard = [note.payload for note in wire.notifies(timeout=5, stop_after=1)]

    assert set(heard) == {"base"}
