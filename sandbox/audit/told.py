"""What a formed file says, record by record, by an own reading of its bytes."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

# A kind of record by the innermost tags of its element.
_NAMED = {
    "Группы/Группа": "groups",
    "Свойства/Свойство": "properties",
    "Категории/Категория": "categories",
    "ЕдиницыИзмерения/ЕдиницаИзмерения": "units",
    "ТипыЦен/ТипЦены": "price_types",
    "Склады/Склад": "warehouses",
    "Товары/Товар": "goods",
    "Предложения/Предложение": "offers",
}
# An offer of which a file says no more than these only carries its prices or quantities.
_FIGURES = frozenset({"Ид", "Цены", "Количество", "Склад", "Остатки"})
_YES = "true"


@dataclass(frozen=True, slots=True)
class Told:
    """One record of a formed file; `value` is what a portal shows of it: name, amount, quantity."""

    dataset: str
    key: str
    value: str
    is_gone: bool


def read_told(payload: bytes) -> tuple[Told, ...] | None:
    """Read a formed file in bounded memory; None when it is not well formed."""
    path: list[str] = []
    told: list[Told] = []
    try:
        # We formed it, so no entity of a stranger stands in it.
        for event, element in ET.iterparse(io.BytesIO(payload), ("start", "end")):  # noqa: S314
            if event == "start":
                path.append(_tag(element))
                continue
            dataset = _NAMED.get("/".join(path[-2:]))
            path.pop()
            if dataset and "Предложение" not in path:
                told += _records(dataset, element)
                element.clear()
    except ET.ParseError:
        return None
    return tuple(told)


def join_key(*parts: str | None) -> str:
    r"""Join the parts of a key; `\` and `|` inside of one are written with a `\` before them."""
    return "|".join((part or "").replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def plain(text: str | None) -> str:
    """A number without trailing zeros and exponent; a text that is none as it is."""
    try:
        number = f"{Decimal(text or ''):f}"
    except InvalidOperation:
        return text or ""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _records(dataset: str, element: ET.Element) -> Iterator[Told]:
    key, said = _text(element, "Ид") or "", {_tag(child) for child in element}
    is_gone = element.get("Статус") == "Удален" or _text(element, "ПометкаУдаления") == _YES
    if dataset != "offers" or is_gone or not said <= _FIGURES:
        yield Told(dataset, key, _text(element, "Наименование") or "", is_gone)
    if dataset == "offers":
        for child in element:
            yield from _figures(key, child)


def _figures(offer: str, child: ET.Element) -> Iterator[Told]:
    match _tag(child):
        case "Цены":
            for price in child:
                words = (_text(price, "ИдТипаЦены"), _text(price, "Единица"))
                key = join_key(offer, *words, plain(_text(price, "МинКоличество")))
                yield Told("prices", key, plain(_text(price, "ЦенаЗаЕдиницу")), is_gone=False)
        case "Количество":
            yield _stock(offer, "", child.text)
        case "Склад":
            yield _stock(offer, child.get("ИдСклада"), child.get("КоличествоНаСкладе"))
        case "Остатки":
            for rest in child:
                place = rest.find("{*}Склад")
                inside = rest if place is None else place
                yield _stock(offer, _text(place, "Ид"), _text(inside, "Количество") or rest.text)


def _stock(offer: str, place: str | None, quantity: str | None) -> Told:
    """A quantity of nothing may be how one that is gone is told, and may be a quantity."""
    value = plain((quantity or "").strip())
    return Told("stock", join_key(offer, place), value, is_gone=value == "0")


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element | None, tag: str) -> str | None:
    if element is None:
        return None
    found = next((child for child in element if _tag(child) == tag), None)
    return None if found is None else (found.text or "").strip() or None
