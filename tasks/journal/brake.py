"""The deletion brake: how much may go without a person. One rule for both directions, pure.

Deletions go by themselves only while they are few by one of the two measures, and only where nobody
has a reason to doubt the list (a cut file, a missing portion, a source that never sent all it has).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.model.portals import Limits


@dataclass(frozen=True, slots=True)
class Brake:
    """What the rule says of deletions of one kind: `reasons` is empty where they may go."""

    would_go: int
    held: int  # records of the kind, those that would go among them
    limits: Limits
    reasons: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether a person must look at the list first."""
        return bool(self.reasons)

    def __str__(self) -> str:
        return "; ".join(self.reasons) or f"{self.would_go} of {self.held}: within the limits"


def decide(would_go: int, held: int, limits: Limits, doubts: Sequence[str] = ()) -> Brake:
    """Let deletions go or hold them.

    They are held when more than `deletion_count_max` records AND more than `deletion_share_max` of
    what is held would go, or when there is any doubt (each a sentence for the person who looks).
    Nothing to delete is never held.
    """
    if not would_go:
        return Brake(0, held, limits)
    reasons = list(doubts)
    if would_go > limits.deletion_count_max and would_go > limits.deletion_share_max * held:
        reasons.insert(
            0,
            f"{would_go} of {held} would go; the limits are {limits.deletion_count_max} records "
            f"and {limits.deletion_share_max:.0%}",
        )
    return Brake(would_go, held, limits, tuple(reasons))
