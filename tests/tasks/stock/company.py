"""A source small enough to reckon by hand, and loads of what its partners pay."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.loads import File
from tasks.model.datasets import Dataset
from tasks.stock.loads import Loaded
from tasks.stock.policy import load_policy
from tasks.stock.rates import load_rates
from tests.tasks.catalog.builders import Base, batch
from tests.tasks.stock.paying import Offer, Price

DAY = "2026-11-20"
RATES = f"валюта;дата;курс;номинал\nUSD;{DAY};81,1234;1\nKZT;{DAY};15,55;100\n"
_TEA = {"g3": 0, "g2": 1, "g1": 2}
_ACME, _BETA = frozenset({"ACME"}), frozenset({"V-2", "БЕТА"})
OFFERS = (
    Offer("p1", "p1", _ACME, _TEA, {
        "usd": [Price("10.05", "USD", "шт")],
        "rub": [Price("100", "RUB", "шт"), Price("95", "RUB", "шт", 10)],
    }),
    Offer("p2#a", "p2", _ACME, {"g2": 0, "g1": 1}, {
        "usd": [Price("0.01", "USD")],
        "rub": [Price("33.33", "RUB"), Price("390", "RUB", "кор", 0, "12")],
    }),
    Offer("p2#b", "p2", _ACME, {"g2": 0, "g1": 1}, {"rub": [Price("35", "RUB", min_qty=5)]}),
    Offer("p3", "p3", _BETA, {"g4": 0, **_TEA}, {
        "usd": [Price("7", "у.е.")], "rub": [Price("12.50", "RUB")],
    }),
    Offer("p4", "p4", _BETA, {}, {"usd": [Price("3.335", "USD")], "rub": [Price("0", "RUB")]}),
    Offer("p5", "p5"),
)  # fmt: skip
_BRANDS: Mapping[frozenset[str], Mapping[str, str]] = {
    _ACME: {"brand": "Acme"},
    _BETA: {"manufacturer_id": "v-2", "manufacturer_name": "Бета"},
}
_GROUPS = {"p1": '["g3"]', "p2": '["g2"]', "p3": '["g4","g3"]'}


def send_company(sender: Base) -> None:
    """Have the source's catalog and base prices in the warehouse."""
    sender.send(
        batch(
            Dataset.GROUPS,
            {"id": "g1", "name": "Напитки"},
            {"id": "g2", "name": "Чай", "parent_id": "g1"},
            {"id": "g3", "name": "Зелёный", "parent_id": "g2"},
            {"id": "g4", "name": "Подарки"},
        ),
        batch(
            Dataset.GOODS,
            *(
                {
                    "id": id_,
                    "name": f"Товар {id_}",
                    "group_ids": _GROUPS.get(id_),
                    **_BRANDS.get(offer.vendors, {}),
                }
                for id_, offer in {offer.product: offer for offer in OFFERS}.items()
            ),
        ),
        batch(
            Dataset.OFFERS,
            *(
                {"id": offer.id, "product_id": offer.product, "name": f"Предложение {offer.id}"}
                for offer in OFFERS
            ),
        ),
        batch(
            Dataset.PRICE_TYPES,
            {"id": "rub", "name": "Оптовая", "currency": "RUB"},
            {"id": "usd", "name": "Экспортная", "currency": "USD"},
        ),
        batch(Dataset.PRICES, *_prices()),
    )


def _prices() -> list[dict[str, Any]]:
    return [
        {
            "offer_id": offer.id,
            "price_type_id": type_,
            "amount": price.amount,
            "currency": price.currency,
            "unit": price.unit or None,
            "coefficient": price.coefficient,
            "min_qty": str(price.min_qty) if price.min_qty else None,
        }
        for offer in OFFERS
        for type_, prices in offer.prices.items()
        for price in prices
    ]


def file(text: str, name: str = "table.csv", person: str = "Иванова") -> File:
    """Make a file that somebody loads."""
    return File(name, text.encode(), person)


def policy(rules: Sequence[Mapping[str, str]]) -> str:
    """Write a policy as its file; the n-th rule stands in row n + 2."""
    columns = [
        "kind", "partner", "dealer_group", "vendor", "product_group", "product", "offer", "min_qty",
        "price_type", "currency", "percent", "amount", "step",
    ]  # fmt: skip
    lines = [";".join(columns)]
    lines += [";".join(rule.get(column, "") for column in columns) for rule in rules]
    return "\n".join(lines)


def load_rules(warehouse: Warehouse, store: Store, *rules: Mapping[str, str]) -> Loaded:
    """Load a policy of the source."""
    return load_policy(warehouse, store, "base", file(policy(rules)))


def load_usual_rates(warehouse: Warehouse, store: Store, text: str = RATES) -> Loaded:
    """Load the rates of the day."""
    return load_rates(warehouse, store, file(text))
