"""Old messages once more: exactly what is asked for, once, in the old order."""

from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.again import (
    NothingToDriveError,
    replay_message,
    replay_refusals,
    salvage_message,
)
from tasks.model.messages import Closed, NegativeStock, Terms
from tasks.model.partners import DuePartner
from tasks.operate.driving import FormError, waive_cause
from tests.malformed.good import CATALOG, GROUND, PACKAGE, written
from tests.tasks.catalog.plain import know_partner, take_files, take_waiting

STRICT = Terms(negative_stock=NegativeStock.REFUSE)
_BROKEN = {
    "<ЦенаЗаЕдиницу>10.50<": "<ЦенаЗаЕдиницу>дорого<",
    "<ЦенаЗаЕдиницу>15<": "<ЦенаЗаЕдиницу>-15<",
    'КоличествоНаСкладе="5"': 'КоличествоНаСкладе="-5"',
    'КоличествоНаСкладе="3"': 'КоличествоНаСкладе="-3"',
}


@pytest.fixture
def due(warehouse: Warehouse, store: Store, tmp_path: Path) -> DuePartner:
    """A partner whose catalog is in; its stock may not be negative yet."""
    take_files(warehouse, store, _file(tmp_path, "import.xml", written(CATALOG, GROUND)))
    return know_partner(warehouse, terms=STRICT)


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _send_broken(warehouse: Warehouse, store: Store, folder: Path) -> Closed:
    text = written(PACKAGE, "a")
    for old, new in _BROKEN.items():
        text = text.replace(old, new)
    (closed,) = take_files(warehouse, store, _file(folder, "offers.xml", text), terms=STRICT)
    return closed


def _ask(warehouse: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with warehouse.transaction("ask") as transaction:
        return [tuple(row.values()) for row in transaction.execute_compiled(question)]


def _stock(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return _ask(warehouse, """
        select coalesce(warehouse.id, ''), quantity::text from core.stock
        join core.offer using (offer_key) left join core.warehouse using (warehouse_key)
        where offer.id like '%o1' and recorded_to = 'infinity' and valid_to = 'infinity' order by 1
    """)  # fmt: skip


def _states(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return _ask(warehouse, """
        select dataset, natural_key, cause, state from journal.refusal order by refusal_key
    """)  # fmt: skip


def test_exactly_the_open_refusals_of_a_cause_are_driven_once(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    _send_broken(warehouse, store, tmp_path)
    assert [("", "8")] == _stock(warehouse)

    know_partner(warehouse, terms=Terms())  # the partner's term has changed: below zero is allowed
    (queued,) = replay_refusals(warehouse, "base", "STOCK_NEGATIVE")
    (closed,) = take_waiting(warehouse, store, DuePartner(due.partner_key, "base", Terms()))

    assert queued == closed.message_key
    assert [("file", 1, 1), ("stock", 2, 2)] == [
        (entry.dataset, entry.received, entry.accepted) for entry in closed.books
    ]
    assert [("", "8"), ("a-w1", "-5"), ("a-w2", "-3")] == _stock(warehouse)
    assert [
        ("prices", "ground-p1#a-o1|a-t1|шт|", "NUM_FORMAT", "open"),
        ("prices", "ground-p1#a-o1|a-t2||", "NUM_RANGE", "open"),
        ("stock", "ground-p1#a-o1|a-w1", "STOCK_NEGATIVE", "replayed"),
        ("stock", "ground-p1#a-o1|a-w2", "STOCK_NEGATIVE", "replayed"),
    ] == _states(warehouse)
    with pytest.raises(NothingToDriveError):
        replay_refusals(warehouse, "base", "STOCK_NEGATIVE")


def test_refusals_of_several_messages_go_in_their_old_order(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    texts = {
        quantity: written(PACKAGE, "a").replace(
            'КоличествоНаСкладе="5"', f'КоличествоНаСкладе="-{quantity}"')
        for quantity in (1, 2, 3)
    }  # fmt: skip
    files = [_file(tmp_path, f"offers{number}.xml", text) for number, text in texts.items()]
    first = take_files(warehouse, store, *files, terms=STRICT)

    know_partner(warehouse, terms=Terms())
    replay_refusals(warehouse, "base", "STOCK_NEGATIVE")
    again = take_waiting(warehouse, store, DuePartner(due.partner_key, "base", Terms()))

    assert [message.file_name for message in first] == [message.file_name for message in again]
    assert ("a-w1", "-3") in _stock(warehouse)


def test_a_record_that_is_refused_again_is_a_new_refusal(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    _send_broken(warehouse, store, tmp_path)

    replay_refusals(warehouse, "base", "NUM_FORMAT")
    (closed,) = take_waiting(warehouse, store, due)

    assert [("NUM_FORMAT", 1)] == [(cause, count) for cause, _, count in closed.refusals]
    price = "prices", "ground-p1#a-o1|a-t1|шт|", "NUM_FORMAT"
    assert [(*price, "replayed"), (*price, "open")] == [
        row for row in _states(warehouse) if row[2] == "NUM_FORMAT"
    ]


def test_a_whole_message_again_changes_nothing(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    (first,) = take_files(
        warehouse, store, _file(tmp_path, "offers.xml", written(PACKAGE, "a")), terms=STRICT
    )

    replay_message(warehouse, first.message_key)
    (again,) = take_waiting(warehouse, store, due)

    assert {0} == {entry.accepted for entry in again.books}
    assert [entry.received for entry in first.books] == [entry.received for entry in again.books]


def test_salvage_takes_the_whole_records_of_a_cut_file_and_deletes_nothing(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    text = written(CATALOG, "a").replace('Изменения="true"', 'Изменения="false"')
    cut = _file(tmp_path, "import1.xml", text[: text.index("<Ид>a-p2")])
    (refused,) = take_files(warehouse, store, cut, terms=STRICT)

    salvage_message(warehouse, refused.message_key)
    (closed,) = take_waiting(warehouse, store, due)

    goods = _ask(warehouse, "select id, withdrawn_at is null from core.product order by id")
    extents = _ask(
        warehouse, f"select extent from journal.message where message_key = {closed.message_key}"
    )
    assert ("refused", "closed") == (refused.state, closed.state)
    assert [("a-p1", True)] + [(f"ground-p{n}", True) for n in (1, 2, 3)] == goods
    assert [("changes",)] == extents
    assert [("file", "import1.xml", "XML_NOT_WELL_FORMED", "replayed")] == _states(warehouse)
    with pytest.raises(NothingToDriveError):
        salvage_message(warehouse, refused.message_key)


def test_a_message_that_was_taken_cannot_be_salvaged(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    taken = _send_broken(warehouse, store, tmp_path)

    with pytest.raises(NothingToDriveError):
        salvage_message(warehouse, taken.message_key)


def test_a_waived_refusal_keeps_who_closed_it_and_why(
    warehouse: Warehouse, store: Store, tmp_path: Path, due: DuePartner
) -> None:
    _send_broken(warehouse, store, tmp_path)
    signed = ("Иванова А. П.", "цена согласована")

    count = waive_cause(warehouse, "base", "NUM_RANGE", None, signed)

    waived = _ask(warehouse, """
        select natural_key, waived_by, waived_why from journal.refusal where state = 'waived'
    """)  # fmt: skip
    assert 1 == count
    assert [("ground-p1#a-o1|a-t2||", "Иванова А. П.", "цена согласована")] == waived
    with pytest.raises(FormError):
        waive_cause(warehouse, "base", "NUM_RANGE", None, ("Петров", "ещё раз"))
