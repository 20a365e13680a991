"""A company that trades: the same trade for the same seed, and files that tell exactly of it."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox.cli import app
from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.export import Export, Mode, Order, export
from sandbox.nouns import Offer
from sandbox.onec import run
from sandbox.trading import Deed, TradingCompany
from tests.sandbox.portals import LOGIN, serve

COMPANY = TradingCompany(Company(11, goods=30, pictures=False))


def _first(company: TradingCompany) -> Offer:
    """The first offer that has ten or more somewhere."""
    offers = (offer for index in range(len(company)) for offer in company.offers(index))
    return next(offer for offer in offers if any(quantity >= 10 for _, quantity in offer.stock))


def _place(offer: Offer) -> str:
    return next(place for place, quantity in offer.stock if quantity >= 10)


def _truth(made: Export) -> list[dict[str, object]]:
    lines = (made.folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_same_seed_is_the_same_day_and_another_is_another() -> None:
    assert COMPANY.day(1).moves == COMPANY.day(1).moves
    assert COMPANY.day(1).moves != COMPANY.day(2).moves


def test_in_a_day_there_are_sales_receipts_and_new_prices_and_no_debt() -> None:
    traded = COMPANY.day(1, deeds=100)

    assert set(Deed) == {move.deed for move in traded.moves}
    assert all(
        quantity >= 0
        for index in range(len(traded))
        for offer in traded.offers(index)
        for _, quantity in offer.stock
    )


def test_a_sale_changes_one_quantity_and_nothing_else() -> None:
    offer = _first(COMPANY)
    place = _place(offer)

    _, sold = COMPANY.sell(offer.id, Decimal(3), place).find(offer.id)

    assert dict(sold.stock) == dict(offer.stock) | {place: dict(offer.stock)[place] - 3}
    assert offer.prices == sold.prices


def test_nobody_sells_what_is_not_there() -> None:
    offer = _first(COMPANY)

    with pytest.raises(ValueError, match="there are only"):
        COMPANY.sell(offer.id, Decimal(10_000), _place(offer))


def test_what_was_told_is_not_told_again() -> None:
    offer = _first(COMPANY)
    sold = COMPANY.sell(offer.id, Decimal(3), _place(offer))

    assert [sold.find(offer.id)[0]] == list(sold.changed())
    assert [] == list(sold.told().changed())
    assert sold.told().age_hours == sold.age_hours + 1


def test_an_export_of_prices_after_a_sale_holds_only_that_product(tmp_path: Path) -> None:
    offer = _first(COMPANY)
    sold = COMPANY.sell(offer.id, Decimal(3), _place(offer))

    made = export(sold, tmp_path, Order(Client.B31, Mode.PRICES))

    assert ["prices", "rests"] == [
        name.partition("/")[0] for each in made.sets for name in each.documents
    ]
    assert {offer.product_id} == {
        str(line["key"]).partition("|")[0].partition("#")[0] for line in _truth(made)
    }


@pytest.mark.parametrize("client", [Client.A, Client.OLD, Client.B209, Client.B31])
def test_a_re_export_holds_all_offers_and_no_goods(tmp_path: Path, client: Client) -> None:
    traded = COMPANY.day(1)

    made = export(traded, tmp_path, Order(client, Mode.OFFERS))

    counts = Counter(str(line["dataset"]) for line in _truth(made))
    offers = sum(len(traded.offers(index)) for index in range(len(traded)))
    assert not counts["goods"]
    assert counts["prices"] > offers
    assert counts["stock"] == offers * (len(traded.frame.warehouses) + (client is Client.A)) or (
        client is Client.OLD
    )
    first = (made.folder / made.sets[0].documents[0]).read_text(
        "windows-1251" if client is Client.OLD else "utf-8-sig"
    )
    assert "СодержитТолькоИзменения" in first
    assert (
        "true"
        not in first.partition("<Предложения>")[0].partition("СодержитТолькоИзменения")[2][:8]
    )


def test_a_sale_told_at_the_command_line_reaches_the_site(tmp_path: Path) -> None:
    company = TradingCompany(Company(7, goods=5))
    offer = _first(company)
    place = _place(offer)
    with serve(tmp_path / "state") as served:
        run(export(company, tmp_path / "full", Order(Client.B31)), served.account)
        login = {"--url": served.url, "--login": LOGIN.user, "--password": LOGIN.password}
        sale = {"--days": "0", "--goods": "5", "--sell": f"{offer.id}|{place}|3"}
        words = [word for pair in (login | sale).items() for word in pair]

        ended = CliRunner().invoke(app, ["trade", *words])

        held = served.held()["offers"][offer.id]["stock"][place]
    assert 0 == ended.exit_code, ended.output
    assert Decimal(held) == dict(offer.stock)[place] - 3
