"""The dialects we read, and those that a company adds without touching this folder.

A plug-in is an object of the shape `Dialect`: either an entry point of the group
`obmen.dialects`, or an element of `DIALECTS` in a module named in the environment variable
`OBMEN_PLUGINS` (names apart by commas). Plug-ins are asked first, so that one may wrap a dialect of
ours and change what it gives.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

from tasks.formats.commerceml import COMMERCEML
from tasks.formats.obmen_csv import ObmenCsv
from tasks.formats.reading import Dialect

OWN_DIALECTS: Final[tuple[Dialect, ...]] = (COMMERCEML, ObmenCsv())

PLUGIN_GROUP: Final = "obmen.dialects"
PLUGIN_VARIABLE: Final = "OBMEN_PLUGINS"


def list_dialects() -> list[Dialect]:
    """All dialects in the order in which they are asked: plug-ins, then our own.

    Raises:
        ImportError: a plug-in that is named cannot be loaded; reading without it would give
            other records in silence.
    """
    return [*_load_plugins(), *OWN_DIALECTS]


def _load_plugins() -> Iterator[Dialect]:
    for entry in sorted(entry_points(group=PLUGIN_GROUP), key=lambda entry: entry.name):
        yield entry.load()
    for name in os.environ.get(PLUGIN_VARIABLE, "").split(","):
        if name.strip():
            yield from import_module(name.strip()).DIALECTS
