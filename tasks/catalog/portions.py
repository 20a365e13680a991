"""In which order the files of one export go, and which of their members are pictures.

1C splits an export into files whose names differ from client to client (commerceml.md 1.6). The
content decides what a file is; its name only decides the order, so that goods come before offers.
"""

import re
from pathlib import PurePosixPath

PICTURES = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".tif", ".tiff", ".pdf"}
)
RECORDS = frozenset({".xml", ".csv"})
_ORDER = (
    "groups",
    "units",
    "storages",
    "pricelists",
    "propertiesgoods",
    "propertiesoffers",
    "import",
    "catalog",
    "goods",
    "offers",
    "prices",
    "rests",
    "contragents",
    "orders",
)


def is_picture(path: str) -> bool:
    """Say whether a member is a picture or another attachment of a product."""
    return PurePosixPath(path).suffix.lower() in PICTURES


def holds_records(path: str) -> bool:
    """Say whether a member is a file of records."""
    return PurePosixPath(path).suffix.lower() in RECORDS


def order_of(path: str) -> tuple[int, list[tuple[int, str]]]:
    """Return a sort key: the kind of file by its name, then the portion's numbers."""
    stem = PurePosixPath(path).stem.lower()
    rank = next((i for i, word in enumerate(_ORDER) if stem.startswith(word)), len(_ORDER))
    pieces = re.findall(r"(\d+)|(\D+)", stem)
    return rank, [(int(digits or 0), letters) for digits, letters in pieces]
