"""Great Expectations and the compiled SQL give one verdict and one set of refusals on any rows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blocks.warehouse import Warehouse
from expectations import books, catalog, prices
from expectations.gate import FEW, THRESHOLD, choose_engine, judge_message
from expectations.rules import NegativeStock, Parameters
from expectations.verdict import Engine, Outcome
from tests.expectations.staging import MESSAGE, Value, marks_of, staged

Rows = Mapping[str, Sequence[Mapping[str, Value]]]

PARAMETERS = Parameters(
    is_full=True,
    negative_stock=NegativeStock.REFUSE,
    few_refused=3,
    max_refused_share=0.3,
    required={"goods": ("article", "brand")},
)
SUITES = (catalog.suite(PARAMETERS), prices.suite(PARAMETERS), books.suite(PARAMETERS))

# What has fooled one reader or another: words for nothing, digits of other scripts, line ends.
TEXT = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            " ",
            "NaN",
            "nan",
            "null",
            "None",
            "NULL",
            "<NA>",
            "46012345",
            "46012345\n",
            "４６０１２３４５",
            "٤٦٠١٢٣٤٥",
            "RUB",
            "руб.",
            "РУБ",
            "ЁЖЗ",
            "rub\n",
            "20",
            "20%",
            "Без НДС",
            "без ндс",
            "я" * 80,
            "я" * 81,
            "🔩" * 80,
            "🔩" * 81,
            "н" * 1001,
            "it's",
            'a"b',
            "a\\b",
            "%(x)s",
            ":message",
            "e\u0301" * 41,
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=14),
)
NUMBER = st.one_of(
    st.none(),
    st.sampled_from(
        [
            Decimal(text)
            for text in (
                "0",
                "0.00",
                "-0.0",
                "0.0000",
                "0.00001",
                "1.10000000",
                "NaN",
                "999999999999999.9999",
                "1000000000000000",
                "999999999999999.9999999999",
                "-1000000000000000",
                "-0.0001",
                "123456789012345678901234567890.123456789012345678901234567890",
            )
        ]
    ),
    st.decimals(min_value=-(10**20), max_value=10**20, places=6, allow_nan=False),
)
FLAG = st.sampled_from([None, None, True, False])
KEY = st.sampled_from(["a", "b", "ключ", "c|d"])
CAUSE = st.sampled_from([None, None, None, "REF_MISSING", "DUP_CONFLICT"])
JSON_LIST = st.sampled_from([None, "[]", '["g-1"]', '["g-1","g-2"]'])
ASSIGNED = st.sampled_from(
    [
        None,
        "[]",
        '[{"id":"p-1","values":["red"]}]',
        '[{"id":"p-1","values":["green"]}]',
        '[{"id":"p-2","values":["green"]}]',
        '[{"id":"p-1","values":["red","blue",""]}]',
    ]
)
CHOICES = st.sampled_from([None, "[]", '[{"id":"red","value":"Красный"}]'])

RECORDS = {
    "goods": st.fixed_dictionaries(
        {
            "key": KEY,
            "id": TEXT,
            "name": TEXT,
            "article": TEXT,
            "brand": TEXT,
            "barcode": TEXT,
            "description": TEXT,
            "pack_qty": NUMBER,
            "weight_kg": NUMBER,
            "volume_m3": NUMBER,
            "vat_rate": TEXT,
            "group_ids": JSON_LIST,
            "properties": ASSIGNED,
            "is_deleted": FLAG,
            "cause": CAUSE,
        }
    ),
    "properties": st.fixed_dictionaries(
        {"key": KEY, "id": st.sampled_from(["p-1", "p-2"]), "name": TEXT, "choices": CHOICES}
    ),
    "offers": st.fixed_dictionaries(
        {
            "key": KEY,
            "id": TEXT,
            "name": TEXT,
            "barcode": TEXT,
            "is_bare": FLAG,
            "is_deleted": FLAG,
            "cause": CAUSE,
        }
    ),
    "prices": st.fixed_dictionaries(
        {
            "key": KEY,
            "offer_id": TEXT,
            "price_type_id": TEXT,
            "amount": NUMBER,
            "currency": TEXT,
            "coefficient": NUMBER,
            "cause": CAUSE,
        }
    ),
    "stock": st.fixed_dictionaries(
        {"key": KEY, "offer_id": TEXT, "quantity": NUMBER, "cause": CAUSE}
    ),
    "movements": st.fixed_dictionaries(
        {
            "key": KEY,
            "kind": st.sampled_from(["sale", "gift", None]),
            "quantity": NUMBER,
            "cause": CAUSE,
        }
    ),
}
FILES = st.fixed_dictionaries(
    {dataset: st.lists(record, max_size=12) for dataset, record in RECORDS.items()}
)


def _judged(
    warehouse: Warehouse, rows: Rows, engine: Engine
) -> tuple[dict[str, int], list[Outcome], list[dict[str, object]]]:
    with staged(warehouse, rows) as transaction:
        verdict = judge_message(
            transaction, MESSAGE, SUITES, PARAMETERS, refused_before={"goods": 1}, engine=engine
        )
        marks = [mark for dataset in RECORDS for mark in marks_of(transaction, dataset)]
    return dict(verdict.rows), list(verdict.outcomes), marks


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # an example takes a second: shrinking takes minutes
)
@given(rows=FILES)
def test_both_engines_find_the_same(warehouse: Warehouse, rows: Rows) -> None:
    gx_rows, gx_outcomes, gx_marks = _judged(warehouse, rows, Engine.GX)
    sql_rows, sql_outcomes, sql_marks = _judged(warehouse, rows, Engine.SQL)

    assert gx_rows == sql_rows
    assert [
        (one, other) for one, other in zip(gx_outcomes, sql_outcomes, strict=True) if one != other
    ] == []
    assert gx_marks == sql_marks


@pytest.mark.parametrize(
    ("rows", "engine"),
    [
        (0, Engine.SQL),
        (FEW - 1, Engine.SQL),
        (FEW, Engine.GX),
        (THRESHOLD - 1, Engine.GX),
        (THRESHOLD, Engine.SQL),
    ],
)
def test_few_rows_and_very_many_are_judged_by_the_database(rows: int, engine: Engine) -> None:
    assert engine is choose_engine(rows)
