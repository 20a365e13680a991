"""Threads for what blocks: so many of each kind that none starves another, or the pool below."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

_Result = TypeVar("_Result")

# Rows and sealing together stay below the 16 connections of a warehouse's pool.
_ROWS, _SEALING, _STORE, _PASSWORDS = 10, 3, 6, 2


class Workers:
    """Where the gateway's blocking calls run, off its event loop."""

    def __init__(self) -> None:
        """Make the limits; threads start when they are needed."""
        self._rows = CapacityLimiter(_ROWS)
        self._sealing = CapacityLimiter(_SEALING)
        self._store = CapacityLimiter(_STORE)
        self._passwords = CapacityLimiter(_PASSWORDS)

    async def rows(self, call: Callable[[], _Result]) -> _Result:
        """Run a short call to the warehouse."""
        return await to_thread.run_sync(call, limiter=self._rows)

    async def sealing(self, call: Callable[[], _Result]) -> _Result:
        """Run the joining of an upload, which may take long and holds a connection."""
        return await to_thread.run_sync(call, limiter=self._sealing)

    async def store(self, call: Callable[[], _Result]) -> _Result:
        """Run a call to the object store or the disk."""
        return await to_thread.run_sync(call, limiter=self._store)

    async def passwords(self, call: Callable[[], _Result]) -> _Result:
        """Run the verification of a password, which is made to cost processor time."""
        return await to_thread.run_sync(call, limiter=self._passwords)
