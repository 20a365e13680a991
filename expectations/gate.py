"""The judge. The only place that knows Great Expectations.

`judge_message` judges the staged records of a message: by Great Expectations itself on moderate
volumes, by the suite compiled to SQL on few rows and on very many. Both give the same `Verdict`.
Measured on prices, Great Expectations : SQL, in seconds: 100 rows 0.2 : 0.02, 10 000 rows
0.5 : 0.09, 100 000 rows 5 : 1. To import it costs 6 seconds more and 350 MB, in every run anew, so
few rows never have it imported. The rows alone decide: the same message gives the same report.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from expectations.compiler import compile_frame, compile_mark, compile_suite
from expectations.rules import Parameters, Rule, Suite
from expectations.verdict import EXAMPLES, Engine, Outcome, Verdict, within

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEW", "THRESHOLD", "Engine", "Verdict", "compile_suite", "judge", "judge_message"]

FEW = 2_000  # rows of a message; below it the import is all that one would wait for
THRESHOLD = 100_000  # from so many on, one pass of SQL is many times cheaper
_NO_RECORDS = pa.array([], pa.int64())


class JudgeError(RuntimeError):
    """A rule could not be judged at all: its declaration is wrong, not the data."""


class Transaction(Protocol):
    """What the judge needs of the warehouse's transaction (blocks/warehouse.py)."""

    def execute_compiled(self, compiled: str, **parameters: object) -> Sequence[Any]:
        """Run a compiled statement."""

    def frame(self, compiled: str, **parameters: object) -> "pd.DataFrame":
        """Read the rows of a compiled statement."""

    def run(self, name: str, /, **parameters: object) -> Sequence[Any]:
        """Run a statement of `sql/` by name."""


def judge_message(  # noqa: PLR0913 - the last two have defaults
    transaction: Transaction,
    message_key: int,
    suites: Sequence[Suite],
    parameters: Parameters,
    *,
    refused_before: Mapping[str, int] | None = None,
    passed_over: Mapping[str, int] | None = None,
    engine: Engine | None = None,
) -> Verdict:
    """Judge all staged records of a message, mark the refused ones, and return the verdict.

    Records that already have a cause are left alone. `refused_before` counts, per dataset, what
    the reader refused and did not stage, `passed_over` what it knew to be good. The suite named
    `books` is judged last, on the counts after marking. Nothing else is written; the caller
    refuses the file if `verdict.stops`.
    """
    begun = perf_counter()
    message = {"message": message_key}
    counting = {
        **message,
        "refused_before": json.dumps(dict(refused_before or {})),
        "passed_over": json.dumps(dict(passed_over or {})),
        "few_refused": parameters.few_refused,
    }
    rows = {
        row["key"]: int(row["open"]) for row in transaction.run("judge/select_books", **counting)
    }
    chosen = engine or choose_engine(sum(rows.values()))
    outcomes: list[Outcome] = []
    for suite in sorted(suites, key=lambda suite: suite.name == "books"):
        for dataset in suite.datasets:
            bound = counting if dataset == "books" else message
            if dataset != "books" and not rows.get(dataset):
                continue
            found = _judge_dataset(transaction, suite, dataset, chosen, bound)
            if any(outcome.rule.refuses and outcome.failed for outcome in found):
                _mark(transaction, suite, dataset, chosen, found, message_key)
            outcomes += found
    judged = {dataset: count for dataset, count in rows.items() if count}
    return Verdict(chosen, judged, tuple(outcomes), perf_counter() - begun)


def choose_engine(rows: int) -> Engine:
    """Choose who judges a message of so many records."""
    return Engine.GX if FEW <= rows < THRESHOLD else Engine.SQL


def judge(suite: Suite, dataset: str, frame: "pd.DataFrame") -> tuple[Outcome, ...]:
    """Judge a frame by Great Expectations.

    The frame has `record_no`, `key`, the columns of the suite's rules for this dataset and their
    flags, as `compile_frame` reads them: text and `Decimal`, nulls as None or NaN. Raises
    JudgeError when a rule could not be computed.
    """
    rules = suite.of(dataset)
    if frame.empty:
        return tuple(_untouched(rule) for rule in rules)
    exact = _exact(frame, rules)
    results = {result.expectation_config.meta["rule"]: result for result in _validate(rules, exact)}
    return tuple(_read(rule, results[rule.name], exact) for rule in rules)


def _judge_dataset(
    transaction: Transaction,
    suite: Suite,
    dataset: str,
    engine: Engine,
    bound: Mapping[str, object],
) -> tuple[Outcome, ...]:
    if engine is Engine.GX:
        return judge(suite, dataset, transaction.frame(compile_frame(suite, dataset), **bound))
    row = transaction.execute_compiled(compile_suite(suite, dataset), **bound)[0]
    return tuple(_from_row(rule, k, row) for k, rule in enumerate(suite.of(dataset)))


