"""Death before and after every durable act of the road in, twice in a row; then all must be whole.

The points are those of `blocks/crash.py`: each transaction and each object that is stored. Which
there are is read from the sources, which are passed is learned from a run that nobody disturbs.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from blocks.settings import Settings
from tests.campaign.audited import findings
from tests.campaign.dying import Inbox, Zygote, empty, make_inbox, zygote
from tests.campaign.sites import OUTGOING, durable_sites
from tests.campaign.state import state_of
from tests.conftest import Services

DIED = 137
# Where nobody is killed, and why.
SPARED = {
    "admit_partners": "one upsert of what the blocks say; the next `admit` does it again",
    "renew_lease": "every ten seconds, writes nothing but the time",
    "put_protocols": "a copy of the journal's knocks for people; nothing hangs on it",
    "decide_deletions": "one transaction in a person's name, who sees whether it is done",
    "load_tree": "one transaction; the same file again makes no new version",
    "waive_refusals": "one statement in a person's name, who sees whether it is done",
}
# The road out has its own test; what both roads store as it is, is stored on this one too.
NAMES = sorted(durable_sites("tasks") - (OUTGOING - {"put_raw"}) - SPARED.keys())


@dataclass(frozen=True)
class Road:
    """The road under test, and what became of an undisturbed run."""

    settings: Settings
    worker: Zygote
    inbox: Inbox
    folder: Path
    passages: Counter[str]
    state: dict[str, list[str]]

    def run(self, crash_at: str = "") -> int:
        """Run over whatever is left in the inbox."""
        crash = {"OBMEN_CRASH_AT": crash_at} if crash_at else {}
        return self.worker.run("road", crash, inbox=str(self.folder))

    def begin(self) -> None:
        """Forget everything and fill the inbox."""
        empty(self.settings)
        self.inbox.fill(self.folder)


@pytest.fixture(scope="module")
def road(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A road whose points are learned."""
    settings, folder = services.settings, tmp_path_factory.mktemp("road")
    inbox, log = make_inbox(folder), folder / "passages"
    empty(settings)
    with zygote(settings) as worker:
        code = worker.run(
            "road", {"OBMEN_CRASH_LOG": str(log)}, inbox=str(inbox.fill(folder / "inbox"))
        )
        assert code == 0
        passages = Counter(
            line.rpartition(":")[0] for line in log.read_text(encoding="utf-8").splitlines()
        )
        assert [] == findings(settings, inbox.folders)
        yield Road(settings, worker, inbox, folder / "inbox", passages, state_of(settings))


def test_whoever_is_spared_is_still_there() -> None:
    assert SPARED.keys() <= durable_sites("tasks")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", NAMES)
def test_death_at_a_point_and_again_while_recovering_loses_nothing(
    road: Road, name: str, moment: str
) -> None:
    assert road.passages[f"{name}:{moment}"], "no run of the test passes there: extend the scenario"
    _die_and_recover(road, f"{name}:{moment}:1")


@pytest.mark.campaign
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", NAMES)
def test_death_at_any_later_passage_loses_nothing(road: Road, name: str, moment: str) -> None:
    for number in range(2, road.passages[f"{name}:{moment}"] + 1):
        _die_and_recover(road, f"{name}:{moment}:{number}")


def _die_and_recover(road: Road, point: str) -> None:
    road.begin()
    assert road.run(point) == DIED
    assert road.run(point) in {DIED, 0}
    assert road.run() == 0

    assert [] == findings(road.settings, road.inbox.folders), point
    assert road.state == state_of(road.settings), point
