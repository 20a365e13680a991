"""Records refused alone: each with its exact cause and place, and its neighbours are in."""

import pytest

from tasks.model.causes import Cause
from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_text, wrap, wrap_goods, wrap_groups, wrap_offers

_NAMED = "<Ид>x</Ид><Наименование>Болт</Наименование>"

_GOODS = {
    "<Наименование>Болт</Наименование>": ("FIELD_MISSING", "Товар/Ид", ""),
    "<Ид/>": ("FIELD_MISSING", "Товар/Ид", ""),
    "<Ид> \n </Ид>": ("FIELD_MISSING", "Товар/Ид", ""),
    "<Ид>1</Ид><Ид>1</Ид>": ("FIELD_REPEATED", "Товар/Ид", "1"),
    "<Ид>1</Ид><Ид/>": ("FIELD_REPEATED", "Товар/Ид", ""),
    f"{_NAMED}<Наименование>Винт</Наименование>": ("FIELD_REPEATED", "Товар/Наименование", "Винт"),
    f"{_NAMED}<Штрихкод>1</Штрихкод><ШтрихКод>1</ШтрихКод>": (
        "FIELD_REPEATED", "Товар/ШтрихКод", "1"),
    f"{_NAMED}<Новое>5</Новое>": ("FIELD_UNKNOWN", "Товар/Новое", "5"),
    f"{_NAMED}<новое><a>1</a> <b>2</b></новое>": ("FIELD_UNKNOWN", "Товар/новое", "1 2"),
    f"{_NAMED}мусор": ("FIELD_UNKNOWN", "Товар/text()", "мусор"),
    f"мусор{_NAMED}": ("FIELD_UNKNOWN", "Товар/text()", "мусор"),
    f"{_NAMED}<Группы><Ид>1</Ид>мусор</Группы>": ("FIELD_UNKNOWN", "Товар/Группы/text()", "мусор"),
    f"{_NAMED}<Артикул/>мусор": ("FIELD_UNKNOWN", "Товар/text()", "мусор"),
    f"{_NAMED}<Артикул/><!-- x -->мусор": ("FIELD_UNKNOWN", "Товар/text()", "мусор"),
    f"{_NAMED}<Артикул вид='1'>5</Артикул>": ("FIELD_UNKNOWN", "Товар/Артикул/@вид", "1"),
    f"{_NAMED}<Артикул><b>5</b></Артикул>": ("FIELD_UNKNOWN", "Товар/Артикул/b", "5"),
    f"{_NAMED}<Группы><Код>5</Код></Группы>": ("FIELD_UNKNOWN", "Товар/Группы/Код", "5"),
    f"{_NAMED}<БазоваяЕдиница Вид='1'/>": ("FIELD_UNKNOWN", "Товар/БазоваяЕдиница/@Вид", "1"),
    f"{_NAMED}<БазоваяЕдиница>шт</БазоваяЕдиница><БазоваяЕдиница>кг</БазоваяЕдиница>": (
        "FIELD_REPEATED", "Товар/БазоваяЕдиница", "кг"),
    f"{_NAMED}<Вес>abc</Вес>": ("NUM_FORMAT", "Товар/Вес", "abc"),
    f"{_NAMED}<Вес>1,250</Вес>": ("NUM_AMBIGUOUS", "Товар/Вес", "1,250"),
    f"{_NAMED}<Вес>1e3</Вес>": ("NUM_FORMAT", "Товар/Вес", "1e3"),
    f"{_NAMED}<ПометкаУдаления>может</ПометкаУдаления>": (
        "BOOL_FORMAT", "Товар/ПометкаУдаления", "может"),
    f"{_NAMED}<Статус>Забыт</Статус>": ("RULE_BROKEN", "Товар/Статус", "Забыт"),
    f"<Ид>{'x' * 256}</Ид>": ("FIELD_TOO_LONG", "Товар/Ид", "256"),
    f"{_NAMED}<ЗначенияСвойств><ЗначенияСвойства><Ид>1</Ид><Ид>2</Ид></ЗначенияСвойства>"
    "</ЗначенияСвойств>": ("FIELD_REPEATED", "Товар/ЗначенияСвойств/ЗначенияСвойства/Ид", "2"),
    f"{_NAMED}<ЗначенияРеквизитов><ЗначениеРеквизита><Имя>a</Имя></ЗначениеРеквизита>"
    "</ЗначенияРеквизитов>": (
        "FIELD_UNKNOWN", "Товар/ЗначенияРеквизитов/ЗначениеРеквизита/Имя", "a"),
    f"{_NAMED}<БазоваяЕдиница>шт<Пересчет><Единица>778</Единица><Коэффициент>десять</Коэффициент>"
    "</Пересчет></БазоваяЕдиница>": (
        "NUM_FORMAT", "Товар/БазоваяЕдиница/Пересчет/Коэффициент", "десять"),
    f"{_NAMED}<Цены><Скидка>5</Скидка></Цены>": ("FIELD_UNKNOWN", "Товар/Цены/Скидка", "5"),
}  # fmt: skip


