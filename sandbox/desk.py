"""The desk an export is written at: what was ordered, the folder, the files and their pictures."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sandbox.company import Company
from sandbox.dialect import Client, Dialect, dialect_of
from sandbox.manifest import FileEntry, Manifest
from sandbox.markup import Attributes, Markup
from sandbox.pictures import paint

FIRST_MOMENT = datetime(2026, 11, 2, 9, 0, 0, tzinfo=UTC)


class Mode(StrEnum):
    """How much is exported."""

    FULL = "full"
    CHANGES = "changes"  # the goods touched in the company's last step, whole
    PRICES = "prices"  # only prices and stock of these goods; of all where none was touched
    OFFERS = "offers"  # all offers with their prices and stock, and no goods: a full re-export


@dataclass(frozen=True, slots=True)
class Order:
    """What to export, how and when."""

    client: Client = Client.A
    mode: Mode = Mode.FULL
    portion: int = 1000  # goods in one file
    version: str | None = None  # of CommerceML; None: the client's usual one
    moment: datetime | None = None  # ДатаФормирования; None: an hour after the step before
    leave_out_deleted: bool = False  # products marked as deleted are absent instead of marked


@dataclass(frozen=True, slots=True)
class FileSet:
    """What 1C sends between one `init` and its last `import`; names are relative to the folder."""

    documents: tuple[str, ...]
    pictures: tuple[str, ...] = ()


class Desk:
    """One export being written: the company, the dialect, the folder and the truth."""

    def __init__(self, company: Company, folder: Path, order: Order, manifest: Manifest) -> None:
        """Bring together what every writer needs."""
        self.company = company
        self.folder = folder
        self.order = order
        self.manifest = manifest
        self.dialect: Dialect = dialect_of(order.client, order.version)
        self.moment = order.moment or FIRST_MOMENT + timedelta(hours=company.age_hours)

    @contextmanager
    def document(self, name: str) -> Iterator[Markup]:
        """A file with its root open."""
        entry: FileEntry = self.manifest.start(name)
        dialect = self.dialect
        path = self.folder / name
        with Markup(path, dialect.encoding, bom=dialect.has_bom) as out:
            with out.inside("КоммерческаяИнформация", self._root_attributes()):
                yield out
            entry.size, entry.sha256 = out.size, out.sha256

    def portions(self) -> Iterator[list[int]]:
        """The numbers of the goods to export, `order.portion` at a time; at least one portion."""
        numbers = iter(self._numbers())
        portion = list(islice(numbers, self.order.portion))
        yield portion
        while portion := list(islice(numbers, self.order.portion)):
            yield portion

    def paint(self, portion: Iterable[int]) -> tuple[str, ...]:
        """Write the pictures of these goods and give their names."""
        names = []
        for index in portion:
            for picture in self.company.good(index).pictures:
                path = self.folder / picture.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(paint(picture.paint_seed))
                names.append(picture.path)
        return tuple(names)

    def _numbers(self) -> Iterable[int]:
        company, order = self.company, self.order
        everything = order.mode in {Mode.FULL, Mode.OFFERS} or (
            order.mode is Mode.PRICES and not company.has_changed
        )
        numbers = range(len(company)) if everything else company.changed()
        if not order.leave_out_deleted:
            return numbers
        return (index for index in numbers if not company.good(index).is_deleted)

    def _root_attributes(self) -> Attributes:
        attributes: Attributes = {}
        if self.dialect.namespace:
            attributes = {
                "xmlns": self.dialect.namespace,
                "xmlns:xs": "http://www.w3.org/2001/XMLSchema",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            }
        attributes["ВерсияСхемы"] = self.dialect.version
        attributes["ДатаФормирования"] = self.moment.strftime("%Y-%m-%dT%H:%M:%S")
        if self.dialect.is_versioned:
            attributes["Ид"] = "Обмен с сайтом"
        return attributes