def _mark(  # noqa: PLR0913, PLR0917 - one call, all of it the judgement of one dataset
    transaction: Transaction,
    suite: Suite,
    dataset: str,
    engine: Engine,
    found: Sequence[Outcome],
    message_key: int,
) -> None:
    if engine is Engine.SQL:
        transaction.execute_compiled(compile_mark(suite, dataset), message=message_key)
        return
    ranks: dict[str, int] = {}
    for rank, outcome in enumerate(found):
        for record_no in outcome.records.to_pylist():
            ranks.setdefault(str(record_no), rank)
    transaction.execute_compiled(
        compile_mark(suite, dataset, is_given=True), message=message_key, ranks=json.dumps(ranks)
    )


def _from_row(rule: Rule, k: int, row: Mapping[str, Any]) -> Outcome:
    rows = int(row[f"rows_{k}"])
    if rule.is_total:
        value = row[f"observed_{k}"]
        return _total(rule, rows, None if value is None else float(value))
    failed = int(row[f"failed_{k}"])
    records = pa.array(row[f"records_{k}"], pa.int64()) if rule.refuses else _NO_RECORDS
    return Outcome(rule, rows, failed, failed == 0, tuple(row[f"keys_{k}"]), records)


def _untouched(rule: Rule) -> Outcome:
    return Outcome(rule, 0, 0, holds=True, example_keys=(), records=_NO_RECORDS)


def _total(rule: Rule, rows: int, value: float | None) -> Outcome:
    # Great Expectations calls a share of no rows 0, PostgreSQL null: nothing was seen.
    observed = value if rows else None
    holds = within(rule.kwargs, observed)
    return Outcome(rule, rows, 0, holds, (), _NO_RECORDS, observed)


def _exact(frame: "pd.DataFrame", rules: Sequence[Rule]) -> "pd.DataFrame":
    """Keep every judged value a Python object, so that text is text and money is Decimal."""
    exact = frame[["record_no", "key"]].copy()
    for column in dict.fromkeys(rule.column for rule in rules if rule.column):
        exact[column] = frame[column].astype(object).map(_comparable).astype(object)
    for flag in dict.fromkeys(flag for rule in rules for flag in rule.unless):
        exact[flag] = frame[flag].astype(bool)
    return exact


def _comparable(value: object) -> object:
    if isinstance(value, Decimal) and value.is_nan():
        return Decimal("Infinity")  # PostgreSQL sorts NaN above all; pandas takes it for null
    return None if value != value else value  # noqa: PLR0124 - the float NaN of pandas is a null


def _validate(rules: Sequence[Rule], frame: "pd.DataFrame") -> Sequence[Any]:
    import great_expectations as gx  # noqa: PLC0415 - 4 seconds and 400 MB
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    # It tells of each temporary folder it makes; in a run's log that would hide what matters.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas("staged")
        .add_dataframe_asset("records")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    suite = gx.ExpectationSuite(name="judged", expectations=[_declared(rule) for rule in rules])
    results = batch.validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["record_no"],
            "partial_unexpected_count": EXAMPLES,
            "return_unexpected_index_query": False,
        },
    ).results
    return list(results)


def _declared(rule: Rule) -> dict[str, Any]:
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415

    kwargs: dict[str, Any] = dict(rule.kwargs)
    conditions = [Column(flag) == False for flag in rule.unless]  # noqa: E712 - GX's own language
    for condition in conditions:
        held = kwargs.get("row_condition")
        kwargs["row_condition"] = condition if held is None else held & condition
    return {
        "type": rule.expectation,
        "kwargs": kwargs,
        "severity": str(rule.severity),
        "meta": {"rule": rule.name},
    }


def _read(rule: Rule, result: Any, frame: "pd.DataFrame") -> Outcome:  # noqa: ANN401 - GX's result
    found = result.result
    if not found:
        reasons = {
            entry["exception_message"]
            for entry in result.exception_info.values()
            if isinstance(entry, dict)
        } or result.exception_info
        message = f"{rule.name} cannot be judged: {reasons}"
        raise JudgeError(message)
    kept = frame[~frame[list(rule.unless)].any(axis=1)] if rule.unless else frame
    if rule.is_total:
        value = found.get("observed_value")
        return _total(rule, len(kept), None if value is None else float(value))
    numbers = sorted(int(entry["record_no"]) for entry in found.get("unexpected_index_list") or ())
    keys = kept.set_index("record_no")["key"].loc[numbers[:EXAMPLES]]
    return Outcome(
        rule,
        len(kept),
        int(found["unexpected_count"]),
        not numbers,
        tuple(keys),
        pa.array(numbers, pa.int64()) if rule.refuses else _NO_RECORDS,
    )
