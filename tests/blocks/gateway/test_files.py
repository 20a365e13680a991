"""Chunks: durable before success, in order, repeats ignored, limits kept."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, said, serve_gateway, until

Clients = Callable[..., Onec]


def sealed(journal: Journal, client: Onec, store: Store) -> dict[str, bytes]:
    """End the client's session; return what became of its files, by name."""
    assert client.ask("complete").text == "success"
    return {row["file_name"]: store.get(row["object_key"]) for row in journal.messages()}


@pytest.mark.parametrize(
    ("chunks", "whole"),
    [
        ((b"one",), b"one"),
        ((b"one", b"two", b"three"), b"onetwothree"),
        # The answer was lost and the chunk came again.
        ((b"one", b"one", b"two"), b"onetwo"),
        ((b"one", b"one", b"one"), b"one"),
        # The same bytes later in the file are not a repeat.
        ((b"one", b"two", b"one"), b"onetwoone"),
        # A picture of one colour: chunks of exactly file_limit with one pattern go on.
        ((b"\0" * 16, b"\0" * 16, b"\0" * 3), b"\0" * 35),
        ((b"0123456789abcdef", b"0123456789abcdef"), b"0123456789abcdef"),
        # A file whose length is a multiple of file_limit may end with nothing.
        ((b"0123456789abcdef", b""), b"0123456789abcdef"),
        ((b"",), b""),
        ((b"", b"one"), b"one"),
    ],
)
def test_chunks_are_joined_in_their_order(
    journal: Journal, onec: Clients, store: Store, chunks: tuple[bytes, ...], whole: bytes
) -> None:
    journal.add_partner(file_limit=16)
    client = onec().enter()

    client.send("a.xml", *chunks)

    assert sealed(journal, client, store) == {"a.xml": whole}


def test_files_of_two_sessions_do_not_mix(journal: Journal, onec: Clients, store: Store) -> None:
    journal.add_partner("one", "base-1")
    journal.add_partner("two", "base-2")
    clients = [
        onec(login="base-1").enter(),
        onec(login="base-1").enter(),
        onec(login="base-2").enter(),
    ]

    for part in (b"1", b"2", b"3"):
        for number, client in enumerate(clients):
            client.send("a.xml", b"<%d-%s>" % (number, part))
    for client in clients:
        client.ask("complete")

    assert [(row["partner"], store.get(row["object_key"])) for row in journal.messages()] == [
        ("one", b"<0-1><0-2><0-3>"),
        ("one", b"<1-1><1-2><1-3>"),
        ("two", b"<2-1><2-2><2-3>"),
    ]


def test_two_files_of_one_session_do_not_mix(journal: Journal, onec: Clients, store: Store) -> None:
    journal.add_partner()
    client = onec().enter()

    for part in (b"1", b"2"):
        client.send("a.xml", b"a" + part)
        client.send("b.xml", b"b" + part)

    assert sealed(journal, client, store) == {"a.xml": b"a1a2", "b.xml": b"b1b2"}


def test_success_means_that_chunk_and_row_are_there(
    journal: Journal, onec: Clients, store: Store
) -> None:
    journal.add_partner()

    onec().enter().send("a.xml", b"<a/>")

    (chunk,) = journal.rows("select * from journal.chunk")
    assert store.get(chunk["object_key"]) == b"<a/>"
    assert chunk["chunk_no"] == 1


def test_a_restart_between_chunks_goes_on(
    journal: Journal, gateway_warehouse: Warehouse, store: Store, spool: Path
) -> None:
    journal.add_partner()
    with serve_gateway(gateway_warehouse, store, spool) as address:
        client = Onec(address).enter()
        client.send("a.xml", b"one")
    with serve_gateway(gateway_warehouse, store, spool) as client.address:
        client.send("a.xml", b"two")
        files = sealed(journal, client, store)
        client.http.close()

    assert files == {"a.xml": b"onetwo"}


