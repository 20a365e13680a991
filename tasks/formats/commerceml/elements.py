"""Small questions to an element: its name, its path, its text, itself as JSON."""

import re
from functools import lru_cache
from typing import Final

from lxml import etree

from tasks.formats.rows import Json

# Attributes in these namespaces speak of the markup, never of goods (xsi:type, xml:space).
MARKUP_NAMESPACES: Final = (
    "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://www.w3.org/XML/1998/namespace}",
)


# Text after a tag that closes, or after a comment: looked for in the bytes, once a chunk, because
# asking every element of a file whether text follows it costs as much as reading it.
STRAY: Final = (
    re.compile(rb"</[^<>]*>\s*[^\s<]"),
    re.compile(rb"/>\s*[^\s<]"),
    re.compile(rb"<[!?]"),
)


def make_parser() -> etree.XMLParser:
    """A parser for cut-out records in UTF-8: nothing from outside, nothing repaired."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def list_attributes(element: etree._Element) -> list[tuple[str, str]]:
    """The attributes of an element; the library's type allows bytes, which parsing never gives."""
    return element.items()  # type: ignore[return-value]


def to_json(element: etree._Element) -> Json:
    """An element without loss: text, or an object of `@attributes` and children.

    A child that stands several times is a list; text beside children is `#text`.
    """
    if not len(element) and not element.keys():
        return (element.text or "").strip() or None
    value: dict[str, Json] = {f"@{strip(name)}": text for name, text in list_attributes(element)}
    for child in element:
        tag = strip(child.tag)
        inner = to_json(child)
        if tag not in value:
            value[tag] = inner
        elif isinstance(value[tag], list):
            value[tag].append(inner)  # type: ignore[union-attr]
        else:
            value[tag] = [value[tag], inner]
    own = [element.text, *(child.tail for child in element)]
    if text := " ".join(part.strip() for part in own if part and part.strip()):
        value["#text"] = text
    return value


def place_of(element: etree._Element) -> str:
    """The path of an element from its record, as the sender writes it."""
    above = [strip(parent.tag) for parent in element.iterancestors()]
    return "/".join([*above[-2::-1], strip(element.tag)]) if above else strip(element.tag)


@lru_cache(maxsize=4096)
def strip(name: str) -> str:
    """The local name of `{namespace}name`."""
    return name.rpartition("}")[2]


def collect_text(element: etree._Element) -> str:
    """All text inside an element, cut to what a fault can show."""
    return " ".join("".join(map(str, element.itertext())).split())[:200]
