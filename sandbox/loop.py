"""A load for kill campaigns: one state of the company after another, and what the site said.

A state is exported again and again until the site takes it, as 1C does; then time passes. The log
has one line an attempt, so the last line with `"taken": true` is the state the site must hold.
"""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.dialogue import Account
from sandbox.export import Mode, Order, export
from sandbox.onec import Result, run

_PAUSE_AFTER_ERROR_S = 0.5
_SHARE = 0.05
MAX_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who exports what to whom, and where the log lies."""

    account: Account
    client: Client
    goods: int
    seed: int
    portion: int
    log: Path


def campaign(plan: Campaign, seconds: float, say: Callable[[str], None]) -> int:
    """Export until `seconds` are over or `MAX_STEPS` states are in; gives the number taken."""
    deadline = time.monotonic() + seconds
    company = Company(plan.seed, goods=plan.goods)
    taken = 0
    attempt = 0
    while time.monotonic() < deadline and taken < MAX_STEPS:
        attempt += 1
        mode = Mode.CHANGES if company.steps else Mode.FULL
        with tempfile.TemporaryDirectory() as scratch:
            order = Order(plan.client, mode, plan.portion)
            result = run(export(company, Path(scratch), order), plan.account)
        _log(plan, company, attempt, mode, result)
        say(f"state {len(company.steps)} ({mode}), attempt {attempt}: {result.error or 'taken'}")
        if not result.is_success:
            time.sleep(_PAUSE_AFTER_ERROR_S)
            continue
        taken += 1
        attempt = 0
        company = company.after(plan.seed + taken, _SHARE)
    return taken


def _log(plan: Campaign, company: Company, attempt: int, mode: Mode, result: Result) -> None:
    last = result.transcript[-1] if result.transcript else None
    line = {
        "seed": plan.seed,
        "goods": plan.goods,
        "client": plan.client,
        "step": len(company.steps),
        "steps": [[step.seed, step.share] for step in company.steps],
        "mode": mode,
        "attempt": attempt,
        "taken": result.is_success,
        "error": result.error,
        "documents": list(result.sent),
        "last_request": last.request if last else None,
        "last_answer": last.body if last else None,
        "seconds": result.seconds,
    }
    with plan.log.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
