"""The judge on staged records: each rule as a line of a table, with both engines."""

from decimal import Decimal

import pytest

from blocks.warehouse import Warehouse
from expectations import books, catalog, prices
from expectations.gate import judge_message
from expectations.rules import NegativeStock, Parameters, Severity
from expectations.verdict import Engine, Verdict
from tests.expectations.staging import GOOD, MESSAGE, Value, marks_of, staged

PARAMETERS = Parameters(negative_stock=NegativeStock.REFUSE, required={"goods": ("article",)})
ENGINES = pytest.mark.parametrize("engine", Engine)

# dataset, field, bad value, rule it breaks, cause or None (only told), place
REFUSED = [
    ("groups", "id", None, "FIELD_MISSING", "Группа/Ид", ""),
    ("groups", "name", None, "FIELD_MISSING", "Группа/Наименование", ""),
    ("goods", "id", "я" * 81, "FIELD_TOO_LONG", "Товар/Ид", "81"),
    ("goods", "name", None, "FIELD_MISSING", "Товар/Наименование", ""),
    ("goods", "name", "ё" * 1001, "FIELD_TOO_LONG", "Товар/Наименование", "1001"),
    ("goods", "article", None, "FIELD_MISSING", "Товар/Артикул", ""),
    ("goods", "weight_kg", Decimal("-0.001"), "NUM_RANGE", "Товар/Вес", "-0.001"),
    ("goods", "volume_m3", Decimal(-1), "NUM_RANGE", "Товар/Объем", "-1"),
    ("offers", "name", None, "FIELD_MISSING", "Предложение/Наименование", ""),
    ("prices", "amount", Decimal(-5), "NUM_RANGE", "Предложение/Цены/Цена/ЦенаЗаЕдиницу", "-5"),
    (
        "prices",
        "amount",
        Decimal("0.12345"),
        "NUM_RANGE",
        "Предложение/Цены/Цена/ЦенаЗаЕдиницу",
        "0.12345",
    ),
    (
        "prices",
        "amount",
        Decimal(10**15),
        "NUM_RANGE",
        "Предложение/Цены/Цена/ЦенаЗаЕдиницу",
        "1000000000000000",
    ),
    ("prices", "amount", Decimal("NaN"), "NUM_RANGE", "Предложение/Цены/Цена/ЦенаЗаЕдиницу", "NaN"),
    ("prices", "amount", None, "FIELD_MISSING", "Предложение/Цены/Цена/ЦенаЗаЕдиницу", ""),
    ("prices", "price_type_id", None, "FIELD_MISSING", "Предложение/Цены/Цена/ИдТипаЦены", ""),
    (
        "stock",
        "quantity",
        Decimal(-3),
        "STOCK_NEGATIVE",
        "Предложение/Остатки/Остаток/Количество",
        "-3",
    ),
    (
        "stock",
        "quantity",
        Decimal(-(10**15)),
        "NUM_RANGE",
        "Предложение/Остатки/Остаток/Количество",
        "-1000000000000000",
    ),
]

TOLD = [
    ("goods", "barcode", "460123", "goods_barcode_digits"),
    ("goods", "barcode", "4601234567890\n", "goods_barcode_digits"),
    ("goods", "barcode", "４６０１２３４５", "goods_barcode_digits"),
    ("goods", "weight_kg", Decimal("0.000"), "goods_weight_kg_not_zero"),
    ("goods", "volume_m3", Decimal(0), "goods_volume_m3_not_zero"),
    ("goods", "pack_qty", Decimal(0), "goods_pack_qty_positive"),
    ("goods", "vat_rate", "21", "goods_vat_rate_known"),
    ("goods", "description", "х" * 100_001, "goods_description_length"),
    ("offers", "barcode", "abc", "offers_barcode_digits"),
    ("price_types", "currency", "рублей", "price_types_currency_written"),
    ("prices", "currency", "р", "prices_currency_written"),
    ("prices", "amount", Decimal("0.00"), "prices_amount_not_zero"),
    ("prices", "coefficient", Decimal(0), "prices_coefficient_positive"),
]

