# ruff: noqa: S608 - the one place that makes SQL, from checked names and literals only
"""A suite as SQL of PostgreSQL: one statement that judges a dataset, one that marks its refused.

The only place where SQL is made, and only from our own declarations: columns and datasets are
checked to be plain names, values become literals here. A rule looks past nulls as Great
Expectations does, unless it is about nulls. Parameters: `:message` and those of
`sql/judge/select_books.sql`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from expectations.rules import KEY_COLUMNS, Rule, Suite
from expectations.verdict import EXAMPLES
from sql import statement

# Datasets with columns the judge derives, each in a file of `sql/judge/`.
_DERIVED = frozenset({"goods", "prices", "books"})
_NAME = re.compile(r"\A[a-z][a-z0-9_]*\Z")


class RuleUnknownError(NotImplementedError):
    """A suite names an expectation that is not translated to SQL, or a name that is not plain."""


def compile_suite(suite: Suite, dataset: str) -> str:
    """Return the statement that judges `dataset` in one row.

    For the k-th rule (from 0) the row has `rows_k`, and `observed_k` for a total or `failed_k`,
    `keys_k` (text[]) and, for a rule that refuses, `records_k` (bigint[], ascending).
    """
    rules = suite.of(dataset)
    rowwise = [(k, rule) for k, rule in enumerate(rules) if not rule.is_total]
    tallies = [
        f"count(*) filter (where {_applies(rule)}) as rows_{k}" for k, rule in enumerate(rules)
    ]
    tallies += [
        f"{_aggregate(rule)} as observed_{k}" for k, rule in enumerate(rules) if rule.is_total
    ]
    flags = "".join(f", ({_breaks(rule)}) is true as breaks_{k}" for k, rule in rowwise)
    is_broken = " or ".join(f"({_breaks(rule)})" for _, rule in rowwise) or "false"
    lists = [part for k, rule in rowwise for part in _lists(k, rule)]
    return "\n".join(
        (
            f"with judged as not materialized ({_relation(dataset)}),",
            f"tallied as (select {', '.join(tallies)} from judged where cause is null),",
            f"failed as materialized (select record_no, key{flags}",
            f"    from judged where cause is null and ({is_broken}))",
            f"select {', '.join(['tallied.*', *lists])} from tallied",
        )
    )


def compile_mark(suite: Suite, dataset: str, *, is_given: bool = False) -> str:
    """Return the statement that refuses the records of `dataset` that break a critical rule.

    The first broken rule in the suite's order gives the cause. With `is_given` the records come as
    `:ranks`, a JSON object from record_no to the rule's place in the suite (from 0), else they are
    found by the rules themselves. A record already refused stays as it is.
    """
    rules = [(k, rule) for k, rule in enumerate(suite.of(dataset)) if rule.refuses]
    breaks = " ".join(f"when {_breaks(rule)} then {k}" for k, rule in rules)
    values = " ".join(f"when {k} then {_shown(rule)}" for k, rule in rules)
    believed = ", ".join(
        f"({k}, {_literal(rule.cause)}, {_literal(rule.place)}, {_literal(rule.expected)})"
        for k, rule in rules
    )
    # A look-up, no join: staging has no statistics, and a join of two unknowns went quadratic.
    given = "cast(cast(:ranks as jsonb) ->> record_no::text as int)"
    rank = given if is_given else f"case {breaks} end"
    return "\n".join(
        (
            f"update staging.{_plain(dataset)} as target",
            "set cause = believed.cause, place = believed.place, expected = believed.expected,",
            "    value = left(coalesce(broken.shown, ''), 200), exit = 'refused'",
            f"from (select row_id, rank, case rank {values} end as shown",
            f"      from (select judged.*, {rank} as rank from ({_relation(dataset)}) as judged",
            "            where cause is null) as ranked) as broken",
            f"join (values {believed}) as believed (rank, cause, place, expected) using (rank)",
            # Staging has no index and no statistics: by row address no plan can be a bad one.
            "where target.message_key = :message and target.ctid = broken.row_id",
            "  and target.cause is null",
        )
    )


def compile_frame(suite: Suite, dataset: str) -> str:
    """Return the statement that reads what Great Expectations judges: open records in order."""
    rules = suite.of(dataset)
    flags = dict.fromkeys(flag for rule in rules for flag in rule.unless)
    columns = dict.fromkeys(rule.column for rule in rules if rule.column)
    read = [*KEY_COLUMNS, *map(_plain, columns)]
    read += [f"coalesce({_plain(flag)}, false) as {flag}" for flag in flags]
    return (
        f"select {', '.join(read)} from ({_relation(dataset)}) as judged\n"
        "where cause is null order by record_no"
    )


def _relation(dataset: str) -> str:
    if dataset in _DERIVED:
        return statement(f"judge/select_{dataset}")
    return f"select *, ctid as row_id from staging.{_plain(dataset)} where message_key = :message"


def _lists(k: int, rule: Rule) -> tuple[str, ...]:
    found = f"from failed where breaks_{k} order by record_no"
    counted = f"(select count(*) from failed where breaks_{k}) as failed_{k}"
    keys = f"array(select key {found} limit {EXAMPLES}) as keys_{k}"
    records = f"array(select record_no {found}) as records_{k}"
    return (counted, keys, records) if rule.refuses else (counted, keys)


def _applies(rule: Rule) -> str:
    return " and ".join(f"not coalesce({_plain(flag)}, false)" for flag in rule.unless) or "true"


def _breaks(rule: Rule) -> str:
    translate = _BREAKS.get(rule.expectation)
    if translate is None:
        raise RuleUnknownError(rule.expectation)
    broken = translate(_plain(rule.column), rule.kwargs)
    return f"{_applies(rule)} and ({broken})" if rule.unless else broken


def _aggregate(rule: Rule) -> str:
    translate = _AGGREGATES.get(rule.expectation)
    if translate is None:
        raise RuleUnknownError(rule.expectation)
    expression = translate(_plain(rule.column))
    return expression.format(where=f"filter (where {_applies(rule)})")


def _shown(rule: Rule) -> str:
    if rule.cause == "FIELD_TOO_LONG":
        return f"char_length({_plain(rule.column)})::text"
    return f"{_plain(rule.shows or rule.column)}::text"


def _outside(subject: str, kwargs: Mapping[str, object]) -> str:
    parts = []
    if kwargs.get("min_value") is not None:
        parts.append(
            f"{subject} {'<=' if kwargs.get('strict_min') else '<'} {_literal(kwargs['min_value'])}"
        )
    if kwargs.get("max_value") is not None:
        parts.append(
            f"{subject} {'>=' if kwargs.get('strict_max') else '>'} {_literal(kwargs['max_value'])}"
        )
    return " or ".join(parts)


def _one_of(column: str, values: object) -> str:
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        message = f"{column} in {values!r}"
        raise RuleUnknownError(message)
    return f"{column} in ({', '.join(map(_literal, values))})"


_BREAKS: Mapping[str, Callable[[str, Mapping[str, object]], str]] = {
    "expect_column_values_to_not_be_null": lambda column, _: f"{column} is null",
    "expect_column_values_to_be_null": lambda column, _: f"{column} is not null",
    "expect_column_values_to_be_between": _outside,
    "expect_column_value_lengths_to_be_between": lambda column, kwargs: _outside(
        f"char_length({column})", kwargs
    ),
    "expect_column_values_to_match_regex": lambda column, kwargs: (
        f"{column} !~ {_literal(kwargs['regex'])}"
    ),
    "expect_column_values_to_be_in_set": lambda column, kwargs: (
        f"not {_one_of(column, kwargs['value_set'])}"
    ),
    "expect_column_values_to_not_be_in_set": lambda column, kwargs: _one_of(
        column, kwargs["value_set"]
    ),
}

_AGGREGATES: Mapping[str, Callable[[str], str]] = {
    "expect_column_sum_to_be_between": lambda column: f"sum({column}) {{where}}",
    "expect_column_max_to_be_between": lambda column: f"max({column}) {{where}}",
    "expect_column_proportion_of_non_null_values_to_be_between": lambda column: (
        f"count({column}) {{where}}::float8 / nullif(count(*) {{where}}, 0)"
    ),
}


def _plain(name: str) -> str:
    if not _NAME.match(name):
        message = f"not a plain column or dataset name: {name!r}"
        raise RuleUnknownError(message)
    return name


def _literal(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        # SQLAlchemy reads `:word` as a parameter, wherever it stands.
        return "'" + value.replace("'", "''").replace(":", "\\:") + "'"
    message = f"not a value of a rule: {value!r}"
    raise RuleUnknownError(message)
