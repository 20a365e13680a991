"""What a run tells people: one shape for every run, as an artifact and as a return value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.model.messages import Closed

NOT_RECORDS = frozenset({"file", "members"})
MESSAGES_SHOWN = 100
_FIGURES = ("received", "accepted", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class Refused:
    """What a partner's records were refused for: how many, and where the first of them stands."""

    partner: str
    cause: str
    records: int
    open_records: int
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where a message's papers open, and whose message it is."""

    partner: str = ""
    report: str = ""
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came in, by which exits it left, what went out."""

    exchange: str
    closed: Sequence[Closed] = ()
    note: str = ""  # what there is to say beside the figures, as Markdown
    sent: int = 0
    delivered: int = 0
    in_doubt: int = 0
    refused: Sequence[Refused] = ()
    links: Mapping[int, Links] = field(default_factory=dict)  # by message

    def total(self, column: str) -> int:
        """Sum one column of the books over all records (files and archives do not count)."""
        return sum(_total(closed, column) for closed in self.closed)

    @property
    def is_balanced(self) -> bool:
        """Say whether the books of every message balance."""
        return all(closed.is_balanced for closed in self.closed)

    @property
    def open_refusals(self) -> int:
        """The number of refused records, and files, that wait for an answer."""
        return sum(line.open_records for line in self.refused)

    @property
    def headline(self) -> str:
        """The run in one line."""
        if not self.closed:
            return f"{self.exchange}: no records moved"
        balance = "the books balance" if self.is_balanced else "THE BOOKS DO NOT BALANCE"
        refused = f"{self.open_refusals} refused" if self.open_refusals else "nothing refused"
        return f"{self.exchange}: {_count(len(self.closed), 'message')}, {refused}, {balance}"

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the run's result."""
        figures: dict[str, Any] = {column: self.total(column) for column in _FIGURES}
        return figures | {
            "delivered": self.delivered,
            "in_doubt": self.in_doubt,
            "balanced": self.is_balanced,
        }

    def as_markdown(self) -> str:
        """Return the run's artifact: what there is to say, totals, refusals, kinds, messages."""
        parts = [
            f"# {self.headline}",
            self.note,
            self._totals(),
            self._refusals(),
            self._kinds(),
            self._messages(),
        ]
        return "\n\n".join(filter(None, parts))

    def _totals(self) -> str:
        head = [*_FIGURES, "sent", "acknowledged", "in doubt"]
        figures = [self.total(column) for column in _FIGURES]
        return _table(head, [[*figures, self.sent, self.delivered, self.in_doubt]])

    def _refusals(self) -> str:
        if not self.refused:
            return ""
        rows = [
            [
                line.partner,
                f"`{line.cause}`",
                line.records,
                line.open_records,
                line.sentence,
                line.place,
            ]
            for line in self.refused
        ]
        advice = (
            "Everything else of these files is in. When a cause is gone, run the deployment "
            "**replay** with it; **waive** closes for good what will never come right; "
            "**salvage** takes the whole records of a file that is cut."
        )
        head = ["partner", "cause", "refused", "still open", "the first of them", "its place"]
        return f"## Refused\n\n{_table(head, rows)}\n\n{advice}"

    def _kinds(self) -> str:
        books: dict[str, Counter[str]] = {}
        for closed in self.closed:
            for entry in closed.books:
                if entry.dataset not in NOT_RECORDS:
                    counts = books.setdefault(entry.dataset, Counter())
                    counts.update({column: getattr(entry, column) for column in _FIGURES})
        rows = [[kind, *(counts[column] for column in _FIGURES)] for kind, counts in books.items()]
        return f"## Records by kind\n\n{_table(['kind', *_FIGURES], rows)}" if rows else ""

    def _messages(self) -> str:
        if not self.closed:
            return ""
        rows = [self._message(closed) for closed in self.closed[:MESSAGES_SHOWN]]
        head = ["message", "partner", "file", "state", *_FIGURES, "papers"]
        more = len(self.closed) - len(rows)
        rest = f"\n\nAnd {_count(more, 'message')} more, in the journal." if more else ""
        return f"## Messages\n\n{_table(head, rows)}{rest}"

    def _message(self, closed: Closed) -> list[object]:
        links = self.links.get(closed.message_key, Links())
        papers = {"report": links.report, "protocol": links.protocol}
        return [
            closed.message_key,
            links.partner,
            closed.file_name,
            closed.state,
            *(_total(closed, column) for column in _FIGURES),
            " · ".join(f"[{word}]({link})" for word, link in papers.items() if link),
        ]


def say_faults(passed_over: Mapping[str, str], failures: Mapping[str, str]) -> str:
    """Return, as Markdown, which partners were passed over or stopped, each with its reason."""
    lines = [f"* **{partner}** was passed over: {why}" for partner, why in passed_over.items()]
    lines += [
        f"* **{partner}** stopped and its messages wait: {why}" for partner, why in failures.items()
    ]
    return "\n".join(lines)


def _total(closed: Closed, column: str) -> int:
    return sum(getattr(entry, column) for entry in closed.books if entry.dataset not in NOT_RECORDS)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
