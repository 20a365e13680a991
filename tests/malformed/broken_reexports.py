"""Files of prices or rests alone, as 1C re-exports them every few minutes, that may not enter."""

from collections.abc import Callable
from typing import Final

from tests.malformed.good import OFFER, OTHER_OFFER, PRICE, REPRICED, RESTOCKED, written
from tests.malformed.variant import FILE_NAMES, SYNTAX, Level, Refused, Variant, each_record, record

_PRICE: Final = "Предложение/Цены/Цена"
_AMOUNT: Final = "<ЦенаЗаЕдиницу>10.70</ЦенаЗаЕдиницу>"
_ID: Final = f"<Ид>{OFFER}</Ид>"
_AMOUNTS: Final = {
    f"a re-exported price {what}": (
        _AMOUNT, f"<ЦенаЗаЕдиницу>{text}</ЦенаЗаЕдиницу>", cause, f"{_PRICE}/ЦенаЗаЕдиницу")
    for what, text, cause in (
        ("that is a word", "по запросу", "NUM_FORMAT"),
        ("with an exponent", "1e3", "NUM_FORMAT"),
        ("grouped or a fraction", "1,700", "NUM_AMBIGUOUS"),
        ("below zero", "-5", "NUM_RANGE"),
        ("of nineteen digits", "9" * 19, "NUM_RANGE"),
        ("that is empty", "", "FIELD_MISSING"),
    )
}  # fmt: skip
_REST: Final = "<Ид>@w1</Ид><Количество>4</Количество>"
_PLACE: Final = "Предложение/Остатки/Остаток/Склад/Количество"
_RANGE: Final = "Предложение/Остатки/Остаток/Количество"  # as the suite calls every figure
_FIGURES: Final = {
    f"a re-exported rest {what}": (_REST, _REST.replace(">4<", f">{text}<"), cause, place)
    for what, text, cause, place in (
        ("that is a word", "есть", "NUM_FORMAT", _PLACE),
        ("with its unit", "4 шт", "NUM_FORMAT", _PLACE),
        ("that is ambiguous", "1,500", "NUM_AMBIGUOUS", _PLACE),
        ("below zero", "-4", "STOCK_NEGATIVE", _RANGE),
        ("of a quadrillion", "1" + "0" * 15, "NUM_RANGE", _RANGE),
        ("that is empty", "", "FIELD_MISSING", _PLACE),
    )
}
_HANGING: Final = "REF_MISSING", "Предложение/Ид"
_PRICES_OF: Final = (PRICE, f"{OFFER}|@t2||")
_RESTS_OF: Final = (f"{OFFER}|@w1", f"{OFFER}|@w2")


def _moved(template: str, dataset: str, keys: tuple[str, ...], what: str) -> Variant:
    """A re-export of an offer whose product is not there: nothing of it can hang on anything."""
    stranger = "@p9#@o9"
    return record(
        f"a re-export of {what} of an offer that is not there",
        template,
        (_ID, f"<Ид>{stranger}</Ид>"),
        Refused("offers", stranger, *_HANGING),
        *(Refused(dataset, key.replace(OFFER, stranger), *_HANGING) for key in keys),
        gone=tuple((dataset, key) for key in keys),
    )


def _whole(
    name: str, template: str, cause: str, place: str, change: Callable[[bytes], bytes]
) -> Variant:
    """A re-export of which nothing is taken: what is held stays as it is."""
    file_name = FILE_NAMES[template]
    return Variant(
        name,
        Level.BYTES,
        lambda mark: change(written(template, mark).encode()),
        (Refused("file", file_name, cause, place),),
        file_name=file_name,
    )


_FILES: Final = tuple(
    _whole(f"re-exported {what} {name}", template, "XML_NOT_WELL_FORMED", SYNTAX, change)
    for what, template in (("prices", REPRICED), ("rests", RESTOCKED))
    for name, change in (
        ("cut in the middle", lambda payload: payload[: len(payload) // 2]),
        ("cut before the last line", lambda payload: payload[: payload.rindex(b"</")]),
        ("twice in one file", lambda payload: payload * 2),
    )
)
_OTHERS: Final = (
    record("a re-exported price of a type that is not there", REPRICED,
           ("<ИдТипаЦены>@t1<", "<ИдТипаЦены>@t9<"),
           Refused("prices", PRICE.replace("t1", "t9"), "REF_MISSING", "Цена/ИдТипаЦены"),
           gone=(("prices", PRICE),)),
    record("a re-exported rest in a warehouse that is not there", RESTOCKED,
           ("<Ид>@w1<", "<Ид>@w9<"),
           Refused("stock", f"{OFFER}|@w9", "REF_MISSING", "Склад/ИдСклада"),
           gone=(("stock", f"{OFFER}|@w1"),)),
    record("two re-exported rests of one warehouse", RESTOCKED, ("<Ид>@w2<", "<Ид>@w1<"),
           *[Refused("stock", f"{OFFER}|@w1", "DUP_CONFLICT", "Ид")] * 2,
           gone=(("stock", f"{OFFER}|@w2"),)),
    record("re-exported rests of one offer twice", RESTOCKED,
           (f"<Ид>{OTHER_OFFER}<", f"<Ид>{OFFER}<"),
           *[Refused("stock", f"{OFFER}|@w1", "DUP_CONFLICT", "Ид")] * 2,
           gone=(("stock", f"{OTHER_OFFER}|@w1"),)),
    _moved(REPRICED, "prices", _PRICES_OF, "prices"),
    _moved(RESTOCKED, "stock", _RESTS_OF, "rests"),
)  # fmt: skip

REEXPORTS: Final = (
    *_FILES,
    *each_record(REPRICED, "prices", PRICE, _AMOUNTS),
    *each_record(RESTOCKED, "stock", f"{OFFER}|@w1", _FIGURES),
    *_OTHERS,
)
