"""The rule of the deletion brake, as a table."""

import pytest

from tasks.journal.brake import decide
from tasks.model.portals import Limits

USUAL = Limits()
DOUBT = ("a portion is missing",)


@pytest.mark.parametrize(
    ("would_go", "held", "limits", "doubts", "holds"),
    [
        (0, 100, USUAL, (), False),
        (0, 100, USUAL, DOUBT, False),
        (0, 0, USUAL, (), False),
        (1, 100, USUAL, (), False),
        (1, 100, USUAL, DOUBT, True),
        (20, 20, USUAL, (), False),  # few records, though all of them
        (20, 21, USUAL, (), False),
        (21, 21, USUAL, (), True),
        (21, 420, USUAL, (), False),  # exactly 5 %
        (21, 419, USUAL, (), True),
        (50_000, 1_000_000, USUAL, (), False),
        (50_001, 1_000_000, USUAL, (), True),
        (1, 1, Limits(0.0, 0), (), True),
        (1, 1, Limits(1.0, 0), (), False),
        (500, 500, Limits(0.0, 500), (), False),
    ],
)
def test_deletions_are_held_past_both_limits_or_by_a_doubt(
    would_go: int, held: int, limits: Limits, doubts: tuple[str, ...], *, holds: bool
) -> None:
    brake = decide(would_go, held, limits, doubts)

    assert holds == brake.holds


def test_every_reason_is_told() -> None:
    brake = decide(30, 40, USUAL, DOUBT)

    assert "30 of 40 would go; the limits are 20 records and 5%; a portion is missing" == str(brake)


def test_what_may_go_says_so() -> None:
    assert "3 of 60: within the limits" == str(decide(3, 60, USUAL))
