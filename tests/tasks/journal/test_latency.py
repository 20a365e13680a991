"""How long a change takes: from which moment, to which, and what counts when a package is lost."""

from typing import Any

import pytest
from pydantic import SecretStr

from blocks.warehouse import Warehouse
from tasks.journal.latency import latency_table, measure_latency
from tests.conftest import Services

_PARTNERS = """
    insert into journal.partner (name, settings) values
        ('base', '{}'), ('other', '{}'), ('shop', '{"publication": {"source": "base"}}')
"""
_SESSION = """
    insert into journal.session (partner_key, token_hash, exchange_type, peer, expires_at)
    select partner_key, '\\x01', 'catalog', '127.0.0.1', now()
    from journal.partner where name = 'base'
"""
_MESSAGE = """
    insert into journal.message (
        partner_key, exchange, direction, sha256, size, object_key, file_name, session_key,
        parent_key, origin, received_at
    )
    select partner_key, 'catalog', 'in', sha256('x'), 1, 'x', :file_name,
           (select max(session_key) from journal.session where cast(:has_session as boolean)),
           :parent_key, :origin, now() - make_interval(secs => :ago)
    from journal.partner where name = :base
    returning message_key
"""
_KNOCK = """
    insert into journal.knock (at, session_key, peer, mode, file_name, duration_ms, status, answer)
    select now() - make_interval(secs => :ago), max(session_key), '127.0.0.1', 'import', :file_name,
           :duration_ms, 200, 'progress'
    from journal.session
"""
_DELIVERY = """
    insert into journal.delivery (
        partner_key, exchange, kind, idempotency_key, state, ended_at, resolved_as, resolved_by
    )
    select partner_key, 'publication', 'package', gen_random_uuid()::text, :state,
           now() - make_interval(secs => :ago), :resolved_as,
           case when cast(:resolved_as as text) is not null then 'Anna' end
    from journal.partner where name = 'shop'
    returning delivery_key
"""
_CARRIED = """
    insert into journal.carried (delivery_key, dataset, key, effect, digest)
    values (:delivery_key, 'stock', :key, 'update', gen_random_uuid())
"""
_NOTICE = """
    insert into journal.notice (partner_key, message_key, settled_at, delivery_key)
    select partner_key, :message_key, case when cast(:is_settled as boolean) then now() end,
           :delivery_key
    from journal.partner where name = 'shop'
"""


