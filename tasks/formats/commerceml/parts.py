"""Prices and stock figures that stand inside an offer (or a product): records of their own.

Stock comes in five shapes (commerceml.md 1.5); each gives one record for every figure:
1. `<Количество>8</Количество>`: the total, `warehouse_id` is null;
2. `<Склад ИдСклада="…" КоличествоНаСкладе="5"/>` for each warehouse;
3. `<Склады ИдСклада="…" КоличествоНаСкладе="5"/>` in ИзмененияПакетаПредложений;
4. `<Остаток>` with `<Склад>{Ид, Количество}`, or a bare `<Количество>`, or a bare number;
5. `<КоличествоНаСкладе>{ИдСклада, Количество}`.
A total beside warehouse figures is kept as a record of its own, never spread or summed.
In 3.x they stand in files of their own (rests_*.xml), in shape 4.

A quantity is read by one rule in every shape (`values.parse_decimal`, tests/…/test_quantities.py):

| the text | what becomes of it |
|---|---|
| `7`, `+7`, `007`, ` 7 ` | 7 |
| `0.250`, `0,25` | 0.25: up to 18 digits of a fraction are kept exactly, none is rounded |
| `1 234,5` (any kind of space) | 1234.5: spaces stand between thousands |
| `-3`, `-0` | -3 and 0; the partner's term `negative_stock` decides later whether -3 enters |
| empty, or no element inside | refused, FIELD_MISSING: nothing is not zero |
| `1,234`, `1.2.3` | refused, NUM_AMBIGUOUS: a fraction or thousands |
| `1e3`, `12 шт`, `∞` | refused, NUM_FORMAT: 1C writes no exponents; nothing is guessed |
| 19 digits and more | refused, NUM_RANGE |
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from lxml import etree

from tasks.formats.commerceml import tables
from tasks.formats.commerceml.elements import list_attributes, place_of, strip
from tasks.formats.commerceml.fields import FieldFaultError, Scope, read_fields
from tasks.formats.commerceml.kinds import Content, Leaf, Table
from tasks.formats.commerceml.records import join_characteristic
from tasks.formats.rows import join_key
from tasks.formats.values import ID_LENGTH, ValueFaultError
from tasks.model.causes import Cause, Fault
from tasks.model.datasets import Dataset

_WRAPPERS: Final = {
    "Цены": "Цена",
    "Остатки": "Остаток",
    "КоличествоНаСкладах": "КоличествоНаСкладе",
}
_BARE: Final = frozenset({"Количество", "Склад", "Склады"})
_KEY_COLUMNS: Final = frozenset({"price_type_id", "unit", "min_qty", "warehouse_id"})


class Piece(NamedTuple):
    """One price or one stock figure, the table that reads it and what it must have."""

    dataset: Dataset
    element: etree._Element
    table: Table
    required: dict[str, str]  # column -> the tag to name when it is missing


_PRICE: Final = {"price_type_id": "ИдТипаЦены", "amount": "ЦенаЗаЕдиницу"}
_TOTAL: Final = {"quantity": "Количество"}
_PLACED: Final = {"warehouse_id": "Ид", "quantity": "Количество"}
_PLACED_FLAT: Final = {"warehouse_id": "@ИдСклада", "quantity": "@КоличествоНаСкладе"}


def find_parts(element: etree._Element) -> Iterator[etree._Element]:
    """The elements that hold prices and stock figures, in file order."""
    is_offer = strip(element.tag) == "Предложение"
    for child in element:
        tag = strip(child.tag)
        wanted = _WRAPPERS.get(tag)
        if wanted == "Цена" or (is_offer and wanted):
            yield from (part for part in child if strip(part.tag) == wanted)
        elif tag == "Количество" or (is_offer and tag in _BARE):
            yield child


def split_part(part: etree._Element) -> Iterator[Piece]:
    """The figures of one part: `Остаток` may hold several warehouses."""
    match strip(part.tag):
        case "Цена":
            yield Piece(Dataset.PRICES, part, tables.PRICES, _PRICE)
        case "Остаток":
            yield from _split_rest(part)
        case "Количество":
            yield Piece(Dataset.STOCK, part, tables.STOCK_TOTAL, _TOTAL)
        case "КоличествоНаСкладе":
            yield Piece(Dataset.STOCK, part, tables.STOCK_IN_WAREHOUSE, _PLACED)
        case _:
            yield Piece(Dataset.STOCK, part, tables.STOCK_IN_WAREHOUSE, _PLACED_FLAT)


def _split_rest(part: etree._Element) -> Iterator[Piece]:
    placed = [child for child in part if strip(child.tag) == "Склад"]
    if len(placed) < len(part) or not placed or (part.text or "").strip():
        yield Piece(Dataset.STOCK, part, tables.STOCK_REST, _TOTAL)
    for child in placed:
        yield Piece(Dataset.STOCK, child, tables.STOCK_IN_WAREHOUSE, _PLACED)


def read_piece(piece: Piece, content: Content, scope: Scope) -> str:
    """Read one figure into `content`, which holds its `offer_id`, and give its key.

    Raises:
        FieldFaultError: FIELD_MISSING for an empty price or quantity, a price without its type,
            a figure without its warehouse or offer; and all faults of a field.
    """
    read_fields(piece.element, piece.table, content, scope)
    if not content["offer_id"]:
        owner = place_of(piece.element).partition("/")[0]
        raise FieldFaultError(Fault(Cause.FIELD_MISSING, f"{owner}/Ид"))
    for column, tag in piece.required.items():
        if content.get(column) is None:
            place = f"{place_of(piece.element)}/{tag}"
            raise FieldFaultError(Fault(Cause.FIELD_MISSING, place))
    return key_of(piece.dataset, content)


def key_of(dataset: Dataset, content: Content) -> str:
    """`offer_id|price_type_id|unit|min_qty` of a price, `offer_id|warehouse_id` of stock."""
    offer = content.get("offer_id")
    if not offer:
        return ""
    if dataset is Dataset.STOCK:
        return join_key(offer, content.get("warehouse_id"))
    columns = ("price_type_id", "unit", "min_qty")
    return join_key(offer, *(content.get(column) for column in columns))


def find_key(piece: Piece, content: Content) -> str:
    """The key of a figure that cannot be read, made of those parts of it that can.

    So a refused price has the key of the accepted one: `content` holds its `offer_id`.
    """
    parts = {"offer_id": content.get("offer_id")}
    texts = [(f"@{name}", text) for name, text in list_attributes(piece.element)]
    texts += [(strip(child.tag), child.text or "") for child in piece.element]
    for tag, text in texts:
        known = piece.table.get(tag)
        if isinstance(known, Leaf) and known.column in _KEY_COLUMNS:
            with suppress(ValueFaultError):
                parts.setdefault(known.column, known.parse(text))
    return key_of(piece.dataset, parts)


def find_owner_id(element: etree._Element) -> str | None:
    """The id of a product or offer, found even when another field of it cannot be read."""
    words = {"Ид": "", "ИдХарактеристики": ""}
    for child in element:
        tag = strip(child.tag)
        if tag in words:
            words[tag] = (child.text or "").strip()
    owner, characteristic = words.values()
    if strip(element.tag) == "Предложение":
        owner = join_characteristic(owner, characteristic)
    return owner if 0 < len(owner) <= ID_LENGTH else None
