"""What framing hands to decoding: frames, and what the file says of itself."""

import re
from dataclasses import dataclass, field
from mmap import mmap

from tasks.formats.commerceml.encoding import Encoding
from tasks.formats.commerceml.sections import READ_VERSIONS
from tasks.formats.values import ValueFaultError, parse_flag
from tasks.model.causes import Cause, Fault, FileFaultError
from tasks.model.datasets import Dataset, Extent, Heading

_VERSION = re.compile(r"[23]\.[0-9]{1,3}\Z")
_START_TAG = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")


@dataclass(slots=True, eq=False)
class Frame:
    """Where one record stands in the file.

    `holes` are records nested in this one, cut out before it is decoded; `parts` are its prices
    and stock figures in file order, as byte ranges.
    """

    dataset: Dataset
    start: int
    depth: int
    parent: "Frame | None"
    end: int = 0
    id: str = ""  # of a group, read ahead because its children point at it
    container_id: str | None = None  # the catalog or classifier it belongs to
    holes: list[tuple[int, int]] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """What was read of a file beside its records."""

    words: dict[str, str] = field(default_factory=dict)
    extents: set[Extent] = field(default_factory=set)
    left_alone: set[str] = field(default_factory=set)
    prefixes: dict[str, str] = field(default_factory=dict)  # declared around records

    def say(self, word: str, text: str, offset: int) -> None:
        """Remember a heading; the first one that is not empty counts.

        Raises:
            FileFaultError: BOOL_FORMAT when the extent is not a flag.
        """
        if word == "extent":
            self._say_extent(text, offset)
        elif text and word not in self.words:
            self.words[word] = text

    def _say_extent(self, text: str, offset: int) -> None:
        try:
            flag = parse_flag(text)
        except ValueFaultError as error:
            fault = Fault(error.cause, "СодержитТолькоИзменения", error.value)
            raise FileFaultError(fault, offset) from None
        if flag is not None:
            self.extents.add(Extent.CHANGES if flag else Extent.FULL)

    def check_version(self, version: str | None, offset: int) -> None:
        """Refuse a version that nobody has seen; none at all occurs and is read.

        Raises:
            FileFaultError: VERSION_UNKNOWN with the number.
        """
        if version is not None and not _VERSION.match(version.strip()):
            fault = Fault(Cause.VERSION_UNKNOWN, "@ВерсияСхемы", version, READ_VERSIONS)
            raise FileFaultError(fault, offset)

    @property
    def extent(self) -> Extent | None:
        """CHANGES as soon as one section says so: a file that contradicts itself never deletes."""
        for extent in (Extent.CHANGES, Extent.FULL):
            if extent in self.extents:
                return extent
        return None

    def make_heading(self, encoding: Encoding) -> Heading:
        """What is known so far."""
        words = self.words
        return Heading(
            dialect="commerceml",
            version=words.get("version"),
            encoding=encoding.name,
            declared_encoding=encoding.declared,
            formed_at=words.get("formed_at"),
            node=words.get("node"),
            extent=self.extent,
            catalog_id=words.get("catalog_id"),
            classifier_id=words.get("classifier_id"),
            package_id=words.get("package_id"),
            valid_from=words.get("valid_from"),
            valid_to=words.get("valid_to"),
            left_alone=tuple(sorted(self.left_alone)),
        )


def strip_namespace(name: str) -> str:
    """The local name of `namespace}name`."""
    return name.rpartition("}")[2]


def find_tag_end(
    view: mmap | bytes, encoding: Encoding, start: int, closing: int, *, is_leaf: bool
) -> int:
    """The byte after an element that starts at `start` and that expat closes at `closing`.

    expat gives the first byte of `</tag>`, but for `<tag/>` the byte after it; only an element
    without children (`is_leaf`) can be the latter.
    """
    if encoding.is_wide:
        return _find_wide_end(view, encoding, start, closing, is_leaf=is_leaf)
    # One bracket in the whole tag: the common case, settled without a regular expression.
    if is_leaf and view[closing - 2 : closing] == b"/>":
        tag = view[start:closing]
        if tag.count(b">") == 1 or _is_self_closing(tag.decode(encoding.name, "replace")):
            return closing
    return view.find(b">", closing) + 1


def _find_wide_end(
    view: mmap | bytes, encoding: Encoding, start: int, closing: int, *, is_leaf: bool
) -> int:
    if is_leaf and _is_self_closing(view[start:closing].decode(encoding.name, "replace")):
        return closing
    bracket = ">".encode(encoding.name)
    end = view.find(bracket, closing)
    while (end - closing) % 2:
        end = view.find(bracket, end + 1)
    return end + len(bracket)


def _is_self_closing(text: str) -> bool:
    if not text.endswith("/>"):
        return False
    match = _START_TAG.match(text)
    return match is not None and match.end() == len(text)
