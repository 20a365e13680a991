"""Who is published to, who is passed over, and what is said when nothing goes for too long."""

from pathlib import Path
from typing import Any

import pytest

from blocks.channel import Folder, GatewayDoor
from blocks.drop_folder import DropFolder
from blocks.partner import Partner
from blocks.publication import Publication
from blocks.warehouse import Warehouse
from tasks.journal.admission import admit_partners
from tasks.operate.watching import find_overdue
from tasks.publication.portals import find_due
from tests.tasks.catalog.plain import know_partner
from tests.tasks.publication.rounds import SOURCE, ask


def _partner(name: str, **words: Any) -> Partner:
    usual = {
        "channel": DropFolder(path=Path()),
        "state": "active",
        "publication": Publication(source=SOURCE),
    }
    partner = Partner(**usual | words)
    partner._block_document_name = name  # noqa: SLF001 - as Prefect names a block it has read
    return partner


_PASSED_OVER: dict[str, tuple[dict[str, Any], str]] = {
    "a draft": ({"state": "draft"}, "its block says draft"),
    "a paused one": ({"state": "paused"}, "its block says paused"),
    "a closed one": ({"state": "closed"}, "its block says closed"),
    "one that only sends": ({"direction": "in"}, "nothing goes out to it"),
    "one without a source": ({"publication": Publication()}, "nothing goes out to it"),
    "one over a way in": ({"channel": Folder(path=Path())}, "nothing goes out to it"),
    "one of an unknown source": (
        {"publication": Publication(source="nobody")},
        "its source 'nobody' is not known",
    ),
}


@pytest.mark.parametrize("name", _PASSED_OVER)
def test_a_portal_that_is_not_due_is_passed_over_with_its_reason(
    warehouse: Warehouse, name: str
) -> None:
    know_partner(warehouse, SOURCE)
    words, reason = _PASSED_OVER[name]

    due = find_due([_partner("shop", **words)], warehouse, "shop")

    assert [] == due.targets
    assert reason in due.passed_over["shop"]


def test_the_hundred_and_first_portal_is_one_block_more(warehouse: Warehouse) -> None:
    know_partner(warehouse, SOURCE)
    partners = [_partner(f"shop-{number}") for number in range(101)]

    due = find_due(partners, warehouse)

    assert [f"shop-{number}" for number in range(101)] == [
        target.portal.name for target in due.targets
    ]


@pytest.mark.parametrize(("minutes_ago", "names"), [(1, []), (6, ["shop"])])
def test_a_round_is_due_again_after_its_time(
    warehouse: Warehouse, minutes_ago: int, names: list[str]
) -> None:
    know_partner(warehouse, SOURCE)
    find_due([_partner("shop")], warehouse)
    _end_round(warehouse, minutes_ago)

    due = find_due([_partner("shop")], warehouse)

    assert names == [target.portal.name for target in due.targets]


def test_a_round_is_due_at_once_when_something_changed(warehouse: Warehouse) -> None:
    source = know_partner(warehouse, SOURCE)
    find_due([_partner("shop")], warehouse)
    _end_round(warehouse, minutes_ago=1)
    with warehouse.transaction("message") as transaction:
        transaction.execute_compiled(
            "with said as (insert into journal.message (partner_key, exchange, direction, sha256, "
            "size, object_key, file_name) values (:source, 'catalog', 'in', sha256('x'), 1, 'x', "
            "'x') returning message_key) insert into journal.notice (partner_key, message_key) "
            "select partner_key, message_key from journal.partner, said where name = 'shop'",
            source=source.partner_key,
        )

    due = find_due([_partner("shop")], warehouse)

    assert ["shop"] == [target.portal.name for target in due.targets]


def test_a_closed_partners_door_is_shut_and_its_history_stays(warehouse: Warehouse) -> None:
    door = GatewayDoor(login="roga", password="long-enough")
    admit_partners([_partner("roga", channel=door, publication=Publication())], warehouse)

    admit_partners(
        [_partner("roga", channel=door, publication=Publication(), state="closed")], warehouse
    )

    assert [("roga", False)] == ask(warehouse, "select login, is_open from journal.door")
    assert [("roga", "closed")] == ask(warehouse, "select name, state from journal.partner")


def test_a_portal_without_a_round_for_two_intervals_is_told_of(warehouse: Warehouse) -> None:
    know_partner(warehouse, SOURCE)
    find_due([_partner("shop")], warehouse)
    with warehouse.transaction("past") as transaction:
        transaction.execute_compiled(
            "update journal.partner set changed_at = now() - interval '11 minutes'"
        )

    said = find_overdue(warehouse, 24)

    assert ["shop: no round of publication for 11 minutes, it wants one every 5"] == [
        line for line in said if line.startswith("shop")
    ]


def _end_round(warehouse: Warehouse, minutes_ago: int) -> None:
    with warehouse.transaction("run") as transaction:
        transaction.execute_compiled(
            "insert into journal.run (exchange, partner_key, holder, started_at, ended_at, outcome)"
            " select 'publication', partner_key, 'test', now() - make_interval(mins => :ago),"
            " now(), 'completed' from journal.partner where name = 'shop'",
            ago=minutes_ago,
        )
