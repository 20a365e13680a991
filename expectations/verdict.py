"""What the judge found: the same record whichever engine judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from expectations.rules import Rule, Severity

EXAMPLES = 20


class Engine(StrEnum):
    """Who judged: Great Expectations on a frame, or PostgreSQL by the compiled suite."""

    GX = "gx"
    SQL = "sql"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one rule fared.

    `rows` is how many records it looked at (its `unless` taken off), `failed` how many broke it,
    `example_keys` at most 20 of their keys in file order. `records` holds the record_no of every
    record it refuses, ascending (empty for warnings and totals). A total has `observed` instead:
    the value it found, null when there was nothing to look at.
    """

    rule: Rule
    rows: int
    failed: int
    holds: bool
    example_keys: tuple[str, ...]
    records: pa.Int64Array
    observed: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All outcomes over a message, in the order of the suites' rules.

    `rows` is the number of records judged per dataset; `seconds` is what judging cost.
    """

    engine: Engine
    rows: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def stops(self) -> tuple[Outcome, ...]:
        """The critical totals that do not hold: with any of them the whole file is refused."""
        return tuple(
            outcome
            for outcome in self.outcomes
            if not outcome.holds
            and outcome.rule.is_total
            and outcome.rule.severity is Severity.CRITICAL
        )

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """Every rule that did not hold, warnings too."""
        return tuple(outcome for outcome in self.outcomes if not outcome.holds)

    def as_document(self) -> dict[str, object]:
        """The verdict as plain JSON values, for the journal and the run's artifact."""
        return {
            "engine": str(self.engine),
            "rows": dict(self.rows),
            "seconds": round(self.seconds, 3),
            "broken": [
                {
                    "rule": outcome.rule.name,
                    "dataset": outcome.rule.dataset,
                    "severity": str(outcome.rule.severity),
                    "believe": outcome.rule.believe,
                    "failed": outcome.failed,
                    "observed": outcome.observed,
                    "example_keys": list(outcome.example_keys),
                }
                for outcome in self.broken
            ],
        }


def within(kwargs: Mapping[str, object], observed: float | None) -> bool:
    """Whether an observed total stands between `min_value` and `max_value` of its rule."""
    lower, upper = kwargs.get("min_value"), kwargs.get("max_value")
    if observed is None:
        return True
    if isinstance(lower, int | float) and observed < lower:
        return False
    return not (isinstance(upper, int | float) and observed > upper)
