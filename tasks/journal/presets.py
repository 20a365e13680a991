"""Which faults are worth another try, and how often. The only place where retries have numbers."""

from typing import Any

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from blocks.store import StoreDownError
from blocks.warehouse import WarehouseDownError

_PASSING = (StoreDownError, WarehouseDownError)


async def _is_passing(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Say whether a fault may be gone at the next try: a service that was down, nothing else."""
    return isinstance(await state.aresult(raise_on_failure=False), _PASSING)


WORTH_ANOTHER_TRY: dict[str, Any] = {
    "retries": 4,
    "retry_delay_seconds": exponential_backoff(backoff_factor=2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _is_passing,
}
