"""The catalog exchange as a deployment: from a 1C through the gateway to the warehouse."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.company import Company
from sandbox.export import Client, Order
from sandbox.onec import Result
from tests.office import Ended, Office, export_to

pytestmark = pytest.mark.served

_GOODS = "#obmen-catalog;1;extent=changes\nid;name\n{};Болт\n"
_HEAD = "| received | accepted | unchanged | refused | sent | acknowledged | in doubt |"
_ROWS = """
    select (select count(*) from core.product), (select count(*) from core.offer),
           (select count(*) from core.price), (select count(*) from core.stock),
           (select max(message_key) from core.traceable)
"""


@dataclass(frozen=True, slots=True)
class Twice:
    """The same export, twice."""

    results: tuple[Result, Result]
    rows: tuple[object, object]
    books: list[tuple[int, int]]  # of the second: received, unchanged
    runs: list[Ended]


@pytest.fixture(scope="module")
def twice(office: Office, folders: Path) -> Twice:
    account = office.add_gateway_partner("roga")
    assert office.run("admit").state == "Completed"
    company, order = Company(seed=5, goods=15), Order(client=Client.A)
    first = export_to(account, company, folders / "first", order)
    office.wait_until_quiet("roga")
    before = office.ask(_ROWS)
    last = office.ask("select max(message_key) from journal.message")[0][0]
    second = export_to(account, company, folders / "second", order)
    runs = office.wait_until_quiet("roga")
    books = office.ask(
        "select received, unchanged from journal.books"
        " where message_key > %s and dataset <> 'file'",
        last,
    )
    return Twice((first, second), (before, office.ask(_ROWS)), books, runs)


def test_1c_shows_success_both_times(twice: Twice) -> None:
    assert ["", ""] == [result.error for result in twice.results]


def test_the_second_export_changes_nothing(twice: Twice) -> None:
    before, after = twice.rows

    assert before == after
    assert twice.books
    assert all(received == unchanged for received, unchanged in twice.books)


def test_each_run_has_its_partners_name_and_one_artifact_of_one_shape(twice: Twice) -> None:
    assert twice.runs
    for run in twice.runs:
        assert ("catalog-roga", "Completed") == (run.name, run.state)
        assert run.artifact.startswith("# catalog: ")
        assert _HEAD in run.artifact


def test_the_artifact_leads_to_the_report_and_the_protocol(twice: Twice, office: Office) -> None:
    artifact = next(run.artifact for run in twice.runs if "import0_1.xml](" in run.artifact)

    assert "/reports/" in artifact
    assert "/protocols/" in artifact
    assert office.settings.s3_secret_key.get_secret_value() not in artifact


@dataclass(frozen=True, slots=True)
class Round:
    """A run for partner x alone, then one for all: their products and the files left after each."""

    asked: Ended
    products_then: list[str]
    files_then: set[str]
    everybody: Ended
    products: list[str]
    files: set[str]


@pytest.fixture(scope="module")
def round_of_folders(office: Office, folders: Path) -> Round:
    """Three partners that drop files: x and y are active, z is paused; of w nothing can be read."""
    for name, state in (("x", "active"), ("y", "active"), ("z", "paused")):
        office.add_folder_partner(name, folders / name, state)
        (folders / name / f"{name}.csv").write_text(_GOODS.format(name), encoding="utf-8")
    office.save_block("partner", "w", {"time_zone": "Moskow"})
    assert "Completed" == office.run("admit").state
    asked = office.run("catalog", partner="x")
    then = _products(office), _files(folders)
    return Round(asked, *then, office.run("catalog"), _products(office), _files(folders))


def test_only_the_partner_that_is_asked_for_is_taken(round_of_folders: Round) -> None:
    run = round_of_folders.asked

    assert ("catalog-x", "Completed") == (run.name, run.state)
    assert ["x"] == round_of_folders.products_then
    assert {"y.csv", "z.csv"} == round_of_folders.files_then


def test_a_paused_partner_is_passed_over_with_its_reason(round_of_folders: Round) -> None:
    run = round_of_folders.everybody

    assert ("catalog-all", "Completed") == (run.name, run.state)
    assert "**z** was passed over: its block says paused" in run.artifact
    assert ["x", "y"] == round_of_folders.products
    assert {"z.csv"} == round_of_folders.files


def test_a_block_that_cannot_be_read_keeps_nobody_waiting(round_of_folders: Round) -> None:
    artifact = round_of_folders.everybody.artifact

    assert "**w** was passed over: its block cannot be read: " in artifact
    assert "'Moskow' is no time zone; write one such as Asia/Vladivostok" in artifact


def test_asking_for_a_partner_that_is_not_there_fails_in_words(office: Office) -> None:
    run = office.run("catalog", partner="nobody")

    assert "Failed" == run.state
    assert "nobody: there is no Partner block of that name" in run.message
    assert "**nobody** was passed over" in run.artifact


def _products(office: Office) -> list[str]:
    rows = office.ask(
        "select product.id from core.product join journal.partner using (partner_key)"
        " where partner.name in ('x', 'y', 'z') order by 1"
    )
    return [row[0] for row in rows]


def _files(folders: Path) -> set[str]:
    return {path.name for name in "xyz" for path in (folders / name).glob("*.csv")}
