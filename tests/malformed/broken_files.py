"""Files of which nothing may be taken: cut, joined, foreign, hostile, in a wrong encoding."""

import gzip
import zlib
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.malformed.good import CATALOG, TABLE, written
from tests.malformed.variant import SYNTAX, Level, Refused, Variant, spoilt_text, swapped, whole

_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_BARE: Final = CATALOG.removeprefix(_DECLARED)
_ROOT: Final = "КоммерческаяИнформация"
_NAME: Final = "Болт М8</Наименование>"
_VERSION: Final = 'ВерсияСхемы="2.09"'
_CATALOG_TAG: Final = '<Каталог СодержитТолькоИзменения="true">'
_ENTITIES: Final = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def _bytes(change: Callable[[bytes], bytes], template: str = CATALOG) -> Callable[[str], bytes]:
    return lambda mark: change(written(template, mark).encode())


def _swap(*pieces: str) -> Callable[[str], bytes]:
    return spoilt_text(swapped(CATALOG, *pieces))


def _before_root(text: str) -> Callable[[str], bytes]:
    return _swap(_DECLARED, _DECLARED + text)


def _at(piece: str) -> Callable[[bytes], bytes]:
    """Cut the file in the middle of a piece of its text."""
    return lambda payload: payload[: payload.index(piece.encode()) + len(piece.encode()) // 2]


def _unchanged(payload: bytes, _: str) -> bytes:
    return payload


def _tear(payload: bytes) -> bytes:
    return payload.replace("Ключ".encode(), "Ключ".encode()[:-1])


def _wrongly(encoding: str) -> Callable[[bytes], bytes]:
    """UTF-8 read in another encoding and written back as UTF-8."""
    return lambda payload: payload.decode(encoding, "replace").encode()


_SYNTAX: Final = {
    "cut in a tag": _bytes(_at("<Наименование>Болт М8")),
    "cut in a text": _bytes(_at("Инструмент")),
    "cut inside a character": _bytes(lambda payload: payload.partition("айка".encode())[0][:-1]),
    "cut between two goods": _bytes(lambda payload: payload.partition("<Товар><Ид>".encode())[0]),
    "cut before the last line": _bytes(lambda payload: payload[: payload.rindex(b"</")]),
    "cut in the declaration": _bytes(lambda payload: payload[:20]),
    "cut in an attribute": _bytes(_at('"2026-11-01T10:00:00"')),
    "the middle lost": _bytes(lambda payload: payload[:900] + payload[2100:]),
    "two files in one": _bytes(lambda payload: payload * 2),
    "two bare files in one": lambda mark: written(_BARE + _BARE, mark).encode(),
    "an answer after the file": _bytes(lambda payload: payload + b"success"),
    "zeros after the file": _bytes(lambda payload: payload + b"\0" * 512),
    "zeros in the middle": _bytes(lambda payload: payload.replace(b"\n", b"\0" * 16, 20)),
    "a line before the declaration": _bytes(lambda payload: b"\n" + payload),
    "two byte order marks": _bytes(lambda payload: b"\xef\xbb\xbf" * 2 + payload),
    "a control character": _swap(_NAME, f"\x01{_NAME}"),
    "an escaped control character": _swap(_NAME, f"&#x1F;{_NAME}"),
    "an escaped NUL": _swap(_NAME, f"&#0;{_NAME}"),
    "half of a surrogate pair": _swap(_NAME, f"&#xD800;{_NAME}"),
    "a bare ampersand": _swap(_NAME, f"Болт & шайба{_NAME}"),
    "a bare less-than": _swap(_NAME, f"a<b {_NAME}"),
    "an entity of HTML": _swap(_NAME, f"Болт&nbsp;{_NAME}"),
    "an attribute twice": _swap('Код="796"', 'Код="796" Код="796"'),
    "an attribute without quotes": _swap('Код="796"', "Код=796"),
    "an attribute with a bracket": _swap('Код="796"', 'Код="<796"'),
    "a tag closed by another": _swap("</Товар>", "</Товары>"),
    "a tag closed in another case": _swap("</Артикул>", "</артикул>"),
    "a tag that is not closed": _swap("</Товар>", ""),
    "a tag with a space in its name": _swap("<Артикул>", "<Артикул Б>"),
    "a tag that begins with a digit": _swap("<Артикул>", "<1Артикул>"),
    "a prefix nobody declared": _swap("<Артикул>Б-8</Артикул>", "<x:Артикул>Б-8</x:Артикул>"),
    "a CDATA that does not end": _swap(_NAME, f"<![CDATA[{_NAME}"),
    "a CDATA closed twice": _swap(_NAME, f"<![CDATA[x]]>]]>{_NAME}"),
    "a comment that does not end": _swap("<Товары>", "<Товары><!-- "),
    "a comment with two dashes": _swap("<Товары>", "<Товары><!-- a -- b -->"),
    "a second declaration": _swap("<Товары>", f"<Товары>{_DECLARED}"),
}  # fmt: skip

_FOREIGN: Final[dict[str, tuple[str, str, bytes]]] = {
    "nothing": ("FILE_EMPTY", "", b""),
    "a byte order mark alone": ("FILE_EMPTY", "", b"\xef\xbb\xbf"),
    "an answer instead of a file": ("DIALECT_UNKNOWN", "the first bytes", b"success"),
    "a line of spaces": ("DIALECT_UNKNOWN", "the first bytes", b"   \r\n"),
    "JSON": ("DIALECT_UNKNOWN", "the first bytes", b'{"goods": []}'),
    "gzip": ("DIALECT_UNKNOWN", "the first bytes", gzip.compress(CATALOG.encode(), mtime=0)),
    "deflated bytes": ("DIALECT_UNKNOWN", "the first bytes", zlib.compress(CATALOG.encode())),
    "a picture": ("DIALECT_UNKNOWN", "the first bytes", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    "a workbook": ("DIALECT_UNKNOWN", "the first bytes", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "a program": ("DIALECT_UNKNOWN", "the first bytes", b"MZ\x90\0"),
    "somebody's CSV": ("DIALECT_UNKNOWN", "the first bytes", "Код;Цена\n1;2\n".encode("cp1251")),
    "an error page": ("DIALECT_UNKNOWN", "the root element", b"<html><body>502</body></html>"),
    "a declared page": ("XML_DOCTYPE", "line 1", b"<!DOCTYPE html><html></html>"),
    "the beginning lost": (
        "DIALECT_UNKNOWN", "the root element", CATALOG[CATALOG.index("<Наименование>") :].encode()),
    "a stranger's root": ("DIALECT_UNKNOWN", "the root element", b"<yml_catalog/>"),
    "a root of another case": (
        "DIALECT_UNKNOWN", "the root element", f"<{_ROOT.lower()}/>".encode()),
    "a catalog of 1C 7.7": (
        "VERSION_UNKNOWN", "Каталог",
        f'<{_ROOT}><Каталог Идентификатор="1" Наименование="К"/></{_ROOT}>'.encode()),
    "an order of 1C 7.7": (
        "VERSION_UNKNOWN", "Документ",
        f'<{_ROOT}><Документ Номер="1" ХозОперация="Order"/></{_ROOT}>'.encode("utf-16")),
}  # fmt: skip

_WHOLE: Final[dict[str, tuple[str, str, Callable[[str], bytes]]]] = {
    "a bomb of entities": (
        "XML_DOCTYPE", "line 2",
        _before_root(f'<!DOCTYPE x [<!ENTITY a0 "ha">{_ENTITIES}]>')),
    "a bomb of one long entity": (
        "XML_DOCTYPE", "line 2", _before_root(f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>')),
    "a file of the server": (
        "XML_DOCTYPE", "line 2",
        _before_root('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')),
    "a DTD of a stranger": (
        "XML_DOCTYPE", "line 2", _before_root('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')),
    "an entity of parameters": (
        "XML_DOCTYPE", "line 2", _before_root('<!DOCTYPE x [<!ENTITY % a SYSTEM "x">%a;]>')),
    "a harmless DOCTYPE": ("XML_DOCTYPE", "line 2", _before_root(f"<!DOCTYPE {_ROOT}>")),
    "65 levels": (
        "XML_LIMIT", "line 32",
        _swap("<Страна>", f"{'<a>' * 61}{'</a>' * 61}<Страна>")),
    "a hundred thousand levels": (
        "XML_LIMIT", "line 32", _swap("<Страна>", "<a>" * 100_000)),
    "a record of 11 MB": ("XML_LIMIT", "line 40", _swap("Болт М8<", f"{'x' * 11_000_000}<")),
    "a tag of 12 MB": (
        "XML_LIMIT", "line 20", _swap('"true">', f'"true" a="{"x" * 12_000_000}">')),
    "a heading of 11 KB": (
        "XML_LIMIT", "line 21", _swap("<Ид>@c</Ид>", f"<Ид>{'x' * 11_000}</Ид>")),
    "foreign bytes in UTF-8": (
        "ENCODING_MISMATCH", SYNTAX,
        _bytes(lambda payload: payload.replace("Ключ".encode(), "Ключ".encode("cp1251")),
               CATALOG.replace("шайба", "шайба" * 8000))),
    "a torn character": ("ENCODING_MISMATCH", SYNTAX, _bytes(_tear)),
    "a torn character in a file that says windows-1251": (
        "ENCODING_MISMATCH", SYNTAX,
        _bytes(lambda payload: _tear(payload).replace(b"UTF-8", b"windows-1251"))),
    "marked as UTF-8, written in windows-1251": (
        "ENCODING_MISMATCH", SYNTAX,
        _bytes(lambda payload: b"\xef\xbb\xbf" + payload.decode().encode("cp1251"))),
    "an encoding nobody has": (
        "ENCODING_MISMATCH", "the declaration",
        _bytes(lambda payload: payload.decode().encode("cp1251").replace(b"UTF-8", b"x-none"))),
    "an encoding of another continent": (
        "ENCODING_MISMATCH", "the declaration",
        _bytes(lambda payload: payload.decode().encode("cp1251").replace(b"UTF-8", b"big5"))),
    "UTF-8 read as windows-1251": ("MOJIBAKE", "line 3", _bytes(_wrongly("cp1251"))),
    "UTF-8 read as latin-1": ("MOJIBAKE", "the root element", _bytes(_wrongly("latin-1"))),
    "version 9": ("VERSION_UNKNOWN", "@ВерсияСхемы", _swap(_VERSION, 'ВерсияСхемы="9.0"')),
    "version 1.5": ("VERSION_UNKNOWN", "@ВерсияСхемы", _swap(_VERSION, 'ВерсияСхемы="1.5"')),
    "a version in words": (
        "VERSION_UNKNOWN", "@ВерсияСхемы", _swap(_VERSION, 'ВерсияСхемы="два"')),
    "an empty version": ("VERSION_UNKNOWN", "@ВерсияСхемы", _swap(_VERSION, 'ВерсияСхемы=""')),
    "a section nobody reads": (
        "FIELD_UNKNOWN", "Новости", _swap("<Каталог ", "<Новости/><Каталог ")),
    "a heading nobody reads": (
        "FIELD_UNKNOWN", "Каталог/Автор", _swap(_CATALOG_TAG, f"{_CATALOG_TAG}<Автор>я</Автор>")),
    "an attribute of the root": (
        "FIELD_UNKNOWN", f"{_ROOT}/@Автор", _swap(_VERSION, f'{_VERSION} Автор="я"')),
    "an attribute of the catalog": (
        "FIELD_UNKNOWN", "Каталог/@Автор", _swap("<Каталог ", '<Каталог Автор="я" ')),
    "a stranger among the goods": (
        "FIELD_UNKNOWN", "Каталог/Товары/Услуга", _swap("<Товары>", "<Товары><Услуга/>")),
    "full or changes, nobody knows": (
        "BOOL_FORMAT", "СодержитТолькоИзменения", _swap('"true"', '"возможно"')),
    "most of the goods are broken": (
        "RULE_BROKEN", "file",
        _swap("<Товар><Ид>@p2", "".join(f"<Товар><Ид>@x{n}</Ид></Товар>" for n in range(150))
              + "<Товар><Ид>@p2")),
}  # fmt: skip

_SETTINGS: Final = "dataset=goods;extent=changes;rows=3"
_TABLES: Final = {
    "a table of version 9": ("VERSION_UNKNOWN", "#obmen-catalog", (";2;", ";9;")),
    "a table without version": ("VERSION_UNKNOWN", "#obmen-catalog", (";2;", ";;")),
    "a table without a column": ("FIELD_MISSING", "name", ("id;name;", "id;")),
    "a table without ids": ("FIELD_MISSING", "id", ("id;name;", "name;")),
    "a table with a column nobody knows": ("FIELD_UNKNOWN", "цвет", ("weight_kg", "цвет")),
    "a table with a column twice": ("FIELD_REPEATED", "name", ("article", "name")),
    "a table of a dataset nobody knows": (
        "RULE_BROKEN", "dataset", ("dataset=goods", "dataset=orders")),
    "a table neither full nor changes": ("RULE_BROKEN", "extent", ("=changes", "=some")),
    "a table with a setting nobody knows": ("FIELD_UNKNOWN", "colour", (";rows", ";colour=1;rows")),
    "a table with a row lost": ("XML_NOT_WELL_FORMED", "row 3", ("rows=3", "rows=4")),
    "a table with a quote that does not end": (
        "XML_NOT_WELL_FORMED", "line 4", ('"Гайка ""М8"""', '"Гайка')),
    "a table with a quote in a cell": (
        "XML_NOT_WELL_FORMED", "line 4", ('"Гайка ""М8"""', '"Гайка" "М8"')),
}  # fmt: skip


def _table(name: str, cause: str, place: str, make: Callable[[str], bytes]) -> Variant:
    refused = (Refused("file", "goods.csv", cause, place),)
    return Variant(name, Level.BYTES, make, refused, file_name="goods.csv")


FILES: Final = (
    *(whole(name, "XML_NOT_WELL_FORMED", SYNTAX, make) for name, make in _SYNTAX.items()),
    *(
        whole(name, cause, place, partial(_unchanged, payload))
        for name, (cause, place, payload) in _FOREIGN.items()
    ),
    *(whole(name, cause, place, make) for name, (cause, place, make) in _WHOLE.items()),
    *(
        _table(name, cause, place, spoilt_text(swapped(TABLE, *pieces)))
        for name, (cause, place, pieces) in _TABLES.items()
    ),
    _table("a table in windows-1251", "ENCODING_MISMATCH", SYNTAX,
           _bytes(lambda payload: payload.decode().encode("cp1251"), TABLE)),
)  # fmt: skip
