"""On which terms a package is written: everything beside the records that its bytes depend on."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from tasks.model.datasets import Extent

VERSIONS: Final = ("2.07", "2.08", "2.09", "2.10", "3.1")  # they sort as text
_NAME: Final = "commerceml-"
_ENCODINGS: Final = ("utf-8", "windows-1251")
# What no XML 1.0 file can hold, not even as a reference.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class WritingError(Exception):
    """A package cannot be written truthfully: nothing of it may be sent."""


@dataclass(frozen=True, slots=True)
class WritingTerms:
    """One package: its dialect, its headings, its encoding and its partner's overrides.

    `formed_at` is the only clock; it is written as the local time of its own zone, without one,
    as 1C does. `renames` maps the path of an element of a product or offer to the column that
    fills it instead of its own: `{"Товар/Наименование": "full_name"}`. `pictures_under` is the
    folder of the package in which relative pictures lie.
    """

    dialect: str
    extent: Extent
    formed_at: datetime
    catalog_id: str
    catalog_name: str
    classifier_id: str
    package_id: str
    owner_id: str
    owner_name: str
    encoding: str = "utf-8"
    has_bom: bool = True  # of utf-8 only
    has_namespace: bool = True  # some sites look for elements without one and find none
    renames: Mapping[str, str] = field(default_factory=dict)
    pictures_under: str = "import_files"

    def __post_init__(self) -> None:
        """Refuse terms that no package can be written on.

        Raises:
            WritingError: an unknown dialect or encoding, a clock without a zone, a heading that
                is empty or holds what XML cannot say.
        """
        if self.version not in VERSIONS or self.dialect != _NAME + self.version:
            known = ", ".join(_NAME + version for version in VERSIONS)
            message = f"dialect {self.dialect!r} is not one of {known}"
            raise WritingError(message)
        if self.encoding not in _ENCODINGS:
            message = f"encoding {self.encoding!r} is not one of {', '.join(_ENCODINGS)}"
            raise WritingError(message)
        if self.formed_at.tzinfo is None:
            message = f"formed_at {self.formed_at.isoformat()} has no time zone"
            raise WritingError(message)
        for term in fields(self):
            self._check_text(term.name, getattr(self, term.name))

    @property
    def version(self) -> str:
        """The number in ВерсияСхемы."""
        return self.dialect.removeprefix(_NAME)

    @property
    def is_split(self) -> bool:
        """Whether every dataset has a file of its own (3.1)."""
        return self.version == "3.1"

    @property
    def mark(self) -> bytes:
        """The bytes before the first character."""
        return codecs.BOM_UTF8 if self.has_bom and self.encoding == "utf-8" else b""

    def _check_text(self, name: str, text: object) -> None:
        if not isinstance(text, str):
            return
        if not text.strip():
            message = f"{name} is empty"
            raise WritingError(message)
        if found := FORBIDDEN.search(text):
            message = f"{name} holds U+{ord(found[0]):04X}, which XML 1.0 forbids: {text[:60]!r}"
            raise WritingError(message)
