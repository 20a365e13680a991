"""What a run tells people: one shape for every run, as an artifact and as a return value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.model.messages import Closed

NOT_RECORDS = frozenset({"file", "members"})
MESSAGES_SHOWN = 100
PICTURES_SHOWN = 50  # of a message that did not bring them
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
class MissingPicture:
    """A picture that a product names and nobody sent; `pictures` counts those of its message."""

    message_key: int
    session_key: int | None
    partner: str
    product_id: str
    path: str
    pictures: int


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
    came_by: str = ""  # the exchange by which its messages came, where it is another
    title: str = ""  # the run in one line, where figures do not say it
    note: str = ""  # what there is to say beside the figures, as Markdown
    sent: int = 0
    delivered: int = 0
    in_doubt: int = 0
    refused: Sequence[Refused] = ()
    missing: Sequence[MissingPicture] = ()
    deletions: Sequence[str] = ()  # what went by absence, or waits for a person: Markdown lines
    clocks: Sequence[str] = ()  # files that say they are older than what came before them
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
        if self.title:
            return self.title
        if not self.closed:
            return f"{self.exchange}: nothing was waiting"
        balance = "the books balance" if self.is_balanced else "THE BOOKS DO NOT BALANCE"
        refused = f"{self.open_refusals} refused" if self.open_refusals else "nothing refused"
        return f"{self.exchange}: {count_of(len(self.closed), 'message')}, {refused}, {balance}"

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
            self._deletions(),
            self._missing(),
            self._clocks(),
            self._kinds(),
            self._messages(),
        ]
        return "\n\n".join(filter(None, parts))

    def _totals(self) -> str:
        head = [*_FIGURES, "sent", "acknowledged", "in doubt"]
        figures = [self.total(column) for column in _FIGURES]
        return markdown_table(head, [[*figures, self.sent, self.delivered, self.in_doubt]])

    def _refusals(self) -> str:
        if not self.refused:
            return ""
        # Not a table: a sentence and a place are too long for a column.
        lines = [
            f"* **{line.partner}**, `{line.cause}`: {count_of(line.records, 'record')} refused, "
            f"{line.open_records} still open. {line.sentence} – the first in {line.place}"
            for line in self.refused
        ]
        advice = (
            "Everything else of these files is in, unless the file itself was refused. When a "
            "cause is gone, run the deployment **replay** with it; **waive** closes for good what "
            "will never come right; **salvage** takes the whole records of a file that is cut."
        )
        return "\n".join(["## Refused", "", *lines, "", advice])

    def _missing(self) -> str:
        """A warning: the products are in, and a picture that still comes is found by its path."""
        if not self.missing:
            return ""
        # Each of them knows how many its message misses; not all are named.
        all_of_them = sum({line.message_key: line.pictures for line in self.missing}.values())
        lines = [
            f"* **{line.partner}**, product `{line.product_id}`: `{line.path}`"
            for line in self.missing[:PICTURES_SHOWN]
        ]
        if (more := all_of_them - len(lines)) > 0:
            lines.append(f"* and {more} more")
        title = f"## {count_of(all_of_them, 'picture')} did not come"
        return "\n".join([title, "", "The products are in without them.", "", *lines])

    def _clocks(self) -> str:
        """A warning: the records are in, as the past."""
        if not self.clocks:
            return ""
        advice = (
            "Their prices and quantities are kept as what held before. If the sender's clock was "
            "set back, they are the present: let it export all prices and stock again when the "
            "clock is right."
        )
        return "\n".join(["## The sender's clock went back", "", *self.clocks, "", advice])

    def _deletions(self) -> str:
        if not self.deletions:
            return ""
        advice = (
            "Nothing of a list that waits is deleted. Run the deployment **confirm** with its "
            "number to delete exactly what it lists, or **drop** to keep all of it."
        )
        return "\n".join(["## Deletions", "", *self.deletions, "", advice])

    def _kinds(self) -> str:
        books: dict[str, Counter[str]] = {}
        for closed in self.closed:
            for entry in closed.books:
                if entry.dataset not in NOT_RECORDS:
                    counts = books.setdefault(entry.dataset, Counter())
                    counts.update({column: getattr(entry, column) for column in _FIGURES})
        rows = [[kind, *(counts[column] for column in _FIGURES)] for kind, counts in books.items()]
        return f"## Records by kind\n\n{markdown_table(['kind', *_FIGURES], rows)}" if rows else ""

    def _messages(self) -> str:
        """A table for each partner: with the name in a column its last columns are out of sight."""
        shown: dict[str, list[list[object]]] = {}
        for closed in self.closed[:MESSAGES_SHOWN]:
            links = self.links.get(closed.message_key, Links())
            shown.setdefault(links.partner, []).append(_message(closed, links))
        head = ["message", "file and its report", *_FIGURES, "protocol"]
        parts = [
            f"## Messages of {partner or 'this run'}\n\n{markdown_table(head, rows)}"
            for partner, rows in shown.items()
        ]
        if (more := len(self.closed) - MESSAGES_SHOWN) > 0:
            parts.append(f"And {count_of(more, 'message')} more, in the journal.")
        return "\n\n".join(parts)


def _message(closed: Closed, links: Links) -> list[object]:
    file = f"[{closed.file_name}]({links.report})" if links.report else closed.file_name
    return [
        closed.message_key,
        file if closed.state == "closed" else f"{file} **{closed.state}**",
        *(_total(closed, column) for column in _FIGURES),
        f"[open]({links.protocol})" if links.protocol else "",
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


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: 1 message, 2 messages."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; a cell may hold anything that fits into a line."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
