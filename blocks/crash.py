"""Named points at which a test may kill the process: before and after every durable act.

`OBMEN_CRASH_AT="close_message:after:1"` ends the process as SIGKILL would, at the first time that
point is passed. `OBMEN_CRASH_LOG=<file>` appends each passage, so a test learns all points there
are. Transactions and object writes pass here by construction: no durable act can lack a point.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Literal

_passages: Counter[str] = Counter()


def pass_point(name: str, moment: Literal["before", "after"]) -> None:
    """Die here if a test asked for it; otherwise do nothing."""
    wanted, log = os.environ.get("OBMEN_CRASH_AT"), os.environ.get("OBMEN_CRASH_LOG")
    if not wanted and not log:
        return
    point = f"{name}:{moment}"
    _passages[point] += 1
    passage = f"{point}:{_passages[point]}"
    if log:
        with Path(log).open("a", encoding="utf-8") as lines:
            lines.write(passage + "\n")
    if wanted == passage:
        os._exit(137)
