"""Offers, prices and stock figures that may not enter, and documents that this exchange leaves."""

from typing import Final

from tests.malformed.good import OFFER, OTHER_OFFER, PACKAGE, PRICE
from tests.malformed.variant import Refused, each_record, record

_PRICE: Final = "Предложение/Цены/Цена"
_AMOUNT: Final = "<ЦенаЗаЕдиницу>10.50</ЦенаЗаЕдиницу>"
_TYPE: Final = "<ИдТипаЦены>@t1</ИдТипаЦены>"
_COEFFICIENT: Final = "<Коэффициент>1</Коэффициент>"
_ID: Final = f"<Ид>{OFFER}</Ид>"
_SECOND_PRICE: Final = "<Цена><ИдТипаЦены>@t2"

_ODD_AMOUNTS: Final = {
    "that is a word": ("дорого", "NUM_FORMAT"),
    "that is not a number of computers": ("NaN", "NUM_FORMAT"),
    "without end": ("Infinity", "NUM_FORMAT"),
    "with an exponent": ("1e9", "NUM_FORMAT"),
    "beyond any exponent": ("1e999", "NUM_FORMAT"),
    "spelt for programmers": ("1_000", "NUM_FORMAT"),
    "with a letter O for a zero": ("12,3O", "NUM_FORMAT"),
    "in Arabic digits": ("٣٤", "NUM_FORMAT"),
    "with its currency": ("100 руб.", "NUM_FORMAT"),
    "from and to": ("100-200", "NUM_FORMAT"),
    "in percent": ("15%", "NUM_FORMAT"),
    "grouped or a fraction": ("1,234", "NUM_AMBIGUOUS"),
    "grouped by points": ("1.234,50", "NUM_AMBIGUOUS"),
    "below zero": ("-5", "NUM_RANGE"),
    "of a quadrillion": ("1" + "0" * 15, "NUM_RANGE"),
    "of nineteen digits": ("9" * 19, "NUM_RANGE"),
    "of five decimals": ("0.00001", "NUM_RANGE"),
    "that is empty": ("", "FIELD_MISSING"),
    "that is blank": ("\u00a0", "FIELD_MISSING"),
}
_AMOUNTS: Final = {
    f"a price {what}": (
        _AMOUNT, f"<ЦенаЗаЕдиницу>{text}</ЦенаЗаЕдиницу>", cause, f"{_PRICE}/ЦенаЗаЕдиницу")
    for what, (text, cause) in _ODD_AMOUNTS.items()
}  # fmt: skip

_PRICES: Final = {
    "a price without amount": (_AMOUNT, "", "FIELD_MISSING", f"{_PRICE}/ЦенаЗаЕдиницу"),
    "a price of two amounts": (_AMOUNT, _AMOUNT * 2, "FIELD_REPEATED", f"{_PRICE}/ЦенаЗаЕдиницу"),
    "a price of two types": (_TYPE, _TYPE * 2, "FIELD_REPEATED", f"{_PRICE}/ИдТипаЦены"),
    "a price with a discount": (
        _AMOUNT, f"{_AMOUNT}<Скидка>5</Скидка>", "FIELD_UNKNOWN", f"{_PRICE}/Скидка"),
    "a price with an attribute": (
        "<Цена><ИдТипаЦены>@t1", '<Цена Вид="1"><ИдТипаЦены>@t1',
        "FIELD_UNKNOWN", f"{_PRICE}/@Вид"),
    "a price with text beside it": (_AMOUNT, f"{_AMOUNT}руб", "FIELD_UNKNOWN", f"{_PRICE}/text()"),
    "a price with a coefficient that is a word": (
        _COEFFICIENT, "<Коэффициент>десять</Коэффициент>",
        "NUM_FORMAT", f"{_PRICE}/Коэффициент"),
    "a price with tax neither in nor out": (
        _COEFFICIENT, f"{_COEFFICIENT}<Налог><УчтеноВСумме>?</УчтеноВСумме></Налог>",
        "BOOL_FORMAT", f"{_PRICE}/Налог/УчтеноВСумме"),
}  # fmt: skip


def _price(cause: str, place: str, key: str = PRICE) -> Refused:
    return Refused("prices", key, cause, place)


