"""Prices as the warehouse computes them are those that a plain reckoning gives."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks.embedded.warehouse_setup import connect
from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.conftest import Services
from tests.tasks.catalog.builders import Base, base
from tests.tasks.catalog.plain import know_partner
from tests.tasks.stock.company import DAY, OFFERS, load_rules, load_usual_rates, send_company
from tests.tasks.stock.paying import Paid, pay

_RATES = {"RUB": Fraction(1), "USD": Fraction("81.1234"), "KZT": Fraction("15.55") / 100}
_ASK = """
    select price.offer_id, price.unit, price.min_qty, price.amount, price.currency,
           coalesce(rule.row_no, 0) as row, price.lacks
    from core.partner_price({portal}, {source}, '{day}', {age}, {chosen}) as price
    left join core.price_rule as rule using (rule_key)
    order by offer_id, unit, min_qty
"""


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        send_company(sender)
        for name in ("shop", "kiosk"):
            know_partner(warehouse, name)
        load_usual_rates(warehouse, store)
        yield sender


def ask(
    sender: Base, partner: str = "shop", *, day: str = DAY, age: int = 0, chosen: str = "null"
) -> list[Paid]:
    """What the warehouse says that a partner pays."""
    portal = know_partner(sender.warehouse, partner).partner_key
    source = sender.lease.partner_key
    asked = {"portal": portal, "source": source, "day": day, "age": age, "chosen": chosen}
    return [Paid(*row.values()) for row in sender.rows(_ASK.format(**asked))]


def rows(*rules: Mapping[str, str]) -> list[dict[str, str]]:
    """Number rules as the file does."""
    return [{**rule, "row": str(number)} for number, rule in enumerate(rules, start=2)]


_whom = st.sampled_from([{}, {"partner": "shop"}, {"dealer_group": "gold"}, {"partner": "kiosk"}])
_what = st.sampled_from(
    [
        *[{}, {"vendor": "acme"}, {"vendor": "Бета"}, {"vendor": "V-2"}],
        *[{"product_group": group} for group in ("g1", "g2", "g3", "g4")],
        *[{"product_group": "g1", "vendor": vendor} for vendor in ("Acme", "бета")],
        *[{"product": product} for product in ("p1", "p2", "p5")],
        *[{"offer": offer} for offer in ("p2#a", "p3", "p4", "p5")],
    ]
)
_from = st.sampled_from([{}, {"min_qty": "5"}, {"min_qty": "10"}, {"min_qty": "12"}])
_percents = st.decimals("-50", "100", places=2).map(lambda number: {"percent": f"{number:f}"})
_amounts = st.decimals("0", "500", places=3).map(lambda number: {"amount": f"{number:f}"})
_currencies = st.sampled_from(["RUB", "USD", "KZT", "EUR", "JPY"]).map(lambda c: {"currency": c})


def _joined(*parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, str]]:
    return st.tuples(*parts).map(lambda told: {k: v for part in told for k, v in part.items()})


_discounts = _joined(st.just({"kind": "discount"}), _whom, _what, _from, _percents)
_fixed = _joined(
    st.just({"kind": "fixed"}),
    _whom,
    _what.filter(lambda what: "product" in what or "offer" in what),
    _from,
    _amounts,
    _currencies,
)
_bases = _joined(
    st.just({"kind": "base"}),
    _whom,
    st.sampled_from([{"price_type": "usd"}, {"price_type": "rub"}]),
    st.one_of(st.just({}), _currencies),
)
_roundings = _joined(
    st.just({"kind": "rounding"}),
    _whom,
    st.sampled_from([{"step": s} for s in ("0.05", "1", "10")]),
)


def _scope(rule: Mapping[str, str]) -> tuple[object, ...]:
    words = {**rule, "vendor": rule.get("vendor", "").upper()}
    said = {"percent", "amount", "currency", "price_type", "step"}
    return tuple(sorted((k, v) for k, v in words.items() if k not in said))


_rules = st.lists(st.one_of(_discounts, _fixed, _bases, _roundings), max_size=12, unique_by=_scope)
_EVERYBODY = {"kind": "base", "price_type": "rub"}
_GOLD = {"kind": "member", "partner": "shop", "dealer_group": "gold"}


@pytest.mark.usefixtures("store")
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(rules=_rules)
def test_whatever_the_policy_the_warehouse_reckons_as_by_hand(
    sender: Base, rules: list[dict[str, str]]
) -> None:
    if _scope(_EVERYBODY) not in map(_scope, rules):
        rules = [*rules, _EVERYBODY]
    told = rows(_GOLD, *rules)
    load_rules(sender.warehouse, sender.store, *told)

    for partner in ("shop", "kiosk"):
        expected = [paid for offer in OFFERS for paid in pay(told, partner, offer, _RATES)]
        assert sorted(expected, key=_order) == sorted(ask(sender, partner), key=_order)


def _order(paid: Paid) -> tuple[str, str, int]:
    return paid.offer, paid.unit, paid.min_qty


def test_one_offer_costs_what_it_does_among_all(sender: Base) -> None:
    load_rules(sender.warehouse, sender.store, _EVERYBODY, {"kind": "discount", "percent": "3"})
    every = ask(sender)

    one = [
        paid
        for row in sender.rows("select offer_key from core.offer order by id")
        for paid in ask(sender, chosen=f"array[{row['offer_key']}]::bigint[]")
    ]

    assert sorted(every, key=_order) == sorted(one, key=_order)


@pytest.mark.parametrize(
    ("day", "age", "amounts"),
    [
        ("2026-11-19", 0, {None}),  # no rate yet
        ("2026-11-20", 0, {Decimal("815.29")}),
        ("2026-11-21", 0, {None}),
        ("2026-11-22", 2, {Decimal("815.29")}),  # over a weekend, where the portal allows it
        ("2026-11-23", 2, {None}),
    ],
)
def test_a_rate_counts_for_its_day_and_for_as_many_more_as_are_allowed(
    sender: Base, day: str, age: int, amounts: set[Decimal | None]
) -> None:
    rule = {"kind": "base", "price_type": "usd", "currency": "RUB"}
    load_rules(sender.warehouse, sender.store, rule)

    paid = [each for each in ask(sender, day=day, age=age) if each.offer == "p1"]

    assert amounts == {each.amount for each in paid}
    assert [None if amounts != {None} else "USD"] == [each.lacks for each in paid]


# Many more goods like the first, with a price of each type and a total.
_MANY = (
    """insert into core.product (partner_key, id, name, digest, message_key)
    select partner_key, 'n' || number, name, digest, message_key
    from core.product, generate_series(1, 5000) as number where id = 'p1'""",
    """insert into core.offer (partner_key, id, product_key, digest, message_key)
    select partner_key, id, product_key, digest, message_key from core.product
    where id like 'n%'""",
    """insert into core.price
        (offer_key, price_type_key, amount, digest, message_key, valid_from, recorded_from)
    select offer_key, price_type_key, 1, offer.digest, offer.message_key, now(), now()
    from core.offer, core.price_type where offer.id like 'n%'""",
    """insert into core.stock
        (offer_key, warehouse_key, quantity, message_key, valid_from, recorded_from)
    select offer_key, 0, 1, message_key, now(), now() from core.offer where id like 'n%'""",
)


def test_a_managers_question_about_one_offer_reads_no_table_of_volume_whole(sender: Base) -> None:
    with sender.warehouse.transaction("explain") as transaction:
        # Of a handful of rows the planner would read all, whatever the indexes.
        for statement in _MANY:
            transaction.execute_compiled(statement)
        plan = transaction.execute_compiled(
            "explain select * from core.offer_now where source = 'base' and offer_id = 'n17'"
        )

    said = "\n".join(str(line) for row in plan for line in row.values())
    whole = [f"Seq Scan on {table}" for table in ("offer", "product ", "price held", "stock held")]
    assert not [words for words in whole if words in said], said
    assert "offer_partner_key_id_key" in said
    assert "one_price_now" in said


def test_who_reads_for_the_business_may_ask_all_views_of_prices(
    sender: Base, services: Services
) -> None:
    load_rules(sender.warehouse, sender.store, _EVERYBODY)
    questions = (
        "core.offer_now", "core.price_deviation", "core.open_price_stop", "core.currency_rate_now",
        "core.portal_price('shop', 'p1')", "core.price_proposal", "core.price_rule",
    )  # fmt: skip

    with connect(services.settings.warehouse_url_for("obmen_reader")) as connection:
        for question in questions:
            connection.execute(f"select * from {question}")
