"""Goods and rows of our CSV that may not enter."""

from typing import Final

from tests.malformed.good import CATALOG, TABLE
from tests.malformed.variant import Refused, Variant, each_record, record

_NAME: Final = "<Наименование>Болт М8</Наименование>"
_ID: Final = "<Ид>@p1</Ид>"
_WEIGHT: Final = "<Вес>0.015</Вес>"
_ARTICLE: Final = "<Артикул>Б-8</Артикул>"
_FIRST: Final = "<Ид>@p1</Ид>\n<Артикул>"
_MARK: Final = "<ПометкаУдаления>false</ПометкаУдаления>"
_PART_NUMBER: Final = "<Значение>@PN 1</Значение>"
_SECOND: Final = "<Товар><Ид>@p2</Ид><Наименование>Гайка М8</Наименование>"
_MADE: Final = "<Изготовитель><Ид>@m</Ид><Наименование>Завод</Наименование></Изготовитель>"


def _numbers(
    tag: str, good: str, texts: dict[str, tuple[str, str]]
) -> dict[str, tuple[str, str, str, str]]:
    """Texts in place of a number: what it is called -> the text and its cause."""
    old = f"<{tag}>{good}</{tag}>"
    return {
        f"{tag} is {what}": (old, f"<{tag}>{text}</{tag}>", cause, f"Товар/{tag}")
        for what, (text, cause) in texts.items()
    }


_ODD_NUMBERS: Final = {
    "a word": ("тяжёлый", "NUM_FORMAT"),
    "not a number of computers": ("NaN", "NUM_FORMAT"),
    "infinite": ("-Infinity", "NUM_FORMAT"),
    "with an exponent": ("1e3", "NUM_FORMAT"),
    "spelt for programmers": ("1_000", "NUM_FORMAT"),
    "hexadecimal": ("0x1F", "NUM_FORMAT"),
    "in Arabic digits": ("٣", "NUM_FORMAT"),
    "with its unit": ("15 кг", "NUM_FORMAT"),
    "a fraction": ("1/2", "NUM_FORMAT"),
    "of two signs": ("--1", "NUM_FORMAT"),
    "without digits": (".", "NUM_FORMAT"),
    "grouped wrongly": ("10 00", "NUM_FORMAT"),
    "grouped or a fraction": ("1,250", "NUM_AMBIGUOUS"),
    "grouped by points": ("1.250,5", "NUM_AMBIGUOUS"),
    "negative": ("-0.5", "NUM_RANGE"),
    "of nineteen digits": ("9" * 19, "NUM_RANGE"),
    "finer than anything": ("0." + "1" * 19, "NUM_RANGE"),
}

_FEW_NUMBERS: Final = {
    word: _ODD_NUMBERS[word] for word in ("a word", "grouped or a fraction", "negative")
}

