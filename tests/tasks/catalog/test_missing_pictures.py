"""S1-09: a picture that never came is a warning with the product's id, never a refusal."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.outcome import complete
from tasks.journal.protocol import render_protocol
from tasks.journal.summary import MissingPicture, Summary
from tasks.model.messages import Closed
from tests.tasks.catalog.plain import know_partner, take_files, take_waiting

GONE, HERE = "import_files/aa/gone.jpg", "import_files/aa/here.jpg"
MISSED = [("p1", GONE)]
FILE = f"""<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.08"><Каталог><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора>
<Товары><Товар><Ид>p1</Ид><Наименование>Сенча</Наименование><Картинка>{HERE}</Картинка>
<Картинка>{GONE}</Картинка><Картинка>https://shop.example/far.jpg</Картинка></Товар>
</Товары></Каталог></КоммерческаяИнформация>
"""


@dataclass(frozen=True, slots=True)
class Sender:
    """A 1C whose session and files stand in the journal as the gateway puts them there."""

    warehouse: Warehouse
    store: Store
    folder: Path

    def enter(self) -> int:
        """Open a session."""
        due = know_partner(self.warehouse)
        said = {"login": "base", "exchange_type": "catalog", "version": None, "peer": "1.1.1.1"}
        sessions = len(self.run("select session_key from journal.session"))
        with self.warehouse.transaction("enter") as transaction:
            row = transaction.one(
                "gateway/insert_session",
                partner_key=due.partner_key,
                token_hash=bytes([sessions]) * 32,
                user_agent="",
                idle_s=60,
                **said,
            )
        return int(row["session_key"])

    def put(self, session_key: int, name: str, content: bytes) -> None:
        """Send a file whole."""
        stored = self.store.put(content)
        with self.warehouse.transaction("put") as transaction:
            transaction.one(
                "gateway/insert_message",
                partner_key=know_partner(self.warehouse).partner_key,
                dialect=None,
                sha256=stored.sha256,
                size=stored.size,
                object_key=stored.key,
                file_name=name,
                session_key=session_key,
                sender_counters={},
            )

    def take(self) -> list[Closed]:
        """Take what waits."""
        return take_waiting(self.warehouse, self.store, know_partner(self.warehouse))

    def file(self, name: str, content: bytes) -> Path:
        """Write a file for a folder."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run(self, question: str) -> list[Any]:
        """Do something to the journal."""
        with self.warehouse.transaction("ask") as transaction:
            return list(transaction.execute_compiled(question))


@pytest.fixture
def sender(warehouse: Warehouse, store: Store, tmp_path: Path) -> Sender:
    return Sender(warehouse, store, tmp_path)


def _archive(sender: Sender) -> list[Closed]:
    path = sender.folder / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("import.xml", FILE)
        archive.writestr(HERE, b"here")
    return take_files(sender.warehouse, sender.store, path)


def _open_session(sender: Sender) -> list[Closed]:
    sender.put(sender.enter(), "import.xml", FILE.encode())
    return sender.take()


def _ended_session(sender: Sender) -> list[Closed]:
    session = sender.enter()
    sender.put(session, "import.xml", FILE.encode())
    sender.put(session, HERE, b"here")
    sender.run("update journal.session set completed_at = now() returning session_key")
    return sender.take()


def _followed_session(sender: Sender) -> list[Closed]:
    session = sender.enter()
    sender.put(session, "import.xml", FILE.encode())
    sender.put(session, HERE, b"here")
    sender.enter()
    return sender.take()


def _session_with_pictures(sender: Sender) -> list[Closed]:
    session = sender.enter()
    sender.put(session, "import.xml", FILE.encode())
    sender.put(session, HERE, b"here")
    return sender.take()


def _session_that_still_sends(sender: Sender) -> list[Closed]:
    session = sender.enter()
    sender.run(
        "insert into journal.upload (session_key, file_name)"
        f" values ({session}, '{GONE}') returning upload_key"
    )
    sender.put(session, "import.xml", FILE.encode())
    sender.put(session, HERE, b"here")
    return sender.take()


def _folder(sender: Sender) -> list[Closed]:
    return take_files(sender.warehouse, sender.store, sender.file("import.xml", FILE.encode()))


@pytest.mark.parametrize(
    ("export", "missed"),
    [
        (_archive, MISSED),
        (_ended_session, MISSED),
        (_followed_session, MISSED),
        (_session_with_pictures, MISSED),
        (_session_that_still_sends, []),
        (_open_session, []),
        (_folder, []),
    ],
)
def test_a_picture_is_missed_when_its_export_is_over(
    sender: Sender, export: Callable[[Sender], list[Closed]], missed: list[tuple[str, str]]
) -> None:
    closed = export(sender)

    summary = complete(Summary("catalog", closed), sender.warehouse, sender.store)

    assert missed == [(line.product_id, line.path) for line in summary.missing]
    assert [] == [refusal for message in closed for refusal in message.refusals]
    assert bool(missed) == (f"product `p1`: `{GONE}`" in summary.as_markdown())


@pytest.mark.parametrize(("export", "is_told"), [(_archive, True), (_open_session, False)])
def test_the_report_of_the_file_names_them_too(
    sender: Sender, export: Callable[[Sender], list[Closed]], *, is_told: bool
) -> None:
    closed = next(one for one in export(sender) if one.file_name == "import.xml")

    report = sender.store.get(closed.report_key or "").decode()

    assert is_told == (GONE in report)
    assert "far.jpg" not in report


def test_a_picture_that_is_named_with_the_other_slash_is_found(sender: Sender) -> None:
    session = sender.enter()
    sender.put(session, "import.xml", FILE.replace(HERE, HERE.replace("/", "\\")).encode())
    sender.put(session, HERE, b"here")
    sender.run("update journal.session set completed_at = now() returning session_key")
    closed = sender.take()

    missing = complete(Summary("catalog", closed), sender.warehouse, sender.store).missing

    assert MISSED == [(line.product_id, line.path) for line in missing]
    (shown,) = sender.run("select path from core.product_picture where is_here")
    assert HERE == shown["path"]


def test_a_picture_that_comes_later_is_found_by_its_path(sender: Sender) -> None:
    _ended_session(sender)

    session = sender.enter()
    sender.put(session, "import.xml", FILE.replace("Сенча", "Сенча 2").encode())
    sender.put(session, GONE, b"late")
    closed = sender.take()

    assert [] == complete(Summary("catalog", closed), sender.warehouse, sender.store).missing


def test_the_protocol_says_in_russian_which_product_waits_for_which_picture() -> None:
    knock = {"at": "", "mode": "", "file_name": "", "body_bytes": 0, "answer": "success"}
    whose = {"partner": "roga", "user_agent": "", "time_zone": "Europe/Moscow"}

    text = render_protocol([knock | whose], [MissingPicture(1, 1, "roga", "p1", GONE, 3)])

    assert f"Не пришли картинки: 3. Товары приняты без них.\n  товар p1: {GONE}\n" in text
