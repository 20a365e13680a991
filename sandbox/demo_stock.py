"""The demo's second act: a 1C sells and re-exports, and the portal that sells for it follows.

One price and one quantity change, and exactly two fields change at the portal; then a day of trade
comes as a whole re-export, and the same once more. At the end the deployment `sync` compares both
sides and shows how long each change took, from 1C's import to the portal's acknowledgement.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.company import Company
from sandbox.demo_portals import Shop, Stall, admit_shop, open_shops
from sandbox.demo_prefect import Prefect
from sandbox.demo_scenes import COLUMNS, Scene, ask, last_message, open_door, play, total
from sandbox.dialogue import Account
from sandbox.export import Client, Export, Mode, Order, export
from sandbox.trading import TradingCompany

PARTNER, LOGIN, SHOP = "torgovy-dom", "dom", "stock-window"
GOODS = 40
_LATENCY = """
    select count(*) as messages,
           round(percentile_disc(0.5) within group (order by latency_s)::numeric, 1)::float8 as p50,
           round(percentile_disc(0.95) within group (order by latency_s)::numeric, 1)::float8 as p95
    from journal.portal_latency where base = %s and message_key > %s and latency_s is not null
"""
_DIFFERING = """
    select 1 from journal.last_verification where portal = %s and (differing > 0 or lagging > 0)
    union all select 1 where not exists (select from journal.last_verification where portal = %s)
"""


def play_stock(prefect: Prefect, password: str, folder: Path) -> tuple[list[Scene], dict[str, Any]]:
    """Play the act and print it; return its scenes and the exchange's line of figures."""
    shop = Shop(SHOP, "all stock and prices, 3.1", {"source": PARTNER, "dialect": "commerceml-3.1"})
    with open_shops([shop]) as (stall,):
        account = open_door(prefect, PARTNER, LOGIN, password)
        admit_shop(prefect, stall)
        prefect.run_deployment("admit")
        company = TradingCompany(Company(seed=2027, goods=GOODS, pictures=False))
        opening = play(account, "the second base: everything", _export(company, folder, Mode.FULL))
        known = last_message()
        scenes, fields = _trade(account, company.told(), folder, stall)
        prefect.run_deployment("sync", {"partner": PARTNER, "linger_s": 0})
        admit_shop(prefect, stall, state="paused")
    measured = ask(_LATENCY, PARTNER, known)[0]
    figures = total(scenes, [SHOP], after=known) | {
        "fields_of_one_price_and_one_quantity": fields,
        "latency_p50_s": measured["p50"],
        "latency_p95_s": measured["p95"],
    }
    figures["balanced"] = figures["balanced"] and fields == 2 and not ask(_DIFFERING, SHOP, SHOP)
    _print(scenes, figures)
    return [opening, *scenes], figures


def _trade(
    account: Account, company: TradingCompany, folder: Path, stall: Stall
) -> tuple[list[Scene], int]:
    """Play the three scenes of trade; return how many fields the first changed at the portal."""
    offer, place = next(
        (offer, place)
        for index in range(len(company))
        for offer in company.offers(index)
        for place, quantity in offer.stock
        if quantity >= 10
    )
    price = offer.prices[0]
    sold = company.sell(offer.id, Decimal(3), place)
    sold = sold.price(offer.id, price.amount + 1, price.price_type_id)
    before = len(stall.held["changes"])
    first = play(account, "one price and one quantity", _export(sold, folder, Mode.PRICES))
    fields = len(stall.held["changes"]) - before
    evening = sold.told().day(seed=1, deeds=30)
    whole = _export(evening, folder, Mode.OFFERS)
    second = play(account, "a day of trade, all offers again", whole)
    return [first, second, play(account, "the same offers once more", whole)], fields


def _export(company: TradingCompany, folder: Path, mode: Mode) -> Export:
    return export(company, folder / f"{PARTNER}-{mode}", Order(client=Client.B31, mode=mode))


def _print(scenes: Sequence[Scene], figures: Mapping[str, Any]) -> None:
    head = f"{PARTNER} re-exports"
    print(f"\n{head:<44}{''.join(f'{name:>10}' for name in COLUMNS)}  sent to {SHOP}")
    for scene in scenes:
        counts = "".join(f"{scene.books[column]:>10}" for column in COLUMNS)
        print(f"{scene.title:<44}{counts}  {scene.sent.get(SHOP, '–')}")
    print(
        f"fields changed there by one price and one quantity: "
        f"{figures['fields_of_one_price_and_one_quantity']}; from 1C's import to its "
        f"acknowledgement: p50 {figures['latency_p50_s']} s, p95 {figures['latency_p95_s']} s"
    )