_FIELDS: Final = {
    "no name": (_NAME, "", "FIELD_MISSING", "Товар/Наименование"),
    "an empty name": (_NAME, "<Наименование/>", "FIELD_MISSING", "Товар/Наименование"),
    "a blank name": (
        _NAME, "<Наименование> \n\t</Наименование>", "FIELD_MISSING", "Товар/Наименование"),
    "two names": (_NAME, _NAME * 2, "FIELD_REPEATED", "Товар/Наименование"),
    "two articles": (_ARTICLE, _ARTICLE * 2, "FIELD_REPEATED", "Товар/Артикул"),
    "two barcodes, spelt in two ways": (
        _ARTICLE, f"{_ARTICLE}<ШтрихКод>46000001</ШтрихКод>", "FIELD_REPEATED", "Товар/Штрихкод"),
    "two units": (
        "<Группы><Ид>@g2", "<БазоваяЕдиница>кг</БазоваяЕдиница><Группы><Ид>@g2",
        "FIELD_REPEATED", "Товар/БазоваяЕдиница"),
    "two ids": (_ID, _ID * 2, "FIELD_REPEATED", "Товар/Ид"),
    "two weights": (_WEIGHT, _WEIGHT * 2, "FIELD_REPEATED", "Товар/Вес"),
    "two countries": (
        "<Страна>", "<Страна>Китай</Страна><Страна>", "FIELD_REPEATED", "Товар/Страна"),
    "two marks of deletion": (_MARK, _MARK * 2, "FIELD_REPEATED", "Товар/ПометкаУдаления"),
    "a status and a status": (
        f"<Товар>\n{_ID}", f'<Товар Статус="Новый">\n<Статус>Новый</Статус>{_ID}',
        "FIELD_REPEATED", "Товар/Статус"),
    "a name of a thousand and one": (
        "Болт М8<", "Б" * 1001 + "<", "FIELD_TOO_LONG", "Товар/Наименование"),
    "a field nobody knows": (
        _ARTICLE, f"{_ARTICLE}<Цвет>серый</Цвет>", "FIELD_UNKNOWN", "Товар/Цвет"),
    "a field with fields nobody knows": (
        _ARTICLE, f"{_ARTICLE}<Цвета><Цвет>1</Цвет></Цвета>", "FIELD_UNKNOWN", "Товар/Цвета"),
    "a field in another case": (
        _ARTICLE, "<артикул>Б-8</артикул>", "FIELD_UNKNOWN", "Товар/артикул"),
    "a field in Latin letters": (
        _ARTICLE, "<Aртикул>Б-8</Aртикул>", "FIELD_UNKNOWN", "Товар/Aртикул"),
    "an attribute nobody knows": (
        f"<Товар>\n{_ID}", f'<Товар Код="5">\n{_ID}', "FIELD_UNKNOWN", "Товар/@Код"),
    "an attribute of a text": (
        _ARTICLE, '<Артикул Вид="1">Б-8</Артикул>', "FIELD_UNKNOWN", "Товар/Артикул/@Вид"),
    "an element in a text": (
        _ARTICLE, "<Артикул>Б-<b>8</b></Артикул>", "FIELD_UNKNOWN", "Товар/Артикул/b"),
    "markup that was not escaped": (
        'Болт "М8" &amp;', "<p>Болт</p> &amp;", "FIELD_UNKNOWN", "Товар/Описание/text()"),
    "text between the fields": (
        _ARTICLE, f"{_ARTICLE}мусор", "FIELD_UNKNOWN", "Товар/text()"),
    "text before the fields": (_ID, f"мусор{_ID}", "FIELD_UNKNOWN", "Товар/text()"),
    "text between the groups": (
        "<Ид>@g2</Ид></Группы>\n<Оп", "<Ид>@g2</Ид>мусор</Группы>\n<Оп",
        "FIELD_UNKNOWN", "Товар/Группы/text()"),
    "a group by its code": (
        "<Группы><Ид>@g2</Ид>", "<Группы><Код>@g2</Код>", "FIELD_UNKNOWN", "Товар/Группы/Код"),
    "a unit with an attribute nobody knows": (
        '<БазоваяЕдиница Код="796">', '<БазоваяЕдиница Код="796" Вид="1">',
        "FIELD_UNKNOWN", "Товар/БазоваяЕдиница/@Вид"),
    "two codes of a unit": (
        "<Единица>778</Единица>", "<Единица>778</Единица><Единица>796</Единица>",
        "FIELD_REPEATED", "Товар/БазоваяЕдиница/Пересчет/Единица"),
    "a coefficient that is no number": (
        "<Коэффициент>10<", "<Коэффициент>десять<",
        "NUM_FORMAT", "Товар/БазоваяЕдиница/Пересчет/Коэффициент"),
    "a property value with two ids": (
        "<ЗначенияСвойства><Ид>@s1</Ид>", "<ЗначенияСвойства><Ид>@s1</Ид><Ид>@s2</Ид>",
        "FIELD_REPEATED", "Товар/ЗначенияСвойств/ЗначенияСвойства/Ид"),
    "a property value with a field nobody knows": (
        "<Значение>@s1-1</Значение></З", "<Значение>@s1-1</Значение><Код>1</Код></З",
        "FIELD_UNKNOWN", "Товар/ЗначенияСвойств/ЗначенияСвойства/Код"),
    "a requisite with a field nobody knows": (
        _PART_NUMBER, f"{_PART_NUMBER}<Код>1</Код>",
        "FIELD_UNKNOWN", "Товар/ЗначенияРеквизитов/ЗначениеРеквизита/Код"),
    "a tax with two rates": (
        "<Ставка>20</Ставка>", "<Ставка>20</Ставка><Ставка>10</Ставка>",
        "FIELD_REPEATED", "Товар/СтавкиНалогов/СтавкаНалога/Ставка"),
    "a maker with two names": (
        _MADE, _MADE.replace("</Изг", "<Наименование>Цех</Наименование></Изг"),
        "FIELD_REPEATED", "Товар/Изготовитель/Наименование"),
    "a mark of deletion that is neither": (
        _MARK, "<ПометкаУдаления>может быть</ПометкаУдаления>",
        "BOOL_FORMAT", "Товар/ПометкаУдаления"),
    "a status nobody knows": (
        f"<Товар>\n{_ID}", f'<Товар Статус="Забыт">\n{_ID}', "RULE_BROKEN", "Товар/Статус"),
    "a group that is not there": (
        "<Группы><Ид>@g2</Ид>", "<Группы><Ид>@nowhere</Ид>", "REF_MISSING", "Товар/Группы/Ид"),
    "one of two groups is not there": (
        "<Группы><Ид>@g2</Ид>", "<Группы><Ид>@g2</Ид><Ид>@nowhere</Ид>",
        "REF_MISSING", "Товар/Группы/Ид"),
}  # fmt: skip

