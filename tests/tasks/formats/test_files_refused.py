"""Whole files that must not be taken: each with its exact cause, place and byte."""

import gzip

import pytest

from tasks.model.causes import Cause
from tests.tasks.formats.reads import read_bytes, read_text, wrap, wrap_goods, wrap_offers

_GOOD = wrap_goods("<Товар><Ид>1</Ид><Наименование>Гвоздь</Наименование></Товар>")
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
_TWICE = "".join(
    f"<Товар><Ид>{number}</Ид><Наименование>"
    + "Гвоздь строительный".encode().decode("latin-1")
    + "</Наименование></Товар>"
    for number in range(4)
)
_NOT_WELL_FORMED = {
    "cut in a tag": (_GOOD[:-10].encode(), "unclosed token"),
    "cut in a text": (_GOOD[: _GOOD.index("воздь")].encode(), "no element found"),
    "cut before the root closes": (_GOOD[: _GOOD.rindex("</")].encode(), "no element found"),
    "two files in one": ((_GOOD + _GOOD).encode(), "junk after document element"),
    "two declared files in one": (
        ((_DECLARED + _GOOD) * 2).encode(), "junk after document element"),
    "text after the root": ((_GOOD + "success").encode(), "junk after document element"),
    "zeros after the root": (_GOOD.encode() + b"\0\0\0", "not well-formed"),
    "space before the declaration": (
        b" " + _DECLARED.encode() + b"<a/>", "XML or text declaration"),
    "a second byte order mark": (b"\xef\xbb\xbf" * 2 + _GOOD.encode(), "a second byte order mark"),
    "a control character": (wrap_goods("<Товар>\x01</Товар>").encode(), "not well-formed"),
    "an escaped control character": (
        wrap_goods("<Товар>&#x1F;</Товар>").encode(), "reference to invalid character number"),
    "a NUL": (wrap_goods("<Товар>\0</Товар>").encode(), "not well-formed"),
    "a bare ampersand": (wrap_goods("<Товар>Сок & вода</Товар>").encode(), "not well-formed"),
    "an entity nobody declared": (wrap_goods("<Товар>&nbsp;</Товар>").encode(), "undefined entity"),
    "an attribute twice": (wrap_goods('<Товар a="1" a="2"/>').encode(), "duplicate attribute"),
    "a wrong end tag": (wrap("<Каталог></Товар>").encode(), "mismatched tag"),
    "a prefix nobody declared": (wrap("<x:Каталог/>").encode(), "unbound prefix"),
    "an attribute without quotes": (wrap("<Каталог a=1/>").encode(), "not well-formed"),
    "a CDATA that does not end": (wrap("<![CDATA[").encode(), "unclosed CDATA section"),
    "a comment that does not end": (wrap("<!-- ").encode(), "unclosed token"),
}  # fmt: skip


@pytest.mark.parametrize("name", _NOT_WELL_FORMED)
def test_a_file_that_is_not_well_formed_is_refused_whole(name: str) -> None:
    payload, said = _NOT_WELL_FORMED[name]

    fault = read_bytes(payload).fault

    assert fault is not None
    assert fault.fault.cause is Cause.XML_NOT_WELL_FORMED
    assert fault.fault.value.startswith(said)
    assert fault.fault.place == f"line 1, byte {fault.byte_offset}"
    assert 0 <= fault.byte_offset <= len(payload)


def test_the_place_of_a_break_is_its_line_and_byte() -> None:
    text = wrap("\n<Каталог>\n<Ид>Сок & вода</Ид></Каталог>")

    fault = read_text(text).fault

    assert fault is not None
    assert fault.byte_offset == len(text[: text.index("&") + 1].encode())
    assert fault.fault.place == f"line 3, byte {fault.byte_offset}"


def test_a_file_cut_at_any_byte_is_called_cut() -> None:
    payload = _GOOD.encode()

    faults = [read_bytes(payload[:kept]).fault for kept in range(1, len(payload))]

    assert {Cause.XML_NOT_WELL_FORMED} == {fault and fault.fault.cause for fault in faults}


def _read_wrongly(byte: int) -> str:
    return "\x98" if byte == 0x98 else bytes([byte]).decode("cp1251")


