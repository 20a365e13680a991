"""Damaging the files of a finished export, and saying what was damaged.

Works on the text of the files, as a bad disk, a bad plug-in or a bad hand would, never on the
company: the truth beside the files stays what the company meant.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.dialect import Client
from sandbox.export import Export
from sandbox.faults import Fault
from sandbox.manifest import MANIFEST

DAMAGE = "damage.json"
UNKNOWN_GROUP_ID = "deadbeef-0000-11f1-8000-000000000000"
_CUT_AT = 0.6
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged file; `keys` are the records of `dataset` that must be refused."""

    fault: str
    file: str
    dataset: str = ""
    keys: tuple[str, ...] = ()


def spoil(export: Export, fault: Fault) -> Damage:
    """Damage one file of the export and leave `damage.json` beside it.

    Raises:
        LookupError: no file of the export holds what this fault needs.

    """
    dataset = _DATASET.get(fault, "goods")
    name = _file_with(export.folder, dataset)
    path = export.folder / name
    keys: tuple[str, ...] = ()
    if fault in _WHOLE:
        path.write_bytes(_WHOLE[fault](path.read_bytes()))
    else:
        encoding = "cp1251" if export.client is Client.OLD else "utf-8"
        spoilt, keys = _RECORD[fault](path.read_bytes().decode(encoding))
        path.write_bytes(spoilt.encode(encoding, errors="xmlcharrefreplace"))
    damage = Damage(fault.value, name, dataset if keys else "", keys)
    text = json.dumps(asdict(damage), ensure_ascii=False)
    (export.folder / DAMAGE).write_text(text, encoding="utf-8")
    return damage


def _file_with(folder: Path, dataset: str) -> str:
    """The first file that holds records of `dataset`."""
    files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    names = [each["name"] for each in files if each["records"].get(dataset)]
    if not names:
        message = f"no file of {folder} holds {dataset}"
        raise LookupError(message)
    return str(names[0])


def _half(payload: bytes) -> bytes:
    return payload[: int(len(payload) * _CUT_AT)]


def _empty(_: bytes) -> bytes:
    return b""


def _words(payload: bytes) -> str:
    is_1251 = b"windows-1251" in payload[:100]
    return payload.decode("cp1251" if is_1251 else "utf-8-sig")


def _declared_1251(payload: bytes) -> bytes:
    return _words(payload).replace('"UTF-8"', '"windows-1251"', 1).encode()


def _really_1251(payload: bytes) -> bytes:
    return _BOM + _words(payload).encode("cp1251", errors="xmlcharrefreplace")


def _twice(payload: bytes) -> bytes:
    """What comes of reading UTF-8 as windows-1251 and writing it as UTF-8 again."""
    head, _, body = _words(payload).replace('"windows-1251"', '"UTF-8"', 1).partition("\n")
    words = re.sub(
        r">([^<]*[А-Яа-я][^<]*)<",
        lambda found: f">{found[1].encode().decode('cp1251', errors='replace')}<",
        body,
    )
    return f"{head}\n{words}".encode()


def _bomb(payload: bytes) -> bytes:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>\n'.encode()
    declaration, _, body = payload.partition(b"\n")
    body = re.sub(rb"(<\xd0\x9d\xd0\xb0\xd0\xb8[^>]*>)", rb"\1&a9;", body, count=1)
    return declaration + b"\n" + doctype + body


def _record_of(text: str, tag: str, number: int = 0) -> re.Match[str]:
    """The record number `number` of this tag, its indent included."""
    found = list(re.finditer(rf"[ \t]*<{tag}[ >].*?</{tag}>\r?\n", text, re.DOTALL))
    return found[min(number, len(found) - 1)]


def _id_of(text: str) -> str:
    found = re.search(r"<Ид>([^<]*)</Ид>", text)
    if found is None:
        message = "a record without an Ид"
        raise LookupError(message)
    return found[1]


def _change(text: str, record: re.Match[str], pattern: str, replacement: str) -> str:
    spoilt, count = re.subn(pattern, replacement, record[0], count=1, flags=re.DOTALL)
    if not count:
        message = f"no {pattern} in the record"
        raise LookupError(message)
    return text[: record.start()] + spoilt + text[record.end() :]


