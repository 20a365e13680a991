"""The validation report of a message: what was believed, what failed, which records."""

from typing import Any

from blocks.store import Store
from expectations.verdict import Verdict
from tasks.catalog.closing import Report


def report_of(verdict: Verdict, store: Store) -> Report:
    """TEMP until expectations/report.py is there."""
    def report(*_: Any) -> str | None:
        return None
    return report
