"""A volume written as 1C writes it, as a stream: the size of a file is no matter of memory.

The pieces that repeat are made once; an offer weighs some 1.4 KB with five warehouses.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from bench.volume import GROUPS, Edition, Volume

_PRICE_TYPES = ("Оптовая", "Розничная", "Дилерская")
_WORDS = ("Ботинки", "Кабель", "Дрель", "Краска", "Лампа", "Насос", "Плитка", "Смеситель")
_KINDS = ("зимние", "усиленная", "для дома", "с запасом", "промышленный", "бытовой, в упаковке")
_SIZES = ("40", "42 (широкая)")
_BLOCK = 1000
_ROOT = (
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n'
    '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ВерсияСхемы="2.09"'
    ' ДатаФормирования="{formed_at}">\n'
)
_UNIT = '<БазоваяЕдиница Код="796">шт</БазоваяЕдиница>'


def write_goods(volume: Volume, path: Path, minute: int = 0) -> Path:
    """Write the groups and the goods that the offers need."""
    groups = "".join(
        f"<Группа>\n<Ид>{volume.group_id(number)}</Ид>\n"
        f"<Наименование>Группа {number + 1}</Наименование>\n</Группа>\n"
        for number in range(GROUPS)
    )
    head = (
        "<Классификатор>\n<Ид>catalog</Ид>\n<Наименование>Каталог</Наименование>\n"
        f"<Группы>\n{groups}</Группы>\n</Классификатор>\n"
        '<Каталог СодержитТолькоИзменения="false">\n<Ид>catalog</Ид>\n'
        "<ИдКлассификатора>catalog</ИдКлассификатора>\n"
        "<Наименование>Каталог</Наименование>\n<Товары>\n"
    )
    goods = (_good(volume, number) for number in range(volume.goods))
    return _write(path, Edition(minute), head, goods, "</Товары>\n</Каталог>\n")


def write_offers(volume: Volume, path: Path, edition: Edition = Edition()) -> Path:  # noqa: B008
    """Write a full package of offers with their characteristics, prices and stock."""
    head = f"{_package(is_full=True)}{_price_types(volume)}{_warehouses(volume)}<Предложения>\n"
    stock = [
        f'<Склад ИдСклада="{volume.warehouse_id(number)}" КоличествоНаСкладе="'
        for number in range(volume.warehouses)
    ]
    offers = (_offer(volume, number, edition, stock) for number in range(volume.offers))
    return _write(path, edition, head, offers, _END)


def write_prices(volume: Volume, path: Path, edition: Edition) -> Path:
    """Write the changed prices alone: bare offers, each with its Ид and its price."""
    head = f"{_package(is_full=False)}<Предложения>\n"
    offers = (_bare_offer(volume, number, edition) for number in range(volume.offers))
    return _write(path, edition, head, offers, _END)


_END = "</Предложения>\n</ПакетПредложений>\n"


def _write(path: Path, edition: Edition, head: str, records: Iterable[str], end: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_ROOT.format(formed_at=edition.formed_at) + head)
        for block in _blocks(records):
            file.write(block)
        file.write(end + "</КоммерческаяИнформация>\n")
    return path


def _blocks(records: Iterable[str]) -> Iterator[str]:
    waiting = iter(records)
    while block := "".join(islice(waiting, _BLOCK)):
        yield block


def _package(*, is_full: bool) -> str:
    return (
        f'<ПакетПредложений СодержитТолькоИзменения="{str(not is_full).lower()}">\n'
        "<Ид>catalog#</Ид>\n<Наименование>Пакет предложений</Наименование>\n"
        "<ИдКаталога>catalog</ИдКаталога>\n"
        "<ИдКлассификатора>catalog</ИдКлассификатора>\n"
    )


def _price_types(volume: Volume) -> str:
    kinds = "".join(
        f"<ТипЦены>\n<Ид>{volume.price_type_id(number)}</Ид>\n"
        f"<Наименование>{name}</Наименование>\n<Валюта>RUB</Валюта>\n"
        "<Налог>\n<Наименование>НДС</Наименование>\n"
        "<УчтеноВСумме>true</УчтеноВСумме>\n</Налог>\n</ТипЦены>\n"
        for number, name in enumerate(_PRICE_TYPES)
    )
    return f"<ТипыЦен>\n{kinds}</ТипыЦен>\n"


def _warehouses(volume: Volume) -> str:
    places = "".join(
        f"<Склад>\n<Ид>{volume.warehouse_id(number)}</Ид>\n"
        f"<Наименование>Склад № {number + 1}</Наименование>\n</Склад>\n"
        for number in range(volume.warehouses)
    )
    return f"<Склады>\n{places}</Склады>\n"


def _good(volume: Volume, number: int) -> str:
    return (
        f"<Товар>\n<Ид>{volume.good_id(number)}</Ид>\n"
        f"<Артикул>АРТ-{number:07d}</Артикул>\n"
        f"<Наименование>{_name(number)}</Наименование>\n{_UNIT}\n"
        f"<Группы>\n<Ид>{volume.group_id(number % GROUPS)}</Ид>\n"
        "</Группы>\n</Товар>\n"
    )


def _offer(volume: Volume, number: int, edition: Edition, stock: list[str]) -> str:
    rise, arrived = edition.change(volume, number)
    of_good, size = volume.good_of(number), volume.size_of(number)
    name = _name(of_good)
    characteristic = ""
    if size:
        value = _SIZES[size - 1]
        name = f"{name} ({value})"
        characteristic = (
            "<ХарактеристикиТовара>\n<ХарактеристикаТовара>\n"
            "<Наименование>Размер</Наименование>\n"
            f"<Значение>{value}</Значение>\n"
            "</ХарактеристикаТовара>\n</ХарактеристикиТовара>\n"
        )
    quantities = [volume.luck(number, place) % 97 for place in range(volume.places)]
    quantities[0] += arrived
    first = number * 7
    placed = "".join(
        f'{stock[(first + place) % len(stock)]}{quantity}"/>\n'
        for place, quantity in enumerate(quantities)
    )
    return (
        f"<Предложение>\n<Ид>{volume.offer_id(number)}</Ид>\n"
        f"<Артикул>АРТ-{of_good:07d}</Артикул>\n"
        f"<Наименование>{name}</Наименование>\n{_UNIT}\n"
        f"{characteristic}{_prices(volume, number, rise)}"
        f"<Количество>{sum(quantities)}</Количество>\n{placed}</Предложение>\n"
    )


def _bare_offer(volume: Volume, number: int, edition: Edition) -> str:
    return (
        f"<Предложение>\n<Ид>{volume.offer_id(number)}</Ид>\n"
        f"{_prices(volume, number, edition.minute)}</Предложение>\n"
    )


def _prices(volume: Volume, number: int, rise: int) -> str:
    roubles, cents = divmod(volume.luck(number, 5000), 100)
    roubles += rise
    told = f"{roubles:,}".replace(",", "\u00a0")
    return (
        f"<Цены>\n<Цена>\n<Представление>{told},{cents:02d} RUB за шт"
        f"</Представление>\n<ИдТипаЦены>{volume.price_type_id()}</ИдТипаЦены>\n"
        f"<ЦенаЗаЕдиницу>{roubles}.{cents:02d}</ЦенаЗаЕдиницу>\n"
        "<Валюта>RUB</Валюта>\n<Единица>шт</Единица>\n"
        "<Коэффициент>1</Коэффициент>\n</Цена>\n</Цены>\n"
    )


def _name(number: int) -> str:
    return f"{_WORDS[number % 8]} {_KINDS[number % 6]}, модель {number:06d}"
