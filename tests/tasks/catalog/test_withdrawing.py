"""What a whole export lacks is withdrawn; whatever looks incomplete deletes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.deletions import confirm_list
from tasks.journal.outcome import complete
from tasks.journal.summary import Summary
from tasks.operate.watching import find_overdue
from tests.tasks.catalog.whole_exports import GROUPS, Sender, goods_xml, offers_xml, portioned

ALL = list(range(60))
GUID = "00000000-0000-0000-0000-{:012}"


@pytest.fixture
def sender(warehouse: Warehouse, store: Store, tmp_path: Path) -> Sender:
    return Sender(warehouse, store, tmp_path)


def _split(goods: list[int], size: int = 25) -> dict[str, str]:
    """Write goods as the split client does: every portion says that it is full."""
    return {
        f"import___{GUID.format(start)}.xml": goods_xml(goods[start : start + size], is_full=True)
        for start in range(0, len(goods), size)
    }


def test_a_whole_export_without_three_goods_withdraws_them_and_their_offers(sender: Sender) -> None:
    sender.send(portioned(ALL, 25, has_offers=True))
    sender.send(portioned(ALL[:-3], 25, has_offers=True))

    assert set(ALL[:-3]) == sender.living()
    assert [(57,)] == sender.ask("select count(*) from core.offer where withdrawn_at is null")
    assert [("goods", 3, "confirmed")] == sender.lists()


def test_the_second_time_nothing_changes(sender: Sender) -> None:
    sender.send(portioned(ALL, 25))
    sender.send(portioned(ALL[:-3], 25))
    before = sender.ask("select id, withdrawn_at, xmin from core.product order by id")

    sender.send(portioned(ALL[:-3], 25))
    sender.send({})

    assert before == sender.ask("select id, withdrawn_at, xmin from core.product order by id")
    assert [("goods", 3, "confirmed")] == sender.lists()


def test_goods_that_come_back_live_again(sender: Sender) -> None:
    for goods in (ALL, ALL[:-3], ALL):
        sender.send(portioned(goods, 100, has_offers=True))

    assert set(ALL) == sender.living()
    assert [(60,)] == sender.ask("select count(*) from core.offer where withdrawn_at is null")


def test_later_portions_that_say_changes_belong_to_the_full_export(sender: Sender) -> None:
    sender.send(portioned(ALL, 10))

    assert set(ALL) == sender.living()
    assert [] == sender.lists()
    assert ["whole"] == sender.outcomes()


def test_past_the_limits_the_list_waits_and_confirming_deletes_exactly_it(sender: Sender) -> None:
    sender.send(portioned(ALL, 100, has_offers=True))
    sender.send(portioned(ALL[:35], 100, has_offers=True))

    assert set(ALL) == sender.living()
    assert [("goods", 25, "waiting")] == sender.lists()
    assert "25 of 60 would go; the limits are 20 records and 5%" == sender.reasons()

    decided = confirm_list(sender.warehouse, 1, "Иванова", "ассортимент сокращён")

    assert (50, 50) == (decided.listed, decided.gone)
    assert set(ALL[:35]) == sender.living()
    assert ["whole", "whole"] == sender.outcomes()


# What is done to the second export: its files, and words of the reason that waits ("" is none).
BROKEN: dict[str, tuple[Callable[[], dict[str, str]], str]] = {
    "the second portion is missing": (
        lambda: _without(portioned(ALL, 20), "import0_2.xml"),
        "of import0, portion 2 did not come",
    ),
    "the last portion is missing": (
        lambda: _without(portioned(ALL, 20), "import0_3.xml"),
        "in 2 files, those of the whole export before in 3",
    ),
    "the offers of the last portion are missing": (
        lambda: _without(portioned(ALL[:59], 20, has_offers=True), "offers0_3.xml"),
        "import0 has 3 portions and offers 2",
    ),
    # Nothing that is left says that it is full.
    "the first portion is missing": (lambda: _without(portioned(ALL, 20), "import0_1.xml"), ""),
    # The first file is refused whole, so nothing that was taken says that it is full.
    "the first portion is cut at 60 %": (lambda: _cut(portioned(ALL, 20), "import0_1.xml"), ""),
    "a later portion is cut at 60 %": (
        lambda: _cut(portioned(ALL, 20), "import0_2.xml"),
        "import0_2.xml (message 5) was refused",
    ),
    "it is one file and cut at 60 %": (lambda: _cut(portioned(ALL, 100), "import0_1.xml"), ""),
    "changes only, marked full": (
        lambda: portioned(ALL[:7], 100),
        "it holds 7 goods, the whole export before 60",
    ),
    "it is empty": (
        lambda: {"import0_1.xml": goods_xml([], is_full=True)},
        "it holds 0 goods, the whole export before 60",
    ),
    "changes only": (lambda: portioned(ALL[:7], 100, is_full=False), ""),
    "a guid in its names and no end": (
        lambda: _split(ALL[:59]),
        "its names do not tell how many files it has",
    ),
}


def _without(files: dict[str, str], *names: str) -> dict[str, str]:
    return {name: text for name, text in files.items() if name not in names}


def _cut(files: dict[str, str], name: str) -> dict[str, str]:
    return files | {name: files[name][: int(len(files[name]) * 0.6)]}


@pytest.mark.parametrize("case", BROKEN)
def test_an_export_that_may_not_be_whole_deletes_nothing(sender: Sender, case: str) -> None:
    make, words = BROKEN[case]
    sender.send(portioned(ALL, 20))
    sender.send(make())

    assert set(ALL) == sender.living()
    assert words in sender.reasons()
    assert [] == [row for row in sender.lists() if row[2] != "waiting"]
    assert bool(words) == bool(sender.lists())


def test_a_sender_of_changes_that_says_full_for_once_deletes_nothing(sender: Sender) -> None:
    sender.send(portioned(ALL, 100, is_full=False))
    sender.send(portioned(ALL[:59], 100))

    assert set(ALL) == sender.living()
    assert "the sender sent no whole export before" in sender.reasons()


def test_a_list_is_overtaken_when_all_of_it_is_there_again(sender: Sender) -> None:
    sender.send(portioned(ALL, 20))
    sender.send(_without(portioned(ALL, 20), "import0_3.xml"))
    sender.send(portioned(ALL, 20))

    assert [("goods", 20, "overtaken")] == sender.lists()


def test_portions_that_come_after_a_pause_complete_the_export(sender: Sender) -> None:
    sender.send(portioned(ALL, 20))
    files = list(portioned(ALL[:-1], 20).items())
    sender.send(dict(files[:1]))
    held = sender.lists()
    sender.send(dict(files[1:]))

    assert [("goods", 40, "waiting")] == held
    assert [("goods", 40, "overtaken"), ("goods", 1, "confirmed")] == sender.lists()
    assert set(ALL[:-1]) == sender.living()


def test_the_split_client_ends_its_export_by_saying_so(sender: Sender) -> None:
    sender.send(_split(ALL), session="ended")
    sender.send(_split(ALL[:-3]), session="open")
    before = sender.living()
    sender.end()

    assert set(ALL) == before
    assert set(ALL[:-3]) == sender.living()


def test_a_split_export_that_breaks_off_is_left_alone(sender: Sender) -> None:
    sender.send(_split(ALL), session="ended")
    sender.send(_split(ALL[:50]), session="over")

    assert set(ALL) == sender.living()
    assert [] == sender.lists()
    assert ["whole", "unfinished"] == sender.outcomes()


def test_a_pause_of_a_client_that_says_no_end_is_waited_out(sender: Sender) -> None:
    sender.send(portioned(ALL, 100))
    sender.send(portioned(ALL[:-1], 100), session="plain")
    before = sender.living()
    sender.ask("update journal.message set received_at = received_at - interval '2 minutes'")
    due = _due(sender)
    sender.send({})

    assert set(ALL) == before
    assert ["base"] == due
    assert set(ALL[:-1]) == sender.living()
    assert [] == _due(sender)


def _due(sender: Sender) -> list[str]:
    with sender.warehouse.transaction("ask") as transaction:
        rows = transaction.run("select_due_partners", partner=None, exchange="catalog")
    return [row["name"] for row in rows]


def test_refused_records_are_not_absent(sender: Sender) -> None:
    sender.send(portioned(ALL, 100))
    files = portioned(ALL, 100)
    files["import0_1.xml"] = files["import0_1.xml"].replace(
        "<Наименование>Товар 7</Наименование>", "<Наименование>Товар 7</Наименование><Цвет>1</Цвет>"
    )
    (closed,) = sender.send(files)

    assert 1 == sum(entry.refused for entry in closed.books)
    assert set(ALL) == sender.living()
    assert [] == sender.lists()


def test_groups_go_unless_something_that_stays_needs_them(sender: Sender) -> None:
    sender.send({"import0_1.xml": goods_xml(ALL, is_full=True, groups=GROUPS)})
    sender.send({"import0_1.xml": goods_xml(ALL, is_full=True, groups=("g3", "g4"))})

    assert [("g1",), ("g3",), ("g4",)] == sender.ask(
        "select id from core.product_group where withdrawn_at is null order by id"
    )


def test_one_of_two_catalogs_says_nothing_of_the_other(sender: Sender) -> None:
    sender.send({"import0_1.xml": goods_xml(ALL[:30], is_full=True)})
    sender.send({"import1_1.xml": goods_xml(ALL[30:], is_full=True, groups=None, of="d")})
    sender.send({"import0_1.xml": goods_xml(ALL[:29], is_full=True)})

    assert [("goods", 1, "waiting")] == sender.lists()


def test_offers_of_a_full_package_alone_withdraw_nothing(sender: Sender) -> None:
    sender.send(portioned(ALL, 100))
    sender.send({"offers0_1.xml": offers_xml(ALL[:3], is_full=True)})

    assert set(ALL) == sender.living()
    assert [] == sender.lists()


def test_the_artifact_of_the_run_says_what_went_and_what_waits(sender: Sender) -> None:
    sender.send(portioned(ALL, 100))
    gone = sender.send(portioned(ALL[:-1], 100))
    held = sender.send(portioned(ALL[:7], 100))

    went, waits = (
        complete(Summary("catalog", closed), sender.warehouse, sender.store).as_markdown()
        for closed in (gone, held)
    )
    assert "1 goods were withdrawn, list 1: 1 of 60: within the limits. Among them Товар 59" in went
    assert "52 goods would go and **wait** as list 2: 52 of 59 would go" in waits
    # 1C through the gateway is judged when it has been silent for a while, by a run of no messages.
    later = complete(Summary("catalog"), sender.warehouse, sender.store).as_markdown()
    assert "**wait** as list 2" in later


def test_a_list_that_waits_too_long_is_overdue(sender: Sender) -> None:
    sender.send(portioned(ALL, 100))
    sender.send(portioned(ALL[:7], 100))
    sender.ask("update journal.deletion_list set made_at = made_at - interval '25 hours'")

    (late,) = find_overdue(sender.warehouse, 24)

    assert late.startswith("base: list 1 waits for a person since")
