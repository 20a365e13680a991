"""The reference data as CommerceML: groups, properties, price types, warehouses, units."""

import base64
from collections.abc import Sequence

from sandbox import truth
from sandbox.dialect import Dialect
from sandbox.frame import Frame
from sandbox.manifest import Manifest
from sandbox.markup import Markup
from sandbox.nouns import Group, PriceType, Property, Unit, Warehouse

OWNER_NAME = "Торговый дом «Сириус» ООО"


def owner(out: Markup, frame: Frame, tag: str = "Владелец") -> None:
    """The company itself."""
    with out.inside(tag):
        out.leaves(
            Ид=frame.owner_id,
            Наименование=OWNER_NAME,
            ОфициальноеНаименование="Общество с ограниченной ответственностью «Сириус»",
            ИНН="7700000000",
            КПП="770001001",
        )


def version_mark(out: Markup, dialect: Dialect, revision: int, *, is_deleted: bool = False) -> None:
    """НомерВерсии and ПометкаУдаления, in the dialects that have them."""
    if dialect.is_versioned:
        stamp = base64.b64encode(revision.to_bytes(8, "big")).decode()
        out.leaves(НомерВерсии=stamp, ПометкаУдаления=str(is_deleted).lower())


def groups(out: Markup, dialect: Dialect, known: Sequence[Group], manifest: Manifest) -> None:
    """The tree of groups, nested."""
    children: dict[str | None, list[Group]] = {}
    for each in known:
        children.setdefault(each.parent_id, []).append(each)

    def branch(parent_id: str | None) -> None:
        with out.inside("Группы"):
            for each in children[parent_id]:
                with out.inside("Группа"):
                    out.leaf("Ид", each.id)
                    version_mark(out, dialect, 1)
                    out.leaf("Наименование", each.name)
                    manifest.note("groups", each.id, truth.group(each))
                    if each.id in children:
                        branch(each.id)

    branch(None)


def properties(
    out: Markup, dialect: Dialect, known: Sequence[Property], manifest: Manifest
) -> None:
    """The properties with their dictionaries."""
    with out.inside("Свойства"):
        for each in known:
            with out.inside("Свойство"):
                out.leaf("Ид", each.id)
                version_mark(out, dialect, 1)
                out.leaf("Наименование", each.name)
                if dialect.is_versioned:
                    out.leaf("Внешний", "false")
                out.leaf("ТипЗначений", each.kind)
                if each.choices:
                    _choices(out, each.choices)
            manifest.note("properties", each.id, truth.known_property(each))


def _choices(out: Markup, choices: Sequence[tuple[str, str]]) -> None:
    with out.inside("ВариантыЗначений"):
        for choice_id, value in choices:
            with out.inside("Справочник"):
                out.leaves(ИдЗначения=choice_id, Значение=value)


def price_types(
    out: Markup, dialect: Dialect, known: Sequence[PriceType], manifest: Manifest
) -> None:
    """The price types with their tax."""
    with out.inside("ТипыЦен"):
        for each in known:
            with out.inside("ТипЦены"):
                out.leaf("Ид", each.id)
                version_mark(out, dialect, 1)
                out.leaves(Наименование=each.name, Валюта=each.currency)
                tax(out, each)
            manifest.note("price_types", each.id, truth.price_type(each))


def tax(out: Markup, kind: PriceType) -> None:
    """Is VAT inside the price?"""
    with out.inside("Налог"):
        out.leaves(Наименование="НДС", УчтеноВСумме=str(kind.is_tax_included).lower())


def warehouses(
    out: Markup, dialect: Dialect, known: Sequence[Warehouse], manifest: Manifest
) -> None:
    """The warehouses with address and telephone."""
    with out.inside("Склады"):
        for each in known:
            with out.inside("Склад"):
                out.leaf("Ид", each.id)
                version_mark(out, dialect, 1)
                out.leaf("Наименование", each.name)
                with out.inside("Адрес"):
                    out.leaf("Представление", each.address)
                with out.inside("Контакты"), out.inside("Контакт"):
                    out.leaves(Тип="Телефон рабочий", Значение=each.phone)
            manifest.note("warehouses", each.id, truth.warehouse(each))


def units(out: Markup, dialect: Dialect, known: Sequence[Unit], manifest: Manifest) -> None:
    """The units of measure; codes and full names padded as the 3.1 module pads them."""
    with out.inside("ЕдиницыИзмерения"):
        for each in known:
            with out.inside("ЕдиницаИзмерения"):
                out.leaf("Ид", f"{each.code} ")
                version_mark(out, dialect, 1)
                out.leaves(
                    НаименованиеКраткое=each.name,
                    Код=f"{each.code} ",
                    НаименованиеПолное=f"{each.full_name:<100}",
                    МеждународноеСокращение=each.international,
                )
            manifest.note("units", each.code, truth.unit(each))
