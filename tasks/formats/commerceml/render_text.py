"""Whole columns of text at once: escaped, wrapped in tags, joined. Arrow does the work.

A string column keeps its texts one after another in one buffer. So a column of rendered records
*is* the part of the file that holds them: writing it copies bytes and makes no Python object a
record.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# A carriage return that is not a reference is read as a line feed (XML 1.0, 2.11).
_TEXT: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# In an attribute white space too is read as a plain space (XML 1.0, 3.3.3).
_ATTRIBUTE: Final = (*_TEXT, ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;"))
# Plain searches for a byte are vectorised, a regular expression reads a tenth of that a second.
_NONCHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def view_bytes(column: pa.Array) -> memoryview:
    """The texts of a string column in UTF-8, one after another, without copying."""
    _, offsets, content = column.buffers()
    if content is None or not len(column):
        return memoryview(b"")
    bounds = np.frombuffer(offsets, np.int32)[column.offset :][: len(column) + 1]
    return memoryview(content)[bounds[0] : bounds[-1]]


def escape_text(column: pa.Array) -> pa.Array:
    """A string column as the text of elements; null stays null."""
    return _escape(column, _TEXT)


def escape_attribute(column: pa.Array) -> pa.Array:
    """A string column as the values of attributes in double quotes; null stays null."""
    return _escape(column, _ATTRIBUTE)


def _escape(column: pa.Array, references: Sequence[tuple[str, str]]) -> pa.Array:
    # Most columns of most batches hold nothing to escape: one look at the bytes settles it.
    content = bytes(view_bytes(column))
    for mark, reference in references:
        if mark.encode() in content:
            column = pc.replace_substring(column, mark, reference)
    return column


def holds_forbidden(column: pa.Array) -> bool:
    """Whether any text holds a character that no XML 1.0 file can hold."""
    content = bytes(view_bytes(column))
    codes = np.frombuffer(content, np.uint8)
    controls = codes[codes < ord(" ")]
    if np.any(~np.isin(controls, list(b"\t\n\r"))):
        return True
    return any(mark in content for mark in _NONCHARACTERS)


def escape_one(text: str) -> str:
    """One text of an element."""
    for mark, reference in _TEXT:
        text = text.replace(mark, reference)
    return text


def escape_one_attribute(text: str) -> str:
    """One value of an attribute."""
    for mark, reference in _ATTRIBUTE:
        text = text.replace(mark, reference)
    return text


def join(*parts: pa.Array | pa.Scalar) -> pa.Array:
    """The parts of each row one after another; null is nothing."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def wrap(opening: str, column: pa.Array, closing: str) -> pa.Array:
    """Each text between two tags; null where there is none."""
    return pc.binary_join_element_wise(opening, column, closing, "")


def end_lines(column: pa.Array) -> pa.Array:
    """A line feed behind each text."""
    return wrap("", column, "\n")


def gather(texts: pa.Array, owners: pa.Array, ids: pa.Array) -> pa.Array:
    """What belongs to each of `ids`, joined; null where there is nothing.

    `owners` names the owner of each text; both it and `ids` are in the same order.
    """
    places = pc.index_in(owners, value_set=ids).to_numpy(zero_copy_only=False)
    counts = np.bincount(places, minlength=len(ids))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), texts), "")
    return pc.if_else(pa.array(counts > 0), joined, pa.scalar(None, pa.string()))
