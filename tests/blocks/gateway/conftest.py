"""Partners at the door, a served gateway, and the flow's side of the journal written by hand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Row, Warehouse
from tests.blocks.gateway.serving import PASSWORD, Onec, hashed, serve_gateway


@dataclass(frozen=True)
class Journal:
    """What the flow does to the journal, and what a test wants to see of it."""

    warehouse: Warehouse

    def add_partner(
        self, name: str = "base", login: str = "base-1", state: str = "active", **gateway: Any
    ) -> None:
        """Make a partner with one open door; `gateway` are its terms there."""
        with self.warehouse.transaction("test") as transaction:
            transaction.run(
                "upsert_partner",
                name=name,
                time_zone="Europe/Moscow",
                state=state,
                settings={"gateway": gateway},
            )
            key = transaction.one("select_partner", name=name)["partner_key"]
            transaction.run(
                "upsert_door",
                login=login,
                partner_key=key,
                password_hash=hashed(PASSWORD),
                is_open=True,
            )

    def rows(self, query: str, **parameters: object) -> Sequence[Row]:
        """Run a test's own statement."""
        with self.warehouse.transaction("test") as transaction:
            return transaction.execute_compiled(query, **parameters)

    def messages(self) -> Sequence[Row]:
        """Return all messages in the order of their keys."""
        return self.rows(
            "select message.*, partner.name as partner from journal.message"
            " join journal.partner using (partner_key) order by message_key"
        )

    def knocks(self) -> Sequence[Row]:
        """Return all knocks in their order."""
        return self.rows("select * from journal.knock order by knock_key")

    def close(
        self, message_key: int, refused: Sequence[tuple[str, str]] = (), accepted: int = 0
    ) -> None:
        """Close a message as the flow does; `refused` are causes and sentences of goods."""
        read = accepted + len(refused)
        with self.warehouse.transaction("test") as transaction:
            for dataset, received, taken, bad in (
                ("file", 1, 1, 0),
                ("goods", read, accepted, len(refused)),
            ):
                transaction.run(
                    "insert_books",
                    message_key=message_key,
                    dataset=dataset,
                    received=received,
                    accepted=taken,
                    unchanged=0,
                    refused=bad,
                )
            for number, (cause, sentence) in enumerate(refused, start=1):
                transaction.execute_compiled(
                    "insert into journal.refusal (message_key, dataset, record_no, byte_offset,"
                    " byte_length, natural_key, cause, place, value, sentence, sentence_ru)"
                    " values (:key, 'goods', :number, 0, 1, 'k', :cause, 'p', 'v', 'in English',"
                    " :sentence)",
                    key=message_key,
                    number=number,
                    cause=cause,
                    sentence=sentence,
                )
            self._end(transaction, message_key, "closed")

    def refuse(self, message_key: int, sentence: str) -> None:
        """Refuse a message whole, as the flow does."""
        with self.warehouse.transaction("test") as transaction:
            transaction.run(
                "insert_books",
                message_key=message_key,
                dataset="file",
                received=1,
                accepted=0,
                unchanged=0,
                refused=1,
            )
            transaction.run(
                "insert_file_refusal",
                message_key=message_key,
                byte_offset=0,
                byte_length=1,
                file_name="f",
                cause="XML_NOT_WELL_FORMED",
                place="p",
                value="v",
                sentence="in English",
                sentence_ru=sentence,
            )
            self._end(transaction, message_key, "refused")

    def add_member(self, parent_key: int, file_name: str) -> int:
        """File a member of an archive, as the flow does; return its key."""
        rows = self.rows(
            "insert into journal.message (partner_key, exchange, direction, sha256, size,"
            " object_key, file_name, session_key, parent_key, origin) select partner_key, exchange,"
            " 'in', sha256, size, object_key, :file_name, session_key, message_key, 'member'"
            " from journal.message where message_key = :parent_key returning message_key",
            parent_key=parent_key,
            file_name=file_name,
        )
        return int(rows[0]["message_key"])

    @staticmethod
    def _end(transaction: Any, message_key: int, state: str) -> None:
        transaction.execute_compiled(
            "update journal.message set state = :state, closed_at = now()"
            " where message_key = :message_key",
            state=state,
            message_key=message_key,
        )


@pytest.fixture
def journal(warehouse: Warehouse) -> Journal:
    """The journal as the flow enters it."""
    return Journal(warehouse)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """A folder of its own for the gateway."""
    return tmp_path / "spool"


@pytest.fixture
def address(gateway_warehouse: Warehouse, store: Store, spool: Path) -> Iterator[str]:
    """A served gateway."""
    with serve_gateway(gateway_warehouse, store, spool) as served:
        yield served


@pytest.fixture
def onec(journal: Journal, address: str) -> Iterator[Callable[..., Onec]]:
    """Make clients of the served gateway."""
    made: list[Onec] = []

    def make(**settings: Any) -> Onec:
        made.append(Onec(address, **settings))
        return made[-1]

    yield make
    for each in made:
        each.http.close()
