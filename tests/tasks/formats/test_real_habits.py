"""What programs in the field write beside the standard, and what must come of it."""

import pytest

from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_bytes, read_text, wrap, wrap_goods, wrap_offers

_BITRIX = """<?xml version="1.0" encoding="windows-1251"?>
<КоммерческаяИнформация ВерсияСхемы="2.021" ДатаФормирования="2024-02-03T04:05:06">
  <Классификатор>
    <Ид>shop</Ид>
    <Свойства>
      <Свойство>
        <Ид>41</Ид><Наименование>Цвет</Наименование><Множественное>false</Множественное>
        <БитриксСортировка>500</БитриксСортировка><БитриксТипСвойства>L</БитриксТипСвойства>
        <ВариантыЗначений>
          <Значение>синий</Значение>
          <Вариант><Ид>c1</Ид><Значение>синий</Значение><ПоУмолчанию>false</ПоУмолчанию>
            <Сортировка>10</Сортировка></Вариант>
          <Значение>прочее</Значение>
        </ВариантыЗначений>
      </Свойство>
    </Свойства>
    <СвойстваЭлементов>
      <Свойство><Ид>41</Ид><УмныйФильтр>true</УмныйФильтр></Свойство>
    </СвойстваЭлементов>
    <Группы>
      <Группа><Ид>7</Ид><Наименование>Лампы</Наименование>
        <БитриксКартинка><БитриксURL>http://shop.test/l.png</БитриксURL></БитриксКартинка>
        <Группы><Группа><Ид>8</Ид><БитриксКод>led</БитриксКод></Группа></Группы>
      </Группа>
    </Группы>
  </Классификатор>
  <Каталог>
    <Ид>shop</Ид><БитриксКод>lamps</БитриксКод>
    <БитриксПодписи><БитриксПодпись><Ид>A</Ид><Значение>Товар</Значение></БитриксПодпись>
    </БитриксПодписи>
    <Товары>
      <Товар>
        <Ид>19</Ид><Наименование>Лампа</Наименование><БитриксТеги></БитриксТеги>
        <ЗначенияСвойств>
          <ЗначенияСвойства><Ид>41</Ид><Тип>text</Тип><Значение>c1</Значение>
            <ЗначениеСвойства><Значение>c1</Значение><Описание>яркий</Описание></ЗначениеСвойства>
          </ЗначенияСвойства>
          <ЗначенияСвойства><Ид>CML2_PICTURES</Ид>
            <Значение><БитриксURL>http://shop.test/1.png</БитриксURL></Значение>
          </ЗначенияСвойства>
        </ЗначенияСвойств>
        <Цены>
          <Цена><ИдТипаЦены>BASE</ИдТипаЦены><ЦенаЗаЕдиницу>90</ЦенаЗаЕдиницу>
            <КоличествоОт>1</КоличествоОт><КоличествоДо>9</КоличествоДо></Цена>
          <Цена><ИдТипаЦены>BASE</ИдТипаЦены><ЦенаЗаЕдиницу>80</ЦенаЗаЕдиницу>
            <КоличествоОт>10</КоличествоОт><КоличествоДо/></Цена>
        </Цены>
        <Количество>6</Количество>
      </Товар>
    </Товары>
  </Каталог>
  <НаборыТоваров><НаборыТовара><Ид>19</Ид></НаборыТовара></НаборыТоваров>
</КоммерческаяИнформация>"""


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8"])
def test_the_catalog_of_a_bitrix_site_is_read_whole(encoding: str) -> None:
    read = read_bytes(_BITRIX.encode(encoding))

    assert (read.fault, read.faults) == (None, [])
    assert {dataset: len(rows) for dataset, rows in read.rows.items() if rows} == {
        Dataset.PROPERTIES: 1, Dataset.GROUPS: 2, Dataset.GOODS: 1, Dataset.PRICES: 2,
        Dataset.STOCK: 1,
    }  # fmt: skip
    assert read.heading.left_alone == (
        "Каталог/БитриксКод", "Каталог/БитриксПодписи", "Классификатор/СвойстваЭлементов",
        "НаборыТоваров",
    )  # fmt: skip


def test_a_choice_that_bitrix_writes_twice_is_one_choice() -> None:
    (colour,) = read_text(_BITRIX).values(Dataset.PROPERTIES)

    assert colour["choices"] == [
        {"id": "c1", "value": "синий", "is_default": False, "sort": "10"},
        {"id": None, "value": "прочее"},
    ]


def test_what_bitrix_adds_to_a_record_is_kept_under_its_path() -> None:
    read = read_text(_BITRIX)

    (colour,) = read.values(Dataset.PROPERTIES)
    lamps, led = read.values(Dataset.GROUPS)
    (lamp,) = read.values(Dataset.GOODS)
    assert colour["extra"] == {"БитриксСортировка": "500", "БитриксТипСвойства": "L"}
    assert lamps["extra"] == {"БитриксКартинка": {"БитриксURL": "http://shop.test/l.png"}}
    assert led["extra"] == {"БитриксКод": "led"}
    assert lamp["extra"] == {
        "ЗначенияСвойств/ЗначенияСвойства/ЗначениеСвойства": {
            "Значение": "c1",
            "Описание": "яркий",
        },
        "ЗначенияСвойств/ЗначенияСвойства/Значение": {"БитриксURL": "http://shop.test/1.png"},
    }
    assert lamp["properties"][0] == {"id": "41", "values": ["c1"], "type": "text"}


