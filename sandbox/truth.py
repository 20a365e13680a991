"""What a record means, as plain values: the yardstick for whatever reads the files.

Numbers are canonical decimal text, absent things are null, keys are the natural keys of the trade:
a price is `offer|price type|unit|from quantity`, a stock row is `offer|warehouse`.
"""

from decimal import Decimal

from sandbox.manifest import Values
from sandbox.nouns import Good, Group, Offer, Price, PriceType, Property, Unit, Warehouse


def number(value: Decimal) -> str:
    """Decimal text without trailing zeros and never with an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def group(each: Group) -> Values:
    """The truth of a group."""
    return {"id": each.id, "name": each.name, "parent_id": each.parent_id}


def known_property(each: Property) -> Values:
    """The truth of a property and its dictionary."""
    choices = [{"id": key, "value": value} for key, value in each.choices]
    return {"id": each.id, "name": each.name, "kind": each.kind, "choices": choices}


def unit(each: Unit) -> Values:
    """The truth of a unit."""
    return {"code": each.code, "name": each.name, "full_name": each.full_name}


def price_type(each: PriceType) -> Values:
    """The truth of a price type."""
    return {
        "id": each.id,
        "name": each.name,
        "currency": each.currency,
        "is_tax_included": each.is_tax_included,
    }


def warehouse(each: Warehouse) -> Values:
    """The truth of a warehouse."""
    return {"id": each.id, "name": each.name, "address": each.address}


def good(each: Good) -> Values:
    """The truth of a product card."""
    return {
        "id": each.id,
        "code": each.code,
        "name": each.name,
        "full_name": each.full_name,
        "article": each.article or None,
        "barcode": each.barcode,
        "part_number": each.part_number,
        "unit_code": each.unit.code,
        "pack_qty": str(each.pack_qty),
        "weight_kg": number(each.weight_kg),
        "volume_m3": number(each.volume_m3),
        "availability_note": each.availability_note or None,
        "description": each.description,
        "is_description_html": each.is_description_html,
        "kind": each.kind,
        "group_ids": list(each.group_ids),
        "country": each.country,
        "brand": each.brand,
        "manufacturer_id": each.manufacturer_id,
        "manufacturer_name": each.manufacturer_name,
        "vat_rate": each.vat_rate,
        "pictures": [{"path": one.path, "caption": one.caption} for one in each.pictures],
        "properties": [{"id": key, "values": list(values)} for key, values in each.properties],
        "is_deleted": each.is_deleted,
    }


def offer(each: Offer) -> Values:
    """The truth of an offer, without its prices and stock."""
    return {
        "id": each.id,
        "product_id": each.product_id,
        "characteristic_id": each.characteristic_id,
        "name": each.name,
        "article": each.article or None,
        "barcode": each.barcode,
        "characteristics": [
            {"id": None, "name": name, "value": value} for name, value in each.characteristics
        ],
    }


def price_key(offer_id: str, each: Price, unit_text: str) -> str:
    """The natural key of a price; `unit_text` is the unit as that dialect writes it."""
    return f"{offer_id}|{each.price_type_id}|{unit_text}|{each.min_qty or ''}"


def price(offer_id: str, each: Price, unit_text: str) -> Values:
    """The truth of a price."""
    return {
        "offer_id": offer_id,
        "price_type_id": each.price_type_id,
        "amount": number(each.amount),
        "currency": each.currency,
        "unit": unit_text or None,
        "min_qty": str(each.min_qty) if each.min_qty else None,
    }


def stock(offer_id: str, warehouse_id: str | None, quantity: Decimal) -> Values:
    """The truth of a stock row; without a warehouse it is the total."""
    return {"offer_id": offer_id, "warehouse_id": warehouse_id, "quantity": number(quantity)}