HARMLESS = [
    ("groups", {"name": None, "is_deleted": True}),
    ("goods", {"name": None, "article": None, "is_deleted": True}),
    ("goods", {"barcode": None, "weight_kg": None, "vat_rate": None, "group_ids": None}),
    ("goods", {"id": "я" * 80, "name": "ё" * 1000}),
    ("goods", {"vat_rate": "22%"}),
    ("offers", {"name": None, "is_bare": True}),
    ("prices", {"amount": Decimal("0.1234")}),
    ("prices", {"amount": Decimal("1.500000")}),
    ("prices", {"amount": Decimal("999999999999999.9999")}),
    ("prices", {"currency": "643"}),
    ("prices", {"currency": "руб."}),
]


def _judge(
    warehouse: Warehouse,
    dataset: str,
    changed: dict[str, Value],
    engine: Engine,
    parameters: Parameters = PARAMETERS,
) -> tuple[Verdict, dict[str, object]]:
    record = {**GOOD[dataset], **changed}
    suites = (books.suite(parameters), catalog.suite(parameters), prices.suite(parameters))
    with staged(warehouse, {dataset: [GOOD[dataset], record]}) as transaction:
        verdict = judge_message(transaction, MESSAGE, suites, parameters, engine=engine)
        rows = marks_of(transaction, dataset)
    assert rows[0]["cause"] is None
    return verdict, rows[1]


def _broken(verdict: Verdict) -> set[str]:
    return {outcome.rule.name for outcome in verdict.broken if not outcome.rule.is_total}


@ENGINES
@pytest.mark.parametrize(("dataset", "field", "bad", "cause", "place", "value"), REFUSED)
def test_a_bad_record_is_refused_with_its_cause_and_place(  # noqa: PLR0917 - a table
    warehouse: Warehouse,
    engine: Engine,
    dataset: str,
    field: str,
    bad: Value,
    cause: str,
    place: str,
    value: str,
) -> None:
    _, row = _judge(warehouse, dataset, {field: bad}, engine)

    assert (cause, place, value, "refused") == (
        row["cause"],
        row["place"],
        row["value"],
        row["exit"],
    )


@ENGINES
@pytest.mark.parametrize(("dataset", "field", "bad", "rule"), TOLD)
def test_a_doubtful_record_is_told_and_gets_in(  # noqa: PLR0917 - a table
    warehouse: Warehouse, engine: Engine, dataset: str, field: str, bad: Value, rule: str
) -> None:
    verdict, row = _judge(warehouse, dataset, {field: bad}, engine)

    assert {rule} == _broken(verdict)
    assert row["cause"] is None


@ENGINES
@pytest.mark.parametrize(("dataset", "changed"), HARMLESS)
def test_a_good_record_breaks_no_rule(
    warehouse: Warehouse, engine: Engine, dataset: str, changed: dict[str, Value]
) -> None:
    verdict, row = _judge(warehouse, dataset, changed, engine)

    assert set() == _broken(verdict)
    assert row["cause"] is None


@ENGINES
def test_the_partner_decides_whether_stock_may_be_negative(
    warehouse: Warehouse, engine: Engine
) -> None:
    allowing = Parameters(negative_stock=NegativeStock.ALLOW)

    verdict, row = _judge(warehouse, "stock", {"quantity": Decimal(-3)}, engine, allowing)

    assert row["cause"] is None
    assert {"stock_quantity_not_negative"} == _broken(verdict)


@ENGINES
def test_the_first_broken_rule_names_the_cause(warehouse: Warehouse, engine: Engine) -> None:
    changed: dict[str, Value] = {"id": None, "name": None, "weight_kg": Decimal(-1)}

    verdict, row = _judge(warehouse, "goods", changed, engine)

    assert (row["cause"], row["place"]) == ("FIELD_MISSING", "Товар/Ид")
    assert {"goods_id_present", "goods_name_present", "goods_weight_kg_not_negative"} == _broken(
        verdict
    )


@ENGINES
def test_a_record_refused_before_is_left_alone(warehouse: Warehouse, engine: Engine) -> None:
    verdict, row = _judge(
        warehouse, "prices", {"amount": Decimal(-5), "cause": "REF_MISSING", "place": "Ид"}, engine
    )

    assert (row["cause"], row["place"]) == ("REF_MISSING", "Ид")
    assert dict(verdict.rows) == {"prices": 1}
    assert set() == _broken(verdict)