@pytest.mark.parametrize("body", _GOODS)
def test_a_product_is_refused_alone(body: str) -> None:
    cause, place, value = _GOODS[body]
    good = "<Товар><Ид>good</Ид><Наименование>Гвоздь</Наименование></Товар>"

    read = read_text(wrap_goods(good, f"<Товар>{body}</Товар>", good.replace("good", "last")))

    assert read.fault is None
    (refused,) = read.faults
    assert (cause, place, value) == (
        refused.fault.cause.name, refused.fault.place, refused.fault.value
    )  # fmt: skip
    assert refused.record_no == 2
    assert [row["id"] for row in read.values(Dataset.GOODS)] == ["good", "last"]


_PRICE = "<ИдТипаЦены>t</ИдТипаЦены><ЦенаЗаЕдиницу>{}</ЦенаЗаЕдиницу>"
_PRICES = {
    _PRICE.format(""): ("FIELD_MISSING", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    "<ИдТипаЦены>t</ИдТипаЦены>": ("FIELD_MISSING", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    "<ЦенаЗаЕдиницу>5</ЦенаЗаЕдиницу>": ("FIELD_MISSING", "Предложение/Цены/Цена/ИдТипаЦены"),
    _PRICE.format("NaN"): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("Infinity"): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("1e9"): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("1_000"): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("٣"): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("100 руб."): ("NUM_FORMAT", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("1,234"): ("NUM_AMBIGUOUS", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("1.234,50"): ("NUM_AMBIGUOUS", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("9" * 19): ("NUM_RANGE", "Предложение/Цены/Цена/ЦенаЗаЕдиницу"),
    _PRICE.format("5") + "<Скидка>1</Скидка>": ("FIELD_UNKNOWN", "Предложение/Цены/Цена/Скидка"),
    _PRICE.format("5") * 2: ("FIELD_REPEATED", "Предложение/Цены/Цена/ИдТипаЦены"),
    _PRICE.format("5") + "<Коэффициент>x</Коэффициент>": (
        "NUM_FORMAT", "Предложение/Цены/Цена/Коэффициент"),
    _PRICE.format("5") + "<Налог><УчтеноВСумме>?</УчтеноВСумме></Налог>": (
        "BOOL_FORMAT", "Предложение/Цены/Цена/Налог/УчтеноВСумме"),
}  # fmt: skip


@pytest.mark.parametrize("body", _PRICES)
def test_a_price_is_refused_alone_and_its_offer_goes_on(body: str) -> None:
    cause, place = _PRICES[body]
    good = f"<Цена>{_PRICE.format('7').replace('>t<', '>good<')}</Цена>"

    read = read_text(
        wrap_offers(f"<Предложение><Ид>o</Ид><Цены>{good}<Цена>{body}</Цена></Цены></Предложение>")
    )

    (refused,) = read.faults
    assert (cause, place) == (refused.fault.cause.name, refused.fault.place)
    assert refused.dataset is Dataset.PRICES
    assert [row["price_type_id"] for row in read.values(Dataset.PRICES)] == ["good"]
    assert [row["id"] for row in read.values(Dataset.OFFERS)] == ["o"]


_STOCK = {
    "<Количество/>": ("FIELD_MISSING", "Предложение/Количество/Количество"),
    "<Количество>мало</Количество>": ("NUM_FORMAT", "Предложение/Количество"),
    '<Склад КоличествоНаСкладе="1"/>': ("FIELD_MISSING", "Предложение/Склад/@ИдСклада"),
    '<Склад ИдСклада="w"/>': ("FIELD_MISSING", "Предложение/Склад/@КоличествоНаСкладе"),
    '<Склад ИдСклада="w" КоличествоНаСкладе="1,5,5"/>': (
        "NUM_AMBIGUOUS", "Предложение/Склад/@КоличествоНаСкладе"),
    '<Склад ИдСклада="w" КоличествоНаСкладе="1" Ячейка="5"/>': (
        "FIELD_UNKNOWN", "Предложение/Склад/@Ячейка"),
    "<Остатки><Остаток/></Остатки>": (
        "FIELD_MISSING", "Предложение/Остатки/Остаток/Количество"),
    "<Остатки><Остаток>много</Остаток></Остатки>": ("NUM_FORMAT", "Предложение/Остатки/Остаток"),
    "<Остатки><Остаток><Склад><Количество>1</Количество></Склад></Остаток></Остатки>": (
        "FIELD_MISSING", "Предложение/Остатки/Остаток/Склад/Ид"),
    "<Остатки><Остаток><Склад><Ид>w</Ид></Склад></Остаток></Остатки>": (
        "FIELD_MISSING", "Предложение/Остатки/Остаток/Склад/Количество"),
    "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w</ИдСклада><Количество>-</Количество>"
    "</КоличествоНаСкладе></КоличествоНаСкладах>": (
        "NUM_FORMAT", "Предложение/КоличествоНаСкладах/КоличествоНаСкладе/Количество"),
}  # fmt: skip


_KEYED_PRICES = {
    "nothing beside it": (_PRICE, "o|t||"),
    "a unit before it": ("<Единица>шт</Единица>" + _PRICE, "o|t|шт|"),
    "unit and quantity after it": (
        _PRICE + "<Единица>шт</Единица><МинКоличество>10.0</МинКоличество>", "o|t|шт|10"),
    "a type with a border in it": (_PRICE.replace(">t<", ">t|1<"), "o|t\\|1||"),
}  # fmt: skip


@pytest.mark.parametrize("name", _KEYED_PRICES)
def test_a_refused_price_has_the_key_of_the_accepted_one(name: str) -> None:
    body, key = _KEYED_PRICES[name]
    offer = f"<Предложение><Ид>o</Ид><Цены><Цена>{body}</Цена></Цены></Предложение>"

    accepted = read_text(wrap_offers(offer.format("5")))
    refused = read_text(wrap_offers(offer.format("12,3O")))

    assert [key] == [row["key"] for row in accepted.rows[Dataset.PRICES]]
    assert [key] == [fault.key for fault in refused.faults]


def test_a_refused_quantity_has_the_key_of_the_accepted_one() -> None:
    rest = (
        "<Остатки><Остаток><Склад><Количество>{}</Количество><Ид>w</Ид></Склад></Остаток></Остатки>"
    )
    offer = f"<Предложение><Ид>o</Ид>{rest}</Предложение>"

    accepted = read_text(wrap_offers(offer.format("5")))
    refused = read_text(wrap_offers(offer.format("мало")))

    assert ["o|w"] == [row["key"] for row in accepted.rows[Dataset.STOCK]]
    assert ["o|w"] == [fault.key for fault in refused.faults]


@pytest.mark.parametrize("body", _STOCK)
def test_a_stock_figure_is_refused_alone(body: str) -> None:
    cause, place = _STOCK[body]

    read = read_text(wrap_offers(f"<Предложение><Ид>o</Ид>{body}</Предложение>"))

    (refused,) = read.faults
    assert (cause, place) == (refused.fault.cause.name, refused.fault.place)
    assert refused.dataset is Dataset.STOCK
    assert len(read.values(Dataset.OFFERS)) == 1


def test_a_broken_offer_does_not_take_its_prices_with_it() -> None:
    price = f"<Цены><Цена>{_PRICE.format(5)}</Цена></Цены>"

    read = read_text(
        wrap_offers(f"<Предложение><Ид>p</Ид><ИдХарактеристики>c</ИдХарактеристики>"
                    f"<Новое>1</Новое>{price}</Предложение>")
    )  # fmt: skip

    assert [(refused.dataset, refused.key) for refused in read.faults] == [(Dataset.OFFERS, "p#c")]
    assert [row["offer_id"] for row in read.values(Dataset.PRICES)] == ["p#c"]


def test_prices_of_an_offer_without_id_are_refused_each() -> None:
    price = f"<Цена>{_PRICE.format(5)}</Цена>"

    read = read_text(wrap_offers(f"<Предложение><Цены>{price * 2}</Цены></Предложение>"))

    assert [(refused.dataset, refused.fault.place) for refused in read.faults] == [
        (Dataset.OFFERS, "Предложение/Ид"),
        (Dataset.PRICES, "Предложение/Ид"),
        (Dataset.PRICES, "Предложение/Ид"),
    ]


_OTHERS = {
    "group without id": (wrap_groups("<Группа><Наименование>a</Наименование></Группа>"),
                         "FIELD_MISSING", "Группа/Ид"),
    "group with a stranger": (wrap_groups("<Группа><Ид>1</Ид><Цвет>2</Цвет></Группа>"),
                              "FIELD_UNKNOWN", "Группа/Цвет"),
    "stranger among groups": (
        wrap_groups("<Группа><Ид>1</Ид><Группы><Узел>2</Узел></Группы></Группа>"),
        "FIELD_UNKNOWN", "Группа/Группы/Узел"),
    "property of a new type": (
        wrap("<Классификатор><Свойства><Свойство><Ид>1</Ид><ТипЗначений>Цвет</ТипЗначений>"
             "</Свойство></Свойства></Классификатор>"), "RULE_BROKEN", "Свойство/ТипЗначений"),
    "property required by nobody": (
        wrap("<Классификатор><Свойства><Свойство><Ид>1</Ид><Обязательное>Иногда</Обязательное>"
             "</Свойство></Свойства></Классификатор>"), "BOOL_FORMAT", "Свойство/Обязательное"),
    "unit without id and code": (
        wrap("<Классификатор><ЕдиницыИзмерения><ЕдиницаИзмерения><Код/></ЕдиницаИзмерения>"
             "</ЕдиницыИзмерения></Классификатор>"), "FIELD_MISSING", "ЕдиницаИзмерения/Ид"),
    "document of no day": (
        wrap("<Документ><Ид>1</Ид><Дата>вчера</Дата></Документ>"), "DATE_FORMAT", "Документ/Дата"),
    "document without id and number": (
        wrap("<Документ><Дата>2026-01-01</Дата></Документ>"), "FIELD_MISSING", "Документ/Ид"),
    "counterparty without id": (
        wrap("<Контрагенты><Контрагент><Наименование>a</Наименование></Контрагент></Контрагенты>"),
        "FIELD_MISSING", "Контрагент/Ид"),
}  # fmt: skip


@pytest.mark.parametrize("name", _OTHERS)
def test_a_record_of_any_dataset_is_refused_alone(name: str) -> None:
    text, cause, place = _OTHERS[name]

    read = read_text(text)

    assert read.fault is None
    assert [(refused.fault.cause.name, refused.fault.place) for refused in read.faults] == [
        (cause, place)
    ]


def test_a_refused_group_keeps_its_children() -> None:
    inner = "<Группа><Ид>2</Ид><Наименование>b</Наименование></Группа>"

    read = read_text(
        wrap_groups(f"<Группа><Ид>1</Ид><Цвет>x</Цвет><Группы>{inner}</Группы></Группа>")
    )

    assert [refused.key for refused in read.faults] == ["1"]
    assert [(row["id"], row["parent_id"]) for row in read.values(Dataset.GROUPS)] == [("2", "1")]


def test_what_stands_in_a_group_without_id_does_not_become_a_root() -> None:
    leaf = "<Группа><Ид>3</Ид><Наименование>c</Наименование></Группа>"
    child = f"<Группа><Ид>2</Ид><Наименование>b</Наименование><Группы>{leaf}</Группы></Группа>"

    read = read_text(
        wrap_groups(f"<Группа><Наименование>a</Наименование><Группы>{child}</Группы></Группа>")
    )

    assert [("", "FIELD_MISSING", "Группа/Ид"), ("2", "REF_MISSING", "Группа/ИдРодителя")] == [
        (refused.key, refused.fault.cause.name, refused.fault.place) for refused in read.faults
    ]
    assert [("3", "2")] == [(row["id"], row["parent_id"]) for row in read.values(Dataset.GROUPS)]


def test_the_partner_may_agree_to_leave_a_field_alone() -> None:
    body = f"<Товар>{_NAMED}<Новое>5</Новое><Артикул вид='1'/></Товар>"

    read = read_text(wrap_goods(body), left_alone=frozenset({"Товар/Новое"}))

    assert [refused.fault.place for refused in read.faults] == ["Товар/Артикул/@вид"]
    assert read.heading.left_alone == ("Товар/Новое",)


def test_the_bytes_of_a_refused_record_are_known() -> None:
    text = wrap_goods("<Товар><Ид>1</Ид></Товар>", "<Товар ><Ид>2</Ид><Х>ж</Х></Товар >")

    (refused,) = read_text(text).faults

    payload = text.encode()[refused.byte_offset :][: refused.byte_length]
    assert payload.decode() == "<Товар ><Ид>2</Ид><Х>ж</Х></Товар >"
    assert refused.fault.cause is Cause.FIELD_UNKNOWN
