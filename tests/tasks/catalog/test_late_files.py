"""Files that come out of their order: late ones, and what was inside an archive."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Mode, Order, export
from tasks.journal.outcome import complete
from tasks.journal.summary import Summary
from tasks.model.datasets import Batch, Dataset
from tests.tasks.catalog.builders import Base, base, batch
from tests.tasks.catalog.plain import take_files

FRAME = (
    batch(Dataset.GOODS, {"id": "p1", "name": "Сенча"}),
    batch(Dataset.PRICE_TYPES, {"id": "t1", "name": "РРЦ", "currency": "RUB"}),
    batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "name": "Сенча"}),
)


def _says(amount: str) -> tuple[Batch, Batch]:
    return (
        batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t1", "amount": amount}),
        batch(Dataset.STOCK, {"offer_id": "p1", "quantity": amount}),
    )


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


# What three files said, in the order of their coming, and what is believed in the end: since when.
ORDERS = {
    "the last to come was formed between": (
        (("10", "09"), ("12", "12"), ("11", "11")),
        [("10", "09"), ("11", "11"), ("12", "12")],
    ),
    "what was formed last said nothing new": (
        (("10", "09"), ("10", "12"), ("11", "11")),
        [("10", "09"), ("11", "11"), ("10", "12")],
    ),
    "the last to come was formed first": (
        (("10", "11"), ("12", "12"), ("9", "09")),
        [("9", "09"), ("10", "11"), ("12", "12")],
    ),
    "the last to come says what was believed of its time": (
        (("10", "09"), ("12", "12"), ("10", "11")),
        [("10", "09"), ("12", "12")],
    ),
    "two were formed at the same time": (
        (("10", "09"), ("12", "12"), ("11", "12")),
        [("10", "09"), ("11", "12")],
    ),
}
VALUES = pytest.mark.parametrize(("table", "column"), [("price", "amount"), ("stock", "quantity")])


def _believed(sender: Base, table: str, column: str) -> list[tuple[str, str]]:
    rows = sender.rows(
        f"select {column}::text as said, to_char(valid_from at time zone 'Europe/Moscow', 'HH24')"
        f" as since, lead(valid_from, 1, 'infinity') over (order by valid_from) = valid_to as joins"
        f" from core.{table} where recorded_to = 'infinity' order by valid_from"
    )
    assert all(row["joins"] for row in rows)
    return [(row["said"], row["since"]) for row in rows]


@VALUES
@pytest.mark.parametrize("order", ORDERS)
def test_what_was_formed_last_is_the_present_and_the_rest_is_history(
    sender: Base, table: str, column: str, order: str
) -> None:
    said, believed = ORDERS[order]
    sender.send(*FRAME)

    for amount, hour in said:
        sender.send(*_says(amount), formed_at=f"2026-11-02T{hour}:00:00")

    assert believed == _believed(sender, table, column)


@VALUES
def test_what_was_believed_before_a_late_file_came_stays_known(
    sender: Base, table: str, column: str
) -> None:
    sender.send(*FRAME)
    for amount, hour in ORDERS["the last to come was formed between"][0]:
        sender.send(*_says(amount), formed_at=f"2026-11-02T{hour}:00:00")

    before_it_came = sender.rows(
        f"with late as (select recorded_from as at from core.{table} where {column} = 11)"
        f" select {column}::text as said from core.{table}, late"
        " where recorded_from < at and recorded_to >= at"
        " and valid_from <= '2026-11-02 11:30+03' and valid_to > '2026-11-02 11:30+03'"
    )

    assert [{"said": "10"}] == before_it_came


def test_people_are_told_of_a_clock_that_went_back(sender: Base) -> None:
    first = sender.send(*FRAME, *_says("10"), formed_at="2026-11-02T12:00:00")
    back = sender.send(*_says("12"), formed_at="2026-11-02T11:00:00")

    summary = complete(Summary("catalog", [first, back]), sender.warehouse, sender.store)

    (line,) = summary.clocks
    assert f"(message {back.message_key}) says that it was formed at 2026-11-02 08:00:00" in line
    assert f"(message {first.message_key}, 2026-11-02 09:00:00 UTC)" in line
    assert "## The sender's clock went back" in summary.as_markdown()


def test_a_session_that_was_given_up_is_no_clock_that_went_back(sender: Base) -> None:
    given_up, newer = sender.enter(), sender.enter()
    first = sender.send(*FRAME, *_says("10"), formed_at="2026-11-02T12:00:00", session_key=newer)
    late = sender.send(*_says("12"), formed_at="2026-11-02T11:00:00", session_key=given_up)

    summary = complete(Summary("catalog", [first, late]), sender.warehouse, sender.store)

    assert [] == list(summary.clocks)


def test_a_file_formed_after_it_came_holds_from_its_arrival(sender: Base) -> None:
    sender.send(*FRAME, *_says("10"), formed_at="2099-01-01T00:00:00")
    sender.send(*_says("12"), formed_at="2099-01-01T00:00:00")

    assert [{"amount": "12"}] == sender.rows("select amount::text from core.price_now")
    assert [{"ahead": 0}] == sender.rows(
        "select count(*) as ahead from core.price where valid_from > now()"
    )


def _named(name: str, key: str = "p1") -> Batch:
    return batch(Dataset.GOODS, {"id": key, "name": name})


def test_goods_of_a_session_that_was_given_up_do_not_replace_newer_ones(sender: Base) -> None:
    given_up, newer = sender.enter(), sender.enter()
    sender.send(_named("новое"), session_key=newer)

    closed = sender.send(
        batch(Dataset.GOODS, {"id": "p1", "name": "старое"}, {"id": "p2", "name": "иное"}),
        session_key=given_up,
    )

    assert (2, 1, 1) == next(
        (entry.received, entry.accepted, entry.unchanged)
        for entry in closed.books
        if entry.dataset == "goods"
    )
    assert [("p1", "новое"), ("p2", "иное")] == [
        tuple(row.values()) for row in sender.rows("select id, name from core.product order by id")
    ]


def test_a_newer_session_that_said_nothing_new_counts_too(sender: Base) -> None:
    first, given_up, newer = sender.enter(), sender.enter(), sender.enter()
    sender.send(_named("верное"), session_key=first)
    sender.send(_named("верное"), session_key=newer)

    sender.send(_named("ошибка"), session_key=given_up)

    assert [{"name": "верное"}] == sender.rows("select name from core.product")


def test_an_offer_named_only_for_its_price_does_not_keep_its_name_out(sender: Base) -> None:
    given_up, newer = sender.enter(), sender.enter()
    bare = batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "is_bare": True})
    sender.send(*FRAME[:2], bare, *_says("10"), session_key=newer)

    sender.send(FRAME[2], session_key=given_up)

    assert [{"name": "Сенча"}] == sender.rows("select name from core.offer")


def test_what_is_in_an_archive_is_taken_in_its_turn(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    company = Company(seed=7, goods=10)
    full = export(company, tmp_path / "full", Order())
    changes = export(
        company.after(changes=3, share=0.4), tmp_path / "changes", Order(mode=Mode.CHANGES)
    )
    packed = tmp_path / "full.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (name for each in full.sets for name in each.documents):
            archive.write(full.folder / name, name)
    later = [changes.folder / name for each in changes.sets for name in each.documents]

    closed = take_files(warehouse, store, packed, *later)

    assert ["full.zip", "import0_1.xml", "offers0_1.xml", *(file.name for file in later)] == [
        message.file_name for message in closed
    ]
