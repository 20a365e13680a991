"""One file taken, or portals told, in a process of its own: its peak of memory is its own.

Started by `bench/stock.py`; finds the installation by its environment and prints one JSON object.
With `--profile` it tells the seconds of each statement too, and leaves the profile of the Python
functions in that file.
"""

import argparse
import asyncio
import cProfile
import json
import os
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any, cast

from pydantic import SecretStr

from bench.memory import peak_mb
from bench.statements import SECONDS, timed
from blocks.embedded.store_setup import store_of
from blocks.settings import Settings
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog import road
from tasks.journal.archive import file_message
from tasks.model.messages import Closed
from tests.tasks.catalog.plain import STEPS, know_partner

Step = Callable[..., Awaitable[object]]


def main() -> None:
    """Take what the command line names and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--partner", default="base")
    parser.add_argument("--profile", type=Path)
    asked = parser.parse_args()
    settings = Settings.load()
    url = SecretStr(settings.warehouse_url_for("obmen_flow"))
    warehouse = Warehouse(url=url)
    warehouse = timed(warehouse) if asked.profile else warehouse
    profile = cProfile.Profile() if asked.profile else None
    taken = asyncio.run(_take(asked.file, asked.partner, warehouse, store_of(settings), profile))
    json.dump(taken, sys.stdout)
    if profile:
        profile.dump_stats(asked.profile)


async def _take(
    file: Path, partner: str, warehouse: Warehouse, store: Store, profile: cProfile.Profile | None
) -> dict[str, Any]:
    due = know_partner(warehouse, partner)
    stages: dict[str, float] = defaultdict(float)
    file_message(partner, file, warehouse, store)
    if profile:
        # The steps work in threads, and a profile is a thread's own.
        one = ThreadPoolExecutor(1, initializer=profile.enable)
        asyncio.get_running_loop().set_default_executor(one)
    start_mb = peak_mb()
    SECONDS.clear()
    begun, worked = perf_counter(), _cpu_s()
    closed = await road.drain_partner(due, warehouse, store, 0, _timed_steps(stages))
    return {
        "seconds": round(perf_counter() - begun, 3),
        "cpu_s": round(_cpu_s() - worked, 3),
        "stages": {name: round(seconds, 3) for name, seconds in stages.items()},
        "peak_mb": peak_mb(),
        "start_mb": start_mb,
        "statements": {
            name: round(seconds, 3)
            for name, seconds in sorted(SECONDS.items(), key=itemgetter(1))[::-1]
        },
        **_books(closed),
    }


def _cpu_s() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _timed_steps(stages: dict[str, float]) -> road.Steps:
    """Return the road's steps without Prefect, each adding its seconds to `stages`."""

    def counted(name: str, step: Step) -> Step:
        async def run(*values: object) -> object:
            begun = perf_counter()
            try:
                return await step(*values)
            finally:
                stages[name.partition("_")[0]] += perf_counter() - begun

        return run

    steps = {name: counted(name, step) for name, step in vars(STEPS).items()}
    return cast("road.Steps", SimpleNamespace(**steps))


def _books(closed: list[Closed]) -> dict[str, Any]:
    """Return the sums over all datasets of records, and what was accepted of each."""
    books = [entry for each in closed for entry in each.books if entry.dataset != "file"]
    return {
        "states": [each.state for each in closed],
        "records": sum(entry.received for entry in books),
        "accepted": sum(entry.accepted for entry in books),
        "unchanged": sum(entry.unchanged for entry in books),
        "refused": sum(entry.refused for entry in books),
        "accepted_of": {entry.dataset: entry.accepted for entry in books if entry.accepted},
    }


if __name__ == "__main__":
    main()
