"""What a trading company consists of, as values. Money and quantities are `Decimal`."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """A node of the catalog's tree; the root's children have no parent."""

    id: str
    name: str
    parent_id: str | None
    level: int  # from 1


@dataclass(frozen=True, slots=True)
class Property:
    """A technical parameter; `choices` (id -> value) only for a dictionary."""

    id: str
    name: str
    kind: str  # Строка | Число | Справочник | Время, as CommerceML writes it
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure of the OKEI classifier."""

    code: str
    name: str
    full_name: str
    international: str


@dataclass(frozen=True, slots=True)
class PriceType:
    """A kind of price: РРЦ, dealer's, retail."""

    id: str
    name: str
    currency: str
    is_tax_included: bool


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place where stock lies."""

    id: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; its bytes are painted from `paint_seed` (see `pictures.py`)."""

    path: str  # relative to the exchange folder
    caption: str
    paint_seed: int


@dataclass(frozen=True, slots=True)
class Price:
    """One price of an offer for `coefficient` base units, from `min_qty` units on."""

    price_type_id: str
    amount: Decimal
    currency: str
    unit: Unit
    coefficient: int = 1
    min_qty: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be ordered: a product or one of its characteristics (`product#characteristic`)."""

    id: str
    product_id: str
    characteristic_id: str | None
    name: str
    article: str
    barcode: str
    unit: Unit
    characteristics: tuple[tuple[str, str], ...]
    prices: tuple[Price, ...]
    stock: tuple[tuple[str, Decimal], ...]  # warehouse id, quantity


@dataclass(frozen=True, slots=True)
class Good:
    """A product card."""

    id: str
    code: str
    name: str
    full_name: str
    article: str
    barcode: str
    part_number: str
    unit: Unit
    packages: tuple[tuple[Unit, int], ...]
    pack_qty: int
    weight_kg: Decimal
    volume_m3: Decimal
    availability_note: str
    description: str
    is_description_html: bool
    kind: str
    group_ids: tuple[str, ...]
    country: str
    brand: str
    manufacturer_id: str
    manufacturer_name: str
    vat_rate: str
    pictures: tuple[Picture, ...]
    properties: tuple[tuple[str, tuple[str, ...]], ...]  # property id, values or choice ids
    is_deleted: bool = False
    revision: int = field(default=0, compare=False)  # how many times it was touched
