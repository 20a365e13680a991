"""The manifest: the same rows give the same bytes and root, one changed line another root."""

import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.store import Store
from tasks.journal.manifest import BLOCK, SCHEMA, load_manifest, merkle_root, store_manifest


def _rows(count: int) -> pa.Table:
    numbers = list(range(count))
    return pa.table(
        {
            "dataset": ["goods"] * count,
            "record_no": numbers,
            "byte_offset": [number * 10 for number in numbers],
            "byte_length": [10] * count,
            "key": [f"ключ-{number}" for number in numbers],
            "digest": ["00" * 16] * count,
            "exit": ["accepted"] * count,
            "cause": [None] * count,
            "records": [1] * count,
        },
        schema=SCHEMA,
    )


def test_a_manifest_comes_back_as_it_was(store: Store) -> None:
    stored = store_manifest(store, [_rows(10)])

    assert _rows(10).equals(load_manifest(store, stored.key))


def test_the_same_rows_lie_under_the_same_key(store: Store) -> None:
    assert store_manifest(store, [_rows(2000)]) == store_manifest(store, [_rows(2000)])


def test_the_root_does_not_depend_on_the_parts(store: Store) -> None:
    rows = _rows(3 * BLOCK + 7)

    stored = store_manifest(store, [rows.slice(0, 700), rows.slice(700, 1500), rows.slice(2200)])

    assert merkle_root(rows) == stored.merkle_root
    assert rows.equals(load_manifest(store, stored.key).combine_chunks())


@pytest.mark.parametrize(
    ("count", "blocks"), [(0, 0), (1, 1), (BLOCK, 1), (BLOCK + 1, 2), (5 * BLOCK, 5)]
)
def test_the_root_is_that_of_rfc_9162_over_blocks(count: int, blocks: int) -> None:
    rows = _rows(count)
    leaves = [merkle_root(rows.slice(start, BLOCK)) for start in range(0, count, BLOCK)]

    assert blocks == len(leaves)
    assert _tree(leaves) == merkle_root(rows)


def _tree(leaves: list[bytes]) -> bytes:
    """The tree of RFC 9162, 2.1.1, from the bottom up: pairs, an odd last one goes up as it is."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [leaves[i : i + 2] for i in range(0, len(leaves), 2)]
        leaves = [
            hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return leaves[0]


@given(
    line=st.integers(0, 2999), column=st.sampled_from(["record_no", "byte_offset", "key", "exit"])
)
def test_one_changed_cell_changes_the_root(line: int, column: str) -> None:
    rows = _rows(3000)
    position = SCHEMA.get_field_index(column)
    cells = rows[column].to_pylist()
    cells[line] = -1 if isinstance(cells[line], int) else "другое"
    changed = rows.set_column(position, SCHEMA.field(column), pa.array(cells))

    assert merkle_root(rows) != merkle_root(changed)