_OTHER_PRICES: Final = (
    record("a price without type", PACKAGE, (_TYPE, ""),
           _price("FIELD_MISSING", f"{_PRICE}/ИдТипаЦены", f"{OFFER}||шт|"),
           gone=(("prices", PRICE),)),
    record("a price of a type that is not there", PACKAGE, (_TYPE, _TYPE.replace("t1", "t9")),
           _price("REF_MISSING", "Цена/ИдТипаЦены", PRICE.replace("t1", "t9")),
           gone=(("prices", PRICE),)),
    record("a price from a quantity that is a word", PACKAGE,
           (_AMOUNT, f"{_AMOUNT}<МинКоличество>много</МинКоличество>"),
           _price("NUM_FORMAT", f"{_PRICE}/МинКоличество")),
    record("two prices for one thing", PACKAGE,
           (_SECOND_PRICE, _SECOND_PRICE.replace("t2", "t1"), ">15</ЦенаЗаЕдиницу>",
            ">15</ЦенаЗаЕдиницу><Единица>шт</Единица>"),
           *[_price("DUP_CONFLICT", "Ид", PRICE)] * 2,
           gone=(("prices", f"{OFFER}|@t2||"),)),
)  # fmt: skip


_W1: Final = '<Склад ИдСклада="@w1" КоличествоНаСкладе="5"/>'
_FLAT: Final = "Предложение/Склад/@КоличествоНаСкладе"
_RANGE: Final = "Предложение/Остатки/Остаток/Количество"  # as the suite calls every figure
_FIGURES: Final = {
    "stock that is a word": (_W1, _W1.replace("5", "мало"), "NUM_FORMAT", _FLAT),
    "stock that is not a number of computers": (_W1, _W1.replace("5", "nan"), "NUM_FORMAT", _FLAT),
    "stock with its unit": (_W1, _W1.replace("5", "5 шт"), "NUM_FORMAT", _FLAT),
    "stock that is ambiguous": (_W1, _W1.replace("5", "1,500"), "NUM_AMBIGUOUS", _FLAT),
    "stock of nineteen digits": (_W1, _W1.replace("5", "9" * 19), "NUM_RANGE", _FLAT),
    "stock of a quadrillion": (_W1, _W1.replace("5", "1" + "0" * 15), "NUM_RANGE", _RANGE),
    "stock below zero": (_W1, _W1.replace("5", "-5"), "STOCK_NEGATIVE", _RANGE),
    "stock without a figure": (
        _W1, _W1.replace(' КоличествоНаСкладе="5"', ""), "FIELD_MISSING", _FLAT),
    "stock with an empty figure": (_W1, _W1.replace("5", ""), "FIELD_MISSING", _FLAT),
    "stock with a cell": (
        _W1, _W1.replace("/>", ' Ячейка="1"/>'), "FIELD_UNKNOWN", "Предложение/Склад/@Ячейка"),
}  # fmt: skip
_REST: Final = "<Ид>@w1</Ид><Количество>7</Количество>"
_IN_REST: Final = "Предложение/Остатки/Остаток/Склад"
_RESTS: Final = {
    "a rest that is a word": (
        _REST, _REST.replace("7", "много"), "NUM_FORMAT", f"{_IN_REST}/Количество"),
    "a rest without a figure": (
        _REST, "<Ид>@w1</Ид>", "FIELD_MISSING", f"{_IN_REST}/Количество"),
    "a rest with a field nobody knows": (
        _REST, f"{_REST}<Резерв>1</Резерв>", "FIELD_UNKNOWN", f"{_IN_REST}/Резерв"),
    "a rest of two figures": (
        _REST, f"{_REST}<Количество>8</Количество>", "FIELD_REPEATED", f"{_IN_REST}/Количество"),
}  # fmt: skip


def _stock(key: str, cause: str, place: str) -> Refused:
    return Refused("stock", key, cause, place)


_OTHER_STOCK: Final = (
    record("a total that is a word", PACKAGE, ("<Количество>8<", "<Количество>есть<"),
           _stock(f"{OFFER}|", "NUM_FORMAT", "Предложение/Количество")),
    record("stock in a warehouse that is not there", PACKAGE, (_W1, _W1.replace("w1", "w9")),
           _stock(f"{OFFER}|@w9", "REF_MISSING", "Склад/ИдСклада"),
           gone=(("stock", f"{OFFER}|@w1"),)),
    record("stock in no warehouse", PACKAGE,
           ("<Количество>8</Количество>", "", _W1, _W1.replace(' ИдСклада="@w1"', "")),
           _stock(f"{OFFER}|", "FIELD_MISSING", "Предложение/Склад/@ИдСклада"),
           gone=(("stock", f"{OFFER}|@w1"),)),
    record("a rest with text before its warehouses", PACKAGE,
           ("<Остаток><Склад><Ид>@w1", "<Остаток>много<Склад><Ид>@w1"),
           _stock(f"{OTHER_OFFER}|", "NUM_FORMAT", "Предложение/Остатки/Остаток")),
    record("two figures for one warehouse", PACKAGE, ('"@w2"', '"@w1"'),
           *[_stock(f"{OFFER}|@w1", "DUP_CONFLICT", "Ид")] * 2,
           gone=(("stock", f"{OFFER}|@w2"),)),
)  # fmt: skip


