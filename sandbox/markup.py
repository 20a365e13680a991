"""Writing XML straight to disk, element by element: no tree, no library of the product."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape, quoteattr

Attributes = dict[str, str]


class Markup:
    """An XML file being written; indented by tabs, as 1C writes. Close it by leaving `with`."""

    def __init__(self, path: Path, encoding: str = "UTF-8", *, bom: bool = True) -> None:
        """Start the file `path` (folders are made); `encoding` is also what is declared."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.size = 0
        self._encoding = encoding
        self._hash = hashlib.sha256()
        self._file = path.open("wb")
        self._indent = ""
        if bom:
            self._put(b"\xef\xbb\xbf")
        self._line(f'<?xml version="1.0" encoding="{encoding}"?>')

    def __enter__(self) -> Self:
        """Give the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hex."""
        return self._hash.hexdigest()

    @contextmanager
    def inside(self, tag: str, attributes: Attributes | None = None) -> Iterator[None]:
        """Everything written in the block stands inside the element `tag`."""
        self._line(f"<{tag}{_attributes(attributes)}>")
        self._indent += "\t"
        yield
        self._indent = self._indent[:-1]
        self._line(f"</{tag}>")

    def leaf(self, tag: str, text: object = "", attributes: Attributes | None = None) -> None:
        """An element with text only; without text it is written as `<tag/>`."""
        words = escape(str(text))
        start = f"<{tag}{_attributes(attributes)}"
        self._line(f"{start}>{words}</{tag}>" if words else f"{start}/>")

    def leaves(self, **texts: object) -> None:
        """Several leaves in the order given; `None` leaves its element out."""
        for tag, text in texts.items():
            if text is not None:
                self.leaf(tag, text)

    def _line(self, text: str) -> None:
        line = f"{self._indent}{text}\n"
        self._put(line.encode(self._encoding, errors="xmlcharrefreplace"))

    def _put(self, payload: bytes) -> None:
        self._file.write(payload)
        self._hash.update(payload)
        self.size += len(payload)


def _attributes(attributes: Attributes | None) -> str:
    if not attributes:
        return ""
    return "".join(f" {name}={quoteattr(text)}" for name, text in attributes.items())
