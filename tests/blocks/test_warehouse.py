"""Bulk rows through COPY, in and out: what goes in comes out, and null is not empty text."""

from contextlib import ExitStack
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks.warehouse import NotOneRowError, Warehouse, WarehouseDownError
from tests.tasks.catalog.plain import know_partner

_KEYS = pa.schema([("dataset", pa.string()), ("record_no", pa.int64()), ("told", pa.string())])
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_TEXT, st.none() | _TEXT), max_size=5, unique_by=lambda row: row[0]))
def test_text_that_is_copied_in_is_fetched_back(
    warehouse: Warehouse, rows: list[tuple[str, str | None]]
) -> None:
    schema = pa.schema([("key", pa.string()), ("name", pa.string())])
    batch = pa.RecordBatch.from_pylist([{"key": key, "name": name} for key, name in rows], schema)
    constants = {"message_key": 1, "record_no": 1, "byte_offset": 0, "byte_length": 0}

    with warehouse.transaction("copy") as transaction:
        transaction.run("open_staging", message_key=1)
        transaction.copy("staging.groups_1", [batch], digest=str(UUID(int=0)), **constants)
        fetched = transaction.fetch("select_staged_keys", _KEYS, message_key=1, partner_key=1)

    assert sorted(key for key, _ in rows) == sorted(fetched["told"].to_pylist())


def test_whoever_holds_locks_leaves_room_for_work(warehouse: Warehouse) -> None:
    with ExitStack() as held:
        locks = [held.enter_context(warehouse.session_lock(number)) for number in range(20)]
        partner = know_partner(warehouse)

    assert [True] * 20 == locks
    assert partner.partner_key


def test_a_lock_is_given_back_at_the_end_and_to_nobody_before(warehouse: Warehouse) -> None:
    with warehouse.session_lock(1), warehouse.session_lock(1) as second:
        pass
    with warehouse.session_lock(1) as third:
        pass

    assert (False, True) == (second, third)


@pytest.mark.parametrize("partner_key", [-1, "no number"])
def test_what_a_failure_says_holds_no_parameter(
    warehouse: Warehouse, partner_key: int | str
) -> None:
    with (
        pytest.raises(Exception, match=r"journal\.door") as fault,
        warehouse.transaction("door") as transaction,
    ):
        transaction.run(
            "upsert_door",
            login="base-1",
            partner_key=partner_key,
            password_hash="CANARY-of-a-hash",
            is_open=True,
        )

    assert "CANARY" not in str(fault.value)


def test_one_row_is_one_row(warehouse: Warehouse) -> None:
    know_partner(warehouse)

    with pytest.raises(NotOneRowError), warehouse.transaction("ask") as transaction:
        transaction.one("select_partner", name="nobody")


def test_a_warehouse_that_is_down_says_so() -> None:
    nowhere = Warehouse.model_validate({"url": "postgresql+psycopg://a:b@127.0.0.1:1/x"})

    with pytest.raises(WarehouseDownError), nowhere.transaction("ask"):
        pass