class Story:
    """What came, who asked for it, and which packages told of it; all ages in seconds."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._run(_PARTNERS)
        self._run(_SESSION)

    def message(self, file_name: str = "rests.xml", **words: Any) -> int:
        usual = {"has_session": True, "parent_key": None, "origin": "received"}
        said = usual | {"base": "base", "ago": 100.0} | words
        return int(self._run(_MESSAGE, file_name=file_name, **said)[0]["message_key"])

    def knock(self, ago: float, file_name: str = "rests.xml", duration_ms: int = 0) -> None:
        self._run(_KNOCK, ago=ago, file_name=file_name, duration_ms=duration_ms)

    def delivery(self, ago: float, state: str = "delivered", resolved: str | None = None) -> int:
        said = {"state": state, "resolved_as": resolved, "ago": ago}
        return int(self._run(_DELIVERY, **said)[0]["delivery_key"])

    def carries(self, delivery_key: int, *keys: str) -> None:
        for key in keys:
            self._run(_CARRIED, delivery_key=delivery_key, key=key)

    def notice(self, message: int, delivery: int | None, *, is_settled: bool = True) -> None:
        said = {"message_key": message, "delivery_key": delivery, "is_settled": is_settled}
        self._run(_NOTICE, **said)

    def _run(self, statement: str, **words: object) -> Any:
        with self._warehouse.transaction("story") as transaction:
            return transaction.execute_compiled(statement, **words)


@pytest.fixture
def story(owner_warehouse: Warehouse) -> Story:
    return Story(owner_warehouse)


def _seconds(warehouse: Warehouse, **words: Any) -> list[tuple[float | None, int]]:
    return [
        (None if each.max_s is None else round(each.max_s), each.waiting)
        for each in measure_latency(warehouse, **words)
    ]


def test_it_runs_from_the_import_that_1c_asked_for_not_from_its_answer(
    story: Story, warehouse: Warehouse
) -> None:
    message = story.message(ago=100)
    story.knock(ago=80, duration_ms=10_000)
    story.knock(ago=60)
    story.notice(message, story.delivery(ago=30))

    assert [(60, 0)] == _seconds(warehouse)


@pytest.mark.parametrize("has_session", [True, False])
def test_it_runs_from_the_arrival_where_nobody_asked(
    story: Story, warehouse: Warehouse, *, has_session: bool
) -> None:
    message = story.message(ago=100, has_session=has_session)
    story.knock(ago=80, file_name="prices.xml")
    story.notice(message, story.delivery(ago=30))

    assert [(70, 0)] == _seconds(warehouse)


def test_of_a_file_in_an_archive_it_runs_from_the_import_of_its_name(
    story: Story, warehouse: Warehouse
) -> None:
    archive = story.message("v8.zip", ago=100)
    story.knock(ago=90)
    member = story.message(ago=40, has_session=False, parent_key=archive, origin="member")
    story.notice(member, story.delivery(ago=30))

    assert [(60, 0)] == _seconds(warehouse)


def test_what_is_on_its_way_has_no_latency_but_waits(story: Story, warehouse: Warehouse) -> None:
    story.notice(story.message(), None, is_settled=False)
    story.notice(story.message(), story.delivery(0, "planned"))
    story.notice(story.message(), story.delivery(0, "in_doubt"))

    assert [(None, 3)] == _seconds(warehouse)


def test_what_held_nothing_for_a_portal_counts_nowhere(story: Story, warehouse: Warehouse) -> None:
    story.notice(story.message(), None)

    assert [] == _seconds(warehouse)


def test_a_message_told_in_several_packages_counts_to_the_last_of_them(
    story: Story, warehouse: Warehouse
) -> None:
    dropped = story.delivery(90, "resolved", "dropped")
    story.carries(dropped, "a", "b")
    story.notice(story.message(ago=100), dropped)
    for key, ago in (("a", 50), ("b", 20)):
        story.carries(story.delivery(ago), key)
    story.carries(story.delivery(5), "a")

    assert [(80, 0)] == _seconds(warehouse)


def test_a_dropped_package_is_not_heard_of_until_all_of_it_was_told_again(
    story: Story, warehouse: Warehouse
) -> None:
    dropped = story.delivery(90, "resolved", "dropped")
    story.carries(dropped, "a", "b")
    story.notice(story.message(ago=100), dropped)
    story.carries(story.delivery(50), "a")

    assert [(None, 1)] == _seconds(warehouse)


def test_what_was_found_to_have_arrived_is_acknowledged(story: Story, warehouse: Warehouse) -> None:
    story.notice(story.message(ago=100), story.delivery(40, "resolved", "delivered"))

    assert [(60, 0)] == _seconds(warehouse)


def test_it_is_measured_over_a_run_a_base_or_a_day(story: Story, warehouse: Warehouse) -> None:
    one, two = story.delivery(90), story.delivery(50)
    story.notice(story.message(ago=100), one)
    story.notice(story.message(ago=100), two)

    assert [(10, 0)] == _seconds(warehouse, delivery_keys=[one], hours=None)
    assert [(50, 0)] == _seconds(warehouse, base="base")
    assert [] == _seconds(warehouse, base="other")
    assert [] == _seconds(warehouse, delivery_keys=[], hours=None)


def test_half_of_the_messages_are_below_p50_and_nineteen_of_twenty_below_p95(
    story: Story, warehouse: Warehouse
) -> None:
    for seconds in range(1, 21):
        story.notice(story.message(ago=100), story.delivery(100 - seconds))

    (measured,) = measure_latency(warehouse)
    assert measured.p50_s is not None
    assert measured.p95_s is not None
    assert (20, 10, 19) == (measured.messages, round(measured.p50_s), round(measured.p95_s))
    assert "| shop | 20 | 10.0 | 19.0 | 20.0 | 0 |  |" in latency_table([measured])


def test_readers_of_bi_may_ask_for_it_too(
    story: Story, warehouse: Warehouse, services: Services
) -> None:
    dropped = story.delivery(90, "resolved", "dropped")
    story.carries(dropped, "a")
    story.notice(story.message(ago=100), dropped)
    story.carries(story.delivery(50), "a")
    reader = Warehouse(url=SecretStr(services.settings.warehouse_url_for("obmen_reader")))

    assert [(50, 0)] == _seconds(warehouse)
    assert [(50, 0)] == _seconds(reader)
