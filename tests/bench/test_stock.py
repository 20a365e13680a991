"""The benchmark itself at a small size: its figures are complete, and of work that was done."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.installation import Installation
from bench.knocking import Answers
from bench.rows import as_rows
from bench.scenarios import SCENARIOS, Bench, NotAsExpectedError, check
from bench.volume import Volume
from bench.yardsticks import describe_machine
from tests.conftest import Services

LOADED = {
    "seconds", "cpu_s", "server_cpu_s", "expat_cpu_s", "cpu_to_expat", "stages", "peak_mb",
    "start_mb", "tree_mb", "backend_mb", "states",
    "records", "accepted", "unchanged", "refused", "accepted_of", "bytes", "expat_s", "copy_s",
    "to_expat", "to_copy",
}  # fmt: skip


@pytest.fixture
def bench(services: Services, empty_tables: None, tmp_path: Path) -> Bench:
    return Bench(Installation(services.settings, tmp_path), Volume(2000, 5), Volume(100, 5), 300)


@pytest.mark.campaign
@pytest.mark.timeout(400)  # three programs, each of which imports for seconds on a busy machine
def test_a_load_is_measured_with_its_yardsticks(bench: Bench) -> None:
    figures = bench.measure(["changed"])  # which has the first load before it

    first, changed = figures["first"], figures["changed"]
    assert {*LOADED, "goods_s"} == set(first)
    assert {*LOADED} == set(changed)
    assert {"decode", "judge", "close"} <= set(first["stages"])
    assert (16_008, 16_008, 0) == (first["records"], first["accepted"], first["unchanged"])
    assert 0 < changed["accepted"] < 100
    assert 16_008 == changed["accepted"] + changed["unchanged"]
    assert all(first[name] > 0 for name in ("seconds", "to_expat", "to_copy", "peak_mb"))
    assert not list(bench.at.folder.iterdir())  # files of this size are not left


@pytest.mark.campaign
def test_every_scenario_gives_its_figures(bench: Bench) -> None:
    figures = bench.measure(SCENARIOS) | {"machine": describe_machine(bench.at.settings)}

    assert {*SCENARIOS} <= set(figures)
    assert {"whole", "changes", "nothing"} == set(figures["portals"])
    assert 10 == figures["portals"]["whole"]["delivered"]
    assert 0 == figures["portals"]["nothing"]["told"]
    assert {"obmen", "obmen_whole", "pandas", "orm"} == set(figures["usual"]["us_per_record"])
    assert 0 == figures["gateway"]["loading"]["failed"]
    assert len(SCENARIOS) < len(as_rows(json.loads(json.dumps(figures))).splitlines())


@pytest.mark.parametrize(
    "wrong", [{"refused": 1}, {"accepted": 9}, {"unchanged": 1}, {"records": 11}]
)
def test_no_figure_is_given_of_books_that_are_not_as_expected(wrong: dict[str, int]) -> None:
    told: dict[str, Any] = {"records": 10, "accepted": 10, "unchanged": 0, "refused": 0}

    check(told, records=10, accepted=10)
    with pytest.raises(NotAsExpectedError):
        check(told | wrong, records=10, accepted=10)


def test_percentiles_of_answers_are_those_of_all_that_were_asked() -> None:
    answers = Answers([float(ms) for ms in range(1, 102)], failed=2)

    assert {
        "asked": 101, "failed": 2, "p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0, "max_ms": 101.0,
    } == answers.as_json()  # fmt: skip


def test_the_rows_name_what_was_measured() -> None:
    machine = {"cpu": "A", "cores": 2, "ram_gb": 8, "postgresql": "18.6", "python": "3.11.7"}
    load = {
        "bytes": 29_500_000, "records": 160_008, "seconds": 1.25, "to_expat": 3.456,
        "to_copy": 12.3, "peak_mb": 251,
    }  # fmt: skip

    rows = as_rows({"machine": machine, "offers": 20_000, "warehouses": 5, "first": load})

    assert rows.startswith("20,000 offers × 5 warehouses; A, 2 cores, 8 GB")
    assert "| first full load | 30 | 160,008 | 1.2 | 3.46 | 12.3 | 251 |" in rows