def test_a_large_body_goes_over_the_disk_and_leaves_nothing_there(
    journal: Journal, onec: Clients, store: Store, spool: Path
) -> None:
    journal.add_partner(file_limit=4 << 20)
    client = onec().enter()
    chunks = [bytes([number]) * (3 << 20) + b"end" for number in range(3)]

    client.send("a.xml", *chunks)

    assert sealed(journal, client, store) == {"a.xml": b"".join(chunks)}
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize(
    ("terms", "body"),
    [
        ({"file_limit": 10}, b"x" * 21),
        ({"upload_bytes_max": 10}, b"x" * 11),
        ({"session_bytes_max": 10}, b"x" * 11),
        ({"session_uploads_max": 0}, b"x"),
    ],
)
def test_a_body_beyond_a_limit_is_refused_and_not_kept(
    journal: Journal, onec: Clients, terms: dict[str, int], body: bytes
) -> None:
    journal.add_partner("base", "base-1", "active", **terms)
    client = onec().enter()

    answer = client.ask("file", body, filename="a.xml")

    assert answer.status_code == 413
    assert said(answer)[0] == "failure"
    assert journal.rows("select 1 from journal.chunk") == []


def test_a_body_that_hides_its_length_is_cut_off_at_the_limit(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner(file_limit=1 << 20)
    client = onec().enter()

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield bytes(1 << 16)

    answer = client.http.post(
        f"{client.address}?type=catalog&mode=file&filename=a.xml",
        content=endless(),
        headers={"Cookie": f"obmen={client.token}"},
    )

    assert answer.status_code == 413
    assert journal.rows("select 1 from journal.chunk") == []


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n64\r\n"]
)
def test_a_body_that_is_cut_is_not_kept(journal: Journal, onec: Clients, framing: bytes) -> None:
    journal.add_partner()
    client = onec().enter()
    host = client.address.split("/")[2]
    head = (
        f"POST /exchange?type=catalog&mode=file&filename=a.xml HTTP/1.1\r\nHost: {host}\r\n"
        f"Cookie: obmen={client.token}\r\n"
    )

    with socket.create_connection((host.split(":")[0], int(host.split(":")[1]))) as wire:
        wire.sendall(head.encode() + framing + b"<a>only so much")
    until(lambda: journal.knocks()[-1]["status"] == 499)

    assert journal.rows("select 1 from journal.chunk") == []


def test_a_file_is_not_taken_by_get(journal: Journal, onec: Clients) -> None:
    journal.add_partner()

    answer = onec().enter().ask("file", filename="a.xml")

    assert said(answer) == ["failure", "Файл передаётся методом POST."]


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2Fetc%2Fpasswd",
        "%2e%2e%5ca.xml",
        "C%3A%5Ca.xml",
        "a.xml%00",
        "%00",
        "%c0%ae%c0%ae/a.xml",
        "a.php",
        "",
        "a.xml%0d%0aX: y",
        "%ff%fe",
        "import_files/a.php",
        "a" * 2000 + ".xml",
    ],
)
def test_a_hostile_name_is_refused_in_a_line_and_noted(
    journal: Journal, onec: Clients, name: str
) -> None:
    journal.add_partner()
    client = onec().enter()

    answer = client.raw(f"type=catalog&mode=file&filename={name.replace(' ', '%20')}", b"x")

    assert answer.status_code == 200
    assert said(answer)[0] == "failure"
    assert said(answer)[1].startswith("Недопустимое имя файла")
    assert journal.knocks()[-1]["answer"].startswith("failure: Недопустимое имя файла")
    assert journal.rows("select 1 from journal.upload") == []


def test_chunks_sent_at_one_moment_are_all_kept(
    journal: Journal, onec: Clients, store: Store
) -> None:
    journal.add_partner()
    client = onec().enter()
    parts = [f"<{number:03}>".encode() for number in range(24)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda part: client.ask("file", part, filename="a.xml"), parts))

    whole = sealed(journal, client, store)["a.xml"]
    assert sorted(parts) == sorted(whole[at : at + 5] for at in range(0, len(whole), 5))
