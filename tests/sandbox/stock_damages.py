"""A distributor whose whole file lacks a warehouse, and what is planted in its stock."""

from pathlib import Path

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.tasks.catalog.stock_files import Base, Said

_MOVED = (
    "#obmen-catalog;3;formed_at=2025-11-01T11:00:00\n"
    "offer_id;warehouse_id;kind;document;quantity;moved_at\n"
    "p1;w1;opening;И1;8;2025-11-01T00:00:00\n"
    "p1;w1;sale;Р1;-2;2025-11-01T09:00:00\n"
    "p1;w1;sale;Р2;-1;2025-11-01T09:30:00\n"
)


def fill_stock(warehouse: Warehouse, store: Store, folder: Path) -> None:
    """Take two whole files of a distributor: in the second one warehouse of an offer is absent."""
    distributor = Base(warehouse, store, folder, name="distributor").prepare()
    distributor.say(Said({"p1": {"w1": "5", "w2": "7"}}, minute=0))
    distributor.say(Said({"p1": {"w1": "5"}}, minute=1))
    distributor.send(_MOVED, name="movements.csv")


_ABSENT = "(select message_key from core.stock_absence)"

# What is done to the copy, and how the finding that must come of it begins.
STOCK = {
    "a quantity is 0 that its file names": (
        (
            "insert into journal.deletion (list_key, dataset, key, done_at)"
            " select list_key, 'stock', 'p1|w1', now() from core.stock_absence"
        ),
        "absence: stock p1|w1: message",
    ),
    "an absent quantity is not 0": (
        f"update core.stock set quantity = 7 where message_key = {_ABSENT} and quantity = 0",
        "absence: stock p1|w2: message",
    ),
    "a quantity outlives the whole file that lacks it": (
        (
            f"delete from core.stock where message_key = {_ABSENT} and quantity = 0;"
            "update core.stock set valid_to = 'infinity' where quantity = 7"
            " and recorded_to = 'infinity' and message_key in (select message_key"
            " from journal.message join journal.partner using (partner_key)"
            " where name = 'distributor');"
            "delete from journal.deletion where dataset = 'stock';"
            "delete from journal.deletion_list where dataset = 'stock'"
        ),
        "absence: stock p1|w2: held, though message",
    ),
    "nobody brought a quantity of 0": (
        (
            "delete from journal.deletion where dataset = 'stock';"
            "delete from journal.deletion_list where dataset = 'stock'"
        ),
        "core: stock p1|w2: messages",
    ),
    "a movement is lost": (
        "delete from core.stock_movement where document = 'Р2'",
        "movement: p1|w1|sale|Р2|: was accepted",
    ),
    "a movement is changed": (
        "update core.stock_movement set quantity = -3 where document = 'Р2'",
        "movement: p1|w1|sale|Р2|: is not what message",
    ),
    "nobody brought a movement": (
        (
            "insert into core.stock_movement (offer_key, warehouse_key, kind, document, line,"
            " quantity, moved_at, digest, message_key, recorded_from)"
            " select offer_key, warehouse_key, kind, 'Р3', line, quantity, moved_at, digest,"
            " message_key, recorded_from from core.stock_movement where document = 'Р2'"
        ),
        "movement: p1|w1|sale|Р3|: no message",
    ),
    "the movements' books are cooked": (
        (
            "create or replace view core.stock_mismatch as select source, offer_id, warehouse_id,"
            " as_of, opened_at, opening, expected, closing, closing - expected as difference,"
            " ''::text as reason, partner_key from core.stock_balance"
        ),
        "balance: distributor: p1 in w1: its mismatch is not told",
    ),
}
