"""The seeded trading company: the same for the same seed, believable, and cheap at any size."""

import hashlib
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest

from sandbox.company import Company
from sandbox.dice import ean13
from sandbox.pictures import paint

WORDS = "import hashlib; from sandbox.company import Company as C; c = C(5, goods=30).after(1, 0.5)"
SHOW = "print(hashlib.sha256(repr([(c.good(i), c.offers(i)) for i in range(len(c))]).encode())"


def fingerprint(company: Company) -> str:
    rows = [(company.good(index), company.offers(index)) for index in range(len(company))]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_the_same_seed_is_the_same_company_in_another_process() -> None:
    command = [sys.executable, "-c", f"{WORDS}; {SHOW}.hexdigest())"]
    other = subprocess.run(command, capture_output=True, text=True, check=True)

    assert fingerprint(Company(5, goods=30).after(1, 0.5)) == other.stdout.strip()


def test_another_seed_is_another_company() -> None:
    assert fingerprint(Company(5, goods=30)) != fingerprint(Company(6, goods=30))


def test_a_product_is_the_same_in_whatever_order_it_is_asked_for() -> None:
    company = Company(5, goods=1000)
    backwards = [company.good(index) for index in (999, 0, 500)]

    assert [Company(5, goods=1000).good(index) for index in (999, 0, 500)] == backwards


def test_one_product_of_a_huge_company_is_made_alone() -> None:
    company = Company(5, goods=1_000_000)

    assert company.good(999_999).code == "00-01000000"


def test_the_tree_has_five_levels_and_every_parent_stands_before_its_child() -> None:
    groups = Company(5, goods=2000).frame.groups
    place = {group.id: number for number, group in enumerate(groups)}

    assert max(group.level for group in groups) == 5
    assert all(place[group.parent_id] < place[group.id] for group in groups if group.parent_id)


def test_every_reference_leads_somewhere() -> None:
    company = Company(5, goods=200)
    frame = company.frame
    choices = {key for known in frame.properties for key, _ in known.choices}
    dictionaries = {known.id for known in frame.properties if known.choices}
    goods = [company.good(index) for index in range(200)]
    offers = [offer for index in range(200) for offer in company.offers(index)]

    assert {key for good in goods for key in good.group_ids} <= {each.id for each in frame.groups}
    assert choices >= {
        value
        for good in goods
        for key, values in good.properties
        if key in dictionaries
        for value in values
    }
    assert {each.id for each in frame.price_types} == {
        price.price_type_id for offer in offers for price in offer.prices
    }
    assert {each.id for each in frame.warehouses} == {
        place for offer in offers for place, _ in offer.stock
    }


def test_recommended_and_dealer_price_are_different_types() -> None:
    names = {kind.name for kind in Company(5).frame.price_types}

    assert {"РРЦ", "Дилерская"} <= names


def test_identifiers_are_unique() -> None:
    company = Company(5, goods=500)
    goods = [company.good(index) for index in range(500)]
    offers = [offer.id for index in range(500) for offer in company.offers(index)]

    assert len({good.id for good in goods}) == 500
    assert len({good.part_number.replace(" ", "").upper() for good in goods}) == 500
    assert len(set(offers)) == len(offers)


def test_awkward_texts_and_numbers_occur() -> None:
    company = Company(5, goods=500)
    goods = [company.good(index) for index in range(500)]
    notes = {good.availability_note for good in goods}

    assert any('"' in note for note in notes)
    assert any("\n" in note for note in notes)
    assert any("«" in note for note in notes)
    assert any(good.weight_kg == 0 for good in goods)
    assert any(not good.group_ids for good in goods)
    assert any(good.is_description_html for good in goods)


def test_money_is_decimal_with_kopecks_at_most() -> None:
    company = Company(5, goods=100).after(1, 0.9)
    amounts = [
        price.amount
        for index in range(len(company))
        for offer in company.offers(index)
        for price in offer.prices
    ]

    assert all(amount == amount.quantize(Decimal("0.01")) and amount > 0 for amount in amounts)


@pytest.mark.parametrize(
    ("prefix", "number", "barcode"),
    [("46", 0, "4600000000008"), ("590", 123412345, "5901234123457"), ("400", 638133393, None)],
)
def test_barcodes_have_a_true_check_digit(prefix: str, number: int, barcode: str | None) -> None:
    made = ean13(prefix, number)
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(made))

    assert weighed % 10 == 0
    assert barcode in {None, made}


def test_a_picture_is_a_png() -> None:
    picture = paint(2**62)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert paint(2**62) == picture
    assert picture != paint(7)


def test_time_leaves_the_earlier_company_alone() -> None:
    company = Company(5, goods=50)
    before = fingerprint(company)
    company.after(1, 0.5)

    assert fingerprint(company) == before


def test_what_time_did_not_touch_is_the_same() -> None:
    company = Company(5, goods=100)
    later = company.after(1, 0.3)
    touched = set(later.changed())
    untouched = [index for index in range(100) if index not in touched]

    assert untouched
    assert [company.good(index) for index in untouched] == [later.good(i) for i in untouched]
    assert [company.offers(index) for index in untouched] == [later.offers(i) for i in untouched]


def test_the_difference_is_what_a_full_comparison_finds() -> None:
    company = Company(5, goods=200).after(1, 0.3)
    later = company.after(2, 0.4)

    def prices(state: Company) -> dict[tuple[str, str, int], Decimal]:
        return {
            (offer.id, price.price_type_id, price.coefficient): price.amount
            for index in range(len(state))
            for offer in state.offers(index)
            for price in offer.prices
        }

    old, new = prices(company), prices(later)
    counted = later.difference()

    assert counted.deleted["prices"] > 0
    assert counted.new["prices"] == len(new.keys() - old.keys())
    assert counted.deleted["prices"] == len(old.keys() - new.keys())
    assert counted.changed["prices"] == sum(old[k] != new[k] for k in old.keys() & new.keys())


def test_every_kind_of_change_happens() -> None:
    company = Company(5, goods=400)
    later = company.after(1, 0.5)
    pairs = [(company.good(index), later.good(index)) for index in range(400)]
    seen = Counter(
        {
            "name": sum(old.name != new.name for old, new in pairs),
            "moved": sum(old.group_ids != new.group_ids for old, new in pairs),
            "deleted": sum(new.is_deleted for _, new in pairs),
            "new": len(later) - 400,
        }
    )

    assert min(seen.values()) > 0


def test_what_is_deleted_stays_deleted() -> None:
    later = Company(5, goods=300).after(1, 0.5)
    gone = [index for index in range(300) if later.good(index).is_deleted]
    much_later = later.after(2, 0.9)

    assert gone
    assert all(much_later.good(index).is_deleted for index in gone)
    assert not set(gone) & set(much_later.changed())
