"""Small packages for the tests of channels: a catalog of two goods, their prices, a picture."""

from pathlib import Path

from blocks.outbound import Parcel

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация ВерсияСхемы="2.09" '
_GOODS = (
    _HEAD + 'ДатаФормирования="2026-11-22T01:00:00"><Классификатор><Ид>c</Ид>'
    "<Наименование>Товары</Наименование><Группы><Группа><Ид>g</Ид><Наименование>Чай</Наименование>"
    '</Группа></Группы></Классификатор><Каталог СодержитТолькоИзменения="false"><Ид>k</Ид>'
    "<ИдКлассификатора>c</ИдКлассификатора><Наименование>Товары</Наименование><Товары>"
    "<Товар><Ид>p1</Ид><Наименование>{name}</Наименование><БазоваяЕдиница>шт</БазоваяЕдиница>"
    "<Группы><Ид>g</Ид></Группы><Картинка>import_files/p1.jpg</Картинка></Товар>"
    "<Товар><Ид>p2</Ид><Наименование>Зелёный</Наименование><БазоваяЕдиница>шт</БазоваяЕдиница>"
    "<Группы><Ид>g</Ид></Группы></Товар></Товары></Каталог></КоммерческаяИнформация>"
)
_OFFERS = (
    _HEAD + 'ДатаФормирования="2026-11-22T01:00:00"><ПакетПредложений '
    'СодержитТолькоИзменения="false"><Ид>k#</Ид><Наименование>Цены</Наименование><ИдКаталога>k'
    "</ИдКаталога><ИдКлассификатора>c</ИдКлассификатора><ТипыЦен><ТипЦены><Ид>t</Ид><Наименование>"
    "Розница</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен><Предложения><Предложение>"
    "<Ид>p1</Ид><Наименование>{name}</Наименование><Цены><Цена><ИдТипаЦены>t</ИдТипаЦены>"
    "<ЦенаЗаЕдиницу>10.50</ЦенаЗаЕдиницу><Валюта>RUB</Валюта></Цена></Цены><Количество>5"
    "</Количество></Предложение></Предложения></ПакетПредложений></КоммерческаяИнформация>"
)
PICTURE = "import_files/p1.jpg"


def make_package(folder: Path, name: str = "Чёрный") -> list[Parcel]:
    """Goods, offers and a picture, in the order in which a package is sent."""
    folder.mkdir(exist_ok=True)
    return [
        make_parcel(folder, "import.xml", _GOODS.format(name=name).encode()),
        make_parcel(folder, "offers.xml", _OFFERS.format(name=name).encode()),
        make_parcel(folder, PICTURE, b"\xff\xd8 a picture" * 100),
    ]


def make_parcel(folder: Path, name: str, content: bytes) -> Parcel:
    """A file of these bytes, as a parcel."""
    path = folder / name.replace("/", "-")
    path.write_bytes(content)
    return Parcel.of(name, path)
