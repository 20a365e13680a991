"""Workers that die where they are told, and exports for them to work on."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from blocks.embedded.warehouse_setup import connect
from blocks.settings import PROJECT, Settings
from sandbox.company import Company
from sandbox.export import Client, Export, Mode, Order, export
from sandbox.faults import Fault
from sandbox.spoil import spoil
from sandbox.trading import TradingCompany

_EMPTY_TABLES = (PROJECT / "tests" / "empty_tables.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Zygote:
    """The process whose children die."""

    orders: IO[str]
    answers: IO[str]

    def run(self, worker: str, crash: dict[str, str], **arguments: object) -> int:
        """Run a worker to its end; return its exit code."""
        return self._order({"worker": worker, "environment": crash, "arguments": arguments})

    def run_and_kill(self, worker: str, after_s: float, **arguments: object) -> int:
        """Run a worker and kill it so many seconds later."""
        return self._order({"worker": worker, "kill_after_s": after_s, "arguments": arguments})

    def leave_running(self, worker: str, crash: dict[str, str], **arguments: object) -> int:
        """Start a worker that serves until it dies; return its process id."""
        order = {"worker": worker, "environment": crash, "arguments": arguments}
        return self._order(order | {"is_left_running": True})

    def end(self, pid: int) -> int:
        """Kill a worker that was left running, unless it is dead; return its exit code."""
        return self._order({"end": pid})

    def _order(self, order: dict[str, object]) -> int:
        self.orders.write(json.dumps(order) + "\n")
        self.orders.flush()
        return int(self.answers.readline())


@contextmanager
def zygote(settings: Settings) -> Iterator[Zygote]:
    """Have a zygote for these services."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.zygote", str(settings.home)],
        cwd=PROJECT,
        env=os.environ | settings.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Zygote(process.stdin, process.stdout)
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder that can be filled anew with the same files, and the truths of what is in it."""

    source: Path
    folders: tuple[Path, ...]

    def fill(self, folder: Path) -> Path:
        """Put all files into `folder`, emptied first, in their order."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number, file in enumerate(sorted(self.source.iterdir())):
            target = folder / file.name
            shutil.copyfile(file, target)
            os.utime(target, (1_700_000_000 + number, 1_700_000_000 + number))
        return folder


def make_inbox(folder: Path) -> Inbox:
    """An archive of goods and offers, a refused price, a cut file, and an archive that is none."""
    company = Company(seed=7, goods=3)
    full = export(company, folder / "full", Order())
    cut = export(company, folder / "cut", Order())
    spoil(cut, Fault.HALF_FILE)
    priced = export(company, folder / "priced", Order(mode=Mode.PRICES))
    spoil(priced, Fault.PRICE_NEGATIVE)
    source = folder / "source"
    source.mkdir()
    with zipfile.ZipFile(source / "1_full.zip", "w") as archive:
        for name in (name for each in full.sets for name in (*each.documents, *each.pictures)):
            archive.write(full.folder / name, name)
    shutil.copyfile(cut.folder / "import0_1.xml", source / "2_import.xml")
    shutil.copyfile(priced.folder / "offers0_1.xml", source / "3_offers.xml")
    (source / "4_bad.zip").write_bytes((source / "1_full.zip").read_bytes()[:2000])
    return Inbox(source, (full.folder,))


def make_trade(folder: Path) -> Inbox:
    """A base of CommerceML 3.1 that trades: everything, then prices and rests again and again.

    One price and one quantity, a file of rests with a quantity that is none, a whole re-export of
    all offers, the same once more, and prices that end in the middle.
    """
    company = TradingCompany(Company(seed=7, goods=2, pictures=False))
    full = export(company, folder / "full", Order(Client.B31))
    sold = company.told().day(seed=1, deeds=4)
    told = export(sold, folder / "told", Order(Client.B31, Mode.PRICES))
    spoilt = export(sold, folder / "spoilt", Order(Client.B31, Mode.PRICES))
    evening = export(sold.told().day(seed=2), folder / "evening", Order(Client.B31, Mode.OFFERS))
    source = folder / "source"
    source.mkdir()
    with zipfile.ZipFile(source / "1_full.zip", "w") as archive:
        for name in _documents(full):
            archive.write(full.folder / name, name)
    _lay(told, source, "2")
    prices, rests = (spoilt.folder / name for name in _documents(spoilt))
    text = rests.read_text(encoding="utf-8-sig")
    broken = text.replace("<Количество>", "<Количество>много ", 1)
    (source / "3_rests.xml").write_text(broken, encoding="utf-8-sig")
    _lay(evening, source, "4")
    _lay(evening, source, "5")
    (source / "6_prices.xml").write_bytes(prices.read_bytes()[:-200])
    return Inbox(source, (full.folder, told.folder, evening.folder))


def _documents(made: Export) -> list[str]:
    return [name for each in made.sets for name in each.documents]


def _lay(made: Export, source: Path, number: str) -> None:
    for place, name in enumerate(_documents(made)):
        word = Path(name).name.partition("_")[0]
        shutil.copyfile(made.folder / name, source / f"{number}{place}_{word}.xml")


def empty(settings: Settings) -> None:
    """Empty the tables: the next case begins from nothing."""
    with connect(settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(_EMPTY_TABLES)
