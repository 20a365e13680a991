"""A Предложение with its prices and with its stock, of which there are five spellings (1.5)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sandbox.portal.cards import child, children, id_of, is_gone, name_of, shared, text_of
from sandbox.portal.records import Kind, Record, Values, canonical

TOTAL = ""  # the key of the stock that is told without a warehouse


def offer(element: Element, *, is_whole: bool) -> Record:
    """A Предложение; `prices` and `stock` are among its values where the file names them."""
    values = shared(element)
    offer_id = id_of(element)
    if characteristic := text_of(element, "ИдХарактеристики"):
        offer_id = f"{offer_id}#{characteristic}"
    product_id, _, characteristic_id = offer_id.partition("#")
    is_bare = "name" not in values
    if not is_bare:
        values |= {"product_id": product_id, "characteristic_id": characteristic_id or None}
    if (found := child(element, "Цены")) is not None:
        values["prices"] = dict(_price(each) for each in children(found, "Цена"))
    if stock := dict(_stock(element)):
        values["stock"] = stock
    is_deleted = is_gone(element)
    return Record(Kind.OFFERS, offer_id, values, is_deleted, is_whole and not is_bare, is_bare)


def _price(element: Element) -> tuple[str, Values]:
    price_type_id, unit = text_of(element, "ИдТипаЦены"), text_of(element, "Единица")
    min_qty = canonical(text_of(element, "МинКоличество"))
    values: Values = {
        "price_type_id": price_type_id,
        "amount": canonical(text_of(element, "ЦенаЗаЕдиницу")),
        "currency": text_of(element, "Валюта"),
        "unit": unit,
        "coefficient": canonical(text_of(element, "Коэффициент")),
        "min_qty": min_qty,
    }
    return f"{price_type_id}|{unit or ''}|{min_qty or ''}", values


def _stock(element: Element) -> Iterator[tuple[str, str | None]]:
    for each in element:
        match name_of(each):
            case "Количество":
                yield TOTAL, canonical(each.text)
            case "Склад" | "Склады" if each.get("ИдСклада"):
                yield each.get("ИдСклада", ""), canonical(each.get("КоличествоНаСкладе"))
            case "КоличествоНаСкладах":
                for one in children(each, "КоличествоНаСкладе"):
                    yield text_of(one, "ИдСклада") or TOTAL, canonical(text_of(one, "Количество"))
            case "Остатки":
                for one in children(each, "Остаток"):
                    yield from _rest(one)


def _rest(element: Element) -> Iterator[tuple[str, str | None]]:
    places = children(element, "Склад")
    for place in places:
        yield text_of(place, "Ид") or TOTAL, canonical(text_of(place, "Количество"))
    if not places:
        yield TOTAL, canonical(text_of(element, "Количество") or element.text)
