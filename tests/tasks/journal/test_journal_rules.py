"""What the database itself refuses, whoever asks."""

import pytest
from sqlalchemy.exc import DBAPIError

from blocks.warehouse import Warehouse
from tests.tasks.catalog.plain import know_partner

_MESSAGE = """
    insert into journal.message
        (partner_key, exchange, direction, sha256, size, object_key, file_name)
    select partner_key, 'catalog', 'in', decode(repeat('00', 32), 'hex'), 0, 'raw/00', 'a.xml'
    from journal.partner
"""


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["insert into journal.books values (1, 'goods', 3, 1, 1, 0)"], "books_balance"),
        (
            ["update journal.message set state = 'closed', closed_at = now()"],
            "without books of the same transaction",
        ),
        (
            [
                "insert into journal.checkpoint values (1, 'catalog', 'x', 5)",
                "update journal.checkpoint set position = 4",
            ],
            "would move back",
        ),
        (["delete from journal.message"], "permission denied"),
        (["update journal.books set accepted = 0"], "permission denied"),
        (["create table core.x ()"], "permission denied"),
        (["select * from journal.door; drop table journal.door"], "must be owner"),
    ],
)
def test_a_flow_cannot_break_the_journal(
    warehouse: Warehouse, statements: list[str], words: str
) -> None:
    know_partner(warehouse)
    with warehouse.transaction("message") as transaction:
        transaction.execute_compiled(_MESSAGE)

    with pytest.raises(DBAPIError, match=words):
        _run_all(warehouse, statements)


def _run_all(warehouse: Warehouse, statements: list[str]) -> None:
    with warehouse.transaction("break") as transaction:
        for statement in statements:
            transaction.execute_compiled(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from core.product",
        "update journal.message set state = 'closed'",
        "insert into journal.books values (1, 'file', 1, 1, 0, 0)",
        "update journal.door set password_hash = 'x'",
        "delete from journal.chunk",
        "select * from staging.goods",
    ],
)
def test_the_gateway_can_only_file(gateway_warehouse: Warehouse, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        gateway_warehouse.transaction("break") as transaction,
    ):
        transaction.execute_compiled(statement)
