"""What publishing a catalog costs: the first package, a round without change, one with a few.

A seeded catalog of N goods is taken once and published to a folder: whole, again (nothing is to be
told), and after the price of one offer in a hundred changed. The yardstick is writing the first
package's files once more out of their kept inputs, in the same run. Prints one JSON object.
Run: python -m bench.publication --goods 20000
"""

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from blocks.drop_folder import DropFolder
from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.embedded.store_setup import store_of
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tasks.publication.forming import form_again
from tests.homes import own_home
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company

_SEED = 20_261_122
_CHANGE = """
    update core.price set amount = amount + 1, digest = md5(digest::text)::uuid
    where offer_key % 100 = 0
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goods", type=int, default=5_000)
    goods = parser.parse_args().goods
    with tempfile.TemporaryDirectory(prefix="obmen-bench-") as name, own_home() as settings:
        bring_up(settings, DATA_SERVICES)
        warehouse = Warehouse.model_validate({"url": settings.warehouse_url_for("obmen_flow")})
        folder = Path(name)
        store = store_of(settings)
        take_company(warehouse, store, folder / "full", Company(_SEED, goods=goods, pictures=False))
        (folder / "out").mkdir()
        json.dump({"goods": goods, **_measure(warehouse, store, folder / "out")}, sys.stdout)
        print()


def _measure(warehouse: Warehouse, store: Store, out: Path) -> dict[str, Any]:
    portal, seconds, records = know_portal(warehouse), [], []
    for change in ("", "", _CHANGE):
        if change:
            with warehouse.transaction("change") as transaction:
                transaction.execute_compiled(change)
        begun = perf_counter()
        published = publish(warehouse, store, portal, DropFolder(path=out))
        seconds.append(perf_counter() - begun)
        records.append(sum(sent.records for sent in published.sent))
    writing_s = _write_again(warehouse, store)
    return {
        "records": ask(warehouse, "select count(*) from journal.shown")[0][0],
        "told": records,
        "first_s": round(seconds[0], 2),
        "again_s": round(seconds[1], 2),
        "one_percent_s": round(seconds[2], 2),
        "writing_s": round(writing_s, 2),
        "first_to_writing": round(seconds[0] / writing_s, 1),
        "again_to_writing": round(seconds[1] / writing_s, 1),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _write_again(warehouse: Warehouse, store: Store) -> float:
    with warehouse.transaction("first") as transaction:
        rows = transaction.execute_compiled(
            "select file_name, rules from journal.message where state = 'formed' "
            "order by message_key limit 1"
        )
    begun = perf_counter()
    form_again(store, rows[0]["rules"], rows[0]["file_name"])
    return perf_counter() - begun


if __name__ == "__main__":
    main()
