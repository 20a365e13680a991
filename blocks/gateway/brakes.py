"""What slows guessing and flooding. Counted in this process: a second gateway doubles what is free.

Counting in the warehouse would make every guess a write, which is what a flood wants.
"""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_GUESSES_BY_LOGIN = RateLimitItemPerMinute(10)
_GUESSES_BY_PEER = RateLimitItemPerMinute(30)


class Brakes:
    """Counters of wrong passwords by login and by peer, and of requests by partner."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def wait_s(self, login: str, peer: str) -> int:
        """Return how many seconds the next guess must wait; 0 when it may be made now."""
        named = ((_GUESSES_BY_LOGIN, "login", login), (_GUESSES_BY_PEER, "peer", peer))
        waits = [0]
        for item, kind, name in named:
            if not self._windows.test(item, kind, name):
                reset_at = self._windows.get_window_stats(item, kind, name).reset_time
                waits.append(max(1, math.ceil(reset_at - time.time())))
        return max(waits)

    def count_guess(self, login: str, peer: str) -> None:
        """Count a wrong password, or a token that is not good."""
        self._windows.hit(_GUESSES_BY_LOGIN, "login", login)
        self._windows.hit(_GUESSES_BY_PEER, "peer", peer)

    def may_ask(self, partner: str, per_minute: int) -> bool:
        """Count a request of a partner; say whether it is within the partner's rate."""
        return self._windows.hit(RateLimitItemPerMinute(per_minute), "partner", partner)
