"""Every malformed file ends with the right cause and place, and what is good of it is in."""

from collections import Counter
from typing import Final

import pytest
from pydantic import SecretStr

from blocks.embedded.store_setup import store_of
from blocks.warehouse import Warehouse
from tasks.model.causes import Cause
from tests.conftest import Services
from tests.malformed.driving import COMPANIONS, PARTNER, Ending, ask, drive
from tests.malformed.good import keys_of
from tests.malformed.variant import SYNTAX, Level, Refused, Variant
from tests.malformed.variants import VARIANTS

# Causes that no file of this exchange can end with.
_WITHOUT_VARIANT: Final = {
    "CHUNK_GAP": "the gateway refuses an upload before it becomes a file",
    "FILE_TOO_LARGE": "the gateway refuses the chunk that passes the limit",
}
_IDS: Final = {mark: variant.name for mark, variant in VARIANTS.items()}


@pytest.fixture(scope="module")
def warehouse(services: Services) -> Warehouse:
    return Warehouse(url=SecretStr(services.settings.warehouse_url_for("obmen_flow")))


@pytest.fixture(scope="module")
def endings(
    services: Services, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Ending]:
    folder = tmp_path_factory.mktemp("malformed")
    return drive(VARIANTS, warehouse, store_of(services.settings), folder)


@pytest.mark.parametrize("mark", VARIANTS, ids=_IDS.get)
def test_a_malformed_file_ends_with_its_cause_and_place(
    endings: dict[str, Ending], mark: str
) -> None:
    variant, ending = VARIANTS[mark], endings[mark]

    found = Counter(
        Refused(one.said.dataset, one.said.key, one.said.cause, _expected_place(variant, ending, k))
        for k, one in enumerate(ending.refusals)
    )

    assert Counter(variant.refused) == found
    assert all(all(one.sentences) for one in ending.refusals)
    assert ("closed" if variant.brings else "refused") == ending.state


@pytest.mark.parametrize("mark", VARIANTS, ids=_IDS.get)
def test_what_is_good_of_a_malformed_file_is_in_and_nothing_else(
    endings: dict[str, Ending], mark: str
) -> None:
    assert VARIANTS[mark].brings == endings[mark].brought


@pytest.mark.parametrize(
    "mark", [mark for mark, one in VARIANTS.items() if one.level is Level.RECORD], ids=_IDS.get
)
def test_the_bytes_of_a_refused_record_are_those_that_are_broken(
    endings: dict[str, Ending], mark: str
) -> None:
    payload = endings[mark].payload
    first = VARIANTS[mark].refused[0]

    spans = [
        payload[one.byte_offset :][: one.byte_length].decode()
        for one in endings[mark].refusals
        if one.said.dataset == first.dataset and one.said.key == first.key
    ]

    assert spans
    assert all(span[0] + span[-1] == "<>" or ";" in span for span in spans)
    assert all(len(span) < len(payload) / 2 for span in spans)


@pytest.mark.parametrize("mark", COMPANIONS)
def test_a_good_file_after_all_of_them_is_taken_completely(
    endings: dict[str, Ending], mark: str
) -> None:
    assert ("closed", ()) == (endings[mark].state, endings[mark].refusals)
    assert keys_of(COMPANIONS[mark]) == endings[mark].brought


def test_the_books_of_every_message_balance(
    endings: dict[str, Ending], warehouse: Warehouse
) -> None:
    assert [] == ask(warehouse, "select * from journal.unbalanced")
    assert len(VARIANTS) < len(
        ask(
            warehouse,
            f"""
        select message_key from journal.message join journal.partner using (partner_key)
        where partner.name = '{PARTNER}' and message.state <> 'received'
    """,
        )
    )


def test_there_are_two_hundred_variants_and_each_has_its_own_name() -> None:
    assert len(VARIANTS) >= 200
    assert len(VARIANTS) == len(set(_IDS.values()))


def test_every_cause_has_a_variant_or_a_reason_for_having_none() -> None:
    shown = {one.cause for variant in VARIANTS.values() for one in variant.refused}

    assert {cause.name for cause in Cause} == shown | _WITHOUT_VARIANT.keys()
    assert not shown & _WITHOUT_VARIANT.keys()


def _expected_place(variant: Variant, ending: Ending, number: int) -> str:
    """Where the place is a line and a byte, it must be those of the refusal's own offset."""
    one = ending.refusals[number]
    if SYNTAX not in {expected.place for expected in variant.refused}:
        return one.said.place
    line = ending.payload[: one.byte_offset].count(b"\n") + 1
    if variant.level is Level.ARCHIVE or one.said.place == f"line {line}, byte {one.byte_offset}":
        return SYNTAX
    return one.said.place