_REFUSED = {
    "nothing": (b"", "FILE_EMPTY", ""),
    "only a byte order mark": (b"\xef\xbb\xbf", "FILE_EMPTY", ""),
    "the answer of a server": (b"success", "DIALECT_UNKNOWN", "the first bytes"),
    "JSON": (b'{"a": 1}', "DIALECT_UNKNOWN", "the first bytes"),
    "gzip": (gzip.compress(_GOOD.encode()), "DIALECT_UNKNOWN", "the first bytes"),
    "a zip": (b"PK\x03\x04" + b"\0" * 30, "DIALECT_UNKNOWN", "the first bytes"),
    "a page of an error": (b"<html><body>502</body></html>", "DIALECT_UNKNOWN", "the root element"),
    "a declared page": (b"<!DOCTYPE html><html></html>", "XML_DOCTYPE", "line 1"),
    "a bomb": (
        b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>',
        "XML_DOCTYPE", "line 1"),
    "a stranger's file": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "XML_DOCTYPE", "line 1"),
    "a late DOCTYPE": (
        f"{_DECLARED}\n\n<!DOCTYPE КоммерческаяИнформация>{_GOOD}".encode(),
        "XML_DOCTYPE", "line 3"),
    "a stranger's root": (b"<root/>", "DIALECT_UNKNOWN", "the root element"),
    "65 levels": (
        wrap_goods("<Товар>" + "<a>" * 61 + "</a>" * 61 + "</Товар>").encode(),
        "XML_LIMIT", "line 1"),
    "levels in a part that is left alone": (
        wrap("<Справочник>" + "<a>" * 63 + "</a>" * 63 + "</Справочник>").encode(),
        "XML_LIMIT", "line 1"),
    "a record of 11 MB": (
        wrap_goods("<Товар><Описание>" + "x" * 11_000_000 + "</Описание></Товар>").encode(),
        "XML_LIMIT", "line 1"),
    "a tag of 12 MB": (wrap(f'<Каталог a="{"x" * 12_000_000}"/>').encode(), "XML_LIMIT", "line 1"),
    "a heading of 11 KB": (
        wrap(f"<Каталог><Ид>{'x' * 11_000}</Ид></Каталог>").encode(), "XML_LIMIT", "line 1"),
    "a foreign byte in UTF-8": (
        wrap_goods(f"<Товар><Ид>{'я' * 40_000}@</Ид></Товар>").encode().replace(b"@", b"\xff"),
        "ENCODING_MISMATCH", None),
    "an encoding nobody has": (
        '<?xml version="1.0" encoding="x-none"?><КоммерческаяИнформация/>'.encode("cp1251"),
        "ENCODING_MISMATCH", "the declaration"),
    "an encoding of another continent": (
        '<?xml version="1.0" encoding="big5"?><КоммерческаяИнформация/>'.encode("cp1251"),
        "ENCODING_MISMATCH", "the declaration"),
    "UTF-8 read as windows-1251": (
        "".join(_read_wrongly(byte) for byte in _GOOD.encode()).encode(),
        "MOJIBAKE", "the root element"),
    "encoded twice": (_GOOD.encode().decode("latin-1").encode(), "MOJIBAKE", "the root element"),
    "texts encoded twice": (wrap_goods(_TWICE).encode(), "MOJIBAKE", "line 1"),
    "version 1 of 1C 7.7, a catalog": (
        wrap('<Каталог Идентификатор="1" Наименование="К"/>', "").encode(),
        "VERSION_UNKNOWN", "Каталог"),
    "version 1 of 1C 7.7, an order": (
        wrap('<Документ Дата="2001-01-01" Номер="1" ХозОперация="Order"/>', "").encode(),
        "VERSION_UNKNOWN", "Документ"),
    "version 1 of 1C 7.7, a counterparty": (
        wrap('<Контрагент Идентификатор="1"/>', "").encode(), "VERSION_UNKNOWN", "Контрагент"),
    "version 9": (wrap("", ' ВерсияСхемы="9.0"').encode(), "VERSION_UNKNOWN", "@ВерсияСхемы"),
    "an empty version": (wrap("", ' ВерсияСхемы=""').encode(), "VERSION_UNKNOWN", "@ВерсияСхемы"),
    "a section nobody reads": (wrap("<Новости/>").encode(), "FIELD_UNKNOWN", "Новости"),
    "a heading nobody reads": (
        wrap("<Каталог><Автор>я</Автор></Каталог>").encode(), "FIELD_UNKNOWN", "Каталог/Автор"),
    "an attribute nobody reads": (
        wrap('<Каталог Автор="я"/>').encode(), "FIELD_UNKNOWN", "Каталог/@Автор"),
    "an attribute of the root": (
        wrap("", ' Автор="я"').encode(), "FIELD_UNKNOWN", "КоммерческаяИнформация/@Автор"),
    "a stranger among the goods": (
        wrap("<Каталог><Товары><Услуга/></Товары></Каталог>").encode(),
        "FIELD_UNKNOWN", "Каталог/Товары/Услуга"),
    "full or changes, nobody knows": (
        wrap('<Каталог СодержитТолькоИзменения="может быть"/>').encode(),
        "BOOL_FORMAT", "СодержитТолькоИзменения"),
}  # fmt: skip


@pytest.mark.parametrize("name", _REFUSED)
def test_a_file_is_refused_whole_with_its_cause_and_place(name: str) -> None:
    payload, cause, place = _REFUSED[name]

    fault = read_bytes(payload).fault

    assert fault is not None
    assert cause == fault.fault.cause.name
    if place is not None:
        assert place == fault.fault.place
    assert fault.fault.sentence_ru


def test_the_partner_may_agree_to_leave_a_section_alone() -> None:
    text = wrap("<Новости><Новость>!</Новость></Новости><Каталог><Автор>я</Автор></Каталог>")

    read = read_text(text, left_alone=frozenset({"Новости", "Каталог/Автор"}))

    assert read.fault is None
    assert read.heading.left_alone == ("Каталог/Автор", "Новости")


def test_salvage_gives_the_whole_records_before_the_break() -> None:
    offers = [f"<Предложение><Ид>{number}</Ид></Предложение>" for number in range(5)]
    text = wrap_offers(*offers)
    cut = text[: text.index("<Ид>3")]

    read = read_text(cut, salvage=True)

    assert read.fault is not None
    assert read.fault.fault.cause is Cause.XML_NOT_WELL_FORMED
    assert [key for _, key, _ in read.digests()] == ["0", "1", "2"]


def test_a_broken_file_gives_nothing_without_salvage() -> None:
    read = read_text(wrap_offers("<Предложение><Ид>1</Ид></Предложение>")[:-5])

    assert read.fault is not None
    assert read.rows == {}