def test_two_ranges_of_one_price_are_two_prices() -> None:
    prices = read_text(_BITRIX).rows[Dataset.PRICES]

    assert [(price["key"], price["amount"]) for price in prices] == [
        ("19|BASE||1", "90"), ("19|BASE||10", "80"),
    ]  # fmt: skip


def test_a_product_may_carry_its_stock() -> None:
    read = read_text(wrap_goods("<Товар><Ид>t</Ид><Количество>7</Количество></Товар>"))

    assert [row["quantity"] for row in read.values(Dataset.STOCK)] == ["7"]
    assert read.values(Dataset.GOODS)[0].get("extra") is None


def test_another_vendors_field_is_still_unknown() -> None:
    read = read_text(wrap_goods("<Товар><Ид>t</Ид><МойСайтКод>x</МойСайтКод></Товар>"))

    assert [fault.fault.place for fault in read.faults] == ["Товар/МойСайтКод"]


_PACKAGES = "<Пересчет><Единица>кор</Единица><Коэффициент>12</Коэффициент></Пересчет>"


@pytest.mark.parametrize("unit", [f"шт{_PACKAGES}", f"{_PACKAGES}шт", f"\n{_PACKAGES}\nшт\n"])
def test_the_name_of_a_unit_stands_before_or_behind_its_packages(unit: str) -> None:
    body = f'<Ид>t</Ид><БазоваяЕдиница Код="796">{unit}</БазоваяЕдиница>'

    goods = read_text(wrap_goods(f"<Товар>{body}</Товар>"))
    offers = read_text(wrap_offers(f"<Предложение>{body}</Предложение>"))

    for read, dataset in ((goods, Dataset.GOODS), (offers, Dataset.OFFERS)):
        assert read.faults == []
        (row,) = read.values(dataset)
        assert (row["unit_name"], row["unit_code"]) == ("шт", "796")
        assert row["packages"][0]["coefficient"] == "12"


@pytest.mark.parametrize("unit", [f"шт{_PACKAGES}кор", f"<Пересчет>шт{_PACKAGES}</Пересчет>"])
def test_a_unit_with_two_names_is_refused(unit: str) -> None:
    body = f"<Товар><Ид>t</Ид><БазоваяЕдиница>{unit}</БазоваяЕдиница></Товар>"

    assert [fault.fault.cause.name for fault in read_text(wrap_goods(body)).faults] == [
        "FIELD_UNKNOWN"
    ]


def test_a_requisite_beside_the_list_is_a_requisite() -> None:
    html = "<Наименование>ОписаниеВФорматеHTML</Наименование><Значение>да!</Значение>"
    kind = "<Наименование>ВидНоменклатуры</Наименование><Значение>Товар</Значение>"
    read = read_text(
        wrap_goods(
            f"<Товар><Ид>t</Ид><ЗначениеРеквизита>{html}</ЗначениеРеквизита>"
            f"<ЗначенияРеквизитов><ЗначениеРеквизита>{kind}</ЗначениеРеквизита>"
            "</ЗначенияРеквизитов></Товар>"
        )
    )

    (row,) = read.values(Dataset.GOODS)
    assert (row["description"], row["kind"]) == ("да!", "Товар")


def test_a_day_may_carry_its_zone() -> None:
    read = read_text(wrap("<Документ><Ид>1</Ид><Дата>2015-08-12+03:00</Дата></Документ>"))

    assert (read.faults, read.values(Dataset.DOCUMENTS)[0]["date"]) == ([], "2015-08-12")


def test_ut_10_calls_a_property_by_its_longer_name_and_wraps_its_type() -> None:
    choice = "<ВариантЗначения><Ид>v</Ид><Значение>Тула</Значение></ВариантЗначения>"
    types = (
        "<ТипыЗначений><ТипЗначений><Тип>Справочник</Тип>"
        f"<ВариантыЗначений>{choice}</ВариантыЗначений></ТипЗначений></ТипыЗначений>"
    )
    read = read_text(
        wrap(
            "<Классификатор><Ид>c</Ид><Свойства><СвойствоНоменклатуры><Ид>a</Ид>"
            "<Обязательное>false</Обязательное></СвойствоНоменклатуры>"
            f"<Свойство><Ид>b</Ид>{types}</Свойство></Свойства></Классификатор>"
        )
    )

    channel, town = read.values(Dataset.PROPERTIES)
    assert (read.fault, read.faults) == (None, [])
    assert (channel["id"], channel["is_required"]) == ("a", False)
    assert (town["value_type"], town["choices"]) == ("dictionary", [{"id": "v", "value": "Тула"}])