def _family(offer: str, cause: str, place: str, *, is_read: bool = True) -> tuple[Refused, ...]:
    """What hangs on the first offer, each refused for the same reason."""
    prices = (PRICE, f"{OFFER}|@t2||")
    stock = (f"{OFFER}|", f"{OFFER}|@w1", f"{OFFER}|@w2")
    hanging = [("prices", key) for key in prices] + [("stock", key) for key in stock]
    return tuple(
        Refused(dataset, key.replace(OFFER, offer) if is_read else "", cause, place)
        for dataset, key in hanging
    )


def _offer(key: str, cause: str, place: str) -> Refused:
    return Refused("offers", key, cause, place)


_HANGING: Final = "REF_MISSING", "Предложение/Ид"
_GONE: Final = (
    ("offers", OFFER), *((one.dataset, one.key) for one in _family(OFFER, "", "")),
)  # fmt: skip
_OFFERS: Final = (
    record("an offer without id", PACKAGE, (_ID, ""),
           _offer("", "FIELD_MISSING", "Предложение/Ид"),
           *_family("", "FIELD_MISSING", "Предложение/Ид", is_read=False), gone=_GONE),
    record("an offer with a field nobody knows", PACKAGE, (_ID, f"{_ID}<Цвет>1</Цвет>"),
           _offer(OFFER, "FIELD_UNKNOWN", "Предложение/Цвет"), *_family(OFFER, *_HANGING)),
    record("an offer with two ids", PACKAGE, (_ID, _ID * 2),
           _offer(OFFER, "FIELD_REPEATED", "Предложение/Ид"), *_family(OFFER, *_HANGING)),
    record("an offer without name", PACKAGE,
           ("<Наименование>Болт М8 (серый)</Наименование>",
            "<Артикул>Б-8</Артикул>"),
           _offer(OFFER, "FIELD_MISSING", "Предложение/Наименование"), *_family(OFFER, *_HANGING)),
    record("an offer of a product that is not there", PACKAGE, (_ID, "<Ид>@p9#@o1</Ид>"),
           _offer("@p9#@o1", "REF_MISSING", "Предложение/Ид"), *_family("@p9#@o1", *_HANGING),
           gone=_GONE),
    record("an offer with a status nobody knows", PACKAGE, (_ID, f"{_ID}<Статус>Забыт</Статус>"),
           _offer(OFFER, "RULE_BROKEN", "Предложение/Статус"), *_family(OFFER, *_HANGING)),
    record("one id, two offers", PACKAGE, (f"<Ид>{OTHER_OFFER}<", f"<Ид>{OFFER}<"),
           *[_offer(OFFER, "DUP_CONFLICT", "Ид")] * 2,
           *(_price(*_HANGING, key) for key in (PRICE, f"{OFFER}|@t2||", f"{OFFER}|@t1||")),
           *(_stock(f"{OFFER}|{end}", *_HANGING) for end in ("", "@w2")),
           *[_stock(f"{OFFER}|@w1", "DUP_CONFLICT", "Ид")] * 2,
           gone=(("offers", OTHER_OFFER), ("prices", f"{OTHER_OFFER}|@t1||"),
                 ("stock", f"{OTHER_OFFER}|@w1"))),
)  # fmt: skip

_ORDER: Final = "<Документ><Ид>@d1</Ид><Номер>1</Номер><Дата>{}</Дата></Документ>"
_END: Final = "</КоммерческаяИнформация>"
_STRANGERS: Final = (
    record("an order in a catalog", PACKAGE, (_END, _ORDER.format("2026-11-01") + _END),
           Refused("documents", "@d1", "DATASET_NOT_TAKEN", "Документ")),
    record("an order of no day", PACKAGE, (_END, _ORDER.format("вчера") + _END),
           Refused("documents", "@d1", "DATE_FORMAT", "Документ/Дата")),
    record("a counterparty in a catalog", PACKAGE,
           (_END, f"<Контрагенты><Контрагент><Ид>@x1</Ид></Контрагент></Контрагенты>{_END}"),
           Refused("counterparties", "@x1", "DATASET_NOT_TAKEN", "Контрагент")),
)  # fmt: skip

OFFERS: Final = (
    *each_record(PACKAGE, "prices", PRICE, _AMOUNTS | _PRICES),
    *_OTHER_PRICES,
    *each_record(PACKAGE, "stock", f"{OFFER}|@w1", _FIGURES),
    *each_record(PACKAGE, "stock", f"{OTHER_OFFER}|@w1", _RESTS),
    *_OTHER_STOCK,
    *_OFFERS,
    *_STRANGERS,
)
