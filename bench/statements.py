"""Stands before a warehouse and counts the seconds of each statement: where the time goes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, cast

from blocks.warehouse import Transaction, Warehouse

SECONDS: dict[str, float] = defaultdict(float)


def timed(warehouse: Warehouse) -> Warehouse:
    """Return the same warehouse; what runs in its transactions adds its seconds to SECONDS."""
    return cast("Warehouse", _TimedWarehouse(warehouse))


class _TimedWarehouse:
    """No block of its own, or Prefect would know two of one name."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def __getattr__(self, name: str) -> object:
        return getattr(self._warehouse, name)

    @contextmanager
    def transaction(self, name: str) -> Iterator[Transaction]:
        with self._warehouse.transaction(name) as opened:
            yield cast("Transaction", _TimedTransaction(opened))
            ended = perf_counter()
        SECONDS[f"commit {name}"] += perf_counter() - ended


class _TimedTransaction:
    """Every method is timed under the name of what it runs."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def __getattr__(self, method: str) -> Callable[..., Any]:
        called = getattr(self._transaction, method)

        def run(what: str, /, *values: object, **parameters: object) -> object:
            begun = perf_counter()
            try:
                return called(what, *values, **parameters)
            finally:
                SECONDS[_short(method, what)] += perf_counter() - begun

        return run


def _short(method: str, what: str) -> str:
    """Name a statement without the key of its message; a compiled one by its first words."""
    return f"{method} {' '.join(what.split())[:80].rstrip('0123456789')}"
