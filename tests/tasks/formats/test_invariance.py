"""What must not matter: encoding, namespaces, order of attributes, size of chunks."""

import itertools
import mmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats.commerceml.decode import CHUNK_RECORDS
from tasks.formats.commerceml.encoding import decide_encoding
from tasks.formats.commerceml.framing import Framer
from tasks.model.causes import Cause
from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_bytes, read_text, wrap_goods, wrap_offers

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГЁё АZaz09№«»—.,'"
_NAMES = st.text(_LETTERS, min_size=1, max_size=30).filter(str.strip)
_PRICES = st.decimals(0, 10**6, places=2).map(str)


@st.composite
def _documents(draw: st.DrawFn) -> str:
    goods = [
        f'<Товар Статус="Новый"><Ид>{number}</Ид><Наименование>{name}</Наименование>'
        f'<БазоваяЕдиница Код="796" НаименованиеПолное="Штука">шт</БазоваяЕдиница>'
        f"<Вес>{price}</Вес></Товар>"
        for number, (name, price) in enumerate(
            draw(st.lists(st.tuples(_NAMES, _PRICES), min_size=1, max_size=6))
        )
    ]
    return wrap_goods(*goods)


@given(_documents())
@settings(max_examples=60, deadline=None)
def test_the_same_content_in_any_encoding_has_the_same_digests(text: str) -> None:
    expected = read_text(text).digests()

    assert expected
    for declared, encoding, mark in (
        ("UTF-8", "utf-8", b"\xef\xbb\xbf"),
        ("windows-1251", "cp1251", b""),
        ("UTF-8", "cp1251", b""),
        ("windows-1251", "utf-8", b""),
        ("UTF-16", "utf-16-le", b"\xff\xfe"),
        ("UTF-16", "utf-16-be", b"\xfe\xff"),
        ("UTF-16", "utf-16-le", b""),
    ):
        declaration = f'<?xml version="1.0" encoding="{declared}"?>\n'
        read = read_bytes(mark + (declaration + text).encode(encoding))

        assert read.fault is None
        assert expected == read.digests()


@given(_documents())
@settings(max_examples=60, deadline=None)
def test_namespaces_and_the_order_of_attributes_do_not_matter(text: str) -> None:
    expected = read_text(text).digests()
    prefixed = text.replace("</", "</p:").replace("<", "<p:").replace("<p:/p:", "</p:")
    swapped = text.replace(
        'Код="796" НаименованиеПолное="Штука"', "НаименованиеПолное='Штука'\n Код='796'"
    )

    for variant in (
        text.replace(" Версия", ' xmlns="urn:1C.ru:commerceml_210" Версия'),
        prefixed.replace(" Версия", ' xmlns:p="urn:1C.ru:commerceml_3" Версия'),
        text.replace("<Товар ", '<Товар xmlns="urn:x" '),
        swapped,
        text.replace("><", ">\n\t<"),
        text.replace("<Вес>", "<!-- вес --><Вес>").replace("<Ид>0<", "<Ид><![CDATA[0]]><"),
    ):
        read = read_text(variant)

        assert read.fault is None
        assert not read.faults
        assert expected == read.digests()


@given(_documents(), st.integers(0, 10_000))
@settings(max_examples=120, deadline=None)
def test_a_file_cut_anywhere_is_refused_whole(text: str, position: int) -> None:
    payload = (text + "\n\n").encode()
    cut = payload[: position % len(payload)]

    read = read_bytes(cut)

    if len(cut) >= len(text.encode()):
        assert read_text(text).digests() == read.digests()
    else:
        assert read.fault is not None
        assert read.fault.fault.cause in (
            Cause.XML_NOT_WELL_FORMED, Cause.FILE_EMPTY, Cause.ENCODING_MISMATCH,
        )  # fmt: skip


@pytest.mark.parametrize("block_bytes", [1, 7, 64, 4096])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_size_of_blocks_does_not_matter(block_bytes: int, encoding: str) -> None:
    offers = (
        f'<Предложение><Ид>{number}</Ид><Склад ИдСклада="/>" КоличествоНаСкладе="1" />'
        "</Предложение>"
        for number in range(9)
    )
    payload = wrap_offers(*offers).encode(encoding)

    assert len(_frame(payload, 1 << 20)) == 9
    assert _frame(payload, 1 << 20) == _frame(payload, block_bytes)


def test_the_size_of_chunks_does_not_matter() -> None:
    price = "<Цены><Цена><ИдТипаЦены>t</ИдТипаЦены><ЦенаЗаЕдиницу>5</ЦенаЗаЕдиницу></Цена></Цены>"
    text = wrap_offers(*(f"<Предложение><Ид>{n}</Ид>{price}</Предложение>" for n in range(4_100)))

    read = read_text(text)

    numbers = sorted(
        itertools.chain.from_iterable(
            [row["record_no"] for row in rows] for rows in read.rows.values()
        )
    )
    assert list(range(1, 8_201)) == numbers
    assert [str(n) for n in range(4_100)] == [row["id"] for row in read.values(Dataset.OFFERS)]
    assert CHUNK_RECORDS * 2 < 4_100


def test_equal_numbers_have_equal_digests_and_others_do_not() -> None:
    def digest(weight: str) -> bytes:
        text = wrap_goods(f"<Товар><Ид>1</Ид><Вес>{weight}</Вес></Товар>")
        ((_, _, found),) = read_text(text).digests()
        return found

    assert digest("12.50") == digest("12,5") == digest("12.5")
    assert digest("12.5") != digest("125")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<Артикул>a</Артикул>", "<Код>a</Код>"),
        ("<Группы><Ид>a</Ид><Ид>b</Ид></Группы>", "<Группы><Ид>ab</Ид></Группы>"),
        ("<Группы><Ид>a</Ид><Ид>b</Ид></Группы>", "<Группы><Ид>b</Ид><Ид>a</Ид></Группы>"),
        ("<Высота>1</Высота>", "<Длина>1</Длина>"),
        ("", "<ПометкаУдаления>false</ПометкаУдаления>"),
    ],
)
def test_other_content_has_another_digest(one: str, other: str) -> None:
    read = read_text(wrap_goods(*(f"<Товар><Ид>1</Ид>{body}</Товар>" for body in (one, other))))

    (first, second) = read.digests()
    assert first[2] != second[2]


def test_an_empty_element_is_as_good_as_none() -> None:
    bodies = (
        "",
        "<Артикул/>",
        "<Артикул> </Артикул>",
        "<Группы/>",
        "<ЗначенияСвойств></ЗначенияСвойств>",
    )

    read = read_text(wrap_goods(*(f"<Товар><Ид>1</Ид>{body}</Товар>" for body in bodies)))

    assert len({digest for _, _, digest in read.digests()}) == 1


def _frame(payload: bytes, block_bytes: int) -> list[tuple[object, ...]]:
    with mmap.mmap(-1, len(payload)) as view:
        view.write(payload)
        framer = Framer(view, decide_encoding(payload), frozenset())
        return [
            (frame.start, frame.end, tuple(frame.parts)) for frame in framer.frames(block_bytes)
        ]
