"""A distributor whose whole file lacks a warehouse, and what is planted in its stock."""

from pathlib import Path

from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.tasks.catalog.stock_files import Base, Said


def fill_stock(warehouse: Warehouse, store: Store, folder: Path) -> None:
    """Take two whole files of a distributor: in the second one warehouse of an offer is absent."""
    distributor = Base(warehouse, store, folder, name="distributor").prepare()
    distributor.say(Said({"p1": {"w1": "5", "w2": "7"}}, minute=0))
    distributor.say(Said({"p1": {"w1": "5"}}, minute=1))


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
}
