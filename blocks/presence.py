"""Whether a package lies where it was put, for channels that put files. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from blocks.outbound import Outcome, Parcel, Receipt


class Seen(StrEnum):
    """What lies under the name of a parcel."""

    SAME = "same"
    OTHER = "other"
    ABSENT = "absent"


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

    The last file appears last: where it lies, all lay. Where files are taken away, one that is gone
    may have been taken.
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
