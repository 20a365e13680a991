"""Archives: whatever their bytes are, they give their files or one fault, never a crash."""

import io
import random
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tasks.formats.zipped import extract, list_members
from tasks.model.causes import FileFaultError

_FILES = {
    "import.xml": "<КоммерческаяИнформация/>".encode() * 20,
    "import_files/a.jpg": bytes(range(256)),
}
_OTHER_AT_MOST = 4  # a damaged list of members may leave one out or name another checksum
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def _archive(method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in _FILES.items():
            archive.writestr(name, content)
    return target.getvalue()


def _unpack(payload: bytes, folder: Path) -> str:
    path = folder / "archive.zip"
    path.write_bytes(payload)
    try:
        contents = [target.read_bytes() for _, target in extract(path, list_members(path), folder)]
    except FileFaultError as error:
        return error.fault.cause.name
    return "whole" if contents == list(_FILES.values()) else "other"


@pytest.mark.parametrize("method", _METHODS)
def test_a_whole_archive_is_unpacked(tmp_path: Path, method: int) -> None:
    assert "whole" == _unpack(_archive(method), tmp_path)


@pytest.mark.parametrize("method", _METHODS)
def test_a_flipped_byte_gives_a_fault_or_changes_nothing(tmp_path: Path, method: int) -> None:
    payload = _archive(method)
    dice = random.Random(7)  # noqa: S311 - a test that can be run again

    endings = Counter(
        _unpack(payload[:at] + dice.randbytes(1) + payload[at + 1 :], tmp_path)
        for at in range(len(payload))
    )

    assert endings.keys() <= {"whole", "other", "ZIP_BROKEN", "ZIP_PATH", "ZIP_RATIO"}
    assert endings["ZIP_BROKEN"] > len(payload) / 4
    assert endings["other"] <= _OTHER_AT_MOST


@pytest.mark.parametrize("method", _METHODS)
def test_a_cut_archive_is_broken(tmp_path: Path, method: int) -> None:
    payload = _archive(method)

    endings = {_unpack(payload[:kept], tmp_path) for kept in range(4, len(payload))}

    assert {"ZIP_BROKEN"} == endings
