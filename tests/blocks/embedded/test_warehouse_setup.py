"""The warehouse as set-up leaves it."""

from blocks.embedded.warehouse_setup import connect
from tests.conftest import Services


def test_the_flow_role_may_not_change_books(services: Services) -> None:
    with connect(services.settings.warehouse_url_for("obmen_flow")) as connection:
        row = connection.execute("select has_table_privilege('journal.books', 'update')").fetchone()

    assert row == (False,)
