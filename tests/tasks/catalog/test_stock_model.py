"""Whatever a base sends about its stock, in whatever order: what is held equals a plain model."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from blocks.embedded.warehouse_setup import connect
from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.conftest import _EMPTY_TABLES, Services
from tests.tasks.catalog.stock_files import OFFERS, WAREHOUSES, Base, Said

QUANTITY = st.sampled_from(["0", "5", "7.50", "-3", "0.001", "x"])  # the last is refused
PLACE = st.sampled_from(["", *WAREHOUSES, "w9"])  # the last nobody knows
FIGURES = st.dictionaries(PLACE, QUANTITY, max_size=4)
FILE = st.builds(
    Said,
    st.dictionaries(st.sampled_from(OFFERS), FIGURES, min_size=1, max_size=3),
    is_full=st.booleans(),
    minute=st.integers(0, 8),
)


def _is_good(place: str, quantity: str) -> bool:
    return quantity != "x" and place != "w9"


def modelled(files: Sequence[Said]) -> dict[tuple[str, str], Decimal]:
    """What must be held: the figure formed last of each place, and 0 where a whole file lacks it.

    Files formed in the same minute count in the order in which they came. A whole file takes away
    what it lacks only where it came in time: then nothing newer can be known.
    """
    held: dict[tuple[str, str], tuple[int, Decimal]] = {}
    newest = -1  # the forming of the newest file that told any stock
    for said in files:
        is_late = said.minute < newest
        for offer, figures in said.figures.items():
            good = {place: text for place, text in figures.items() if _is_good(place, text)}
            for place, text in good.items():
                if said.minute >= held.get((offer, place), (-1, Decimal(0)))[0]:
                    held[offer, place] = said.minute, Decimal(text)
            if not said.is_full or is_late or len(good) < len(figures) or not set(good) - {""}:
                continue
            for place in WAREHOUSES:
                if place not in good and held.get((offer, place), (0, Decimal(0)))[1]:
                    held[offer, place] = said.minute, Decimal(0)
        if any(_is_good(*each) for figures in said.figures.values() for each in figures.items()):
            newest = max(newest, said.minute)
    return {key: quantity.normalize() for key, (_, quantity) in held.items()}


# A file takes a part of a second, so nothing is shrunk, and the long search is the campaign's.
HURRIED = settings(
    max_examples=6,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
# A late figure of a place that a whole file has emptied since is history, and ends there.
LATE = [
    Said({"p1": {"w1": "5", "w2": "7.50"}}, minute=0),
    Said({"p1": {"w1": "5"}}, minute=5),
    Said({"p1": {"w2": "-3"}}, is_full=False, minute=3),
]


@HURRIED
@example(files=LATE)
@given(files=st.lists(FILE, min_size=1, max_size=6))
def test_what_is_held_equals_a_plain_model_of_what_was_said(
    services: Services, warehouse: Warehouse, store: Store, files: list[Said]
) -> None:
    _compare(services, warehouse, store, files)


@pytest.mark.campaign
@settings(HURRIED, max_examples=300)
@given(files=st.lists(FILE, min_size=1, max_size=10))
def test_it_does_so_for_hours(
    services: Services, warehouse: Warehouse, store: Store, files: list[Said]
) -> None:
    _compare(services, warehouse, store, files)


def _compare(services: Services, warehouse: Warehouse, store: Store, files: Sequence[Said]) -> None:
    with connect(services.settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(_EMPTY_TABLES)
    with TemporaryDirectory() as folder:
        base = Base(warehouse, store, Path(folder)).prepare()

        base.say(*files)
        held = base.held()
        written = "select to_jsonb(stock)::text, xmin::text from core.stock order by 1"
        before = base.ask(written)
        base.say(*files[-1:])

        assert modelled(files) == {key: quantity.normalize() for key, quantity in held.items()}
        if not any(file.minute > files[-1].minute for file in files):
            assert before == base.ask(written)
