"""The road is killed at random moments while files keep coming; then it must be whole.

OBMEN_SEED repeats a loop, OBMEN_LOOP_S makes it longer.
"""

import os
import shutil
import time
from pathlib import Path
from random import Random

import pytest

from sandbox.company import Company
from sandbox.export import Mode, Order, export
from tests.campaign.audited import findings
from tests.campaign.dying import empty, zygote
from tests.conftest import Services

SECONDS = float(os.environ.get("OBMEN_LOOP_S", "40"))
SEED = int(os.environ.get("OBMEN_SEED", str(time.time_ns() % 100_000)))
KILLED = -9


@pytest.mark.timeout(SECONDS + 120)
def test_random_kills_of_the_road_lose_and_double_nothing(
    services: Services, tmp_path: Path
) -> None:
    luck, kills, folders = Random(SEED), 0, list[Path]()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    empty(services.settings)
    company = Company(seed=SEED, goods=20)
    deadline = time.monotonic() + SECONDS
    with zygote(services.settings) as worker:
        words = {"inbox": str(inbox), "has_operator": False}
        while time.monotonic() < deadline:
            folders.append(_drop(company, tmp_path / str(len(folders)), inbox))
            company = company.after(len(folders), 0.2)
            for _ in range(luck.randrange(1, 6)):
                code = worker.run_and_kill("road", luck.uniform(0.05, 1.5), **words)
                kills += code == KILLED
        code = worker.run("road", {}, **words)
    print(f"seed {SEED}: {kills} kills, {len(folders)} exports")

    assert code == 0
    assert kills > 0
    assert [] == findings(services.settings, folders)


def _drop(company: Company, folder: Path, inbox: Path) -> Path:
    """Export a state of the company and drop its files into the inbox, goods before offers."""
    mode = Mode.CHANGES if company.steps else Mode.FULL
    made = export(company, folder, Order(mode=mode, portion=10))
    for name in (name for each in made.sets for name in each.documents):
        draft = inbox.parent / name
        shutil.copyfile(made.folder / name, draft)
        draft.rename(inbox / f"{folder.name}-{time.time_ns()}-{name}")
    return folder
