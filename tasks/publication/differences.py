"""What comparing both sides shows: differences, lag, and sums by kind of record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LAG: Final = "lag"


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that the other side does not hold as we told it."""

    dataset: str
    key: str
    kind: str  # missing_at_target | unknown_at_target | different | lag
    field: str
    ours: str | None
    theirs: str | None

    def __str__(self) -> str:
        if self.kind == "different" or (self.kind == LAG and self.theirs is not None):
            return f"{self.dataset} {self.key}: {self.field} is {self.theirs}, not {self.ours}"
        return f"{self.dataset} {self.key}: {self.kind.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Sums:
    """Both sides of one kind of record: counts, sums and a hash over all that is compared."""

    dataset: str
    our_records: int
    their_records: int
    our_total: str | None
    their_total: str | None
    our_hash: str
    their_hash: str
    differing: int = 0
    lagging: int = 0

    @property
    def standing(self) -> str:
        """Say in a word how both sides stand."""
        if self.differing:
            return "DIFFERENT"
        return "lag" if self.lagging else "equal"


@dataclass(frozen=True, slots=True)
class Verified:
    """What asking a portal showed; `lags` are the first of all that it has not heard of yet."""

    portal: str
    sums: Sequence[Sums]
    differences: Sequence[Difference]
    lags: Sequence[Difference] = ()
    lagging: int = 0
    report: str = ""  # where the report opens

    @property
    def missing(self) -> int:
        """How many records are not there that the portal acknowledged."""
        return sum(each.kind == "missing_at_target" for each in self.differences)
