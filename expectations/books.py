"""What we believe of a file as a whole, counted after its records were judged.

Here a broken belief stops the file: nothing of it gets in, the old data stay.
"""

from expectations.rules import Parameters, Rule, Severity, Suite


def suite(parameters: Parameters) -> Suite:
    """The totals over all datasets of a message; a file of changes may be empty."""
    return Suite("books", (*(_NOT_EMPTY if parameters.is_full else ()), _mostly_good(parameters)))


_NOT_EMPTY = (
    Rule(
        "books_full_file_not_empty",
        "books",
        "A file that says it holds everything holds records.",
        "expect_column_sum_to_be_between",
        {"column": "received", "min_value": 1},
        # Told only: a split 3.1 export has empty slices that say «full», and nothing is deleted
        # because it is absent from one file.
        severity=Severity.WARNING,
        place="file",
        expected="≥ 1",
    ),
)


def _mostly_good(parameters: Parameters) -> Rule:
    return Rule(
        "books_mostly_good",
        "books",
        "Most records of a dataset are good; if not, the file is damaged, not its records.",
        "expect_column_max_to_be_between",
        {"column": "refused_share", "max_value": parameters.max_refused_share},
        place="file",
        expected=f"≤ {parameters.max_refused_share}",
        unless=("is_few",),
    )
