"""One pass over a whole file: proves it well-formed, reads its headings, frames its records.

A frame is where a record stands, not what it says: `decode` reads that later from the bytes. Any
other framer may take this one's place as long as it yields the same frames. Frames come in the
order of their first byte. Memory does not grow with the file.
"""

from collections.abc import Iterator
from mmap import mmap
from typing import Final, NoReturn
from xml.parsers import expat

from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.frames import Frame, Outline, find_tag_end, strip_namespace
from tasks.formats.commerceml.sections import OUTLINE, ROOT, VENDOR_PREFIX, Section
from tasks.formats.commerceml.suspicion import explain_root, explain_syntax, refuse_version
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.datasets import Dataset, Extent

BLOCK_BYTES: Final = 1 << 20
DEPTH_LIMIT: Final = 64
ELEMENT_BYTES_LIMIT: Final = 10_000_000
_HEADING_CHARACTERS_LIMIT: Final = 10_000

_PLAIN, _PART, _NESTED, _ID = range(4)
_PARTS: Final = dict.fromkeys(
    ("Цена", "Склад", "Склады", "Остаток", "КоличествоНаСкладе", "Количество"), _PART
)
# What the pass looks at inside a record, by dataset: all other elements are only counted.
_INSIDE: Final[dict[Dataset, dict[str, int]]] = {
    Dataset.OFFERS: {**_PARTS, "Предложение": _NESTED},
    Dataset.GOODS: {"Цена": _PART, "Количество": _PART},
    Dataset.GROUPS: {"Группа": _NESTED, "Ид": _ID},
}

_CLASSIFIED: Final = frozenset({Dataset.GROUPS, Dataset.PROPERTIES, Dataset.CATEGORIES})


