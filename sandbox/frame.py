"""What a company has few of: the tree of groups, properties, price types, warehouses, units."""

from dataclasses import dataclass

from sandbox.dice import die, guid
from sandbox.nouns import Group, PriceType, Property, Unit, Warehouse
from sandbox.words import (
    COLOURS,
    MATERIALS,
    PRICE_TYPES,
    SIZES,
    STREETS,
    SUB_GROUPS,
    TOP_GROUPS,
    TOWNS,
    UNITS,
)

MAX_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The reference data of one company."""

    catalog_id: str
    owner_id: str
    groups: tuple[Group, ...]
    properties: tuple[Property, ...]
    units: tuple[Unit, ...]
    price_types: tuple[PriceType, ...]
    warehouses: tuple[Warehouse, ...]


def build(seed: int, goods: int, warehouses: int, price_types: int) -> Frame:
    """The reference data for a company of so many goods."""
    return Frame(
        catalog_id=guid(seed, "catalog"),
        owner_id=guid(seed, "owner"),
        groups=_groups(seed, count=max(MAX_LEVEL + 1, min(2000, goods // 20))),
        properties=_properties(seed),
        units=tuple(Unit(*words) for words in UNITS),
        price_types=tuple(_price_type(seed, number) for number in range(price_types)),
        warehouses=tuple(_warehouse(seed, number) for number in range(warehouses)),
    )


def _groups(seed: int, count: int) -> tuple[Group, ...]:
    """A forest in which a parent stands before its children; the first five are one branch."""
    groups: list[Group] = []
    for number in range(count):
        luck = die(seed, "group", number)
        parent = None
        if number < MAX_LEVEL:
            parent = groups[-1] if groups else None
        elif luck.random() > 0.2:
            candidate = luck.choice(groups)
            parent = candidate if candidate.level < MAX_LEVEL else None
        words = TOP_GROUPS if parent is None else SUB_GROUPS
        groups.append(
            Group(
                id=guid(seed, "group", number),
                name=f"{luck.choice(words)} {number + 1}",
                parent_id=parent.id if parent else None,
                level=parent.level + 1 if parent else 1,
            )
        )
    return tuple(groups)


def _properties(seed: int) -> tuple[Property, ...]:
    def dictionary(name: str, values: tuple[str, ...]) -> Property:
        choices = tuple((guid(seed, "choice", name, value), value) for value in values)
        return Property(guid(seed, "property", name), name, "Справочник", choices)

    def plain(name: str, kind: str) -> Property:
        return Property(guid(seed, "property", name), name, kind)

    return (
        dictionary("Цвет", COLOURS),
        dictionary("Размер", SIZES),
        dictionary("Материал", MATERIALS),
        plain("Мощность, Вт", "Число"),
        plain("Назначение", "Строка"),
        plain("Дата сертификации", "Время"),
    )


def _price_type(seed: int, number: int) -> PriceType:
    name, currency, is_tax_included = PRICE_TYPES[number % len(PRICE_TYPES)]
    series = number // len(PRICE_TYPES)
    return PriceType(
        id=guid(seed, "price type", number),
        name=f"{name} {series + 1}" if series else name,
        currency=currency,
        is_tax_included=is_tax_included,
    )


def _warehouse(seed: int, number: int) -> Warehouse:
    luck = die(seed, "warehouse", number)
    town, street = luck.choice(TOWNS), luck.choice(STREETS)
    return Warehouse(
        id=guid(seed, "warehouse", number),
        name=f"Склад № {number + 1} ({town})",
        address=f"{luck.randrange(101000, 690000)}, г. {town}, ул. {street}, д. {number + 1}",
        phone=f"+7 (000) {luck.randrange(100, 999)}-{luck.randrange(10, 99)}-00",
    )
