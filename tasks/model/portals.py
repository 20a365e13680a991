"""A portal: a partner to whom we show a source's catalog, and the terms on which it sees it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

# A product without these is none: they go whatever fields were chosen.
ALWAYS = frozenset({"id", "name", "group_ids", "product_id", "is_deleted", "is_bare"})


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the source's catalog a portal gets. Ids are the source's; an empty list means all."""

    source: str = ""  # name of the partner whose catalog it is; "": nothing is published
    groups: Sequence[str] = ()  # each with all below it
    price_types: Sequence[str] = ()
    warehouses: Sequence[str] = ()
    fields: Sequence[str] = ()  # columns of goods and offers beside those that always go
    kinds: Sequence[str] = ("properties", "pictures", "prices", "stock")
    tree: str = "source"  # or "customer": its own groups, by the re-classification map
    pricing: str = "base"  # the source's prices; or "policy": what the portal itself pays
    rate_age_days: int = 0  # a rate of so many days ago still counts

    @property
    def version(self) -> str:
        """Eight hex digits that change with the selection; kept with every formed file."""
        return _digest(asdict(self))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be deleted without a person: both must be exceeded for the brake to act."""

    deletion_share_max: float = 0.05
    deletion_count_max: int = 20


@dataclass(frozen=True, slots=True)
class Portal:
    """All that forming a package for a portal depends on, besides the warehouse's rows."""

    partner_key: int
    name: str
    selection: Selection
    dialect: str = "commerceml-2.09"
    encoding: str = "utf-8"
    has_bom: bool = True
    has_namespace: bool = True
    time_zone: str = "Europe/Moscow"
    renames: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its files give the time."""
        return ZoneInfo(self.time_zone)

    def terms(self) -> dict[str, Any]:
        """Return the terms as they are kept with each formed file."""
        kept = asdict(self)
        return {name: kept[name] for name in sorted(kept) if name not in {"partner_key", "limits"}}

    @property
    def version(self) -> str:
        """Eight hex digits that change with any of the terms."""
        return _digest(self.terms())


def _digest(terms: Mapping[str, Any]) -> str:
    told = json.dumps(terms, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:8]
