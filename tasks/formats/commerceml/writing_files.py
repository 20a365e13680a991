"""Files of a package and the sections in them: nothing is opened before it has something inside."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_json import write_element
from tasks.formats.commerceml.render_text import escape_one, escape_one_attribute, view_bytes
from tasks.formats.commerceml.writing_terms import WritingTerms
from tasks.model.datasets import Extent

_NAMESPACES: Final = {"2": "urn:1C.ru:commerceml_2", "3": "urn:1C.ru:commerceml_3"}


class Above(Protocol):
    """What a section stands in."""

    def write(self, texts: str | pa.Array) -> None:
        """Write markup, or a column of records."""

    def open(self) -> None:
        """Begin, if that has not been done."""


class XmlFile:
    """One file, `КоммерческаяИнформация`; without a record there is no file."""

    def __init__(self, path: Path, terms: WritingTerms) -> None:
        """Nothing is created before the first record."""
        self.path = path
        self._terms = terms
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Create the file and begin its root."""
        self._begin()

    def _begin(self) -> BinaryIO:
        if self._file is None:
            self._file = self.path.open("wb")
            self._file.write(self._terms.mark)
            self._file.write(_write_root(self._terms).encode(self._terms.encoding))
        return self._file

    def write(self, texts: str | pa.Array) -> None:
        """Write text as it is, characters that the encoding does not have as references."""
        content = texts.encode() if isinstance(texts, str) else view_bytes(texts)
        if self._terms.encoding != "utf-8":
            content = bytes(content).decode().encode(self._terms.encoding, "xmlcharrefreplace")
        self._begin().write(content)

    @property
    def is_written(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def list_written(self) -> list[Path]:
        """Its path, if there is a file."""
        return [self.path] if self.is_written else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        if kind is None:
            self.write("</КоммерческаяИнформация>\n")
        self._file.close()
        if kind is not None:
            self.path.unlink()  # half a file must not be sent


class Section:
    """An element around records; not written when it stays empty."""

    def __init__(self, above: Above, opening: str, closing: str) -> None:
        """`opening` may hold headings behind its tag."""
        self._above = above
        self._opening = opening
        self._closing = closing
        self._is_open = False

    def open(self) -> None:
        """Begin the element, and all above it, if that has not been done."""
        if not self._is_open:
            self._is_open = True
            self._above.open()
            self._above.write(self._opening)

    def write(self, texts: str | pa.Array) -> None:
        """Write into the element; of a column those rows that are not null."""
        if not isinstance(texts, str):
            texts = pc.drop_null(texts)
            if not len(texts):
                return
        self.open()
        self._above.write(texts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._is_open and kind is None:
            self._above.write(self._closing)


def open_list(above: Above, tag: str) -> Section:
    """A list of records."""
    return Section(above, f"<{tag}>\n", f"</{tag}>\n")


def open_classifier(above: Above, terms: WritingTerms) -> Section:
    """Классификатор with its headings; in 3.1 it says the extent, before that it has no owner."""
    tag, owner = ("Классификатор", _write_owner(terms))
    if terms.is_split:
        tag, owner = (f"Классификатор{_write_extent(terms)}", "")
    headings = (
        write_element("Ид", terms.classifier_id)
        + write_element("Наименование", terms.catalog_name)
        + owner
    )
    return Section(above, f"<{tag}>{headings}\n", "</Классификатор>\n")


def open_catalog(above: Above, terms: WritingTerms) -> Section:
    """Каталог with its headings."""
    headings = (
        write_element("Ид", terms.catalog_id)
        + write_element("ИдКлассификатора", terms.classifier_id)
        + write_element("Наименование", terms.catalog_name)
        + ("" if terms.is_split else _write_owner(terms))
    )
    return Section(above, f"<Каталог{_write_extent(terms)}>{headings}\n", "</Каталог>\n")


def open_package(above: Above, terms: WritingTerms) -> Section:
    """ПакетПредложений with its headings."""
    headings = (
        write_element("Ид", terms.package_id)
        + write_element("Наименование", terms.catalog_name)
        + write_element("ИдКаталога", terms.catalog_id)
        + write_element("ИдКлассификатора", terms.classifier_id)
        + ("" if terms.is_split else _write_owner(terms))
    )
    opening = f"<ПакетПредложений{_write_extent(terms)}>{headings}\n"
    return Section(above, opening, "</ПакетПредложений>\n")


def open_changes(above: Above, terms: WritingTerms) -> Section:
    """ИзмененияПакетаПредложений: figures of offers that are not in the package themselves."""
    headings = write_element("Ид", terms.package_id) + write_element("ИдКаталога", terms.catalog_id)
    opening = f'<ИзмененияПакетаПредложений СодержитТолькоИзменения="true">{headings}\n'
    return Section(above, opening, "</ИзмененияПакетаПредложений>\n")


def _write_root(terms: WritingTerms) -> str:
    declared = "UTF-8" if terms.encoding == "utf-8" else terms.encoding
    formed_at = terms.formed_at.replace(tzinfo=None, microsecond=0).isoformat()
    namespace = f'xmlns="{_NAMESPACES[terms.version[0]]}" ' if terms.has_namespace else ""
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n'
        f"<КоммерческаяИнформация {namespace}"
        f'ВерсияСхемы="{terms.version}" ДатаФормирования="{formed_at}">\n'
    )


def _write_extent(terms: WritingTerms) -> str:
    flag = "true" if terms.extent is Extent.CHANGES else "false"
    return f' СодержитТолькоИзменения="{escape_one_attribute(flag)}"'


def _write_owner(terms: WritingTerms) -> str:
    name = escape_one(terms.owner_name)
    return (
        f"<Владелец>{write_element('Ид', terms.owner_id)}<Наименование>{name}</Наименование>"
        f"<ОфициальноеНаименование>{name}</ОфициальноеНаименование></Владелец>"
    )