def _amount(amount: str) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    def spoilt(text: str) -> tuple[str, tuple[str, ...]]:
        offer = _record_of(text, "Предложение", 1)
        characteristic = _inner(offer[0].partition("<Цены>")[0], "ИдХарактеристики")
        offer_id = _id_of(offer[0]) + (f"#{characteristic}" if characteristic else "")
        first = _record_of(offer[0], "Цена")
        parts = [_inner(first[0], tag) for tag in ("ИдТипаЦены", "Единица", "МинКоличество")]
        new = _change(text, offer, r"<ЦенаЗаЕдиницу>[^<]*<", f"<ЦенаЗаЕдиницу>{amount}<")
        return new, ("|".join((offer_id, *parts)),)

    return spoilt


def _inner(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}>([^<]*)</{tag}>", text)
    return found[1] if found else ""


def _unknown_group(text: str) -> tuple[str, tuple[str, ...]]:
    records = re.finditer(r"[ \t]*<Товар[ >].*?</Товар>\r?\n", text, re.DOTALL)
    good = next(each for each in records if "<Группы>" in each[0])
    pattern = r"(<Группы>\s*<Ид>)[^<]*"
    return _change(text, good, pattern, rf"\g<1>{UNKNOWN_GROUP_ID}"), (_id_of(good[0]),)


def _duplicate(text: str) -> tuple[str, tuple[str, ...]]:
    good = _record_of(text, "Товар", 1)
    other = re.sub(r"(<Наименование>)", r"\1Другое: ", good[0], count=1)
    return text[: good.end()] + other + text[good.end() :], (_id_of(good[0]),)


def _cycle(text: str) -> tuple[str, tuple[str, ...]]:
    """The first root stands again under its own first leaf."""
    root_id = _id_of(text[text.index("<Группа>") :])
    again = f"<Группы><Группа><Ид>{root_id}</Ид><Наименование>Круг</Наименование></Группа></Группы>"
    return text.replace("</Группа>", f"{again}</Группа>", 1), (root_id,)


def _orphan(text: str) -> tuple[str, tuple[str, ...]]:
    """The first root loses its Ид: its child does not know its parent any more."""
    first = text.index("<Группа>")
    second = text.index("<Группа>", first + 1)
    head = re.sub(r"<Ид>[^<]*</Ид>", "", text[first:second], count=1)
    return text[:first] + head + text[second:], (_id_of(text[second:]),)


def _unknown_field(text: str) -> tuple[str, tuple[str, ...]]:
    good = _record_of(text, "Товар", 1)
    field = "<ЛюбимыйЦветМенеджера>7</ЛюбимыйЦветМенеджера>"
    return _change(text, good, r"</Товар>", f"{field}</Товар>"), (_id_of(good[0]),)


def _missing_id(text: str) -> tuple[str, tuple[str, ...]]:
    good = _record_of(text, "Товар", 1)
    return _change(text, good, r"<Ид>[^<]*</Ид>", ""), ("",)


_WHOLE: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.HALF_FILE: _half,
    Fault.EMPTY_FILE: _empty,
    Fault.WRONG_ENCODING: _declared_1251,
    Fault.BROKEN_ENCODING: _really_1251,
    Fault.MOJIBAKE: _twice,
    Fault.DOCTYPE_BOMB: _bomb,
}
_RECORD: dict[Fault, Callable[[str], tuple[str, tuple[str, ...]]]] = {
    Fault.PRICE_NEGATIVE: _amount("-5"),
    Fault.BAD_NUMBER: _amount("12,3O"),
    Fault.UNKNOWN_GROUP: _unknown_group,
    Fault.DUPLICATE_ID: _duplicate,
    Fault.GROUP_CYCLE: _cycle,
    Fault.GROUP_ORPHAN: _orphan,
    Fault.UNKNOWN_FIELD: _unknown_field,
    Fault.MISSING_ID: _missing_id,
}
_DATASET = {
    Fault.PRICE_NEGATIVE: "prices",
    Fault.BAD_NUMBER: "prices",
    Fault.GROUP_CYCLE: "groups",
    Fault.GROUP_ORPHAN: "groups",
}
SPOILABLE = frozenset({*_WHOLE, *_RECORD})
