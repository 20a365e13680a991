"""A package as one archive, and a file in pieces, as a site wants them."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from blocks.outbound import Parcel, file_sha256
from blocks.site.wire import Piece

_ANY_DAY: Final = (2000, 1, 1, 0, 0, 0)  # the same package is the same archive
_READ_BYTES: Final = 1 << 20


def pack(package: Sequence[Parcel], folder: Path) -> tuple[str, Path]:
    """Write all files of a package into one archive; return the name it goes by, and where."""
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for parcel in package:
            entry = zipfile.ZipInfo(parcel.name, _ANY_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = parcel.size
            with archive.open(entry, "w") as target, parcel.path.open("rb") as source:
                while block := source.read(_READ_BYTES):
                    target.write(block)
    return f"v8_{file_sha256(path).hex()[:8]}.zip", path


def pieces(path: Path, size: int, limit: int) -> Iterator[Piece]:
    """Yield a file of `size` bytes in pieces of at most `limit` bytes; 0 means in one.

    An empty file is one empty piece: the site must learn of it.
    """
    step = limit or max(size, 1)
    for start in range(0, max(size, 1), step):
        yield Piece(path, start, min(step, size - start))
