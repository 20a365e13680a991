"""The watchdog, which looks at our journal and not at Prefect's pages."""

import pytest

from blocks.embedded.warehouse_setup import connect
from blocks.embedded.watchdog import find_dead_schedule, find_silences
from tests.conftest import Services

HOUR = 60


def know_partner(services: Services, state: str = "active") -> None:
    with connect(services.settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(
            "insert into journal.partner (name, state) values ('Ромашка', %s)", [state]
        )


def end_run(services: Services, hours_ago: int, outcome: str = "completed") -> None:
    with connect(services.settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(
            "insert into journal.run (exchange, partner_key, holder, started_at, ended_at, outcome)"
            " select 'catalog', partner_key, 'a test', now() - %(ago)s::interval,"
            " now() - %(ago)s::interval, %(outcome)s from journal.partner",
            {"ago": f"{hours_ago} hours", "outcome": outcome},
        )


def file_message(services: Services, minutes_ago: int) -> None:
    with connect(services.settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(
            "insert into journal.message (partner_key, exchange, direction, sha256, size,"
            " object_key, file_name, received_at)"
            " select partner_key, 'catalog', 'in', sha256('x'), 1, 'raw/x', 'import.xml',"
            " now() - %s::interval from journal.partner",
            [f"{minutes_ago} minutes"],
        )


def silences(services: Services) -> list[str]:
    return list(find_silences(services.settings, silence_min=2 * HOUR, waiting_min=30))


@pytest.mark.usefixtures("empty_tables")
def test_a_partner_with_a_recent_good_run_is_not_silent(services: Services) -> None:
    know_partner(services)
    end_run(services, hours_ago=1)

    assert silences(services) == []


@pytest.mark.usefixtures("empty_tables")
def test_a_failed_run_does_not_count(services: Services) -> None:
    know_partner(services)
    end_run(services, hours_ago=3)
    end_run(services, hours_ago=0, outcome="failed")

    (line,) = silences(services)
    assert line.startswith("catalog of Ромашка: no good run since ")


@pytest.mark.usefixtures("empty_tables")
def test_a_file_that_nobody_takes_is_told_even_after_a_recent_run(services: Services) -> None:
    know_partner(services)
    end_run(services, hours_ago=0)
    file_message(services, minutes_ago=40)

    (line,) = silences(services)
    assert "a file waits since" in line


@pytest.mark.usefixtures("empty_tables")
def test_a_file_that_has_just_come_is_no_reason_to_wake_anyone(services: Services) -> None:
    know_partner(services)
    file_message(services, minutes_ago=1)
    end_run(services, hours_ago=0)

    assert silences(services) == []


@pytest.mark.usefixtures("empty_tables")
def test_a_paused_partner_may_be_silent(services: Services) -> None:
    know_partner(services, state="paused")
    end_run(services, hours_ago=30)

    assert silences(services) == []


def test_a_prefect_that_is_gone_is_told(services: Services) -> None:
    (line,) = find_dead_schedule(services.settings, schedule_min=30)

    assert "does not answer" in line
