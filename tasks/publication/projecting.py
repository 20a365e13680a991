"""What a portal is to see, against what it was shown: one projection, in one snapshot.

Set work in temporary tables: the projection of the warehouse through the portal's selection, and
the delta against `journal.shown`. Nothing but temporary tables is written, so a plan is a
projection that nobody forms.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from blocks.warehouse import Transaction, Warehouse
from tasks.model.datasets import PLACE, SCHEMAS, Dataset
from tasks.model.portals import ALWAYS, Portal
from tasks.publication.reckoning import (
    Lack,
    has_own_prices,
    list_lacks,
    own_price_type,
    reckon_prices,
)

# What the warehouse keeps for itself, and what says nothing to a portal.
_NEVER: Final = [
    "catalog_id", "category_key", "classifier_id", "digest", "group_key", "message_key",
    "offer_key", "partner_key", "price_type_key", "product_key", "property_key", "unit_key",
    "version", "warehouse_key", "withdrawn_at",
]  # fmt: skip
_PLACES: Final = {column.name for column in PLACE}
_OF_IMPORT: Final = (
    Dataset.GROUPS, Dataset.PROPERTIES, Dataset.CATEGORIES, Dataset.UNITS, Dataset.GOODS
)  # fmt: skip
_OF_OFFERS: Final = (
    Dataset.PRICE_TYPES, Dataset.WAREHOUSES, Dataset.OFFERS, Dataset.PRICES, Dataset.STOCK
)  # fmt: skip
# Elements of their own that a product may lose.
_CLEARED: Final = ("article", "barcode", "brand", "country", "description")
_JOINING: Final = {"goods", "prices", "stock"}  # these join what was projected before them
_DELTA: Final = pa.schema(
    [(name, pa.string()) for name in ("dataset", "key", "of_key", "effect", "digest", "before")]
)


class UnknownSourceError(LookupError):
    """A portal's selection names a source that the journal does not know."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind of record: selected for the portal, held by it now, and what is to change."""

    dataset: str
    selected: int
    held: int
    creates: int
    updates: int
    deletes: int

    @property
    def changes(self) -> int:
        """How many records are to change there."""
        return self.creates + self.updates + self.deletes


@dataclass(frozen=True, slots=True)
class Projection:
    """An open projection: it lives as long as its transaction."""

    transaction: Transaction
    portal: Portal
    source_key: int
    seen_at: datetime  # the database's clock at the snapshot
    notices: Sequence[tuple[int, int]]  # notice, message: what it takes into account

    def counts(self) -> list[Count]:
        """Count by kind."""
        rows = self.transaction.run(
            "publication/count_projection", portal_key=self.portal.partner_key
        )
        return [Count(**row) for row in rows]

    def delta(self) -> pa.Table:
        """Return what changes: dataset, key, of_key, effect, digest and the digest before (hex)."""
        return self.transaction.fetch("publication/select_delta", _DELTA)

    def unsigned_deletes(self, schema: pa.Schema) -> pa.Table:
        """Return the deletions that no person has agreed to: dataset, key, name, digest (hex)."""
        return self.transaction.fetch(
            "publication/select_unsigned_deletes",
            schema,
            portal_key=self.portal.partner_key,
            source_key=self.source_key,
        )

    def tables(self, *, is_full: bool) -> dict[Dataset, pa.Table]:
        """Return what a package must hold to make the delta true, in order of the keys.

        A file of changes leaves a field as it is that it does not name: a field that is empty now
        is named, empty, and so are prices of which none is left.

        Dictionaries go whole as soon as a file goes that refers to them: a group stands inside its
        parent, and a site that lost one gets it back.
        """
        self.transaction.run("publication/choose_carried_offers")
        self.transaction.run("publication/analyze_delta")
        rows = self.transaction.run("publication/select_changed_datasets")
        changed = {row["dataset"]: row["has_deletes"] for row in rows}
        wanted = [
            dataset
            for part in (_OF_IMPORT, _OF_OFFERS)
            if changed.keys() & {each.value for each in part}
            for dataset in part
        ]
        tables = {dataset: self._fetch(dataset) for dataset in wanted}
        if Dataset.GOODS in tables and not is_full:
            tables[Dataset.GOODS] = self._name_empty(tables[Dataset.GOODS])
        # Where prices went and none is left, the table says so: it is empty, and there.
        said = {Dataset.PRICES} if changed.get(Dataset.PRICES.value) and not is_full else set()
        return {name: table for name, table in tables.items() if table.num_rows or name in said}

    def pictures(self) -> list[dict[str, Any]]:
        """Return the pictures of the delta: name, object_key, sha256, size."""
        rows = self.transaction.run("publication/fetch_pictures", source_key=self.source_key)
        return [dict(row) for row in rows]

    def lacks(self) -> list[Lack]:
        """Return what stays out for want of a rate of the day."""
        return list_lacks(self.transaction, self.portal)

    def _name_empty(self, goods: pa.Table) -> pa.Table:
        is_kept = pc.invert(pc.fill_null(goods["is_deleted"], False))  # noqa: FBT003
        for name in set(_CLEARED) - set(_left_out(self.portal, Dataset.GOODS)):
            empty = pc.and_(is_kept, pc.is_null(goods[name]))
            named = pc.if_else(empty, pa.scalar(""), goods[name])
            place = goods.schema.get_field_index(name)
            goods = goods.set_column(place, goods.schema.field(name), named)
        return goods

    def _fetch(self, dataset: Dataset) -> pa.Table:
        columns = [column for column in SCHEMAS[dataset] if column.name not in _PLACES]
        table = self.transaction.fetch(
            f"publication/fetch_{dataset.value}",
            pa.schema(columns),
            **_asked(dataset, self.source_key, self.portal),
        )
        return _masked(table, self.portal) if dataset in {Dataset.GOODS, Dataset.OFFERS} else table


