"""Loads of what partners pay as an operator starts them: signed, run twice, refused in words."""

from pathlib import Path

import pytest

from tests.office import Office

# The loads themselves are tested in tests/tasks/stock; here they run on the whole stack.
pytestmark = [pytest.mark.campaign, pytest.mark.served, pytest.mark.timeout(300)]

_RATES = "валюта;дата;курс\nUSD;2026-11-20;81,1234\nEUR;2026-11-20;ноль\n"
_HELD = "select (select count(*) from core.load), (select count(*) from core.currency_rate)"


@pytest.fixture(scope="module")
def rates(folders: Path) -> str:
    path = folders / "rates.csv"
    path.write_text(_RATES, encoding="utf-8")
    return str(path)


def test_rates_are_loaded_once_and_a_second_run_changes_nothing(office: Office, rates: str) -> None:
    first = office.run("load-rates", file=rates, person="Иванова")
    held = office.ask(_HELD)

    second = office.run("load-rates", file=rates, person="Петров")

    assert ("Completed", "Completed") == (first.state, second.state)
    assert "2 rows received, 1 accepted, 0 unchanged, 1 refused" in first.artifact
    assert "row 3, `rate` = `ноль`" in first.artifact
    assert "already held, 2 rows received, 0 accepted, 1 unchanged, 1 refused" in second.artifact
    assert held == office.ask(_HELD)
    assert [("Иванова",)] == office.ask("select loaded_by from core.load where kind = 'rates'")


@pytest.mark.parametrize(
    ("deployment", "asked", "words"),
    [
        ("load-price-policy", {"source": "nobody", "person": "И"}, "cannot be taken"),
        ("approve-price", {}, "there is no proposal 999"),
    ],
)
def test_what_cannot_be_done_is_a_red_run_with_a_sentence(
    office: Office, rates: str, deployment: str, asked: dict[str, str], words: str
) -> None:
    decided = {"proposal_key": 999, "decision": "approved", "person": "И", "why": "да"}
    parameters = decided if deployment == "approve-price" else {"file": rates, **asked}

    ended = office.run(deployment, **parameters)

    assert "Failed" == ended.state
    assert words in ended.message
    assert words in ended.artifact