@ENGINES
def test_the_verdict_names_the_records_it_refuses(warehouse: Warehouse, engine: Engine) -> None:
    verdict, _ = _judge(warehouse, "prices", {"amount": Decimal(-5), "key": "a|b"}, engine)

    (outcome,) = verdict.broken
    assert (
        outcome.rule.name,
        outcome.rows,
        outcome.failed,
        outcome.example_keys,
        outcome.records.to_pylist(),
    ) == ("prices_amount_in_range", 2, 1, ("a|b",), [2])
    assert outcome.rule.severity is Severity.CRITICAL


@ENGINES
def test_a_choice_that_no_dictionary_declares_is_told(warehouse: Warehouse, engine: Engine) -> None:
    colour = {**GOOD["properties"], "choices": '[{"id":"red","value":"Красный"}]'}
    assigned = [
        {**GOOD["goods"], "properties": f'[{{"id":"p-1","values":["{value}"]}}]'}
        for value in ("red", "Красный", "green")
    ]
    suites = (catalog.suite(PARAMETERS),)

    with staged(warehouse, {"properties": [colour], "goods": assigned}) as transaction:
        verdict = judge_message(transaction, MESSAGE, suites, PARAMETERS, engine=engine)

    assert [(outcome.rule.name, outcome.example_keys) for outcome in verdict.broken] == [
        ("goods_choice_known", ("key-3",))
    ]


@ENGINES
@pytest.mark.parametrize(("few", "before", "stops"), [(3, 0, False), (2, 0, True), (3, 1, True)])
def test_a_file_of_mostly_bad_records_is_stopped_unless_they_are_few(
    warehouse: Warehouse,
    engine: Engine,
    few: int,
    before: int,
    stops: bool,  # noqa: FBT001
) -> None:
    parameters = Parameters(max_refused_share=0.5, few_refused=few)
    bad = {**GOOD["prices"], "amount": Decimal(-5)}
    suites = (books.suite(parameters), prices.suite(parameters))

    with staged(warehouse, {"prices": [bad, bad, bad, GOOD["prices"]]}) as transaction:
        verdict = judge_message(
            transaction,
            MESSAGE,
            suites,
            parameters,
            refused_before={"prices": before},
            engine=engine,
        )

    assert stops == bool(verdict.stops)


@ENGINES
@pytest.mark.parametrize(("is_full", "told"), [(True, ["books_full_file_not_empty"]), (False, [])])
def test_a_full_file_without_records_is_told(
    warehouse: Warehouse,
    engine: Engine,
    is_full: bool,  # noqa: FBT001
    told: list[str],
) -> None:
    parameters = Parameters(is_full=is_full)

    with staged(warehouse, {}) as transaction:
        verdict = judge_message(
            transaction, MESSAGE, (books.suite(parameters),), parameters, engine=engine
        )

    assert told == [outcome.rule.name for outcome in verdict.broken]
    assert verdict.stops == ()


@ENGINES
def test_references_that_may_still_come_do_not_stop_the_file(
    warehouse: Warehouse, engine: Engine
) -> None:
    parameters = Parameters(few_refused=0)
    dangling = {**GOOD["prices"], "cause": "REF_MISSING"}

    with staged(warehouse, {"prices": [dangling, dangling]}) as transaction:
        verdict = judge_message(
            transaction, MESSAGE, (books.suite(parameters),), parameters, engine=engine
        )

    assert verdict.stops == ()


@ENGINES
def test_goods_that_mostly_stand_in_no_group_are_told(warehouse: Warehouse, engine: Engine) -> None:
    loose = {**GOOD["goods"], "group_ids": "[]"}

    with staged(warehouse, {"goods": [loose, loose, GOOD["goods"]]}) as transaction:
        verdict = judge_message(
            transaction, MESSAGE, (catalog.suite(PARAMETERS),), PARAMETERS, engine=engine
        )

    (outcome,) = verdict.broken
    assert "goods_mostly_grouped" == outcome.rule.name
    assert pytest.approx(1 / 3) == outcome.observed
    assert verdict.stops == ()
