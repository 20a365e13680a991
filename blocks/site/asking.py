"""One request in the protocol's words, and how an exchange ends that cannot go on."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from blocks.site.wire import Piece

_ANSWER_BYTES: Final = 1 << 20


class Effect(Enum):
    """Whether a site may have imported something although its answer was not heard."""

    NONE = "none"
    IF_SENT = "if sent"
    BEGUN = "begun"  # it said `progress` before

    def is_possible(self, *, is_sent: bool) -> bool:
        """Say whether the site may have done something."""
        return self is Effect.BEGUN or (self is Effect.IF_SENT and is_sent)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `limit` is bytes of the answer; `is_repeatable`: twice is as good as once."""

    mode: str
    filename: str = ""
    piece: Piece | None = None
    effect: Effect = Effect.NONE
    is_repeatable: bool = False
    limit: int = _ANSWER_BYTES

    def __str__(self) -> str:
        return f"mode={self.mode} of {self.filename}" if self.filename else f"mode={self.mode}"


class BrokenOffError(Exception):
    """The exchange cannot go on. `is_doubtful`: the site may have imported what it was sent."""

    def __init__(self, why: str, *, is_doubtful: bool = False) -> None:
        super().__init__(why)
        self.is_doubtful = is_doubtful


class PutOffError(BrokenOffError):
    """The same request may be made again, after `after_s` seconds if the site named any."""

    def __init__(self, why: str, *, is_doubtful: bool = False, after_s: float = 0) -> None:
        super().__init__(why, is_doubtful=is_doubtful)
        self.after_s = after_s
