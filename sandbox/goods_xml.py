"""Products, offers, prices and stock as CommerceML, in every spelling of `dialect.py`."""

from collections.abc import Sequence
from decimal import Decimal

from sandbox import truth
from sandbox.dialect import Client, Dialect, UnitShape
from sandbox.frame import Frame
from sandbox.frame_xml import tax, version_mark
from sandbox.manifest import Manifest
from sandbox.markup import Markup
from sandbox.nouns import Good, Offer, Price, PriceType, Unit


def good(out: Markup, dialect: Dialect, each: Good, manifest: Manifest) -> None:
    """One Товар with everything 1C knows of it."""
    is_marked = each.is_deleted and not dialect.is_versioned
    with out.inside("Товар", {"Статус": "Удален"} if is_marked else None):
        out.leaf("Ид", each.id)
        version_mark(out, dialect, 1 + each.revision, is_deleted=each.is_deleted)
        out.leaf(dialect.barcode_tag, each.barcode)
        out.leaves(Артикул=each.article, Наименование=each.name)
        _unit(out, dialect, each.unit, each.packages)
        if each.group_ids:
            with out.inside("Группы"):
                for group_id in each.group_ids:
                    out.leaf("Ид", group_id)
        out.leaf("Описание", "" if each.is_description_html else each.description)
        for picture in each.pictures:
            out.leaf("Картинка", picture.path)
        out.leaves(Страна=each.country, ТорговаяМарка=each.brand)
        with out.inside("Изготовитель"):
            out.leaves(
                Ид=each.manufacturer_id,
                Наименование=each.manufacturer_name,
                ОфициальноеНаименование=each.manufacturer_name,
            )
        _property_values(out, each.properties)
        with out.inside("СтавкиНалогов"), out.inside("СтавкаНалога"):
            out.leaves(Наименование="НДС", Ставка=each.vat_rate)
        _requisites(out, dialect, each)
        if dialect.client is Client.B31:
            out.leaf("Вес", each.weight_kg)
    manifest.note("goods", each.id, truth.good(each))


def offer(out: Markup, dialect: Dialect, each: Offer, manifest: Manifest) -> None:
    """The head of a Предложение: what it is, without prices and stock."""
    out.leaf("Ид", each.id)
    version_mark(out, dialect, 1)
    out.leaf(dialect.barcode_tag, each.barcode)
    out.leaves(Артикул=each.article, Наименование=each.name)
    _unit(out, dialect, each.unit, ())
    if each.characteristics:
        with out.inside("ХарактеристикиТовара"):
            for name, value in each.characteristics:
                with out.inside("ХарактеристикаТовара"):
                    out.leaves(Наименование=name, Значение=value)
    manifest.note("offers", each.id, truth.offer(each))


def prices(out: Markup, dialect: Dialect, each: Offer, frame: Frame, manifest: Manifest) -> None:
    """All prices of an offer."""
    kinds = {kind.id: kind for kind in frame.price_types}
    with out.inside("Цены"):
        for price in each.prices:
            _price(out, dialect, price, kinds[price.price_type_id])
            unit = price_unit(dialect, price)
            key = truth.price_key(each.id, price, unit)
            manifest.note("prices", key, truth.price(each.id, price, unit))


def price_unit(dialect: Dialect, price: Price) -> str:
    """The unit of a price as this dialect writes it; the split dialects name only packs."""
    if dialect.is_versioned:
        return price.unit.code if price.coefficient > 1 else ""
    return price.unit.name if dialect.client is Client.OLD else price.unit.international


def stock_attributes(out: Markup, tag: str, each: Offer, manifest: Manifest) -> None:
    """Shapes 2 and 3 of stock: empty elements with the quantity as attribute."""
    for warehouse_id, quantity in each.stock:
        amounts = {"ИдСклада": warehouse_id, "КоличествоНаСкладе": truth.number(quantity)}
        out.leaf(tag, attributes=amounts)
        key = f"{each.id}|{warehouse_id}"
        manifest.note("stock", key, truth.stock(each.id, warehouse_id, quantity))


