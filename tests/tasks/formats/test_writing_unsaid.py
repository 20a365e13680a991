"""What a version cannot say is on a list with its reason, and nothing else is missing."""

from typing import Any

import pytest

from tasks.formats.commerceml.writing_fit import fit_batch, list_columns
from tasks.formats.commerceml.writing_terms import VERSIONS
from tasks.formats.commerceml.writing_unsaid import NEVER, UNSAID, UNSAID_VALUES
from tasks.model.datasets import PLACE, SCHEMAS, Dataset
from tests.tasks.formats.writes import Row, make_table, make_terms

_COLUMNS = [
    (dataset, name) for dataset, schema in SCHEMAS.items() for name in schema.names[len(PLACE) :]
]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_column_that_is_not_said_is_on_the_list_and_no_other(version: str) -> None:
    for dataset, name in _COLUMNS:
        listed = [UNSAID.get(str(dataset)), UNSAID.get(f"{dataset}.{name}")]
        is_listed = any(
            entry and (entry.since == NEVER or version < entry.since) for entry in listed
        )

        assert is_listed == (name not in list_columns(dataset, version)), (dataset, name)


def test_every_entry_of_the_list_has_its_reason_and_a_known_version() -> None:
    for entry in (*UNSAID.values(), *UNSAID_VALUES.values()):
        assert entry.since in (*VERSIONS, NEVER)
        assert len(entry.reason) > 5
    known = {str(dataset) for dataset in Dataset} | {f"{one}.{name}" for one, name in _COLUMNS}
    assert UNSAID.keys() <= known


def _fit(dataset: Dataset, version: str, row: Row) -> list[dict[str, Any]]:
    (batch,) = make_table(dataset, {"id": "1", **row}).to_batches()
    rows = fit_batch(dataset, batch, make_terms(f"commerceml-{version}")).to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


_CHOICE = {"id": "a", "value": "б", "is_default": True, "sort": "10", "own_id": "7"}
# entry of the list -> dataset, what is given, the column that is looked at
_VALUES: dict[str, tuple[Dataset, Row, str, str | bool | None]] = {
    "properties.is_required=false": (
        Dataset.PROPERTIES, {"is_required": False}, "is_required", None,
    ),
    "properties.choices[].is_default": (
        Dataset.PROPERTIES, {"choices": [_CHOICE]}, "choices", '[{"id":"a","value":"б"}]',
    ),
    "properties.choices[].sort": (
        Dataset.PROPERTIES, {"choices": [_CHOICE]}, "choices", '[{"id":"a","value":"б"}]',
    ),
    "properties.choices[].own_id": (
        Dataset.PROPERTIES, {"choices": [_CHOICE]}, "choices", '[{"id":"a","value":"б"}]',
    ),
    "goods.properties[].type": (
        Dataset.GOODS, {"properties": [{"id": "p", "values": ["1"], "type": "html"}]}, "properties",
        '[{"id":"p","values":["1"]}]',
    ),
    "offers.properties[].type": (
        Dataset.OFFERS, {"properties": [{"id": "p", "values": ["1"], "type": "html"}]},
        "properties", '[{"id":"p","values":["1"]}]',
    ),
    "*.extra{}": (Dataset.GOODS, {"extra": {"Высота": "3"}}, "extra", None),
}  # fmt: skip


@pytest.mark.parametrize("entry", _VALUES)
def test_a_value_is_lost_in_the_versions_of_the_list_only(entry: str) -> None:
    dataset, row, column, left = _VALUES[entry]
    (batch,) = make_table(dataset, row).to_batches()
    (given,) = batch.to_pylist()

    for version in VERSIONS:
        (fitted,) = _fit(dataset, version, row)
        expected = left if version < UNSAID_VALUES[entry].since else given[column]
        assert fitted.get(column) == expected, version


@pytest.mark.parametrize("version", VERSIONS)
def test_a_caption_is_lost_only_when_its_picture_has_a_hash(version: str) -> None:
    pictures = [
        {"path": "http://a/b#c.jpg", "caption": "нет"}, {"path": "http://a/d.jpg", "caption": "да"},
    ]  # fmt: skip

    (fitted,) = _fit(Dataset.GOODS, version, {"pictures": pictures})

    assert fitted["pictures"] == (
        '[{"caption":null,"path":"http://a/b#c.jpg"},{"caption":"да","path":"http://a/d.jpg"}]'
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_deleted_row_that_cannot_be_marked_is_left_out(version: str) -> None:
    for dataset in SCHEMAS:
        if "is_deleted" not in SCHEMAS[dataset].names:
            continue
        expected = "is_deleted" in list_columns(dataset, version)

        assert expected == bool(_fit(dataset, version, {"is_deleted": True})), dataset
        if list_columns(dataset, version):
            assert _fit(dataset, version, {"is_deleted": False})


def test_catalog_and_classifier_are_those_of_the_terms() -> None:
    (goods,) = _fit(Dataset.GOODS, "2.07", {"catalog_id": "other"})
    (group,) = _fit(Dataset.GROUPS, "2.07", {"classifier_id": "other"})

    assert goods["catalog_id"] == "c"
    assert group["classifier_id"] == "k"
