"""The words a suite is written in: rules that name an expectation of Great Expectations.

A suite is data. It is judged by Great Expectations itself or compiled to SQL (`gate.py`); it
knows neither. Causes are codes of `tasks/model/causes.py`, written as plain text because this
package imports nothing of `tasks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

KEY_COLUMNS = ("record_no", "key")


class Severity(StrEnum):
    """What a broken belief means: critical refuses the record (a total: stops the file)."""

    CRITICAL = "critical"
    WARNING = "warning"


class NegativeStock(StrEnum):
    """What a partner's negative quantity means; 1C allows it, many portals do not."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What differs between partners, and between a full file and a file of changes.

    `required` names, per dataset, the columns a partner's contract promises beside ours.
    `max_refused_share` (0 to 1) stops the file, but never for `few_refused` records or less: in a
    small file a few bad records are a large share and still only a few bad records.
    """

    is_full: bool = False
    negative_stock: NegativeStock = NegativeStock.ALLOW
    required: Mapping[str, Sequence[str]] = field(default_factory=dict)
    max_refused_share: float = 0.5
    few_refused: int = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """One belief about the records of a dataset, or about all of them together.

    `expectation` and `kwargs` are those of Great Expectations. `place` is the field's path as the
    sender writes it. `expected` is what the refusal shows as the rule: symbols, so that it reads
    in both languages. `unless` names flag columns: a record with one of them true is not judged.
    `shows` is the column whose text the refusal quotes, when the judged one is derived from it.
    """

    name: str
    dataset: str
    believe: str
    expectation: str
    kwargs: Mapping[str, object]
    severity: Severity = Severity.CRITICAL
    cause: str = "RULE_BROKEN"
    place: str = ""
    expected: str = ""
    unless: tuple[str, ...] = ()
    shows: str = ""

    @property
    def column(self) -> str:
        """The judged column; empty for a rule about the table as a whole."""
        return str(self.kwargs.get("column", ""))

    @property
    def is_total(self) -> bool:
        """Whether the rule is about all records together: it refuses none of them alone."""
        return not self.expectation.startswith("expect_column_values_") and (
            self.expectation != "expect_column_value_lengths_to_be_between"
        )

    @property
    def refuses(self) -> bool:
        """Whether a record that breaks the rule does not get in."""
        return self.severity is Severity.CRITICAL and not self.is_total


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules of one exchange, in the order in which they name the cause of a refusal."""

    name: str
    rules: tuple[Rule, ...]

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that have rules, in the order in which they first appear."""
        return tuple(dict.fromkeys(rule.dataset for rule in self.rules))

    def of(self, dataset: str) -> tuple[Rule, ...]:
        """The rules of this dataset."""
        return tuple(rule for rule in self.rules if rule.dataset == dataset)


def present(dataset: str, column: str, place: str, *, unless: tuple[str, ...] = ()) -> Rule:
    """Believe that every record has this field; without it the record is refused."""
    return Rule(
        f"{dataset}_{column}_present",
        dataset,
        f"Every record of {dataset} has {column}.",
        "expect_column_values_to_not_be_null",
        {"column": column},
        cause="FIELD_MISSING",
        place=place,
        expected="≠ ∅",
        unless=unless,
    )


def not_longer(
    dataset: str, column: str, place: str, characters: int, severity: Severity = Severity.CRITICAL
) -> Rule:
    """Believe that the text of this field has at most so many characters."""
    return Rule(
        f"{dataset}_{column}_length",
        dataset,
        f"{column} of {dataset} has at most {characters} characters.",
        "expect_column_value_lengths_to_be_between",
        {"column": column, "max_value": characters},
        severity,
        "FIELD_TOO_LONG",
        place,
        f"≤ {characters}",
    )
