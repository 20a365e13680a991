"""What a run tells people: one shape for every exchange, as an artifact and as a return value."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.model.messages import Closed

NOT_RECORDS = frozenset({"file", "members"})


@dataclass(frozen=True, slots=True)
class Summary:
    """What came in, by which exits it left, what went out."""

    exchange: str
    closed: Sequence[Closed] = ()
    delivered: int = 0
    in_doubt: int = 0
    links: dict[str, str] = field(default_factory=dict)

    def total(self, column: str) -> int:
        """Sum one column of the books over all records (files and archives do not count)."""
        return sum(
            getattr(entry, column)
            for closed in self.closed
            for entry in closed.books
            if entry.dataset not in NOT_RECORDS
        )

    @property
    def is_balanced(self) -> bool:
        """Say whether the books of every message balance."""
        return all(closed.is_balanced for closed in self.closed)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the run's result."""
        figures: dict[str, Any] = {
            column: self.total(column)
            for column in ("received", "accepted", "unchanged", "refused")
        }
        return figures | {
            "delivered": self.delivered,
            "in_doubt": self.in_doubt,
            "balanced": self.is_balanced,
        }

    def as_markdown(self) -> str:
        """Return the run's artifact: totals, then messages, then what was refused and why."""
        return "\n\n".join(
            filter(
                None,
                [
                    f"# {self.exchange}: {self._headline()}",
                    self._totals(),
                    self._messages(),
                    self._refusals(),
                ],
            )
        )

    def _headline(self) -> str:
        if not self.closed:
            return "nothing was waiting"
        balance = "the books balance" if self.is_balanced else "THE BOOKS DO NOT BALANCE"
        return f"{len(self.closed)} messages, {balance}"

    def _totals(self) -> str:
        shown = self.as_json()
        columns = ["received", "accepted", "unchanged", "refused", "delivered", "in_doubt"]
        return _table(
            ["received", "accepted", "unchanged", "refused", "sent and acknowledged", "in doubt"],
            [[shown[column] for column in columns]],
        )

    def _messages(self) -> str:
        rows = [
            [
                closed.message_key,
                closed.file_name,
                closed.state,
                entry.dataset,
                entry.received,
                entry.accepted,
                entry.unchanged,
                entry.refused,
                _report_link(closed, self.links),
            ]
            for closed in self.closed
            for entry in closed.books
        ]
        head = [
            "message",
            "file",
            "state",
            "dataset",
            "received",
            "accepted",
            "unchanged",
            "refused",
            "report",
        ]
        return _table(head, rows) if rows else ""

    def _refusals(self) -> str:
        causes: Counter[str] = Counter()
        examples: dict[str, str] = {}
        for closed in self.closed:
            for cause, sentence, records in closed.refusals:
                causes[cause] += records
                examples.setdefault(cause, f"{sentence} (message {closed.message_key})")
        if not causes:
            return ""
        rows = [[cause, count, examples[cause]] for cause, count in causes.most_common()]
        advice = (
            "When a cause is gone, run the deployment `replay` with it; `waive` closes what will "
            "never come right; `trace` shows the bytes."
        )
        return f"## Refused\n\n{_table(['cause', 'records', 'for example'], rows)}\n\n{advice}"


def _report_link(closed: Closed, links: dict[str, str]) -> str:
    link = links.get(closed.report_key or "")
    return f"[report]({link})" if link else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