class Framer:
    """Frames one file; `outline` is complete when `frames` has ended."""

    def __init__(self, view: mmap | bytes, encoding: Encoding, left_alone: frozenset[str]) -> None:
        """Look at the bytes of `view`; nothing is read before `frames` is called."""
        self.outline = Outline()
        self._view = view
        self._encoding = encoding
        self._left_alone = left_alone
        self._depth = 0
        self._sections: list[Section] = []
        self._words: dict[str, str] = {}  # the headings of the open section
        self._skipping = 0  # depth of the element that is left alone
        self._heading: tuple[str, list[str]] | None = None
        self._record: Frame | None = None
        self._kinds: dict[str, int] = {}
        self._inside: dict[Dataset, dict[str, int]] = {}
        self._part: tuple[int, int] | None = None  # first byte and depth
        self._start = 0  # first byte of the last element opened
        self._opened: list[Frame] = []
        self._ready: list[Frame] = []
        self._parser = self._make_parser()

    def frames(self, block_bytes: int = BLOCK_BYTES) -> Iterator[Frame]:
        """Yield the frames of the file, of which `block_bytes` are looked at in one go.

        Raises:
            FileFaultError: the file is not well-formed, has a DOCTYPE, passes a limit, is not
                CommerceML 2 or 3, or has a section that is not known. Frames that were complete
                before the fault have been yielded.
        """
        position, size = self._encoding.mark_length, len(self._view)
        fault: FileFaultError | None = None
        while position < size and fault is None:
            block = self._view[position : position + block_bytes]
            position += len(block)
            fault = self._parse(block, position)
            ready, self._ready = self._ready, []
            yield from ready
        if fault is not None:
            raise fault

    def _make_parser(self) -> expat.XMLParserType:
        name = self._encoding.name
        # expat spells the two wide encodings without the second dash.
        name = {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}.get(name, name)
        parser = expat.ParserCreate(name, "}")
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartNamespaceDeclHandler = self._open_prefix
        return parser

    def _parse(self, block: bytes, position: int) -> FileFaultError | None:
        try:
            self._parser.Parse(block, position == len(self._view))
            self._check_size(position)
        except expat.ExpatError as error:
            offset = self._parser.ErrorByteIndex + self._encoding.mark_length
            return explain_syntax(error, offset, self._view, self._encoding)
        except FileFaultError as error:
            return error
        return None

    @property
    def _position(self) -> int:
        return self._parser.CurrentByteIndex + self._encoding.mark_length

    def _check_size(self, position: int) -> None:
        start = self._opened[0].start if self._opened else self._position
        cut = sum(end - begin for frame in self._opened for begin, end in frame.holes)
        if position - start - cut > ELEMENT_BYTES_LIMIT + BLOCK_BYTES:
            self._pass_limit("bytes in one element", position - start, ELEMENT_BYTES_LIMIT)

    def _pass_limit(self, what: str, value: int, allowed: int) -> NoReturn:
        place = f"line {self._parser.CurrentLineNumber}"
        fault = Fault(Cause.XML_LIMIT, place, f"{value} {what}", str(allowed))
        raise FileFaultError(fault, self._position)

    def _refuse_doctype(self, *_: object) -> None:
        fault = Fault(Cause.XML_DOCTYPE, f"line {self._parser.CurrentLineNumber}")
        raise FileFaultError(fault, self._position)

    def _open_prefix(self, prefix: str | None, uri: str | None) -> None:
        # The default namespace is not carried on: elements are matched by local name. A prefix is
        # never taken back: that each is used where it is declared, expat has proven.
        if prefix and uri and self._record is None and not self._skipping:
            self.outline.prefixes.setdefault(prefix, uri)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._record is not None and self._kinds.get(name) == _PLAIN:
            self._start = -1
            if self._depth <= DEPTH_LIMIT:
                return
        if self._depth > DEPTH_LIMIT:
            self._pass_limit("levels of elements", self._depth, DEPTH_LIMIT)
        if self._record is not None:
            self._open_inside(self._record, name)
        elif not self._skipping:
            self._enter(strip_namespace(name), attributes)

    def _open_inside(self, record: Frame, name: str) -> None:
        self._start = -1
        kind = self._kinds.get(name)
        if kind is None:
            words = _INSIDE.get(record.dataset, {})
            kind = self._kinds[name] = words.get(strip_namespace(name), _PLAIN)
        if kind == _PLAIN:
            return
        if kind == _NESTED:
            self._begin(record.dataset)
        elif kind == _PART and self._part is None:
            self._start = self._position
            self._part = self._start, self._depth
        elif kind == _ID and self._depth == record.depth + 1:
            self._listen("")

    def _close(self, _name: str) -> None:
        record = self._record
        if record is not None and self._part is None and self._heading is None:
            if self._depth == record.depth:
                self._finish(record)
            self._start = -1
        elif record is not None:
            if self._depth == record.depth:
                self._finish(record)
            elif self._part is not None and self._depth == self._part[1]:
                record.parts.append((self._part[0], self._find_end(self._part[0])))
                self._part = None
            elif self._heading is not None:
                record.id = self._hear(self._heading)
            self._start = -1
        elif self._depth == self._skipping:
            self._skipping = 0
        elif self._heading is not None:
            self._say(self._heading[0], self._hear(self._heading))
        elif not self._skipping:
            self._sections.pop()
        self._depth -= 1

    def _begin(self, dataset: Dataset) -> None:
        self._start = self._position
        frame = Frame(dataset, self._start, self._depth, self._record)
        word = "classifier_id" if dataset in _CLASSIFIED else "catalog_id"
        frame.container_id = self._words.get(word) or None
        if self._record is None:
            self._kinds = self._inside.setdefault(dataset, {})
        self._record = frame
        self._opened.append(frame)

    def _finish(self, record: Frame) -> None:
        record.end = self._find_end(record.start)
        cut = sum(end - start for start, end in record.holes)
        if record.end - record.start - cut > ELEMENT_BYTES_LIMIT:
            self._pass_limit("bytes in one element", record.end - record.start, ELEMENT_BYTES_LIMIT)
        self._record = record.parent
        if record.parent is not None:
            record.parent.holes.append((record.start, record.end))
            return
        self._ready += self._opened
        self._opened = []

    def _find_end(self, start: int) -> int:
        is_leaf = start == self._start
        return find_tag_end(self._view, self._encoding, start, self._position, is_leaf=is_leaf)

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._sections:
            self._enter_section(self._check_root(tag, attributes), attributes)
            return
        section = self._sections[-1]
        if len(self._sections) == 1:
            refuse_version(tag, attributes, self._position)
            self._words = {}
        if tag in section.records:
            self._begin(section.records[tag])
        elif tag in section.sections:
            self._enter_section(section.sections[tag], attributes)
        elif tag in section.headings:
            self._listen(section.headings[tag])
        else:
            self._leave_alone(section, tag)
            self._skipping = self._depth

    def _check_root(self, tag: str, attributes: dict[str, str]) -> Section:
        if tag != ROOT:
            raise explain_root(tag, self._position)
        self.outline.check_version(attributes.get("ВерсияСхемы"), self._position)
        return OUTLINE

    def _enter_section(self, section: Section, attributes: dict[str, str]) -> None:
        self._sections.append(section)
        if section.path == "ИзмененияПакетаПредложений":
            self.outline.extents.add(Extent.CHANGES)
        for name, text in attributes.items():
            word = section.headings.get(f"@{name}")
            if word is None:
                self._leave_alone(section, f"@{strip_namespace(name)}")
            else:
                self._say(word, text.strip())

    def _leave_alone(self, section: Section, name: str) -> None:
        path = name if section is OUTLINE and name[0] != "@" else f"{section.path}/{name}"
        is_known = name in section.left_alone or name.startswith(VENDOR_PREFIX)
        if not is_known and path not in self._left_alone:
            raise FileFaultError(Fault(Cause.FIELD_UNKNOWN, path), self._position)
        self.outline.left_alone.add(path)

    def _listen(self, word: str) -> None:
        heard: list[str] = []
        self._heading = word, heard
        self._parser.CharacterDataHandler = heard.append

    def _hear(self, heading: tuple[str, list[str]]) -> str:
        self._heading = self._parser.CharacterDataHandler = None
        text = "".join(heading[1]).strip()
        if len(text) > _HEADING_CHARACTERS_LIMIT:
            self._pass_limit("characters in a heading", len(text), _HEADING_CHARACTERS_LIMIT)
        return text

    def _say(self, word: str, text: str) -> None:
        self._words[word] = text
        self.outline.say(word, text, self._position)
