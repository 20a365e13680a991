"""What happens to a volume of stock and prices, scenario by scenario, and what each one costs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from bench.installation import Installation
from bench.knocking import knock, open_door
from bench.volume import PRICE_TYPES, Edition, Volume, count_changed
from bench.volume_xml import write_goods, write_offers, write_prices
from bench.yardsticks import time_copy, time_expat

# In this order: each finds what those before it left.
SCENARIOS = (
    "first", "again", "changed", "portals", "prices", "twice", "usual", "gateway", "sparse",
)  # fmt: skip
USUAL = SCENARIOS[:-1]  # `sparse` is as large as all others together
_AFTER_FIRST = {"again", "changed", "portals", "prices"}
_PLACES, _FIGURES = 50, 3  # of `sparse`: warehouses, and in how many of them an offer lies
_IDLE_S = 3.0

Figures = dict[str, Any]


class NotAsExpectedError(AssertionError):
    """The books of a file are not what the file holds: its seconds would measure something else."""


@dataclass(frozen=True, slots=True)
class Bench:
    """An installation, the volume that is measured, a small one, and the size of the sparse one."""

    at: Installation
    volume: Volume
    small: Volume
    sparse_offers: int
    figures: Figures = field(default_factory=dict)

    def measure(self, scenarios: Sequence[str]) -> Figures:
        """Run these scenarios in their order and return the figures of each."""
        wanted = set(scenarios) | ({"first"} if _AFTER_FIRST & set(scenarios) else set())
        for name in SCENARIOS:
            if name in wanted:
                self.figures[name] = getattr(self, f"_{name}")()
                said = json.dumps({name: self.figures[name]}, ensure_ascii=False)
                print(said, file=sys.stderr, flush=True)
        return {"offers": self.volume.offers, "warehouses": self.volume.warehouses, **self.figures}

    def _first(self) -> Figures:
        return self._load(self.volume, "base")

    def _again(self) -> Figures:
        return self._take(self._write(self.volume, Edition(1)), "base", _records(self.volume), 0)

    def _changed(self) -> Figures:
        edition = Edition(2, changed_share=0.01)
        accepted = sum(count_changed(self.volume, edition).values())
        file = self._write(self.volume, edition)
        return self._take(file, "base", _records(self.volume), accepted)

    def _portals(self) -> Figures:
        """Tell ten portals everything, then what 1 % of changes makes for each, then nothing."""
        out = self.at.folder / "portals"
        words = ("telling", out, "--warehouses", self.volume.warehouses)
        whole = self.at.run(*words)
        file = self._write(self.volume, Edition(3, changed_share=0.01))
        self.at.run("taking", file)
        file.unlink()
        rounds = {"whole": whole, "changes": self.at.run(*words), "nothing": self.at.run(*words)}
        for each in rounds.values():
            if each["failures"]:
                raise NotAsExpectedError(each["failures"])
        return rounds

    def _prices(self) -> Figures:
        file = write_prices(self.volume, self.at.folder / "prices.xml", Edition(4))
        return self._take(file, "base", 2 * self.volume.offers, self.volume.offers)

    def _twice(self) -> Figures:
        doubled = Volume(2 * self.volume.offers, self.volume.warehouses)
        figures = self._load(doubled, "twice")
        once = self.figures.get("first")
        return figures | ({"to_first_peak": _ratio(figures, once, "peak_mb")} if once else {})

    def _usual(self) -> Figures:
        """What one writes instead, of the same small file that we take as well."""
        ours = self._load(self.small, "usual")
        file = self._write(self.small, Edition())
        told = {way: self.at.run("usual", way, file) for way in ("pandas", "orm")}
        file.unlink()
        figures = {"obmen": ours, **told}
        per_record = {way: _us_per_record(each) for way, each in figures.items()}
        per_record["obmen_whole"] = _us_per_record(self.figures.get("first", ours))
        return {
            "offers": self.small.offers,
            "us_per_record": per_record,
            "pandas_to_obmen": round(per_record["pandas"] / per_record["obmen"], 1),
            "pandas_to_whole": round(per_record["pandas"] / per_record["obmen_whole"], 1),
            "orm_to_obmen": round(per_record["orm"] / per_record["obmen"], 1),
            "peak_mb": {way: each["peak_mb"] for way, each in figures.items()},
        }

    def _gateway(self) -> Figures:
        """Ask `checkauth` while nothing happens, and while a whole volume is loaded."""
        self._take_goods(self.volume, "busy")
        file = self._write(self.volume, Edition())
        open_door(self.at.settings)
        until = monotonic() + _IDLE_S
        idle = knock(self.at.settings, lambda: monotonic() < until)
        with self.at.start("taking", file, "--partner", "busy") as loading:
            busy = knock(self.at.settings, lambda: loading.poll() is None)
            said, _ = loading.communicate()
        file.unlink()
        check(json.loads(said), _records(self.volume), _records(self.volume))
        return {"idle": idle.as_json(), "loading": busy.as_json()}

    def _sparse(self) -> Figures:
        sparse = Volume(self.sparse_offers, _PLACES, _FIGURES)
        return {"offers": sparse.offers, "warehouses": _PLACES, **self._load(sparse, "sparse")}

    def _load(self, volume: Volume, partner: str) -> Figures:
        """Take the goods, then all their offers; the figures are those of the offers."""
        goods_s = self._take_goods(volume, partner)
        file, records = self._write(volume, Edition()), _records(volume)
        return self._take(file, partner, records, records) | {"goods_s": goods_s}

    def _take_goods(self, volume: Volume, partner: str) -> float:
        file = write_goods(volume, self.at.folder / "import.xml")
        told = self.at.run("taking", file, "--partner", partner)
        file.unlink()
        return float(told["seconds"])

    def _write(self, volume: Volume, edition: Edition) -> Path:
        return write_offers(volume, self.at.folder / "offers.xml", edition)

    def _take(self, file: Path, partner: str, records: int, accepted: int) -> Figures:
        expat_s, expat_cpu_s = time_expat(file)
        copy_s = time_copy(self.at.settings, records)
        told = self.at.run("taking", file, "--partner", partner)
        figures = {
            "bytes": file.stat().st_size,
            "expat_s": round(expat_s, 3),
            "copy_s": round(copy_s, 3),
            "expat_cpu_s": round(expat_cpu_s, 3),
            "to_expat": round(told["seconds"] / expat_s, 2),
            "cpu_to_expat": round((told["cpu_s"] + told["server_cpu_s"]) / expat_cpu_s, 2),
            "to_copy": round(told["seconds"] / copy_s, 2),
        }
        file.unlink()
        check(told, records, accepted)
        return {name: told[name] for name in told if name != "statements"} | figures


def _records(volume: Volume) -> int:
    """How many records a full file holds: of an offer itself, its price, its stock, the total."""
    return volume.offers * (3 + volume.places) + PRICE_TYPES + volume.warehouses


def check(told: Figures, records: int, accepted: int) -> None:
    """Raise NotAsExpectedError unless the books have so many records and accepted so many."""
    unchanged = records - accepted
    expected = {"records": records, "accepted": accepted, "unchanged": unchanged, "refused": 0}
    if any(told[name] != count for name, count in expected.items()):
        message = f"expected {expected}, the books say {told}"
        raise NotAsExpectedError(message)


def _ratio(one: Figures, other: Figures, name: str) -> float:
    return round(float(one[name] / other[name]), 2)


def _us_per_record(figures: Figures) -> float:
    return round(float(1e6 * figures["seconds"] / figures["records"]), 1)
