"""What a catalog file is made of: one Arrow schema a dataset.

Every batch starts with the columns of `PLACE`: where the record stands in the archived bytes and
what it is called. Money and quantities are canonical decimal text (`-12.50`, never an exponent),
made `numeric` by the warehouse; never a float. JSON columns hold canonical JSON text (keys sorted,
no spaces, UTF-8). A text column that is not in the file is null; an empty element is null too.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from tasks.model.causes import Fault


class Dataset(StrEnum):
    """The word for one kind of record: the same in books, manifest, staging and inspect."""

    GROUPS = "groups"
    PROPERTIES = "properties"
    CATEGORIES = "categories"
    UNITS = "units"
    PRICE_TYPES = "price_types"
    WAREHOUSES = "warehouses"
    GOODS = "goods"
    OFFERS = "offers"
    PRICES = "prices"
    STOCK = "stock"
    MOVEMENTS = "movements"
    COUNTERPARTIES = "counterparties"
    DOCUMENTS = "documents"


PLACE = (
    pa.field("record_no", pa.int64(), nullable=False),  # order in the file, from 1, per file
    pa.field("byte_offset", pa.int64(), nullable=False),  # of the record's element
    pa.field("byte_length", pa.int64(), nullable=False),
    pa.field("key", pa.string(), nullable=False),  # natural key, unique within the dataset
    pa.field("digest", pa.binary(16), nullable=False),  # xxh3_128 of the canonical content
)

_TEXT = pa.string()
_JSON = pa.string()  # canonical JSON text
_DECIMAL = pa.string()  # canonical decimal text
_FLAG = pa.bool_()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([*PLACE, *(pa.field(name, kind) for name, kind in columns.items())])


SCHEMAS: dict[Dataset, pa.Schema] = {
    Dataset.GROUPS: _schema(
        id=_TEXT,
        parent_id=_TEXT,
        name=_TEXT,
        classifier_id=_TEXT,
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.PROPERTIES: _schema(
        id=_TEXT,
        name=_TEXT,
        description=_TEXT,
        classifier_id=_TEXT,
        value_type=_TEXT,  # text | number | dictionary | datetime | null; see commerceml.md 1.4
        is_required=_FLAG,
        is_multiple=_FLAG,
        for_goods=_FLAG,
        for_offers=_FLAG,
        is_external=_FLAG,
        choices=_JSON,  # [{"id": …, "value": …}]
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.CATEGORIES: _schema(
        id=_TEXT, name=_TEXT, property_ids=_JSON, is_deleted=_FLAG, version=_TEXT, extra=_JSON
    ),
    Dataset.UNITS: _schema(
        id=_TEXT,
        code=_TEXT,
        name=_TEXT,
        full_name=_TEXT,
        international=_TEXT,
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.PRICE_TYPES: _schema(
        id=_TEXT,
        name=_TEXT,
        currency=_TEXT,
        tax_name=_TEXT,
        is_tax_included=_FLAG,
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.WAREHOUSES: _schema(
        id=_TEXT, name=_TEXT, address=_TEXT, is_deleted=_FLAG, version=_TEXT, extra=_JSON
    ),
    Dataset.GOODS: _schema(
        id=_TEXT,
        catalog_id=_TEXT,
        name=_TEXT,
        full_name=_TEXT,
        article=_TEXT,
        code=_TEXT,
        barcode=_TEXT,
        part_number=_TEXT,
        description=_TEXT,
        is_description_html=_FLAG,
        kind=_TEXT,  # ВидНоменклатуры
        item_type=_TEXT,  # ТипНоменклатуры
        unit_code=_TEXT,
        unit_name=_TEXT,
        packages=_JSON,  # [{"unit": …, "coefficient": "12", …}]
        pack_qty=_DECIMAL,
        weight_kg=_DECIMAL,
        volume_m3=_DECIMAL,
        availability_note=_TEXT,
        group_ids=_JSON,  # ["…"]
        category_id=_TEXT,
        country=_TEXT,
        brand=_TEXT,
        manufacturer_id=_TEXT,
        manufacturer_name=_TEXT,
        vat_rate=_TEXT,
        taxes=_JSON,  # [{"name": …, "rate": …}]
        pictures=_JSON,  # [{"path": …, "caption": …}], the first is the main one
        properties=_JSON,  # [{"id": …, "values": ["…"]}]
        characteristics=_JSON,  # [{"id": …, "name": …, "value": …}]
        requisites=_JSON,  # [{"name": …, "values": ["…"]}]
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.OFFERS: _schema(
        id=_TEXT,
        product_id=_TEXT,  # the part before '#'
        characteristic_id=_TEXT,  # the part after '#', or ИдХарактеристики
        catalog_id=_TEXT,
        name=_TEXT,
        article=_TEXT,
        barcode=_TEXT,
        unit_code=_TEXT,
        unit_name=_TEXT,
        packages=_JSON,
        characteristics=_JSON,
        properties=_JSON,
        requisites=_JSON,
        is_bare=_FLAG,  # the file gives only Ид and prices or stock: never overwrites a name
        is_deleted=_FLAG,
        version=_TEXT,
        extra=_JSON,
    ),
    Dataset.PRICES: _schema(  # key: offer_id|price_type_id|unit|min_qty
        offer_id=_TEXT,
        price_type_id=_TEXT,
        amount=_DECIMAL,
        currency=_TEXT,
        unit=_TEXT,
        coefficient=_DECIMAL,
        min_qty=_DECIMAL,
        presentation=_TEXT,
        tax_name=_TEXT,
        is_tax_included=_FLAG,
        extra=_JSON,
    ),
    Dataset.STOCK: _schema(  # key: offer_id|warehouse_id
        offer_id=_TEXT,
        warehouse_id=_TEXT,  # null: the total over all warehouses
        quantity=_DECIMAL,
        extra=_JSON,
    ),
    Dataset.MOVEMENTS: _schema(  # key: offer_id|warehouse_id|kind|document|line
        offer_id=_TEXT,
        warehouse_id=_TEXT,
        kind=_TEXT,  # opening | receipt | sale | return | transfer | writeoff
        document=_TEXT,
        line=_TEXT,
        quantity=_DECIMAL,  # signed: below zero it left the warehouse; an opening is all of it
        moved_at=_TEXT,  # an instant as written; without a zone it is the sender's time
    ),
    Dataset.COUNTERPARTIES: _schema(id=_TEXT, name=_TEXT, body=_JSON),
    Dataset.DOCUMENTS: _schema(id=_TEXT, number=_TEXT, date=_TEXT, operation=_TEXT, body=_JSON),
}


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A record that could not be decoded, with the place of its bytes."""

    dataset: Dataset
    record_no: int
    byte_offset: int
    byte_length: int
    key: str  # "" when the record has none
    fault: Fault


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one dataset, in file order, and those of them that were refused.

    `records` follows `SCHEMAS[dataset]`; a refused record stands in `faults` only. So
    read = len(records) + len(faults), summed over the batches of a dataset.
    """

    dataset: Dataset
    records: pa.RecordBatch
    faults: tuple[RecordFault, ...] = ()


class Extent(StrEnum):
    """Does the file hold everything, or changes only?"""

    FULL = "full"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of itself, as it says it."""

    dialect: str
    version: str | None  # ВерсияСхемы or the CSV's format version
    encoding: str  # the one it was really read in
    declared_encoding: str | None
    formed_at: str | None  # ДатаФормирования as written
    node: str | None  # root @Ид
    extent: Extent | None  # null: it does not say
    catalog_id: str | None
    classifier_id: str | None
    package_id: str | None  # ПакетПредложений/Ид
    valid_from: str | None  # ДействительноС as written
    valid_to: str | None
    left_alone: tuple[str, ...]  # paths of the written list that were met and not read
