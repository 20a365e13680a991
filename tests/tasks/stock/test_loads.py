"""Loads of what partners pay: versions, second runs, refused rows, and who hears of it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.loads import File, NotLoadedError, fetch_file
from tasks.stock.approvals import Decision, decide_price, load_approvals
from tasks.stock.loads import Loaded
from tasks.stock.policy import load_policy
from tasks.stock.price_lists import load_price_list
from tasks.stock.proposals import load_proposals
from tasks.stock.rates import load_rates
from tests.tasks.catalog.builders import Base, base
from tests.tasks.publication.rounds import know_portal
from tests.tasks.stock.company import RATES, file, load_rules, policy, send_company

_CBR = Path(__file__).parents[2] / "samples" / "cbr" / "XML_daily.xml"
_RUB = {"kind": "base", "price_type": "rub"}
_POLICY = policy([_RUB, {"kind": "discount", "partner": "shop", "percent": "5"}])
_LIST = "предложение;тип цен;цена;валюта;действует с\np1;rub;98;RUB;2020-01-01\n"
_ASKED = "партнёр;предложение;цена;валюта\nshop;p1;95;RUB\n"
_ANSWER = "партнёр;предложение;цена;валюта;решение\nshop;p1;95;RUB;согласовано\n"
_COUNTS = "select " + ", ".join(
    f"(select count(*) from core.{table}) as {table}"
    for table in (
        "load", "load_refusal", "currency", "currency_rate", "dealer", "price_rule",
        "agreed_price", "price_proposal",
    )
)  # fmt: skip

Load = Callable[[Warehouse, Store], Loaded]
LOADS: dict[str, Load] = {
    "rates": lambda warehouse, store: load_rates(warehouse, store, file(RATES)),
    "policy": lambda warehouse, store: load_policy(warehouse, store, "base", file(_POLICY)),
    "list": lambda warehouse, store: load_price_list(warehouse, store, "base", "shop", file(_LIST)),
    "proposals": lambda warehouse, store: load_proposals(warehouse, store, "base", file(_ASKED)),
}


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        send_company(sender)
        know_portal(warehouse, pricing="policy")
        know_portal(warehouse, "window")
        yield sender


def asked(sender: Base, question: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in sender.rows(question)]


def waiting(sender: Base) -> list[str]:
    """Portals that must hear of something."""
    question = (
        "select distinct name from journal.notice join journal.partner using (partner_key) "
        "where settled_at is null order by 1"
    )
    return [name for (name,) in asked(sender, question)]


@pytest.mark.parametrize("name", LOADS)
def test_a_load_that_runs_twice_changes_nothing(sender: Base, name: str) -> None:
    first = LOADS[name](sender.warehouse, sender.store)
    before = asked(sender, _COUNTS)

    second = LOADS[name](sender.warehouse, sender.store)

    assert before == asked(sender, _COUNTS)
    assert (True, False) == (first.is_new, second.is_new)
    assert (first.received, 0) == (second.unchanged, second.accepted)
    assert first.is_balanced
    assert second.is_balanced


def test_a_load_keeps_its_file_and_who_signed_it(sender: Base) -> None:
    LOADS["policy"](sender.warehouse, sender.store)

    ((person, key, version),) = asked(
        sender, "select loaded_by, object_key, version from core.load"
    )

    assert ("Иванова", 1, _POLICY.encode()) == (person, version, sender.store.get(key))


def test_a_rate_that_is_corrected_is_a_new_row_and_the_old_one_stays(sender: Base) -> None:
    load_rates(sender.warehouse, sender.store, File("XML_daily.xml", _CBR.read_bytes(), "И"))

    corrected = file("валюта;дата;курс\nUSD;20.11.2026;81,2\nEUR;20.11.2026;94,1\n")
    loaded = load_rates(sender.warehouse, sender.store, corrected)

    assert (2, 0) == (loaded.accepted, loaded.unchanged)
    assert [(Decimal("81.1234"), "ЦБ РФ"), (Decimal("81.2"), "table.csv")] == asked(
        sender, "select rate, source from core.currency_rate where currency = 'USD' order by 1"
    )
    assert [(Decimal("81.2"),)] == asked(
        sender, "select rate from core.currency_rate_now where currency = 'USD'"
    )
    assert [(Decimal("0.1555"),)] == asked(
        sender, "select for_one from core.currency_rate where currency = 'KZT'"
    )


def test_rates_that_contradict_each_other_are_refused_and_the_others_taken(sender: Base) -> None:
    text = "валюта;дата;курс\nUSD;2026-11-20;81\nEUR;2026-11-20;94\nUSD;2026-11-20;82\nRUB;1;1\n"

    loaded = load_rates(sender.warehouse, sender.store, file(text))

    assert (4, 1) == (loaded.received, loaded.accepted)
    assert [(2, "rate"), (4, "rate"), (5, "currency")] == asked(
        sender, "select row_no, column_name from core.load_refusal order by 1"
    )
    assert loaded.is_balanced


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "discount", "percent": "200"}, "row 3: percent = '200'"),
        ({"kind": "discount", "percent": "5", "partner": "nobody"}, "partner = 'nobody'"),
        ({**_RUB, "partner": "shop", "price_type": "eur"}, "price_type = 'eur'"),
        (_RUB, "row 3: kind = 'base'"),
    ],
)
def test_of_a_policy_with_one_bad_row_nothing_is_taken(
    sender: Base, rule: dict[str, str], words: str
) -> None:
    load_rules(sender.warehouse, sender.store, _RUB)
    before = asked(sender, _COUNTS)

    with pytest.raises(NotLoadedError, match=words):
        load_rules(sender.warehouse, sender.store, _RUB, rule)

    assert before == asked(sender, _COUNTS)


@pytest.mark.parametrize("name", ["rates", "policy"])
def test_only_portals_that_see_computed_prices_hear_of_them(sender: Base, name: str) -> None:
    with sender.warehouse.transaction("settle") as transaction:
        transaction.execute_compiled("update journal.notice set settled_at = now()")
    assert [] == waiting(sender)

    LOADS[name](sender.warehouse, sender.store)

    assert ["shop"] == waiting(sender)


def test_of_a_list_two_rows_for_the_same_day_do_not_both_stand(sender: Base) -> None:
    text = (
        "предложение;тип цен;цена;валюта;действует с;по\n"
        "p1;rub;98;RUB;2026-01-01;2026-06-30\n"
        "p1;rub;99;RUB;2026-06-30;\n"
        "p1;rub;99;RUB;2026-07-01;\n"
        "p3;rub;99;RUB;2026-07-01;2026-06-01\n"
    )

    loaded = load_price_list(sender.warehouse, sender.store, "base", "shop", file(text))

    assert [(3, "valid_from"), (5, "valid_to")] == [(r.row_no, r.column) for r in loaded.refused]
    assert [(98,), (99,)] == [
        tuple(row.values())
        for day in ("2026-06-30", "2026-07-01")
        for row in sender.rows(f"select agreed_amount from core.price_deviation_on('{day}')")
    ]


def test_a_proposal_that_cannot_be_meant_is_refused_with_its_place(sender: Base) -> None:
    know_portal(sender.warehouse, "kiosk", pricing="policy")
    text = (
        "партнёр;предложение;цена;валюта\n"
        "nobody;p1;95;RUB\nwindow;p1;95;RUB\nbase;p1;95;RUB\nshop;p9;95;RUB\n"
        "kiosk;p1;95;RUB\nkiosk;p1;96;RUB\n"
    )

    loaded = load_proposals(sender.warehouse, sender.store, "base", file(text))

    assert [(2, "partner"), (3, "partner"), (4, "partner"), (5, "offer"), (7, "offer")] == [
        (refused.row_no, refused.column) for refused in loaded.refused
    ]
    assert 1 == loaded.accepted


def test_a_second_price_for_an_offer_waits_for_the_answer_to_the_first(sender: Base) -> None:
    LOADS["proposals"](sender.warehouse, sender.store)
    other = "партнёр;предложение;цена;валюта\nshop;p1;94;RUB\nshop;p3;10;RUB\n"

    loaded = load_proposals(sender.warehouse, sender.store, "base", file(other))

    assert [(2, "amount", "94")] == [(r.row_no, r.column, r.value) for r in loaded.refused]


def test_an_answer_to_what_nobody_asked_is_refused(sender: Base) -> None:
    LOADS["proposals"](sender.warehouse, sender.store)
    text = (
        "партнёр;предложение;цена;валюта;решение\n"
        "shop;p1;95;RUB;согласовано\nshop;p3;95;RUB;согласовано\nwindow;p1;95;RUB;отказано\n"
    )

    loaded = load_approvals(sender.warehouse, sender.store, "base", file(text))
    again = load_approvals(sender.warehouse, sender.store, "base", file(_ANSWER))

    assert (1, [3, 4]) == (loaded.accepted, [refused.row_no for refused in loaded.refused])
    assert (0, 1, False) == (again.accepted, again.unchanged, again.is_new)
    with pytest.raises(NotLoadedError, match="решено иначе"):
        load_approvals(
            sender.warehouse, sender.store, "base", file(_ANSWER.replace("согласовано", "отказано"))
        )


def test_a_person_decides_once_with_name_and_reason(sender: Base) -> None:
    LOADS["proposals"](sender.warehouse, sender.store)
    with pytest.raises(NotLoadedError, match="say who decides"):
        decide_price(sender.warehouse, 1, Decision("rejected", " ", "дорого"))

    said = [
        decide_price(sender.warehouse, 1, Decision("rejected", person, "дорого"))
        for person in ("Петров", "Сидоров")
    ]

    assert ["proposal 1 is rejected by Петров", "proposal 1 was rejected before, by Петров"] == said
    with pytest.raises(NotLoadedError, match="was rejected before"):
        decide_price(sender.warehouse, 1, Decision("approved", "Сидоров", "передумали"))
    with pytest.raises(NotLoadedError, match="no proposal 7"):
        decide_price(sender.warehouse, 7, Decision("approved", "Сидоров", "да"))


@pytest.mark.parametrize(
    ("place", "person", "words"),
    [
        ("rates.csv", " ", "say who loads it"),
        ("rates.pdf", "И", "neither .csv nor .xlsx"),
        ("nowhere.csv", "И", "no file 'nowhere.csv'"),
    ],
)
def test_a_file_that_cannot_be_fetched_says_why(
    store: Store, place: str, person: str, words: str
) -> None:
    with pytest.raises(NotLoadedError, match=words):
        fetch_file(place, person, store)
