"""Death before and after every durable act of the road in, twice in a row; then all must be whole.

Two loads: all kinds of files with an operator's deeds on them, and a base that only trades, whose
prices and rests come again and again in files of their own.

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
from tests.campaign.dying import Inbox, Zygote, empty, make_inbox, make_trade, zygote
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
    "decide_price": "one transaction in a person's name, who sees whether it is done",
    **dict.fromkeys(
        ("load_approvals", "load_policy", "load_price_list", "load_proposals", "load_rates"),
        "one transaction; the same file again makes no new version",
    ),
}
# The road out has its own test; what both roads store as it is, is stored on this one too.
NAMES = sorted(durable_sites("tasks") - (OUTGOING - {"put_raw", "put_reports"}) - SPARED.keys())


@dataclass(frozen=True)
class Road:
    """The road under test, and what became of an undisturbed run."""

    settings: Settings
    worker: Zygote
    inbox: Inbox
    folder: Path
    passages: Counter[str]
    state: dict[str, list[str]]
    has_operator: bool

    def run(self, crash_at: str = "") -> int:
        """Run over whatever is left in the inbox."""
        crash = {"OBMEN_CRASH_AT": crash_at} if crash_at else {}
        return self._run(crash)

    def learn(self) -> None:
        """Run undisturbed; keep which points are passed, and what is held at the end."""
        self.begin()
        log = self.folder.parent / "passages"
        assert self._run({"OBMEN_CRASH_LOG": str(log)}) == 0
        lines = log.read_text(encoding="utf-8").splitlines()
        self.passages.update(line.rpartition(":")[0] for line in lines)
        assert [] == findings(self.settings, self.inbox.folders)
        self.state.update(state_of(self.settings))

    def _run(self, crash: dict[str, str]) -> int:
        words = {"inbox": str(self.folder), "has_operator": self.has_operator}
        return self.worker.run("road", crash, **words)

    def begin(self) -> None:
        """Forget everything and fill the inbox."""
        empty(self.settings)
        self.inbox.fill(self.folder)


@pytest.fixture(scope="module")
def road(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A road whose points are learned."""
    folder = tmp_path_factory.mktemp("road")
    yield from _learned(services, make_inbox(folder), folder / "inbox", has_operator=True)


@pytest.fixture(scope="module")
def trade(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """The road of a base that trades, whose points are learned."""
    folder = tmp_path_factory.mktemp("trade")
    yield from _learned(services, make_trade(folder), folder / "inbox", has_operator=False)


def _learned(
    services: Services, inbox: Inbox, folder: Path, *, has_operator: bool
) -> Iterator[Road]:
    with zygote(services.settings) as worker:
        learned = Road(
            services.settings, worker, inbox, folder, Counter(), {}, has_operator=has_operator
        )
        learned.learn()
        yield learned


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


# Where a file of prices or rests is between what is held and what it says; the campaign tries all.
@pytest.mark.parametrize(
    ("name", "moment"), [("stage_records", "after"), ("close_message", "before")]
)
def test_death_amid_prices_and_rests_loses_nothing(trade: Road, name: str, moment: str) -> None:
    passages = trade.passages[f"{name}:{moment}"]

    assert passages > 2
    _die_and_recover(trade, f"{name}:{moment}:{passages - 1}")


@pytest.mark.campaign
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", NAMES)
def test_death_at_any_passage_of_prices_and_rests_loses_nothing(
    trade: Road, name: str, moment: str
) -> None:
    for number in range(1, trade.passages[f"{name}:{moment}"] + 1):
        _die_and_recover(trade, f"{name}:{moment}:{number}")


def _die_and_recover(road: Road, point: str) -> None:
    road.begin()
    assert road.run(point) == DIED
    assert road.run(point) in {DIED, 0}
    assert road.run() == 0

    assert [] == findings(road.settings, road.inbox.folders), point
    assert road.state == state_of(road.settings), point
