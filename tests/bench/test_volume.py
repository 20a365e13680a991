"""The files that the benchmarks measure: the same from the same seed, and of known content."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bench.volume import Edition, Volume, count_changed
from bench.volume_xml import write_goods, write_offers, write_prices
from tasks.formats import open_file
from tasks.model.datasets import Dataset

VOLUME = Volume(offers=103, warehouses=5)


def rows_of(file: Path) -> dict[Dataset, set[tuple[object, ...]]]:
    """What our reader finds, without places in the file and what was made of it."""
    rows: dict[Dataset, set[tuple[object, ...]]] = {}
    for batch in open_file(file).batches():
        assert () == batch.faults
        columns = [batch.records.column(name).to_pylist() for name in ("key", "digest")]
        rows.setdefault(batch.dataset, set()).update(zip(*columns, strict=True))
    return rows


def count(file: Path) -> dict[str, int]:
    return {str(dataset): len(rows) for dataset, rows in rows_of(file).items()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    once = write_offers(VOLUME, tmp_path / "once.xml")
    again = write_offers(Volume(offers=103, warehouses=5), tmp_path / "again.xml")
    other = write_offers(replace(VOLUME, seed=7), tmp_path / "other.xml")

    assert once.read_bytes() == again.read_bytes() != other.read_bytes()


@pytest.mark.parametrize(
    ("volume", "quantities"),
    [(VOLUME, 103 * (5 + 1)), (Volume(103, 50, figures=3), 103 * (3 + 1)), (Volume(103, 1), 206)],
)
def test_a_file_holds_what_its_volume_says(volume: Volume, quantities: int, tmp_path: Path) -> None:
    counted = count(write_offers(volume, tmp_path / "offers.xml"))

    assert {
        "offers": 103,
        "prices": 103,
        "stock": quantities,
        "price_types": 3,
        "warehouses": volume.warehouses,
    } == counted


def test_an_offer_weighs_about_as_much_as_1c_makes_it(tmp_path: Path) -> None:
    volume = replace(VOLUME, offers=2000)

    size = write_offers(volume, tmp_path / "offers.xml").stat().st_size

    assert 1300 < size / volume.offers < 1600


def test_every_offer_has_its_good(tmp_path: Path) -> None:
    goods = rows_of(write_goods(VOLUME, tmp_path / "import.xml"))[Dataset.GOODS]
    offers = rows_of(write_offers(VOLUME, tmp_path / "offers.xml"))[Dataset.OFFERS]

    assert {key for key, _ in goods} == {str(key).partition("#")[0] for key, _ in offers}
    assert VOLUME.goods == len(goods)


def test_a_part_of_the_offers_are_characteristics(tmp_path: Path) -> None:
    offers = rows_of(write_offers(replace(VOLUME, offers=100), tmp_path / "o.xml"))[Dataset.OFFERS]

    assert {True: 40, False: 60} == Counter("#" in str(key) for key, _ in offers)


def test_a_later_edition_without_changes_differs_in_its_heading_alone(tmp_path: Path) -> None:
    first = write_offers(VOLUME, tmp_path / "first.xml")
    again = write_offers(VOLUME, tmp_path / "again.xml", Edition(1))

    assert first.read_bytes() != again.read_bytes()
    assert rows_of(first) == rows_of(again)


def test_a_changed_edition_differs_in_the_records_that_are_counted(tmp_path: Path) -> None:
    edition = Edition(2, changed_share=0.1)
    first = rows_of(write_offers(VOLUME, tmp_path / "first.xml"))
    later = rows_of(write_offers(VOLUME, tmp_path / "later.xml", edition))

    differ = {str(dataset): len(later[dataset] - first[dataset]) for dataset in later}
    expected = count_changed(VOLUME, edition)

    assert 0 < sum(expected.values()) < 103
    assert expected == {dataset: records for dataset, records in differ.items() if records}


def test_prices_alone_are_all_new(tmp_path: Path) -> None:
    first = rows_of(write_offers(VOLUME, tmp_path / "first.xml"))
    prices = rows_of(write_prices(VOLUME, tmp_path / "prices.xml", Edition(3)))

    assert {Dataset.OFFERS, Dataset.PRICES} == set(prices)
    assert 103 == len(prices[Dataset.PRICES] - first[Dataset.PRICES])
