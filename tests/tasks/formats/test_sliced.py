"""Reading by slices gives what reading the whole file gives; what is known is passed over, no more.

The general reader is the reference: any file, in any of the shapes that exporters write, spoilt or
not.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import NotSliceableError, open_file
from tasks.formats.reading import Sliced
from tasks.model.causes import FileFaultError
from tasks.model.datasets import Batch, Dataset, RecordFault
from tasks.model.slices import KNOWN
from tests.tasks.formats.reads import wrap_offers

_SAMPLES = sorted(Path("tests/samples").rglob("*.xml"))
_TEXTS = st.sampled_from(
    (
        "Болт М8",
        "  шт ",
        "ООО &quot;Ромашка&quot;",
        "a &amp; b",
        "x\r\ny",
        "",
        "1 > 0",
        'в "к"',
        "№5",
    )
)
_NUMBERS = st.sampled_from(("0", "1", "12.50", "12,5", "-3", "1 000", " 7 ", "", "1,234", "много"))
_IDS = st.sampled_from(("a", "b", "a#1", "a#2", "к|л", "c\\d", " e ", "", "f" * 300))
_PLACES = st.sampled_from(("w1", "w2", "w3", "", "w|4", "w'5"))


def _leaf(tag: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return texts.map(lambda text: f"<{tag}>{text}</{tag}>")


def _join(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts, st.sampled_from(("", "\n\t"))).map(
        lambda drawn: drawn[-1].join(drawn[:-1])
    )


def _many(part: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(part, max_size=most).map("".join)


def _wrapped(tag: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inner.map(lambda text: f"<{tag}>{text}</{tag}>")


_PRICE = _wrapped(
    "Цена",
    _join(
        _leaf("Представление", _TEXTS),
        _leaf("ИдТипаЦены", _PLACES),
        _leaf("ЦенаЗаЕдиницу", _NUMBERS),
        _many(_leaf("Единица", _TEXTS), 1),
        _many(st.just("<Налог><Наименование>НДС</Наименование></Налог>"), 1),
    ),
)
_FLAT = st.tuples(_PLACES, _NUMBERS, st.sampled_from(("/>", " />", "></Склад>"))).map(
    lambda drawn: f'<Склад ИдСклада="{drawn[0]}" КоличествоНаСкладе="{drawn[1]}"{drawn[2]}'
)
_PLACED = _wrapped("Склад", _join(_leaf("Ид", _PLACES), _leaf("Количество", _NUMBERS)))
_REST = _wrapped("Остаток", _leaf("Количество", _NUMBERS) | _many(_PLACED) | _NUMBERS)
_CHARACTERISTICS = (
    "<ХарактеристикиТовара><ХарактеристикаТовара><Наименование>Цвет</Наименование>"
    "<Значение>синий</Значение></ХарактеристикаТовара></ХарактеристикиТовара>"
)
_RARE_STOCK = (
    "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w1</ИдСклада>"
    "<Количество>2</Количество></КоличествоНаСкладе></КоличествоНаСкладах>"
)
_CHILDREN = st.one_of(
    _leaf("Наименование", _TEXTS),
    _leaf("Артикул", _TEXTS),
    _leaf("Количество", _NUMBERS),
    _leaf("НомерВерсии", _TEXTS),
    _leaf("КодТовараНаСайте", _TEXTS),
    _leaf("Неизвестное", _TEXTS),
    _wrapped("Цены", _many(_PRICE)),
    _wrapped("Остатки", _many(_REST)),
    _many(_FLAT),
    st.sampled_from(
        (
            '<БазоваяЕдиница Код="796" НаименованиеПолное="Штука">шт</БазоваяЕдиница>',
            "<БазоваяЕдиница>кг<Пересчет><Единица>г</Единица></Пересчет></БазоваяЕдиница>",
            '<БазоваяЕдиница НаименованиеПолное="м\'3">м</БазоваяЕдиница>',
            "<БазоваяЕдиница><Пересчет><Единица>г</Единица></Пересчет>кг</БазоваяЕдиница>",
            _CHARACTERISTICS,
            _RARE_STOCK,
            "<Цены/>",
            "stray",
            "<Цена>1</Цена>",
        )
    ),
)


@st.composite
def _offers(draw: st.DrawFn) -> str:
    children = [draw(_leaf("Ид", _IDS)), *draw(st.lists(_CHILDREN, max_size=5))]
    between = draw(st.sampled_from(("", "\n\t\t", " ")))
    attribute = draw(st.sampled_from(("", "", "", ' Статус="Удален"')))
    inner = between.join(draw(st.permutations(children)))
    return f"<Предложение{attribute}>{between}{inner}{between}</Предложение>"


_FILES = st.lists(_offers(), min_size=1, max_size=8)


def _gather(batches: Iterable[Batch]) -> tuple[dict[Dataset, pa.Table], list[RecordFault]]:
    tables: dict[Dataset, list[pa.RecordBatch]] = {}
    faults: list[RecordFault] = []
    for batch in batches:
        faults += batch.faults
        if batch.records.num_rows:
            tables.setdefault(batch.dataset, []).append(batch.records)
    records = {
        dataset: pa.Table.from_batches(each).sort_by("record_no")
        for dataset, each in tables.items()
    }
    return records, sorted(faults, key=lambda fault: fault.record_no)


def _read_whole(path: Path) -> tuple[dict[Dataset, pa.Table], list[RecordFault]] | None:
    try:
        return _gather(open_file(path).batches())
    except FileFaultError:
        return None


def _read_slices(path: Path, known: pa.Table | None = None) -> Sliced | None:
    sliced = open_file(path).slice()
    if sliced is not None and known is not None:
        sliced.recognise(known)
    return sliced


def _check(path: Path) -> bool:
    """Compare both readers on a file; say whether it could be read by slices."""
    whole, sliced = _read_whole(path), _read_slices(path)
    if sliced is None:
        return False
    try:
        read = _gather(sliced.batches())
    except NotSliceableError:
        return False
    assert whole == read
    assert open_file(path).heading.dialect == sliced.heading.dialect
    return True


@pytest.mark.parametrize("path", _SAMPLES, ids=str)
def test_both_readers_give_the_same_of_every_sample(path: Path) -> None:
    _check(path)


def test_samples_of_offers_are_read_by_slices() -> None:
    assert sum(map(_check, _SAMPLES)) > len(_SAMPLES) // 4


@settings(max_examples=60)
@given(offers=_FILES, encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1251")))
def test_both_readers_give_the_same_of_any_offers(
    tmp_path_factory: pytest.TempPathFactory, offers: list[str], encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "offers.xml"
    declared = "windows-1251" if encoding == "cp1251" else "UTF-8"
    text = f'<?xml version="1.0" encoding="{declared}"?>\n' + wrap_offers(*offers)
    path.write_bytes(text.encode(encoding))

    _check(path)


@settings(max_examples=60)
@given(offers=_FILES, spoilt=st.integers(0, 10_000), byte=st.sampled_from(b"<>&\"'/\x01x\xff"))
def test_both_readers_give_the_same_of_damaged_bytes(
    tmp_path_factory: pytest.TempPathFactory, offers: list[str], spoilt: int, byte: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.xml"
    payload = bytearray(wrap_offers(*offers).encode())
    payload[spoilt % len(payload)] = byte
    path.write_bytes(bytes(payload))

    _check(path)


@settings(max_examples=40)
@given(before=_FILES, after=_FILES)
def test_what_is_known_is_passed_over_and_all_else_keeps_its_number(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "first.xml"
    path.write_bytes(wrap_offers(*before).encode())
    first = _read_slices(path)
    if first is None or not _check(path):
        return
    list(first.batches())
    kept = first.read.filter(first.read["is_clean"])
    once = [kept["key"].to_pylist().count(key) == 1 for key in kept["key"].to_pylist()]
    known = kept.filter(pa.array(once, pa.bool_())).select(KNOWN.names)
    path.write_bytes(wrap_offers(*before[:3], *after).encode())
    whole, second = _read_whole(path), _read_slices(path, known)
    if whole is None or second is None:
        return
    try:
        records, faults = _gather(second.batches())
    except NotSliceableError:
        return

    runs = second.passed.to_pylist()
    for dataset, table in whole[0].items():
        spans = [
            (run["byte_offset"], run["byte_offset"] + run["byte_length"])
            for run in runs
            if run["dataset"] == dataset.value
        ]
        offsets = table["byte_offset"].to_numpy()
        is_passed = np.zeros(len(offsets), bool)
        for begin, end in spans:
            is_passed |= (offsets >= begin) & (offsets < end)
        passed = sum(run["records"] for run in runs if run["dataset"] == dataset.value)
        assert passed == is_passed.sum()
        left = table.filter(pa.array(~is_passed))
        assert left.num_rows == (records[dataset].num_rows if dataset in records else 0)
        assert not left.num_rows or left == records[dataset]
    assert faults == whole[1]


@pytest.mark.parametrize(
    "text",
    [
        "<Предложение><Ид>a</Ид><!-- x --></Предложение>",
        "<Предложение><Ид><![CDATA[a]]></Ид></Предложение>",
        "<Предложение><Ид>a</Ид><?x y?></Предложение>",
        "<Предложение><Ид>a</Ид><Предложение><Ид>b</Ид></Предложение></Предложение>",
        "<Предложение/>",
    ],
)
def test_tags_that_could_be_anything_else_are_read_the_general_way(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "offers.xml"
    path.write_bytes(wrap_offers(text).encode())

    assert open_file(path).slice() is None


def test_an_offer_that_stands_twice_is_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "offers.xml"
    offer = "<Предложение><Ид>a</Ид><Количество>1</Количество></Предложение>"
    path.write_bytes(wrap_offers(offer).encode())
    first = _read_slices(path)
    assert first is not None
    list(first.batches())
    path.write_bytes(wrap_offers(offer, offer).encode())

    twice = _read_slices(path, first.read.select(KNOWN.names))

    assert twice is not None
    assert len(list(twice.batches())) == 2
    assert twice.has_repeats
    assert not twice.passed.num_rows


def test_an_offer_told_anew_beside_its_known_bytes_takes_the_general_way(tmp_path: Path) -> None:
    path = tmp_path / "offers.xml"
    offer = "<Предложение><Ид>a</Ид><Количество>{}</Количество></Предложение>"
    path.write_bytes(wrap_offers(offer.format(1)).encode())
    first = _read_slices(path)
    assert first is not None
    list(first.batches())
    path.write_bytes(wrap_offers(offer.format(1), offer.format(2)).encode())

    second = _read_slices(path, first.read.select(KNOWN.names))

    assert second is not None
    with pytest.raises(NotSliceableError):
        list(second.batches())
