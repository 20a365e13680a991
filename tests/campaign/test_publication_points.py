"""Death before and after every durable act of the road out, twice in a row; then all must be told.

All deaths happen to one journal, as in a bad week. Each follows a change of the catalog; once the
round was made again, the portal must hold the catalog, and at the end the auditor looks at all.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blocks.embedded.store_setup import store_of
from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings
from sandbox.company import Company
from sandbox.export import Mode
from tests.campaign.audited import findings
from tests.campaign.dying import Zygote, empty, zygote
from tests.campaign.portals import Shop, opened
from tests.campaign.sites import OUTGOING, READS, durable_sites
from tests.campaign.workers import warehouse_of
from tests.conftest import Services
from tests.tasks.publication.rounds import know_portal, take_company

DIED = 137
# Where nobody is killed, and why.
SPARED = {
    "admit_portal": "one upsert of what the block says; the next round does it again",
    "put_plans": "a list for a person; nothing hangs on it",
}
NAMES = frozenset(OUTGOING - SPARED.keys())
# The road in has them too and dies there in every run of the suite; here the campaign does.
_SHARED = frozenset({"take_lease", "insert_run", "end_run", "put_manifest"})
_OF_FOLDERS = ("show_file",)
_OF_CHANNELS = ("site_", *_OF_FOLDERS)
# A second round comes there: when there is nothing to tell, when the first left a doubt.
_LATER = ("settle_notices", "resolve_delivery")
_CATALOG = """
    select id, name from core.product where withdrawn_at is null and not coalesce(is_deleted, false)
"""
_FILES = """
    select lpad(body ->> 'number', 6, '0') || '/' || parcel.name, encode(parcel.sha256, 'hex')
    from journal.parcel join journal.delivery using (delivery_key)
    join journal.partner using (partner_key) where partner.name = 'folder'
"""


@dataclass
class Source:
    """A source of catalogs, its two portals and the publisher that can be made to die."""

    settings: Settings
    worker: Zygote
    shop: Shop
    folder: Path
    company: Company = field(default_factory=lambda: Company(seed=11, goods=2, pictures=False))
    passages: Counter[str] = field(default_factory=Counter)
    changes: int = 0

    def change(self, *, is_broken: bool = False) -> None:
        """Have another state of the catalog in; let the portal break off, unheard, if asked to."""
        mode = Mode.CHANGES if self.changes else Mode.FULL
        warehouse, store = warehouse_of(self.settings, "obmen_flow"), store_of(self.settings)
        folder = self.folder / str(self.changes)
        take_company(warehouse, store, folder, self.company, mode)
        self.changes += 1
        # One product more each time, and hardly anything else: all that follows stays quick.
        self.company = self.company.after(self.changes, 0.05)
        if is_broken:
            self.shop.order("reset", where="after", mode="import")

    def publish(self, crash: dict[str, str], portal: str, rounds: int = 1) -> int:
        """Make rounds to a portal; return how the publisher ended."""
        way = self.shop.url if portal == "shop" else str(self.folder / "out")
        return self.worker.run("publisher", crash, portal=portal, way=way, rounds=rounds)

    def learn(self) -> None:
        """Tell of the first state, undisturbed, and find out where a publisher passes."""
        log = self.folder / "passages"
        self.change(is_broken=True)
        for portal in ("shop", "folder"):
            assert self.publish({"OBMEN_CRASH_LOG": str(log)}, portal, rounds=3) == 0
        lines = log.read_text(encoding="utf-8").splitlines()
        self.passages.update(line.rpartition(":")[0] for line in lines)

    def die_and_recover(self, point: str) -> list[str]:
        """Die at a point, and there again; return what is wrong once a round came to its end."""
        is_later = point.startswith(_LATER)
        portal = "folder" if point.startswith(_OF_FOLDERS) else "shop"
        self.change(is_broken=is_later)
        crash = {"OBMEN_CRASH_AT": point}
        ends = [
            self.publish(crash, portal, 2 if is_later else 1),
            self.publish(crash, portal),
            self.publish({}, portal),
        ]
        wrong = [] if ends in ([DIED, DIED, 0], [DIED, 0, 0]) else [f"{point}: it ended {ends}"]
        return wrong + [f"{point}: {words}" for words in self._compare(portal)]

    def _compare(self, portal: str) -> list[str]:
        wrong = [
            f"delivery {key} is {state}"
            for key, state in _ask(
                self.settings, "select delivery_key, state from journal.open_deliveries"
            )
        ]
        if portal == "shop":
            theirs = {key: body["name"] for key, body in self.shop.held()["goods"].items()}
            ours = _ask(self.settings, _CATALOG)
            wrong += ["it holds another catalog"] if theirs != dict(ours) else []
        else:
            out = self.folder / "out"
            sent = {(str(each.relative_to(out)), _sha256(each)) for each in out.rglob("*.xml")}
            wrong += ["other files lie there"] if sent != set(_ask(self.settings, _FILES)) else []
        return wrong


def _ask(settings: Settings, question: str) -> list[tuple[str, str]]:
    with connect(settings.warehouse_url_for("obmen_auditor")) as connection:
        return connection.execute(question.encode()).fetchall()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def source(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A source whose points are learned."""
    settings, folder = services.settings, tmp_path_factory.mktemp("publication")
    empty(settings)
    (folder / "out").mkdir()
    for name in ("shop", "folder"):
        know_portal(warehouse_of(settings, "obmen_flow"), name)
    with opened(Shop("shop", folder / "shop.sqlite")) as (shop,), zygote(settings) as worker:
        made = Source(settings, worker, shop, folder)
        made.learn()
        yield made


def test_whoever_is_spared_is_still_there() -> None:
    assert SPARED.keys() <= OUTGOING
    assert not [name for name in OUTGOING if name.startswith(READS)]
    assert durable_sites("tasks/publication") <= OUTGOING


@pytest.mark.timeout(900)
def test_a_publisher_that_dies_anywhere_tells_all_and_nothing_twice(source: Source) -> None:
    points = _points(source, NAMES)
    unknown = [point for point in points if not source.passages[point]]
    assert [] == unknown, "no round of the test passes there: extend the scenario"

    wrong = [words for point in points for words in source.die_and_recover(f"{point}:1")]

    assert [] == wrong
    assert [] == _audit(source)


@pytest.mark.campaign
def test_death_at_any_other_passage_tells_all_and_nothing_twice(source: Source) -> None:
    wrong = [
        words
        for point in _points(source, NAMES | _SHARED)
        for number in range(
            1 if point.startswith(tuple(_SHARED)) else 2, source.passages[point] + 1
        )
        for words in source.die_and_recover(f"{point}:{number}")
    ]

    # A change passes some points less often than the first telling, in which they were counted.
    assert [] == [words for words in wrong if "it ended [0" not in words]
    assert [] == _audit(source)


def _points(source: Source, names: frozenset[str]) -> list[str]:
    points = {f"{name}:{moment}" for name in names for moment in ("before", "after")}
    # Between two requests to a site nothing happens: after one is before the next.
    asked = {each for each in source.passages if each.startswith(_OF_CHANNELS)}
    return sorted(points | {each for each in asked if each.endswith("after")})


def _audit(source: Source) -> list[str]:
    folders = [source.folder / str(number) for number in range(source.changes)]
    held = {"shop": source.shop.held()}
    return [str(each) for each in findings(source.settings, folders, "base", held)]
