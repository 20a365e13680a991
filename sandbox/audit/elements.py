"""An own count of the records in archived bytes, by element and parents alone."""

import io
import zipfile
from collections import Counter
from xml.etree import ElementTree as ET

# A dataset by the innermost tags of its element. An offer's stock has five spellings; a product may
# carry its prices and its total itself, and a line of a document looks like that and is none.
_BY_TAGS = {
    ("Группы", "Группа"): "groups",
    ("Категории", "Категория"): "categories",
    ("ЕдиницыИзмерения", "ЕдиницаИзмерения"): "units",
    ("ТипыЦен", "ТипЦены"): "price_types",
    ("Предложения", "Предложение"): "offers",
    ("Предложение", "Количество"): "stock",
    ("Предложение", "Склад"): "stock",
    ("Предложение", "Склады"): "stock",
    ("Остатки", "Остаток"): "stock",
    ("КоличествоНаСкладах", "КоличествоНаСкладе"): "stock",
    ("Классификатор", "Свойства", "Свойство"): "properties",
    ("Классификатор", "Склады", "Склад"): "warehouses",
    ("ПакетПредложений", "Склады", "Склад"): "warehouses",
    ("Каталог", "Товары", "Товар"): "goods",
    ("Предложение", "Цены", "Цена"): "prices",
    ("Каталог", "Товары", "Товар", "Количество"): "stock",
    ("Каталог", "Товары", "Товар", "Цены", "Цена"): "prices",
}
_DEPTHS = sorted({len(tags) for tags in _BY_TAGS})


def count_records(payload: bytes) -> dict[str, int] | None:
    """Records per dataset of an XML file, files of an archive; None for anything else."""
    if payload[:2] == b"PK":
        return _count_files(payload)
    if not is_xml(payload):
        return None
    counts: Counter[str] = Counter()
    path: list[str] = []
    try:
        # expat stops entities that grow out of measure, and a file with a DOCTYPE never came in.
        for event, element in ET.iterparse(io.BytesIO(payload), ("start", "end")):  # noqa: S314
            if event == "start":
                path.append(element.tag.rpartition("}")[2])
                counts.update(_datasets_of(path))
            else:
                path.pop()
                element.clear()
    except ET.ParseError:
        return None
    return dict(counts)


def _datasets_of(path: list[str]) -> list[str]:
    ends = (tuple(path[-depth:]) for depth in _DEPTHS)
    return [_BY_TAGS[end] for end in ends if end in _BY_TAGS]


def _count_files(payload: bytes) -> dict[str, int] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return {"files": sum(not name.endswith("/") for name in archive.namelist())}
    except zipfile.BadZipFile:
        return None


def is_xml(payload: bytes) -> bool:
    """Does it begin as XML does, in UTF-8, windows-1251 or UTF-16?"""
    return payload[:8].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \r\n\t").startswith(b"<")


def is_element_start(payload: bytes, offset: int) -> bool:
    """Does an element begin at this byte?"""
    return payload[offset : offset + 1] == b"<" or payload[offset : offset + 2] == b"\0<"