@contextmanager
def projected(
    warehouse: Warehouse, portal: Portal, *, is_full: bool = False
) -> Iterator[Projection]:
    """Project the source's catalog for a portal, in one snapshot that writes nothing.

    `is_full` makes everything selected a change, for a portal that lost what it held. Raises
    UnknownSourceError and NoPolicyError.
    """
    with warehouse.snapshot("project") as transaction:
        source = transaction.run("select_partner", name=portal.selection.source)
        if not source:
            message = (
                f"{portal.name} is to see the catalog of {portal.selection.source!r}, "
                "but there is no such partner"
            )
            raise UnknownSourceError(message)
        source_key = source[0]["partner_key"]
        notices = transaction.run("publication/select_notices", portal_key=portal.partner_key)
        transaction.run("publication/open_projection")
        transaction.run("publication/open_reckoning")
        _choose(transaction, portal, source_key)
        for dataset in _projections(portal):
            if dataset in _JOINING:
                # Nobody analyses temporary tables of his own accord.
                transaction.run("publication/analyze_projection")
            if dataset == "price_types" and has_own_prices(portal):
                reckon_prices(transaction, portal, source_key)
            transaction.run(f"publication/project_{dataset}", **_asked(dataset, source_key, portal))
        transaction.run("publication/insert_delta", portal_key=portal.partner_key, is_full=is_full)
        yield Projection(
            transaction,
            portal,
            source_key,
            transaction.one("publication/select_clock")["seen_at"],
            [(row["notice_key"], row["message_key"]) for row in notices],
        )


def _choose(transaction: Transaction, portal: Portal, source_key: int) -> None:
    asked = {"source_key": source_key, "groups": list(portal.selection.groups)}
    transaction.run("publication/choose_source_groups", **asked)
    transaction.run("publication/choose_products", **asked)
    if portal.selection.tree == "customer":
        transaction.run(
            "publication/choose_customer_tree", portal_key=portal.partner_key, source_key=source_key
        )


def _projections(portal: Portal) -> list[str]:
    kinds = portal.selection.kinds
    return [
        "groups",
        *(["properties", "categories"] if "properties" in kinds else []),
        "units",
        "goods",
        *(["pictures"] if "pictures" in kinds else []),
        "offers",
        *(["price_types", "prices"] if "prices" in kinds else []),
        *(["warehouses", "stock"] if "stock" in kinds else []),
    ]


def _asked(dataset: str, source_key: int, portal: Portal) -> dict[str, object]:
    """Return the parameters of a dataset's statements; each takes those that it names."""
    return {
        "source_key": source_key,
        "price_types": list(portal.selection.price_types),
        "pricing": portal.selection.pricing,
        "own_price_type": own_price_type(portal),
        "warehouses": list(portal.selection.warehouses),
        "never": [*_NEVER, *_left_out(portal, Dataset(dataset))] if dataset in SCHEMAS else _NEVER,
    }


def _left_out(portal: Portal, dataset: Dataset) -> list[str]:
    """Name the columns that this portal does not get."""
    kinds = portal.selection.kinds
    left_out = {kind for kind in ("properties", "pictures") if kind not in kinds}
    if portal.selection.fields and dataset in {Dataset.GOODS, Dataset.OFFERS}:
        left_out |= set(SCHEMAS[dataset].names) - set(portal.selection.fields) - ALWAYS - _PLACES
    return sorted(left_out)


def _masked(table: pa.Table, portal: Portal) -> pa.Table:
    dataset = Dataset.GOODS if "group_ids" in table.column_names else Dataset.OFFERS
    for name in set(_left_out(portal, dataset)) & set(table.column_names):
        position = table.schema.get_field_index(name)
        column = table.schema.field(name)
        table = table.set_column(position, column, pa.nulls(table.num_rows, column.type))
    return table
