"""Archives as 1C sends them: a zip of the exchange folder. Hostile until proven otherwise.

Nothing is ever unpacked under a name from the archive: names are checked, sizes are counted while
inflating (what the archive says of itself is not believed), nesting is not followed.
"""

import errno
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tasks.model.causes import Cause, Fault, FileFaultError

MEMBERS_MAX = 50_000
UNPACKED_BYTES_MAX = 8 << 30
RATIO_MAX = 100  # beyond the first RATIO_FREE_BYTES, unpacked to packed
RATIO_FREE_BYTES = 10 << 20
_NAME = re.compile(r"[\w.@+=,() \-]{1,200}")
_SYMLINK = 0o120000
# All that the library raises over damaged bytes; of a disk's own errors only those that a place
# outside the file gives (and bz2, which has no number).
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_DAMAGED_ERRNO = frozenset({None, errno.EINVAL})


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: its path with `/` as the sender gave it, and its place there."""

    path: str
    position: int


def looks_zipped(head: bytes) -> bool:
    """Say by its first four bytes whether a file is a zip."""
    return head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def list_members(path: Path) -> list[Member]:
    """Return the files of an archive in their order.

    Raises FileFaultError (ZIP_BROKEN, ZIP_PATH, ZIP_RATIO, FILE_EMPTY) when the archive as a whole
    is not safe or holds nothing.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        if len(entries) > MEMBERS_MAX:
            raise _refused(Cause.ZIP_RATIO, f"{len(entries)} members", f"at most {MEMBERS_MAX}")
        _check_entries(entries)
        members = [
            Member(_decoded(entry), position)
            for position, entry in enumerate(entries)
            if not entry.is_dir()
        ]
    if not members:
        raise _refused(Cause.FILE_EMPTY, "no files in the archive")
    return members


def extract(path: Path, members: list[Member], folder: Path) -> Iterator[tuple[Member, Path]]:
    """Inflate the members one by one into `folder` under our own names, counting every byte.

    A yielded file is gone at the next step. Raises FileFaultError.
    """
    budget = _Budget(path.stat().st_size)
    with _opened(path) as archive:
        entries = archive.infolist()
        for member in members:
            target = folder / f"member-{member.position}"
            _inflate(archive, entries[member.position], target, budget)
            yield member, target
            target.unlink()


class _Budget:
    """How much an archive may still grow."""

    def __init__(self, packed_bytes: int) -> None:
        self._left = min(UNPACKED_BYTES_MAX, max(RATIO_FREE_BYTES, packed_bytes * RATIO_MAX))

    def spend(self, count: int, place: str) -> None:
        self._left -= count
        if self._left < 0:
            raise _refused(Cause.ZIP_RATIO, f"ratio over {RATIO_MAX}", place=place)


def _inflate(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: _Budget
) -> None:
    with target.open("wb") as sink:
        for block in _read_blocks(archive, entry):
            budget.spend(len(block), entry.filename)
            sink.write(block)


def _read_blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as source:
            while block := source.read(1 << 20):
                yield block
    except _DAMAGED as error:
        raise _refused(Cause.ZIP_BROKEN, f"{entry.filename}: {error}") from error
    except OSError as error:
        if error.errno not in _DAMAGED_ERRNO:
            raise
        raise _refused(Cause.ZIP_BROKEN, f"{entry.filename}: {error}") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = _decoded(entry)
        if not _is_safe(name) or (entry.external_attr >> 16) & 0o170000 == _SYMLINK:
            raise _refused(Cause.ZIP_PATH, name)
        if entry.flag_bits & 0x1:
            raise _refused(Cause.ZIP_BROKEN, f"{name} is encrypted")
        if name in seen:
            raise _refused(Cause.ZIP_PATH, f"{name} stands twice")
        seen.add(name)


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and all(part not in {"..", "."} and _NAME.fullmatch(part) for part in parts)
    )


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Return the name; old archivers write Cyrillic in cp866 without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        name = name.encode("cp437").decode("cp866", errors="replace")
    return name.replace("\\", "/").removeprefix("./")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (*_DAMAGED, OSError) as error:
        raise _refused(Cause.ZIP_BROKEN, str(error)) from error


def _refused(cause: Cause, value: str, expected: str = "", place: str = "zip") -> FileFaultError:
    return FileFaultError(Fault(cause, place=place, value=value, expected=expected))
