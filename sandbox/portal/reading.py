"""A CommerceML file, record by record and by content: the name of a file says nothing here."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

from sandbox.portal import cards, offers
from sandbox.portal.records import Record, UnreadableError

_CONTAINERS = {"Каталог", "ПакетПредложений", "ИзмененияПакетаПредложений", "Классификатор"}
_LISTS: dict[tuple[str, str], Callable[[ET.Element], Iterator[Record]]] = {
    ("Классификатор", "Группы"): cards.groups,
    ("Классификатор", "Свойства"): cards.known_properties,
    ("Классификатор", "ЕдиницыИзмерения"): cards.units,
    ("Классификатор", "ТипыЦен"): cards.price_types,
    ("Классификатор", "Склады"): cards.warehouses,
    ("ПакетПредложений", "ТипыЦен"): cards.price_types,
    ("ПакетПредложений", "Склады"): cards.warehouses,
    ("ИзмененияПакетаПредложений", "ТипыЦен"): cards.price_types,
    ("ИзмененияПакетаПредложений", "Склады"): cards.warehouses,
}


class Document:
    """One file being read; `is_full` and `containers` are known once its records come."""

    def __init__(self, path: Path) -> None:
        self.is_full = True
        self.containers: set[str] = set()
        self._path = path
        self._open: list[ET.Element] = []

    def records(self) -> Iterator[Record]:
        """All records in the order of the file.

        Raises:
            UnreadableError: it is not well-formed, not CommerceML, or a record cannot be read.
        """
        try:
            with self._path.open("rb") as source:
                # A partner of a test writes these files, and expat stops entities that explode.
                for event, element in ET.iterparse(source, ("start", "end")):  # noqa: S314
                    if event == "start":
                        self._enter(element)
                    else:
                        self._open.pop()
                        yield from self._leave(element)
        except ET.ParseError as error:
            message = f"Файл не является правильным XML: {error}"
            raise UnreadableError(message) from None
        except ValueError as error:  # expat's word for bytes that the encoding does not have
            message = f"Файл не читается: {error}"
            raise UnreadableError(message) from None
        if not self.containers:
            message = "В файле нет ни классификатора, ни каталога, ни предложений"
            raise UnreadableError(message)

    def _enter(self, element: ET.Element) -> None:
        name = cards.name_of(element)
        if not self._open and name != "КоммерческаяИнформация":
            message = f"Неизвестный корневой элемент: {name}"
            raise UnreadableError(message)
        if name in _CONTAINERS and len(self._open) == 1:
            self.containers.add(name)
            self._note_extent(element.get("СодержитТолькоИзменения"))
        self._open.append(element)

    def _leave(self, element: ET.Element) -> Iterator[Record]:
        name = cards.name_of(element)
        parent = cards.name_of(self._open[-1]) if self._open else ""
        if (parent, name) == ("Товары", "Товар"):
            yield cards.good(element, is_whole=self.is_full)
        elif (parent, name) == ("Предложения", "Предложение"):
            yield offers.offer(element, is_whole=self.is_full)
        elif read := _LISTS.get((parent, name)):
            yield from read(element)
        elif parent in _CONTAINERS and name == "СодержитТолькоИзменения":
            self._note_extent(element.text)
            return
        else:
            return
        element.clear()
        with suppress(ValueError):
            self._open[-1].remove(element)

    def _note_extent(self, said: str | None) -> None:
        if said is not None:
            self.is_full = not cards.says_true(said)
