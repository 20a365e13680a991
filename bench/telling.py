"""A round over ten portals with different selections, in a process of its own.

One sees everything; each of the others two groups of the twenty and the stock of two warehouses.
Each is a folder below the one that is named. Started by `bench/stock.py`; prints one JSON object.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from bench.memory import peak_mb
from bench.volume import GROUPS, Volume
from blocks.drop_folder import DropFolder
from blocks.embedded.store_setup import store_of
from blocks.settings import Settings
from blocks.warehouse import Warehouse
from tasks.publication.publishing import publish_all
from tasks.publication.targets import Target
from tests.tasks.publication.rounds import STEPS, know_portal

_PORTALS = 10


def main() -> None:
    """Make one round and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--warehouses", type=int, required=True)
    asked = parser.parse_args()
    settings = Settings.load()
    warehouse = Warehouse(url=SecretStr(settings.warehouse_url_for("obmen_flow")))
    volume = Volume(1, asked.warehouses)  # for the ids, which depend on no size
    targets = [_target(number, volume, asked.folder, warehouse) for number in range(_PORTALS)]
    begun = perf_counter()
    published = asyncio.run(publish_all(targets, warehouse, store_of(settings), STEPS))
    told = {
        "seconds": round(perf_counter() - begun, 3),
        "told": sum(sent.records for sent in published.sent),
        "delivered": sum(sent.outcome == "delivered" for sent in published.sent),
        "failures": published.failures,
        "peak_mb": peak_mb(),
    }
    json.dump(told, sys.stdout)


def _target(number: int, volume: Volume, folder: Path, warehouse: Warehouse) -> Target:
    place = folder / f"portal-{number}"
    place.mkdir(parents=True, exist_ok=True)
    groups = {(2 * number) % GROUPS, (2 * number + 1) % GROUPS}
    places = {number % volume.warehouses, (number + 1) % volume.warehouses}
    selected = (
        {
            "groups": [volume.group_id(each) for each in sorted(groups)],
            "warehouses": [volume.warehouse_id(each) for each in sorted(places)],
        }
        if number
        else {}
    )
    portal = know_portal(warehouse, place.name, **selected)
    return Target(portal, DropFolder(path=place), is_asked=True)


if __name__ == "__main__":
    main()