def stock_total(out: Markup, each: Offer, manifest: Manifest) -> None:
    """Количество: the sum over all warehouses."""
    total = sum((quantity for _, quantity in each.stock), Decimal(0))
    out.leaf("Количество", truth.number(total))
    manifest.note("stock", f"{each.id}|", truth.stock(each.id, None, total))


def stock_rests(out: Markup, each: Offer, manifest: Manifest) -> None:
    """Shape 4 of stock: Остатки of the split files."""
    with out.inside("Остатки"):
        for warehouse_id, quantity in each.stock:
            with out.inside("Остаток"), out.inside("Склад"):
                out.leaves(Ид=warehouse_id, Количество=truth.number(quantity))
            key = f"{each.id}|{warehouse_id}"
            manifest.note("stock", key, truth.stock(each.id, warehouse_id, quantity))


def _unit(out: Markup, dialect: Dialect, unit: Unit, packages: Sequence[tuple[Unit, int]]) -> None:
    names = {
        "Код": f"{unit.code} " if dialect.client is Client.A else unit.code,
        "НаименованиеПолное": unit.full_name,
        "МеждународноеСокращение": unit.international,
    }
    match dialect.unit_shape:
        case UnitShape.TEXT:
            out.leaf("БазоваяЕдиница", unit.name, names)
        case UnitShape.CODE:
            out.leaf("БазоваяЕдиница", f"{unit.code} ")
        case UnitShape.PACKAGES:
            with out.inside("БазоваяЕдиница", names):
                for package, coefficient in ((unit, 1), *packages):
                    with out.inside("Пересчет"):
                        out.leaves(Единица=package.code, Коэффициент=coefficient)


def _price(out: Markup, dialect: Dialect, price: Price, kind: PriceType) -> None:
    words = f"{price.amount:,.2f}".replace(",", "\u00a0").replace(".", ",")
    unit = price_unit(dialect, price)
    with out.inside("Цена"):
        out.leaves(
            Представление=f" {words} {price.currency} за {price.unit.name}",
            ИдТипаЦены=price.price_type_id,
            ЦенаЗаЕдиницу=truth.number(price.amount),
            Валюта=price.currency,
            Единица=unit or None,
            Коэффициент=price.coefficient if unit else None,
            МинКоличество=price.min_qty,
        )
        if dialect.client is Client.B31:
            tax(out, kind)


def _property_values(out: Markup, values: Sequence[tuple[str, Sequence[str]]]) -> None:
    if not values:
        return
    with out.inside("ЗначенияСвойств"):
        for property_id, texts in values:
            with out.inside("ЗначенияСвойства"):
                out.leaf("Ид", property_id)
                for text in texts:
                    out.leaf("Значение", text)


def _requisites(out: Markup, dialect: Dialect, each: Good) -> None:
    named: list[tuple[str, object]] = [
        ("ВидНоменклатуры", each.kind),
        ("ТипНоменклатуры", "Товар"),
        ("Полное наименование", each.full_name),
        ("Код", each.code),
        ("Объем", truth.number(each.volume_m3)),
        ("Количество в упаковке", each.pack_qty),
        ("PartNumber", each.part_number),
    ]
    if dialect.client is not Client.B31:  # there it is an element of its own
        named.append(("Вес", truth.number(each.weight_kg)))
    if each.availability_note:
        named.append(("Комментарий к наличию", each.availability_note))
    if each.is_description_html:
        named.append(("ОписаниеВФорматеHTML", each.description))
    named += [("ОписаниеФайла", f"{one.path}#{one.caption}") for one in each.pictures]
    with out.inside("ЗначенияРеквизитов"):
        for name, value in named:
            with out.inside("ЗначениеРеквизита"):
                out.leaves(Наименование=name, Значение=value)
