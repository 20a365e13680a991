"""What judging costs: Great Expectations against compiled SQL, and a plain count as the yardstick.

Stages N seeded price records (1 % of them bad) in a warehouse of its own and judges them with each
engine; nothing is kept. Prints one JSON object. Run: python -m bench.judge --rows 100000
"""

import argparse
import importlib
import json
import random
import resource
import sys
from collections.abc import Iterator
from time import perf_counter

import pyarrow as pa

from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.warehouse import Transaction, Warehouse
from expectations import prices
from expectations.gate import judge_message
from expectations.rules import Parameters
from expectations.verdict import Engine
from tests.homes import own_home

_BLOCK = 100_000
_MESSAGE = 1
_SEED = 20_261_122


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=_BLOCK)
    rows = parser.parse_args().rows
    with own_home() as settings:
        bring_up(settings, DATA_SERVICES)
        url = settings.warehouse_url_for("obmen_flow")
        figures = _measure(Warehouse.model_validate({"url": url}), rows)
    json.dump({"rows": rows, **figures}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _measure(warehouse: Warehouse, rows: int) -> dict[str, object]:
    with warehouse.transaction("bench_judge") as transaction:
        transaction.run("open_staging", message_key=_MESSAGE)
        transaction.copy("staging.prices", _prices(rows), message_key=_MESSAGE)
    count_s = min(_count(warehouse) for _ in range(3))
    begun = perf_counter()
    importlib.import_module("great_expectations")
    import_s = perf_counter() - begun
    seconds: dict[Engine, float] = {}
    refused: dict[str, int] = {}
    for engine in (Engine.SQL, Engine.GX):
        with warehouse.transaction("bench_judge") as transaction:
            begun = perf_counter()
            refused[str(engine)] = _judge(transaction, engine)
            seconds[engine] = perf_counter() - begun
            _reset(transaction)
    return {
        "count_s": round(count_s, 3),
        "sql_s": round(seconds[Engine.SQL], 3),
        "gx_s": round(seconds[Engine.GX], 3),
        "gx_import_s": round(import_s, 3),
        "sql_to_count": round(seconds[Engine.SQL] / count_s, 1),
        "gx_to_sql": round(seconds[Engine.GX] / seconds[Engine.SQL], 1),
        "refused": refused,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _judge(transaction: Transaction, engine: Engine) -> int:
    suites = (prices.suite(Parameters()),)
    verdict = judge_message(transaction, _MESSAGE, suites, Parameters(), engine=engine)
    return sum(len(outcome.records) for outcome in verdict.outcomes)


def _count(warehouse: Warehouse) -> float:
    """Seconds of a full scan: every row is read, whatever indexes there are."""
    with warehouse.transaction("bench_judge") as transaction:
        begun = perf_counter()
        transaction.execute_compiled("select count(*), count(amount) from staging.prices")
        return perf_counter() - begun


def _reset(transaction: Transaction) -> None:
    transaction.execute_compiled(
        "update staging.prices set cause = null, exit = 'unchanged' where cause is not null"
    )


def _prices(rows: int) -> Iterator[pa.RecordBatch]:
    dice = random.Random(_SEED)  # noqa: S311 - seeded figures, no secret
    for start in range(0, rows, _BLOCK):
        numbers = range(start + 1, min(start + _BLOCK, rows) + 1)
        amounts = [f"{dice.randint(1, 10**7) / 100:.2f}" for _ in numbers]
        for place in dice.sample(range(len(numbers)), len(numbers) // 100):
            amounts[place] = dice.choice(("-5", "0.00001", "0"))
        yield pa.RecordBatch.from_pydict(
            {
                "record_no": pa.array(numbers, pa.int64()),
                "byte_offset": [0] * len(numbers),
                "byte_length": [100] * len(numbers),
                "key": [f"offer-{number}|retail" for number in numbers],
                "digest": ["0" * 32] * len(numbers),
                "offer_id": [f"offer-{number}" for number in numbers],
                "price_type_id": ["retail"] * len(numbers),
                "amount": amounts,
                "currency": ["RUB"] * len(numbers),
                "coefficient": ["1"] * len(numbers),
            }
        )


if __name__ == "__main__":
    main()
