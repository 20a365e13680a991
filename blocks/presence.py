"""Whether a package lies where it was put, for channels that put files. Pure.

The last file of a package is shown last: where it lies, the whole package lay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from blocks.outbound import Outcome, Parcel, Receipt


class Seen(StrEnum):
    """What lies under the name of a parcel."""

    SAME = "same"
    OTHER = "other"
    ABSENT = "absent"


@dataclass
class Showing:
    """How far a package has got: the names that are shown, and the one that is being shown now."""

    package: Sequence[Parcel]
    place: str
    shown: list[str] = field(default_factory=list)
    now: Parcel | None = None

    def done(self) -> Receipt:
        """Say that all of it is shown."""
        return Receipt(Outcome.DELIVERED, f"lies in {self.place}", taken=tuple(self.shown))

    def broken(self, why: str) -> Receipt:
        """Say what a break means: only that of the last file leaves the package in doubt."""
        last = self.package[-1]
        if last.name in self.shown:
            return self.done()
        answer, taken = f"{self.place}: {why}", tuple(self.shown)
        if self.now is not last:
            return Receipt(Outcome.FAILED, answer, taken=taken)
        question = f"Look whether {last.name} ({last.size} bytes) lies in {self.place}"
        return Receipt(Outcome.IN_DOUBT, answer, question, taken)


def refusal(package: Sequence[Parcel], seen: Sequence[Seen], place: str) -> Receipt | None:
    """Return FAILED when a name of the package is taken by other bytes: they are never replaced."""
    taken = [each.name for each, found in zip(package, seen, strict=True) if found is Seen.OTHER]
    if not taken:
        return None
    answer = (
        f"{', '.join(taken)} already in {place} with other bytes: "
        "the package before has not been taken away yet, or somebody else writes there"
    )
    return Receipt(Outcome.FAILED, answer)


def judge(
    package: Sequence[Parcel], seen: Sequence[Seen], place: str, *, is_emptied: bool
) -> Receipt:
    """Say from what is seen whether a package arrived.

    Where files are taken away by their reader, one that is gone may have been taken.
    """
    present = tuple(
        each.name for each, found in zip(package, seen, strict=True) if found is Seen.SAME
    )
    missing = ", ".join(each.name for each in package if each.name not in present)
    if not missing or (is_emptied and seen[-1] is Seen.SAME):
        return Receipt(Outcome.DELIVERED, f"lies in {place}", taken=present)
    if not is_emptied:
        return Receipt(Outcome.FAILED, f"not in {place}: {missing}", taken=present)
    sizes = ", ".join(f"{each.name} ({each.size} bytes)" for each in package)
    question = f"Ask who empties {place}: were {sizes} taken from there? Now missing: {missing}"
    return Receipt(Outcome.IN_DOUBT, f"not in {place} any more: {missing}", question, present)
