"""Re-classification maps as people send them: what is read, what is refused and where."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from tasks.catalog.tree_files import Line, read_tree_file
from tasks.formats.sheets import SheetError

_TEA = Line(2, "group", "g1", ("Чай", "Зелёный"))


def _csv(*rows: str, heading: str = "вид;ид;группа покупателя") -> bytes:
    return "\n".join([heading, *rows]).encode()


def _xlsx(*rows: list[object]) -> bytes:
    book, sink = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("file_name", "payload"),
    [
        ("map.csv", _csv("группа;g1;Чай/Зелёный")),
        ("map.CSV", _csv("group,g1,Чай/Зелёный", heading="kind,id,customer_group")),
        ("map.csv", _csv("Чай / Зелёный\tГруппа\tg1", heading="Группа  покупателя\tВид\tИд")),
        ("map.csv", b"\xef\xbb\xbf" + _csv("группа;g1;Чай/Зелёный")),
        ("map.csv", _csv("группа;g1;Чай/Зелёный").decode().encode("windows-1251")),
        ("map.csv", _csv("группа;g1;Чай/Зелёный;х", heading="вид;ид;группа покупателя;заметка")),
        ("map.xlsx", _xlsx(["вид", "ид", "группа покупателя"], ["группа", "g1", " Чай/Зелёный "])),
    ],
)
def test_a_row_is_read_however_the_table_is_written(file_name: str, payload: bytes) -> None:
    assert (_TEA,) == read_tree_file(file_name, payload).lines


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["папка", "g1", "Чай"], "kind", "«группа» или «товар»"),
        (["", "g1", "Чай"], "kind", "«группа» или «товар»"),
        (["товар", "", "Чай"], "id", "Не указан Ид"),
        (["товар", "x" * 81, "Чай"], "id", "длиннее 80"),
        (["товар", "p1", None], "customer_group", "Не указана"),
        (["товар", "p1", "Чай//Китай"], "customer_group", "пустая часть"),
        (["товар", "p1", "/Чай"], "customer_group", "пустая часть"),
        (["товар", "p1", "/".join("абвгдежзикл")], "customer_group", "больше 10 уровней"),
        (["товар", "p1", "Ч" * 251], "customer_group", "длиннее 250"),
        (["товар", 4607000000000001, "Чай"], "id", "Excel искажает"),
        (["товар", 1.5, "Чай"], "id", "Excel искажает"),
        (["товар", datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None), "Чай"], "id", "текст"),
        (["группа", "g1", "Чай/Зелёный"], "id", "уже сказано в строке 2"),
    ],
)
def test_a_bad_row_is_refused_by_column_and_the_rest_is_taken(
    row: list[object], column: str, words: str
) -> None:
    heading: list[object] = ["вид", "ид", "группа покупателя"]
    payload = _xlsx(heading, ["группа", "g1", "Чай/Зелёный"], row, ["товар", 17, "Чай"])

    read = read_tree_file("map.xlsx", payload)

    (refused,) = read.refused
    assert (_TEA, Line(4, "product", "17", ("Чай",))) == read.lines
    assert (3, column) == (refused.row_no, refused.column)
    assert words in refused.sentence_ru
    assert 3 == read.received


def test_the_same_thing_may_stand_in_two_groups() -> None:
    read = read_tree_file("map.csv", _csv("товар;p1;Чай", "товар;p1;Подарки"))

    assert [("Чай",), ("Подарки",)] == [line.path for line in read.lines]


def test_empty_rows_are_no_rows() -> None:
    read = read_tree_file("map.csv", b"\n\n" + _csv("", "группа;g1;Чай", ";;"))

    assert (1, 1) == (read.received, len(read.lines))


@pytest.mark.parametrize(
    ("file_name", "payload", "words"),
    [
        ("map.txt", b"", "neither .csv nor .xlsx"),
        ("map.csv", b"", "it is empty"),
        ("map.csv", b"\x98\xff\x00", "neither in UTF-8 nor in windows-1251"),
        ("map.csv", _csv(heading="вид;ид"), "names 0 columns"),
        ("map.csv", _csv(heading="вид;ид;id;группа покупателя"), "names 2 columns"),
        ("map.csv", _csv('группа;"g1;Чай'), "is no CSV"),
        ("map.xlsx", b"PK", "it is no XLSX"),
        ("map.xlsx", _xlsx(["a"])[:-30], "it is no XLSX"),
    ],
)
def test_what_is_no_map_is_refused_whole(file_name: str, payload: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read_tree_file(file_name, payload)
