"""The suites as declarations: names, causes and expectations are real."""

import pytest

from expectations import books, catalog, prices
from expectations.compiler import RuleUnknownError, compile_mark, compile_suite
from expectations.rules import Parameters, Rule, Suite
from tasks.model.causes import Cause
from tasks.model.datasets import SCHEMAS, Dataset

PARAMETERS = Parameters(is_full=True, required={"goods": ("article",)})
SUITES = (catalog.suite(PARAMETERS), prices.suite(PARAMETERS), books.suite(PARAMETERS))
RULES = [rule for suite in SUITES for rule in suite.rules]
DERIVED = {"first_group_id", "unknown_choice", "amount_scale"}


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_names_a_cause_and_a_place(rule: Rule) -> None:
    assert rule.cause in Cause.__members__
    assert rule.place
    assert rule.believe.endswith(".")


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.dataset != "books"], ids=lambda rule: rule.name
)
def test_every_rule_judges_a_column_of_its_dataset(rule: Rule) -> None:
    columns = set(SCHEMAS[Dataset(rule.dataset)].names) | DERIVED

    assert {rule.column, *rule.unless} <= columns


@pytest.mark.parametrize(
    ("expectation", "kwargs"),
    [
        ("expect_column_values_to_be_unique", {"column": "id"}),
        ("expect_column_values_to_not_be_null", {"column": "id is null; drop table x; --"}),
        ("expect_column_values_to_be_in_set", {"column": "id", "value_set": []}),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0.5}),
    ],
)
def test_what_cannot_be_translated_is_not_compiled(
    expectation: str, kwargs: dict[str, object]
) -> None:
    suite = Suite("odd", (Rule("odd", "stock", "Odd.", expectation, kwargs),))

    with pytest.raises(RuleUnknownError):
        compile_suite(suite, "stock")


def test_a_text_value_cannot_leave_its_literal() -> None:
    kwargs = {"column": "id", "value_set": ["it's", ":message"]}
    suite = Suite(
        "odd", (Rule("odd", "stock", "Odd.", "expect_column_values_to_be_in_set", kwargs),)
    )

    assert r"id in ('it''s', '\:message')" in compile_suite(suite, "stock")


def test_only_rules_that_refuse_are_marked() -> None:
    marked = compile_mark(prices.suite(Parameters()), "stock")

    assert "STOCK_NEGATIVE" not in marked
    assert "NUM_RANGE" in marked
