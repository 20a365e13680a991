"""From the places of a plan to the rows of records: all offers of one structure at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
import orjson
import xxhash
from lxml import etree

from tasks.formats.commerceml import tables
from tasks.formats.commerceml.bulk_plans import Fields, Plan, PricePlan, StockPlan
from tasks.formats.commerceml.bulk_texts import Blocks, escape_all, read_leaves, read_texts
from tasks.formats.commerceml.bulk_tokens import Chunk, Positions, Tokens
from tasks.formats.commerceml.fields import FieldFaultError
from tasks.formats.commerceml.kinds import Content, Leaf
from tasks.formats.commerceml.records import finish_offer, seal
from tasks.formats.rows import Json, Value, compute_digest, write_json
from tasks.formats.values import ID_LENGTH, ValueFaultError, parse_decimal, parse_id
from tasks.model.datasets import Dataset

T = TypeVar("T")
FAULTS: Final = (ValueError, FieldFaultError, ValueFaultError, etree.XMLSyntaxError)
_QUANTITY: Final = Leaf("quantity", parse_decimal)
_WAREHOUSE: Final = Leaf("warehouse_id", parse_id)


@dataclass(slots=True)
class Group:
    """Offers of one structure; `offers` are their numbers in the chunk."""

    chunk: Chunk
    tokens: Tokens
    plan: Plan
    offers: Positions  # places in the chunk, not numbers
    is_bad: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the offers in which text stands where none may.

        And with those that have other tags than their structure shows: an apostrophe among quotes
        pairs them wrongly, and what seems a value may be tags.
        """
        tags = self.firsts[:, None] + np.array(self.plan.blanks)
        solid = self.tokens.solid
        begins, ends = self.tokens.closes[tags] + 1, self.tokens.opens[tags + 1]
        self.is_bad = (solid[begins] != solid[ends]).any(axis=1)
        ends = np.searchsorted(self.tokens.opens, self.chunk.ends[self.offers])
        self.is_bad |= ends - self.firsts != self.plan.tags

    @property
    def firsts(self) -> Positions:
        """The first tag of each offer."""
        return self.tokens.firsts[self.offers]

    def texts(self, tag: int) -> list[bytes]:
        """What stands between a tag and the next one, offer by offer."""
        tags = self.firsts + tag
        return self.cut(self.tokens.closes[tags] + 1, self.tokens.opens[tags + 1])

    def values(self, tag: int, attribute: int) -> list[bytes]:
        """What an attribute of a tag holds, offer by offer."""
        quotes = self.tokens.first_quotes[self.firsts + tag] + 2 * attribute
        return self.cut(self.tokens.quotes[quotes] + 1, self.tokens.quotes[quotes + 1])

    def elements(self, first: int, last: int) -> tuple[Positions, Positions]:
        """Where the element from one tag to another begins and ends, offer by offer."""
        firsts = self.firsts
        return self.tokens.opens[firsts + first], self.tokens.closes[firsts + last] + 1

    def cut(self, begins: Positions, ends: Positions) -> list[bytes]:
        """Cut bytes out of the chunk."""
        data = self.chunk.data
        return [data[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]

    def each(self, read: Callable[[Sequence[bytes]], list[T]], raw: list[bytes]) -> list[T]:
        """Read the same of all offers; those in which it cannot be read are bad."""
        try:
            return read(raw)
        except FAULTS:
            return [self._try(read, one, place) for place, one in enumerate(raw)]

    def _try(self, read: Callable[[Sequence[bytes]], list[T]], raw: bytes, place: int) -> T:
        try:
            return read([raw])[0]
        except FAULTS:
            self.is_bad[place] = True
            return None  # type: ignore[return-value]

    def require(self, column: Sequence[object]) -> None:
        """Let offers be bad in which this is missing."""
        if None in column:
            self.is_bad |= np.array([value is None for value in column], bool)


class ColumnReader:
    """Reads groups of one file."""

    def __init__(self, encoding: str) -> None:
        """Read in an encoding that writes ASCII as ASCII."""
        self._encoding = encoding
        self._offers = Blocks(encoding, "Предложение", tables.OFFERS)
        self._prices = Blocks(encoding, "Цена", tables.PRICES)
        self._quantity = self._as(_QUANTITY)
        self._warehouse = self._as(_WAREHOUSE)

    def read(self, group: Group, container_id: str | None) -> "Read":
        """Read all offers of a group; a fault makes an offer bad, and its rows mean nothing."""
        owners = []
        columns, extras = self._read_fields(group, group.plan.offer, self._offers)
        rows = _make_rows(columns, len(extras))
        for place, (content, extra) in enumerate(zip(rows, extras, strict=True)):
            content["catalog_id"] = container_id
            try:
                key = finish_offer("Предложение", content, extra)
            except FAULTS:
                group.is_bad[place], key = True, ""
            if len(key) > ID_LENGTH:
                group.is_bad[place] = True
            owners.append(key)
        values = list(map(seal, rows, extras))
        digests = list(map(compute_digest, values))
        read = Read(group, Records(Dataset.OFFERS, owners, digests, _make_columns(values)))
        escaped = escape_all(owners)
        quoted = list(map(orjson.dumps, owners))
        for part in group.plan.parts:
            if isinstance(part, PricePlan):
                records = self._read_prices(group, part, owners, escaped)
            else:
                records = self._read_stock(group, part, owners, (escaped, quoted))
            read.parts.append((records, *group.elements(part.first, part.last)))
        return read

    def _read_prices(
        self, group: Group, part: PricePlan, owners: list[str], escaped: Sequence[str]
    ) -> "Records":
        columns, extras = self._read_fields(group, part.fields, self._prices)
        group.require(columns["price_type_id"])
        group.require(columns["amount"])
        columns["offer_id"] = owners
        if any(extras):
            columns["extra"] = list(map(write_json, extras))
        blank = [""] * len(owners)
        types, units, quantities = (
            escape_all([text or "" for text in columns.get(name, blank)])
            for name in ("price_type_id", "unit", "min_qty")
        )
        keys = [
            f"{owner}|{kind}|{unit}|{quantity}"
            for owner, kind, unit, quantity in zip(escaped, types, units, quantities, strict=True)
        ]
        digests = list(map(compute_digest, _make_rows(columns, len(owners))))
        return Records(Dataset.PRICES, keys, digests, columns)

    def _read_stock(
        self,
        group: Group,
        part: StockPlan,
        owners: list[str],
        known: tuple[Sequence[str], Sequence[bytes]],
    ) -> "Records":
        escaped, quoted = known
        quantities, places = self._read_figures(group, part)
        columns: dict[str, list[Any]] = {"offer_id": owners, "quantity": quantities}
        group.require(quantities)
        # The canonical JSON of the three columns, of which `compute_digest` is the digest.
        if places is None:
            keys = [f"{owner}|" for owner in escaped]
            texts = [
                b'{"offer_id":%b,"quantity":"%b"}' % (owner, (quantity or "").encode())
                for owner, quantity in zip(quoted, quantities, strict=True)
            ]
        else:
            group.require(places)
            columns["warehouse_id"] = places
            named = [place or "" for place in places]
            keys = [f"{o}|{p}" for o, p in zip(escaped, escape_all(named), strict=True)]
            texts = [
                b'{"offer_id":%b,"quantity":"%b","warehouse_id":%b}'
                % (owner, (quantity or "").encode(), orjson.dumps(place))
                for owner, quantity, place in zip(quoted, quantities, named, strict=True)
            ]
        return Records(Dataset.STOCK, keys, list(map(xxhash.xxh3_128_digest, texts)), columns)

    def _read_figures(
        self, group: Group, part: StockPlan
    ) -> tuple[list[str | None], list[str | None] | None]:
        if part.is_flat:
            raw, places = group.values(part.quantity, 1), group.values(part.first, 0)
            return group.each(self._quantity, raw), group.each(self._warehouse, places)
        quantities = group.each(self._quantity, group.texts(part.quantity))
        if part.warehouse is None:
            return quantities, None
        return quantities, group.each(self._warehouse, group.texts(part.warehouse))

    def _as(self, leaf: Leaf) -> Callable[[Sequence[bytes]], list[Any]]:
        return partial(read_leaves, leaf=leaf, encoding=self._encoding)

    def _read_fields(
        self, group: Group, fields: Fields, blocks: Blocks
    ) -> tuple[dict[str, list[Any]], list[dict[str, Json]]]:
        """Read the columns and the kept fields of one record of each offer."""
        count = len(group.offers)
        columns: dict[str, list[Any]] = {}
        for leaf, tag in fields.leaves:
            columns[leaf.column] = group.each(self._as(leaf), group.texts(tag))
        extras: list[dict[str, Json]] = [{} for _ in range(count)]
        for path, tag in fields.keeps:
            kept = group.each(partial(read_texts, encoding=self._encoding), group.texts(tag))
            for extra, value in zip(extras, kept, strict=True):
                if value and (text := value.strip()):
                    extra[path] = text
        for first, last in fields.blocks:
            raw = group.cut(*group.elements(first, last))
            read = group.each(lambda elements: list(map(blocks.read, elements)), raw)
            _merge(group, columns, extras, read)
        return columns, extras


@dataclass(slots=True)
class Records:
    """One record of each offer of a group, as columns."""

    dataset: Dataset
    keys: list[str]
    digests: list[bytes]
    columns: dict[str, list[Any]]


@dataclass(slots=True)
class Read:
    """What was read of a group: its offers, and their figures with where these begin and end."""

    group: Group
    offers: Records
    parts: list[tuple[Records, Positions, Positions]] = field(default_factory=list)


def _merge(
    group: Group,
    columns: dict[str, list[Any]],
    extras: list[dict[str, Json]],
    read: Sequence[tuple[Content, dict[str, Json]] | None],
) -> None:
    """Add what a block gives; where that is given already, the offer is not plain."""
    distinct = {id(one): one for one in read if one is not None}.values()
    for name in set().union(*(content for content, _ in distinct)):
        column = [one and one[0].get(name) for one in read]
        if name in columns:
            group.is_bad |= np.array([value is not None for value in column], bool)
        else:
            columns[name] = column
    if any(extra for _, extra in distinct):
        for place, (extra, one) in enumerate(zip(extras, read, strict=True)):
            if one is not None:
                group.is_bad[place] |= not extra.keys().isdisjoint(one[1])
                extra.update(one[1])


def _make_rows(columns: dict[str, list[Any]], count: int) -> list[Content]:
    if not columns:
        return [{} for _ in range(count)]
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _make_columns(rows: Sequence[dict[str, Value]]) -> dict[str, list[Any]]:
    names = set().union(*rows)
    return {name: [row.get(name) for row in rows] for name in names}
