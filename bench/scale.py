"""A day of a company with very many partners, on one small machine: time and memory.

A catalog of N items of V vendors is taken once, with a price policy; P portals see it, each its own
groups, warehouses and prices (one in ten sees all of it). The day: everybody's first package; 1C
re-exports with 1 % changed and everybody due is told; again, and nobody is. Then S other sources
send their stock and are taken one after the other. Each part has a budget, and the program fails
where one is not kept. Prints one JSON object.
Run: python -m bench.scale --portals 2000 --goods 1000 --vendors 110 --sources 20 --lines 1000
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from pydantic import SecretStr

from bench.installation import installed
from bench.memory import peak_mb
from blocks.drop_folder import DropFolder
from blocks.embedded.store_setup import store_of
from blocks.settings import Settings
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tasks.journal.loads import File
from tasks.model.messages import Terms
from tasks.publication.publishing import publish_all
from tasks.publication.targets import Target
from tasks.stock.policy import load_policy
from tasks.stock.rates import load_rates
from tests.tasks.catalog.stock_files import Base
from tests.tasks.publication.rounds import SOURCE, STEPS, ask, know_portal, take_company

_SEED: Final = 20_261_122
_RATES: Final = "валюта;дата;курс\nUSD;2025-11-01;81,5\n"
_VENDORS: Final = "update core.product set manufacturer_name = 'Вендор ' || product_key % {}"
_GROUPS: Final = 10  # of dealers
_RSS_BUDGET_MB: Final = 1_000  # of the process that does it; a machine of 4 GB has room for all
_BUDGETS_S: Final = {"portal": 2.0, "told": 1.0, "line": 0.01}  # for each


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on the day, and how large it is."""

    warehouse: Warehouse
    store: Store
    folder: Path
    portals: int
    goods: int
    vendors: int
    sources: int
    lines: int

    def live(self) -> dict[str, Any]:
        """Live through the day; return what each part took."""
        company = Company(_SEED, goods=self.goods, pictures=False)
        taking_s = self._timed(lambda: self._take(company, "first"))
        targets = list(self._open_portals())
        self._load_prices()
        first = self._publish("first", targets)
        changing_s = self._timed(lambda: self._take(company.after(1, 0.01), "later"))
        change = self._publish("change", targets)
        nothing = self._publish("nothing", targets)
        sources_s = self._timed(self._take_sources)
        return {
            "taking_s": taking_s,
            "taking_changes_s": changing_s,
            **first,
            **change,
            **nothing,
            "sources_s": sources_s,
            "cpu_s": round(process_time(), 2),
            "peak_mb": peak_mb(),
        }

    def _take(self, company: Company, name: str) -> None:
        take_company(self.warehouse, self.store, self.folder / name, company)
        with self.warehouse.transaction("vendors") as transaction:
            transaction.execute_compiled(_VENDORS.format(self.vendors))

    def _open_portals(self) -> Iterator[Target]:
        groups = [key for (key,) in ask(self.warehouse, "select id from core.product_group")]
        places = [key for (key,) in ask(self.warehouse, "select id from core.warehouse order by 1")]
        for number in range(self.portals):
            folder = self.folder / f"portal-{number}"
            folder.mkdir()
            chosen = {
                "groups": (groups[number % len(groups)], groups[number * 7 % len(groups)]),
                "warehouses": (places[number % len(places)],),
            }
            portal = know_portal(
                self.warehouse, folder.name, pricing="policy", **(chosen if number % 10 else {})
            )
            yield Target(portal, DropFolder(path=folder), is_asked=True)

    def _load_prices(self) -> None:
        ((price_type,),) = ask(self.warehouse, "select min(id) from core.price_type")
        rows = [f"base;;dealers-{group};;{price_type};" for group in range(_GROUPS)]
        rows += [f"member;portal-{n};dealers-{n % _GROUPS};;;" for n in range(self.portals)]
        rows += [f"discount;;dealers-{group};;;{group + 1}" for group in range(_GROUPS)]
        rows += [f"discount;;;Вендор {vendor};;{vendor % 15}" for vendor in range(self.vendors)]
        text = "\n".join(("kind;partner;dealer_group;vendor;price_type;percent", *rows))
        load_rates(self.warehouse, self.store, File("rates.csv", _RATES.encode(), "bench"))
        load_policy(self.warehouse, self.store, SOURCE, File("p.csv", text.encode(), "bench"))

    def _publish(self, name: str, targets: list[Target]) -> dict[str, float]:
        """Make a round; say its seconds, those of this process's own work, and what was told."""
        begun, begun_cpu = perf_counter(), process_time()
        published = asyncio.run(publish_all(targets, self.warehouse, self.store, STEPS))
        for portal, fault in published.failures.items():
            sys.exit(f"{portal}: {fault}")
        return {
            f"{name}_packages_s": round(perf_counter() - begun, 2),
            f"{name}_packages_cpu_s": round(process_time() - begun_cpu, 2),
            f"{name}_records": sum(sent.records for sent in published.sent),
        }

    def _take_sources(self) -> None:
        terms = Terms(undeclared=frozenset({"warehouses"}))
        lines = "".join(f"p{n % 3 + 1};v{n};{n}\n" for n in range(self.lines))
        text = "#obmen-catalog;2;formed_at=2025-11-01T12:00:00\noffer_id;warehouse_id;quantity\n"
        for number in range(self.sources):
            source = Base(self.warehouse, self.store, self.folder, terms, f"agent-{number}")
            source.prepare().send(text + lines, name="stock.csv")

    @staticmethod
    def _timed(step: Callable[[], object]) -> float:
        begun = perf_counter()
        step()
        return round(perf_counter() - begun, 2)


def main() -> None:
    """Measure in a process of its own, compare with the budgets and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (
        ("portals", 2_000), ("goods", 1_000), ("vendors", 110), ("sources", 20), ("lines", 1_000)
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="lives the day in it: for the program itself")
    asked = vars(parser.parse_args())
    folder = asked.pop("folder")
    if folder:
        settings = Settings.load()
        warehouse = Warehouse(url=SecretStr(settings.warehouse_url_for("obmen_flow")))
        json.dump(Day(warehouse, store_of(settings), folder, **asked).live(), sys.stdout)
        return
    with installed() as place:
        words = [word for name, value in asked.items() for word in (f"--{name}", value)]
        day = place.run("scale", "--folder", place.folder, *words)
    over = list(over_budget(day, asked))
    json.dump({**asked, **day, "over_budget": over}, sys.stdout)
    print()
    sys.exit(bool(over))


def over_budget(day: dict[str, Any], asked: dict[str, int]) -> Iterator[str]:
    """Yield what took more than it may, by the size of what was asked."""
    allowed = {
        "first_packages_s": _BUDGETS_S["portal"] * asked["portals"],
        "change_packages_s": _BUDGETS_S["told"] * asked["portals"],
        "sources_s": _BUDGETS_S["line"] * asked["sources"] * asked["lines"] + 60,
        "peak_mb": _RSS_BUDGET_MB,
        "nothing_records": 0,
    }
    for name, most in allowed.items():
        if day[name] > most:
            yield f"{name}: {day[name]}, allowed {most}"


if __name__ == "__main__":
    main()