# An id that is no key: the refusal has none either.
_IDS: Final = {
    "no id": (f"{_ID}\n", "", "FIELD_MISSING"),
    "an empty id": (_ID, "<Ид/>", "FIELD_MISSING"),
    "a blank id": (_ID, "<Ид>\u00a0 </Ид>", "FIELD_MISSING"),
    "an id of 256 characters": (_ID, f"<Ид>@{'1' * 256}</Ид>", "FIELD_TOO_LONG"),
}


def _lose(name: str, old: str, new: str, *refused: Refused) -> Variant:
    return record(name, CATALOG, (old, new), *refused, gone=(("goods", "@p1"),))


def _good(key: str, cause: str, place: str) -> Refused:
    return Refused("goods", key, cause, place)


_LONG_ID: Final = "@" + "1" * 76  # with its mark 81 characters, one more than the standard has
_DOUBLE: Final = _SECOND.replace("@p2", "@p1") + "</Товар>"
_NUMBERED: Final = (
    f"{_SECOND}<Изготовитель><Ид>@m</Ид></Изготовитель><ЗначенияРеквизитов><ЗначениеРеквизита>"
    "<Наименование>Part Number</Наименование><Значение>{}</Значение></ЗначениеРеквизита>"
    "</ЗначенияРеквизитов>"
)
_TAKEN: Final = "PART_NUMBER_TAKEN", "Товар/PartNumber"

_SEVERAL: Final = (
    *(
        _lose(name, old, new, _good("", cause, "Товар/Ид"))
        for name, (old, new, cause) in _IDS.items()
    ),
    _lose("an id of 81 characters", _ID, f"<Ид>{_LONG_ID}</Ид>",
          _good(_LONG_ID, "FIELD_TOO_LONG", "Товар/Ид")),
    record("one id, two goods", CATALOG, (_SECOND, _DOUBLE + _SECOND),
           _good("@p1", "DUP_CONFLICT", "Ид"), _good("@p1", "DUP_CONFLICT", "Ид")),
    record("one id, three goods", CATALOG, (_SECOND, _DOUBLE * 2 + _SECOND),
           *[_good("@p1", "DUP_CONFLICT", "Ид")] * 3),
    *(
        record(name, CATALOG, (_SECOND, _NUMBERED.format(text)),
               _good("@p1", *_TAKEN), _good("@p2", *_TAKEN))
        for name, text in {
            "one part number, two goods": "@PN 1",
            "one part number, spaced differently": "@PN1",
            "one part number in another case": "@pn 1",
        }.items()
    ),
    record("a part number that a held good has", CATALOG,
           ("<Ид>@m<", "<Ид>ground-m<", "<Значение>@PN 1<", "<Значение>GROUND-PN1<"),
           _good("@p1", *_TAKEN)),
)  # fmt: skip

_ROWS: Final = {
    "a row with a cell too few": ("@r1;Болт;Б-8;", "@r1;Болт;", "RULE_BROKEN", "line 3"),
    "a row with a cell too many": ("@r1;", "@r1;x;", "RULE_BROKEN", "line 3"),
    "a row with an empty name": ("@r1;Болт;", "@r1;;", "FIELD_MISSING", "name"),
    "a row with a control character": ("Болт", "Бо\x07лт", "CTRL_CHAR", "name"),
    "a row with an escape": ("Б-8", "\x1b[2J", "CTRL_CHAR", "article"),
    "a row with a word for a number": ("0.015", "легко", "NUM_FORMAT", "weight_kg"),
    "a row with an ambiguous number": ("0.015", "1.015,5", "NUM_AMBIGUOUS", "weight_kg"),
    "a row with a negative weight": ("0.015", "-1", "NUM_RANGE", "Товар/Вес"),
    "a row with neither yes nor no": ("0.015;нет", "0.015;наверно", "BOOL_FORMAT", "is_deleted"),
    "a row with a group that is not there": (
        "@r1;Болт;Б-8;ground-g1", "@r1;Болт;Б-8;@g9", "REF_MISSING", "Товар/Группы/Ид"),
}  # fmt: skip

GOODS: Final = (
    *each_record(CATALOG, "goods", "@p1", _FIELDS),
    *each_record(CATALOG, "goods", "@p1", _numbers("Вес", "0.015", _ODD_NUMBERS)),
    *each_record(CATALOG, "goods", "@p1", _numbers("Объем", "0.001", _FEW_NUMBERS)),
    *_SEVERAL,
    *each_record(TABLE, "goods", "@r1", _ROWS),
    record("a row without an id", TABLE, ("@r1;", ";"),
           Refused("goods", "", "FIELD_MISSING", "id"), gone=(("goods", "@r1"),)),
    record("two rows of one id", TABLE, ("@r2;", "@r1;"),
           *[Refused("goods", "@r1", "DUP_CONFLICT", "Ид")] * 2, gone=(("goods", "@r2"),)),
)  # fmt: skip
