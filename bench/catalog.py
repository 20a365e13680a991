"""What taking a catalog costs, from the archived file to closed books, against bare expat.

A seeded export of N goods is taken twice; the second time nothing changes. The yardstick is one
pass of pyexpat without handlers over the same bytes in the same run. Prints one JSON object.
Run: python -m bench.catalog --goods 20000
"""

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from xml.parsers import expat

from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.embedded.store_setup import store_of
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Order, export
from tasks.model.messages import Closed
from tests.homes import own_home
from tests.tasks.catalog.plain import take_files

_SEED = 20_261_122


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goods", type=int, default=5_000)
    goods = parser.parse_args().goods
    with tempfile.TemporaryDirectory(prefix="obmen-bench-") as folder:
        made = export(
            Company(_SEED, goods=goods, pictures=False), Path(folder), Order(portion=goods)
        )
        files = [made.folder / name for each in made.sets for name in each.documents]
        json.dump({"goods": goods, **_measure(files)}, sys.stdout, indent=1)
        print()


def _measure(files: list[Path]) -> dict[str, object]:
    begun = perf_counter()
    for file in files:
        expat.ParserCreate().Parse(file.read_bytes(), True)  # noqa: FBT003  (no name for it)
    expat_s = perf_counter() - begun
    with own_home() as settings:
        bring_up(settings, DATA_SERVICES)
        warehouse = Warehouse.model_validate({"url": settings.warehouse_url_for("obmen_flow")})
        seconds, ends = [], []
        for _ in range(2):
            begun = perf_counter()
            ends.append(take_files(warehouse, store_of(settings), *files))
            seconds.append(perf_counter() - begun)
    return {
        "bytes": sum(file.stat().st_size for file in files),
        "records": _count(ends[0], "received"),
        "accepted": [_count(end, "accepted") for end in ends],
        "expat_s": round(expat_s, 3),
        "first_s": round(seconds[0], 2),
        "again_s": round(seconds[1], 2),
        "first_to_expat": round(seconds[0] / expat_s, 1),
        "again_to_expat": round(seconds[1] / expat_s, 1),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _count(closed: list[Closed], column: str) -> int:
    return sum(
        getattr(entry, column) for each in closed for entry in each.books if entry.dataset != "file"
    )


if __name__ == "__main__":
    main()
