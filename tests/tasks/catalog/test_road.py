"""A message from staging to the warehouse: what is written, what is refused, what stays."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.datasets import Batch, Dataset
from tests.tasks.catalog.builders import Base, base, batch

GROUPS = batch(
    Dataset.GROUPS, {"id": "g1", "name": "Чай"}, {"id": "g2", "parent_id": "g1", "name": "Зелёный"}
)
GOODS = batch(
    Dataset.GOODS,
    {"id": "p1", "name": "Сенча", "group_ids": '["g2"]', "weight_kg": "0.250"},
    {"id": "p2", "name": "Улун", "group_ids": '["g1"]'},
)
TYPES = batch(Dataset.PRICE_TYPES, {"id": "t1", "name": "РРЦ", "currency": "RUB"})
OFFERS = batch(
    Dataset.OFFERS,
    {"id": "p1", "product_id": "p1", "name": "Сенча"},
    {"id": "p2#c1", "product_id": "p2", "characteristic_id": "c1", "name": "Улун (100 г)"},
)
PRICES = batch(
    Dataset.PRICES,
    {"offer_id": "p1", "price_type_id": "t1", "amount": "120.50", "currency": "RUB"},
    {"offer_id": "p2#c1", "price_type_id": "t1", "amount": "340", "currency": "RUB"},
)
CATALOG = (GROUPS, GOODS, TYPES, OFFERS, PRICES)


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        yield sender


def _outside_journal(sender: Base) -> list[dict[str, object]]:
    tables = ("product_group", "product", "offer", "price_type", "price", "stock", "warehouse")
    return [
        sender.rows(f"select count(*) as rows, max(xmin::text::bigint) as last from core.{table}")[
            0
        ]
        for table in tables
    ]


def test_all_records_enter_and_the_books_balance(sender: Base) -> None:
    closed = sender.send(*CATALOG)

    assert ("closed", True) == (closed.state, closed.is_balanced)
    assert {"file": 1, "groups": 2, "goods": 2, "price_types": 1, "offers": 2, "prices": 2} == {
        entry.dataset: entry.accepted for entry in closed.books
    }


def test_the_second_time_nothing_is_written_outside_the_journal(sender: Base) -> None:
    sender.send(*CATALOG)
    before = _outside_journal(sender)

    closed = sender.send(*CATALOG)

    assert before == _outside_journal(sender)
    assert all(entry.accepted == 0 and entry.refused == 0 for entry in closed.books)


def test_a_changed_price_keeps_what_was_believed_before(sender: Base) -> None:
    sender.send(*CATALOG)
    sender.send(
        batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "is_bare": True}),
        batch(
            Dataset.PRICES,
            {"offer_id": "p1", "price_type_id": "t1", "amount": "99.90", "currency": "RUB"},
        ),
        formed_at="2026-11-02T10:00:00",
    )

    history = sender.rows("""
        select amount, valid_to = 'infinity' as holds, recorded_to = 'infinity' as believed
        from core.price join core.offer using (offer_key)
        where offer.id = 'p1' order by recorded_from, valid_from
    """)

    assert [
        (Decimal("120.50"), True, False),
        (Decimal("120.50"), False, True),
        (Decimal("99.90"), True, True),
    ] == [tuple(row.values()) for row in history]


def test_a_bare_offer_never_overwrites_a_name(sender: Base) -> None:
    sender.send(*CATALOG)
    sender.send(batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "is_bare": True}))

    assert [{"name": "Сенча"}] == sender.rows("select name from core.offer where id = 'p1'")


@pytest.mark.parametrize(
    ("records", "refused"),
    [
        (
            (batch(Dataset.GROUPS, {"id": "g9", "parent_id": "gone", "name": "Сирота"}),),
            [("groups", "g9", "REF_MISSING")],
        ),
        (
            (
                batch(
                    Dataset.GROUPS,
                    {"id": "g8", "parent_id": "g9", "name": "Внук"},
                    {"id": "g9", "parent_id": "gone", "name": "Сирота"},
                ),
            ),
            [("groups", "g8", "REF_MISSING"), ("groups", "g9", "REF_MISSING")],
        ),
        (
            (
                batch(
                    Dataset.GROUPS,
                    {"id": "a", "parent_id": "b", "name": "А"},
                    {"id": "b", "parent_id": "a", "name": "Б"},
                ),
            ),
            [("groups", "a", "TREE_CYCLE"), ("groups", "b", "TREE_CYCLE")],
        ),
        (
            (batch(Dataset.GROUPS, {"id": "g1", "parent_id": "g2", "name": "Чай"}),),
            [("groups", "g1", "TREE_CYCLE")],
        ),
        (
            (batch(Dataset.GOODS, {"id": "p9", "name": "Без группы", "group_ids": '["nowhere"]'}),),
            [("goods", "p9", "REF_MISSING")],
        ),
        (
            (batch(Dataset.GOODS, {"id": "p9", "name": "Один"}, {"id": "p9", "name": "Другой"}),),
            [("goods", "p9", "DUP_CONFLICT"), ("goods", "p9", "DUP_CONFLICT")],
        ),
        (
            (
                batch(
                    Dataset.GOODS,
                    {"id": "p8", "name": "А", "part_number": "KL 48"},
                    {"id": "p9", "name": "Б", "part_number": "kl48"},
                ),
            ),
            [("goods", "p8", "PART_NUMBER_TAKEN"), ("goods", "p9", "PART_NUMBER_TAKEN")],
        ),
        (
            (batch(Dataset.OFFERS, {"id": "p9", "product_id": "p9", "name": "Нет товара"}),),
            [("offers", "p9", "REF_MISSING")],
        ),
        (
            (batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t1", "amount": "-5"}),),
            [("prices", "p1|t1||", "NUM_RANGE")],
        ),
        (
            (batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t9", "amount": "5"}),),
            [("prices", "p1|t9||", "REF_MISSING")],
        ),
        (
            (batch(Dataset.STOCK, {"offer_id": "p1", "warehouse_id": "w9", "quantity": "5"}),),
            [("stock", "p1|w9", "REF_MISSING")],
        ),
        (
            (batch(Dataset.DOCUMENTS, {"id": "d1", "number": "1"}),),
            [("documents", "d1", "DATASET_NOT_TAKEN")],
        ),
    ],
)
def test_a_record_that_may_not_enter_is_refused_alone(
    sender: Base, records: tuple[Batch, ...], refused: list[tuple[str, str, str]]
) -> None:
    sender.send(*CATALOG)
    closed = sender.send(*records, batch(Dataset.PROPERTIES, {"id": "x", "name": "Вкус"}))

    assert refused == sender.refused()
    assert closed.is_balanced
    assert [{"name": "Вкус"}] == sender.rows("select name from core.property")


def test_offers_and_prices_of_a_refused_good_are_missing_their_reference(sender: Base) -> None:
    sender.send(
        GROUPS,
        TYPES,
        batch(Dataset.GOODS, {"id": "p1", "name": "Сенча", "group_ids": '["nowhere"]'}),
        batch(Dataset.OFFERS, {"id": "p1", "product_id": "p1", "name": "Сенча"}),
        batch(Dataset.PRICES, {"offer_id": "p1", "price_type_id": "t1", "amount": "1"}),
    )

    assert [
        ("goods", "p1", "REF_MISSING"),
        ("offers", "p1", "REF_MISSING"),
        ("prices", "p1|t1||", "REF_MISSING"),
    ] == sender.refused()


def test_the_same_record_twice_in_a_file_counts_as_unchanged(sender: Base) -> None:
    closed = sender.send(
        batch(Dataset.GROUPS, {"id": "g1", "name": "Чай"}, {"id": "g1", "name": "Чай"})
    )

    groups = next(entry for entry in closed.books if entry.dataset == "groups")

    assert (2, 1, 1, 0) == (groups.received, groups.accepted, groups.unchanged, groups.refused)


def test_undeclared_price_types_enter_where_the_partner_says_so(
    warehouse: Warehouse, store: Store
) -> None:
    with base(warehouse, store, undeclared=frozenset({"price_types"})) as sender:
        sender.send(GROUPS, GOODS, OFFERS, PRICES)

        assert [] == sender.refused()
        assert [{"id": "t1", "currency": "RUB"}] == sender.rows(
            "select id, currency from core.price_type"
        )
