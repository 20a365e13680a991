"""Faults ordered from the 1C in the box: each ends as its expectation says, for every client."""

from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Client, Export, Order, export
from sandbox.faults import Fault, Kind, Outcome
from sandbox.spoil import SPOILABLE, Damage, spoil
from tasks.model.messages import Closed
from tests.tasks.catalog.plain import take_files

FILE_FAULTS = sorted((one for one in SPOILABLE if one.expectation.kind is Kind.FILE), key=str)
RECORD_FAULTS = sorted((one for one in SPOILABLE if one.expectation.kind is Kind.RECORD), key=str)


def _spoilt(folder: Path, fault: Fault, client: Client) -> tuple[Damage, list[Path]]:
    made = export(Company(seed=7, goods=12), folder, Order(client=client))
    return spoil(made, fault), _files(made)


def _files(made: Export) -> list[Path]:
    return [made.folder / name for each in made.sets for name in each.documents]


def _of_file(closed: list[Closed], files: list[Path], damage: Damage) -> Closed:
    names = [file.as_posix().endswith(f"/{damage.file}") for file in files]
    return closed[names.index(True)]


def _refusals(warehouse: Warehouse, message_key: int) -> list[tuple[str, str, str]]:
    with warehouse.transaction("ask") as transaction:
        rows = transaction.execute_compiled(f"""
            select dataset, natural_key, cause from journal.refusal
            where message_key = {message_key}
        """)
        return [(row["dataset"], row["natural_key"], row["cause"]) for row in rows]


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize("fault", FILE_FAULTS)
def test_a_spoilt_file_is_refused_whole_or_taken_whole(
    warehouse: Warehouse, store: Store, tmp_path: Path, fault: Fault, client: Client
) -> None:
    damage, files = _spoilt(tmp_path, fault, client)

    hit = _of_file(take_files(warehouse, store, *files), files, damage)

    if fault.expectation.outcome is Outcome.TAKEN:
        assert ("closed", ()) == (hit.state, hit.refusals)
    else:
        assert "refused" == hit.state
        assert {cause for cause, _, _ in hit.refusals} <= fault.expectation.causes
        assert {0} == {entry.accepted for entry in hit.books}


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize("fault", RECORD_FAULTS)
def test_a_spoilt_record_is_refused_by_its_key_and_the_rest_is_in(
    warehouse: Warehouse, store: Store, tmp_path: Path, fault: Fault, client: Client
) -> None:
    damage, files = _spoilt(tmp_path, fault, client)

    hit = _of_file(take_files(warehouse, store, *files), files, damage)

    refused = _refusals(warehouse, hit.message_key)
    assert "closed" == hit.state
    assert hit.is_balanced
    for key in damage.keys:
        causes = {cause for dataset, at, cause in refused if (dataset, at) == (damage.dataset, key)}
        assert causes
        assert causes <= fault.expectation.causes
    # What else is refused hangs on the spoilt record.
    strangers = {cause for _, key, cause in refused if key not in damage.keys}
    assert strangers <= {"REF_MISSING", *fault.expectation.causes}
    assert any(entry.accepted for entry in hit.books)
