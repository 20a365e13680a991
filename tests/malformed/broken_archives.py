"""Archives that are hostile or broken, and archives that hold one bad file beside a good one."""

import io
import stat
import zipfile
from collections.abc import Callable, Iterable
from typing import Final

from tests.malformed.good import CATALOG, TABLE, Keys, keys_of, written
from tests.malformed.variant import SYNTAX, Level, Refused, Variant

_NAME: Final = "webdata.zip"
_MEGABYTE: Final = 1 << 20
_EXTRA: Final = "goods.csv"

Entry = tuple[str | zipfile.ZipInfo, bytes]


def _zip(entries: Iterable[Entry]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in entries:
            archive.writestr(name, payload)
    return target.getvalue()


def _good(mark: str) -> Entry:
    return "import.xml", written(CATALOG, mark).encode()


def _beside_good(*entries: Entry) -> Callable[[str], bytes]:
    return lambda mark: _zip([_good(mark), *entries])


def _changed(change: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    return lambda mark: change(_zip([_good(mark)]))


def _raw_name(name: str) -> zipfile.ZipInfo:
    """An entry whose name the library would otherwise tidy up."""
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    return entry


def _link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def _flip(payload: bytes, position: int, bits: int = 0xFF) -> bytes:
    return payload[:position] + bytes([payload[position] ^ bits]) + payload[position + 1 :]


def _set_in_headers(local: int, central: int, value: bytes) -> Callable[[bytes], bytes]:
    """Write bytes into the local and the central header of the only entry."""

    def change(payload: bytes) -> bytes:
        for at in (local, payload.index(b"PK\x01\x02") + central):
            payload = payload[:at] + value + payload[at + len(value) :]
        return payload

    return change


_PATHS: Final = {
    "a path upwards": "../../etc/import.xml",
    "a path upwards in the middle": "goods/../../import.xml",
    "a path upwards, the Windows way": "..\\..\\import.xml",
    "an absolute path": "/etc/cron.d/import.xml",
    "a drive": "C:\\import.xml",
    "a share": "\\\\server\\import.xml",
    "a name with a line break": "a\nb.xml",
    "a name with a colour": "a\x1b[31m.xml",
    "a name with a star": "*.xml",
    "a name with a pipe": "a|b.xml",
    "a name of 201 characters": "a" * 197 + ".xml",
}

_REFUSED: Final[dict[str, tuple[str, str, Callable[[str], bytes]]]] = {
    **{
        f"an archive with {what}": ("ZIP_PATH", "zip", _beside_good((_raw_name(name), b"<a/>")))
        for what, name in _PATHS.items()
    },
    "an archive with a link": (
        "ZIP_PATH", "zip", _beside_good((_link("goods.xml"), b"/etc/passwd"))),
    "an archive with one name twice": (
        "ZIP_PATH", "zip",
        lambda mark: _beside_good(("import.xmk", b""))(mark).replace(b".xmk", b".xml")),
    "an archive that is a bomb": (
        "ZIP_RATIO", "goods.xml", _beside_good(("goods.xml", b"\0" * 40 * _MEGABYTE))),
    "an archive whose picture is a bomb": (
        "ZIP_RATIO", "a.jpg", _beside_good(("a.jpg", b"\0" * 40 * _MEGABYTE))),
    "an archive that is a bomb of many files": (
        "ZIP_RATIO", "goods_2.xml",
        _beside_good(*((f"goods_{n}.xml", b" " * 4 * _MEGABYTE) for n in range(9)))),
    "an archive that lies about its size": (
        "ZIP_BROKEN", "zip", _changed(_set_in_headers(22, 24, (10).to_bytes(4, "little")))),
    "an archive with a password": (
        "ZIP_BROKEN", "zip", _changed(_set_in_headers(6, 8, b"\x01\x00"))),
    "an archive packed in an unknown way": (
        "ZIP_BROKEN", "zip", _changed(_set_in_headers(8, 10, b"\x63\x00"))),
    "an archive with a flipped byte": (
        "ZIP_BROKEN", "zip", _changed(lambda payload: _flip(payload, 300))),
    "an archive with a wrong checksum": (
        "ZIP_BROKEN", "zip", _changed(_set_in_headers(14, 16, b"\0\0\0\0"))),
    "an archive cut in half": (
        "ZIP_BROKEN", "zip", _changed(lambda payload: payload[: len(payload) // 2])),
    "an archive without its end": ("ZIP_BROKEN", "zip", _changed(lambda payload: payload[:-10])),
    "an archive without its beginning": (
        "ZIP_BROKEN", "zip", _changed(lambda payload: b"PK\x03\x04" + payload[40:])),
    "four bytes of an archive": ("ZIP_BROKEN", "zip", lambda _: b"PK\x03\x04"),
    "an archive of nothing": ("FILE_EMPTY", "zip", lambda _: _zip([])),
    "an archive of folders": ("FILE_EMPTY", "zip", lambda _: _zip([("goods/", b"")])),
}  # fmt: skip


def _refused(name: str, cause: str, place: str, make: Callable[[str], bytes]) -> Variant:
    refused = (Refused("file", _NAME, cause, place),)
    return Variant(name, Level.ARCHIVE, make, refused, file_name=_NAME)


def _partly(name: str, refused: Refused, *entries: Entry) -> Variant:
    """An archive whose catalog is taken and whose other member is not."""
    brings: Keys = keys_of(CATALOG)
    return Variant(name, Level.ARCHIVE, _beside_good(*entries), (refused,), brings, _NAME)


def _stranger(what: str, name: str) -> Variant:
    refused = Refused("attachments", name, "FILENAME", "zip")
    return _partly(f"an archive with {what}", refused, (name, b"MZ\x90"))


_TABLE: Final = TABLE.replace("@", "ground-")
ARCHIVES: Final = (
    *(_refused(name, cause, place, make) for name, (cause, place, make) in _REFUSED.items()),
    _stranger("a program", "setup.exe"),
    _stranger("a script", "shell.php"),
    _stranger("a script that calls itself a picture", "a.jpg.php"),
    _stranger("an archive", "inner.zip"),
    _stranger("a hidden file", ".htaccess"),
    _partly("an archive with an empty file", Refused("file", "offers.xml", "FILE_EMPTY", ""),
            ("offers.xml", b"")),
    _partly("an archive with a cut file",
            Refused("file", "offers.xml", "XML_NOT_WELL_FORMED", SYNTAX),
            ("offers.xml", "<КоммерческаяИнформация><Каталог>".encode())),
    _partly("an archive with a table of another version",
            Refused("file", _EXTRA, "VERSION_UNKNOWN", "#obmen-catalog"),
            (_EXTRA, _TABLE.replace(";2;", ";7;").encode())),
    _partly("an archive with a page", Refused("file", "offers.xml", "XML_DOCTYPE", "line 1"),
            ("offers.xml", b"<!DOCTYPE html><html/>")),
)  # fmt: skip
