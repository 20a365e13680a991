"""The rows of the mission about prices, one test a row: what a partner pays, and why."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blocks.drop_folder import DropFolder
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.formats.tax_ids import Country, is_tax_id
from tasks.journal.fixed_prices import FixedPrice, LineAsked, NoPriceError, fix_price
from tasks.model.datasets import Dataset
from tasks.model.portals import Portal
from tasks.operate.watching import find_overdue
from tasks.stock.approvals import load_approvals
from tasks.stock.price_lists import load_price_list
from tasks.stock.proposals import load_proposals
from tests.tasks.catalog.builders import Base, base, batch
from tests.tasks.publication.rounds import know_portal, publish
from tests.tasks.stock.company import DAY, file, load_rules, load_usual_rates, send_company

_RUB = {"kind": "base", "price_type": "rub"}
_IN_ROUBLES = {"kind": "base", "price_type": "usd", "currency": "RUB"}
_FROM, _TO = date.fromisoformat("2020-01-01"), date.fromisoformat("9999-12-31")


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        send_company(sender)
        yield sender


@pytest.fixture
def shop(sender: Base) -> Portal:
    return know_portal(sender.warehouse, pricing="policy")


@pytest.fixture
def kiosk(sender: Base) -> Portal:
    return know_portal(sender.warehouse, "kiosk", pricing="policy")


def paid(sender: Base, portal: str, offer: str) -> list[dict[str, Any]]:
    """What a portal pays for an offer today, as a manager asks for it."""
    return sender.rows(f"select * from core.portal_price('{portal}', '{offer}')")


def told(folder: Path) -> str:
    """Every byte that a portal was ever sent."""
    return "".join(each.read_text("utf-8-sig") for each in sorted(folder.rglob("*.xml")))


def made(folder: Path) -> DropFolder:
    folder.mkdir()
    return DropFolder(path=folder)


def around_today() -> str:
    """Rates that hold whatever day it is where the test runs."""
    today = datetime.now(UTC).date()
    days = (today + timedelta(days=number) for number in (-1, 0, 1))
    return "валюта;дата;курс\n" + "\n".join(f"USD;{day};81,1234" for day in days)


def fix(sender: Base, line: LineAsked) -> FixedPrice:
    with sender.warehouse.transaction("fix") as transaction:
        return fix_price(transaction, line)


def test_s1_14_a_manager_asks_one_view_for_price_discounts_and_stock(
    sender: Base, shop: Portal, store: Store
) -> None:
    sender.send(
        batch(Dataset.WAREHOUSES, {"id": "w1", "name": "Южный"}, {"id": "w2", "name": "Северный"}),
        batch(
            Dataset.STOCK,
            {"offer_id": "p1", "quantity": "12.5"},
            {"offer_id": "p1", "warehouse_id": "w1", "quantity": "10"},
            {"offer_id": "p1", "warehouse_id": "w2", "quantity": "2.5"},
        ),
    )
    load_rules(
        sender.warehouse,
        store,
        _RUB,
        {"kind": "discount", "dealer_group": "gold", "percent": "12"},
        {"kind": "discount", "product_group": "g1", "percent": "5", "min_qty": "10"},
        {"kind": "fixed", "partner": shop.name, "offer": "p1", "amount": "80", "currency": "RUB"},
        {"kind": "discount", "vendor": "Бета", "percent": "50"},
    )

    (seen,) = sender.rows("select * from core.offer_now where source = 'base' and offer_id = 'p1'")

    assert ["rub 100 RUB 0", "rub 95 RUB 10", "usd 10.05 USD 0"] == [
        f"{one['price_type_id']} {one['amount']} {one['currency']} {one['min_qty']}"
        for one in seen["prices"]
    ]
    assert [("shop", None), (None, 5), (None, 12)] == [
        (one["partner"], one["percent"]) for one in seen["discounts"]
    ]
    assert Decimal("12.5") == seen["total_quantity"]
    assert [("w1", 10), ("w2", 2.5)] == [
        (one["warehouse_id"], one["quantity"]) for one in seen["quantities"]
    ]


def test_s4_11_a_price_of_a_dealer_group_names_the_rule_that_made_it(
    sender: Base, shop: Portal, store: Store
) -> None:
    load_rules(
        sender.warehouse,
        store,
        _RUB,
        {"kind": "member", "partner": shop.name, "dealer_group": "gold"},
        {"kind": "discount", "dealer_group": "gold", "percent": "12"},
        {"kind": "discount", "dealer_group": "gold", "offer": "p3", "percent": "3"},
    )

    prices = {offer: paid(sender, "shop", offer) for offer in ("p1", "p3")}

    assert [
        (0, Decimal("88.00"), Decimal(100), Decimal(12), "price policy version 1, row 4"),
        (10, Decimal("83.60"), Decimal(95), Decimal(12), "price policy version 1, row 4"),
    ] == [
        (p["min_qty"], p["amount"], p["base_amount"], p["percent"], p["made_by"])
        for p in prices["p1"]
    ]
    assert [(Decimal("12.13"), "price policy version 1, row 5")] == [  # 12.125, half up
        (p["amount"], p["made_by"]) for p in prices["p3"]
    ]


def test_s3_38_neither_partner_is_ever_sent_an_amount_of_the_other(
    sender: Base, shop: Portal, kiosk: Portal, store: Store, tmp_path: Path
) -> None:
    load_rules(
        sender.warehouse,
        store,
        _RUB,
        {"kind": "discount", "partner": shop.name, "percent": "7"},
        {"kind": "discount", "partner": kiosk.name, "percent": "31"},
        {
            "kind": "fixed",
            "partner": kiosk.name,
            "offer": "p3",
            "amount": "9.99",
            "currency": "RUB",
        },
    )
    for portal in (shop, kiosk):
        publish(sender.warehouse, store, portal, made(tmp_path / portal.name))

    ours, theirs = told(tmp_path / "shop"), told(tmp_path / "kiosk")

    amounts = {
        name: {
            f">{one['amount'].normalize():f}<"
            for offer in ("p1", "p2#a", "p2#b", "p3")
            for one in paid(sender, name, offer)
        }
        for name in ("shop", "kiosk")
    }
    assert amounts["shop"].isdisjoint(amounts["kiosk"])
    for mine, others, text in (("shop", "kiosk", ours), ("kiosk", "shop", theirs)):
        assert all(amount in text for amount in amounts[mine])
        assert not [amount for amount in amounts[others] if amount in text]
        assert not [word for word in (">100<", ">95<", "Оптовая", "Экспортная") if word in text]
        assert 1 == text.count("<ТипЦены>")


def test_s4_37_without_a_rate_only_the_lines_in_dollars_stay_out(
    sender: Base, shop: Portal, store: Store, tmp_path: Path
) -> None:
    load_rules(
        sender.warehouse,
        store,
        _IN_ROUBLES,
        {"kind": "fixed", "offer": "p3", "amount": "12", "currency": "RUB"},
    )
    way = made(tmp_path / "shop")

    before = publish(sender.warehouse, store, shop, way)

    assert {} == before.failures
    assert 1 == told(tmp_path / "shop").count("<Цена>")
    stops = "select currency, prices, portal from core.open_price_stop"
    assert [{"currency": "USD", "prices": 3, "portal": "shop"}] == sender.rows(stops)
    assert [] != [late for late in find_overdue(sender.warehouse, 24) if "3 prices in USD" in late]
    load_usual_rates(sender.warehouse, store, around_today())
    publish(sender.warehouse, store, shop, way)
    assert ">815.29<" in told(tmp_path / "shop")  # 10.05 × 81.1234
    assert [] == sender.rows(stops)
    again = load_usual_rates(sender.warehouse, store, around_today())
    assert (0, 3) == (again.accepted, again.unchanged)


def test_s4_38_a_week_later_a_line_costs_the_same_roubles_by_the_same_rate(
    sender: Base, shop: Portal, store: Store
) -> None:
    load_rules(sender.warehouse, store, _IN_ROUBLES, {"kind": "discount", "percent": "10"})
    load_usual_rates(sender.warehouse, store)
    (source,) = sender.rows("select partner_key from journal.partner where name = 'base'")
    line = LineAsked(
        shop.partner_key,
        source["partner_key"],
        "Заказ 17",
        1,
        "p1",
        Decimal(3),
        date.fromisoformat(DAY),
    )
    first = fix(sender, line)

    load_usual_rates(sender.warehouse, store, f"валюта;дата;курс\nUSD;{DAY};90\nUSD;2026-11-27;95")
    load_rules(sender.warehouse, store, _IN_ROUBLES, {"kind": "discount", "percent": "1"})
    again = fix(sender, line)

    assert first == again
    assert (Decimal("733.76"), Decimal("2201.28"), "RUB") == (
        again.amount, again.total, again.currency
    )  # fmt: skip
    assert [{"rate": Decimal("81.1234"), "on_date": date.fromisoformat(DAY)}] == sender.rows(
        f"select rate, on_date from core.currency_rate where rate_key = {again.rate_key}"
    )
    with pytest.raises(NoPriceError, match="no rate of USD for 2026-12-01"):
        fix(sender, LineAsked(*_whose(line), "Заказ 18", 1, "p1", Decimal(1), date(2026, 12, 1)))


def _whose(line: LineAsked) -> tuple[int, int]:
    return line.partner_key, line.source_key


def test_s0_28_a_release_price_beyond_the_agreed_list_is_flagged(
    sender: Base, shop: Portal, store: Store
) -> None:
    agreed = (
        "предложение;тип цен;цена;валюта;допуск, %;действует с;по\n"
        "p1;rub;98;RUB;3;2020-01-01;\n"
        "p3;rub;12;RUB;3;2020-01-01;\n"
        "p4;usd;3.335;RUB;0;2020-01-01;\n"
        "p2#b;usd;1;USD;0;2020-01-01;\n"
        "p3;usd;7;RUB;0;2020-01-01;2020-12-31\n"
    )
    load_price_list(sender.warehouse, store, "base", shop.name, file(agreed))

    flagged = sender.rows(
        "select offer_id, deviation_percent, verdict from core.price_deviation order by 1"
    )

    assert [
        ("p1", Decimal("2.04"), "within"),
        ("p2#b", None, "missing"),
        ("p3", Decimal("4.17"), "beyond"),
        ("p4", None, "currency"),
    ] == [tuple(row.values()) for row in flagged]


def test_s0_13_a_price_that_an_outlet_asks_for_holds_for_it_alone_once_approved(
    sender: Base, shop: Portal, kiosk: Portal, store: Store
) -> None:
    load_rules(sender.warehouse, store, _RUB)
    asked = file("партнёр;предложение;цена;валюта\nshop;p1;95,00;RUB\n")
    state = "select state, current_amount, amount from core.price_proposal"

    load_proposals(sender.warehouse, store, "base", asked)

    assert [("approval_wait", Decimal("100.00"), Decimal(95))] == [
        tuple(row.values()) for row in sender.rows(state)
    ]
    assert Decimal(100) == paid(sender, "shop", "p1")[0]["amount"]
    answer = file("партнёр;предложение;цена;валюта;решение\nshop;p1;95;RUB;согласовано\n")
    load_approvals(sender.warehouse, store, "base", answer)
    assert (Decimal(95), "approved proposal 1") == (
        paid(sender, "shop", "p1")[0]["amount"], paid(sender, "shop", "p1")[0]["made_by"]
    )  # fmt: skip
    assert Decimal(100) == paid(sender, kiosk.name, "p1")[0]["amount"]


def test_s0_31_amounts_stay_in_their_own_currency_and_tax_ids_follow_their_country(
    sender: Base, shop: Portal, kiosk: Portal, store: Store
) -> None:
    minsk = know_portal(sender.warehouse, "minsk", pricing="policy")
    load_usual_rates(sender.warehouse, store)
    load_rules(
        sender.warehouse,
        store,
        _RUB,
        {"kind": "base", "partner": kiosk.name, "price_type": "usd", "currency": "KZT"},
        {"kind": "fixed", "partner": minsk.name, "offer": "p1", "amount": "4.2", "currency": "BYN"},
    )
    day = date.fromisoformat(DAY)
    whose = sender.lease.partner_key

    lines = [
        fix(sender, LineAsked(portal.partner_key, whose, "1", 1, "p1", Decimal("1.5"), day))
        for portal in (shop, kiosk, minsk)
    ]

    assert [
        ("100.00", "150.00", "RUB"),
        ("5243.02", "7864.53", "KZT"),
        ("4.20", "6.30", "BYN"),
    ] == [(str(line.amount), str(line.total), line.currency) for line in lines]
    checked = {
        Country.RUSSIA: ("7707083893", "7707083894"),
        Country.KAZAKHSTAN: ("940740000911", "940740000912"),
        Country.BELARUS: ("200988541", "200988542"),
    }
    assert dict.fromkeys(Country, (True, False)) == {
        country: tuple(is_tax_id(country, number) for number in numbers)
        for country, numbers in checked.items()
    }
