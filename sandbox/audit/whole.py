"""Was a portal told of everything? Asked only where nothing is on its way and nothing was left out.

A portal with a selection of groups or a tree of its own is the product's business: here stands what
can be said without its code.
"""

from collections import defaultdict

from sandbox.audit.core import price_key
from sandbox.audit.finding import Finding, Findings
from sandbox.audit.ledger import NEVER, Ledger, Row

_OVER = ("delivered", "resolved")


def check_whole(ledger: Ledger) -> Findings:
    """To a portal that sees all of a source, each living product, offer and price was told.

    What is gone may still be there while a person has not let it go.
    """
    waiting = {row["partner_key"] for row in ledger.notices if row["settled_at"] is None}
    waiting |= {row["partner_key"] for row in ledger.deliveries if row["state"] not in _OVER}
    held_back = {row["partner_key"] for row in ledger.deletion_lists if row["direction"] == "out"}
    names = {row["partner_key"]: row["name"] for row in ledger.partners}
    keys = {name: key for key, name in names.items()}
    for portal_key, seen in _last_selections(ledger).items():
        if portal_key in waiting or seen["groups"] or seen["source"] not in keys:
            continue
        living = _living(ledger, keys[seen["source"]], seen)
        told = _told(ledger, portal_key)
        for dataset, records in living.items():
            for record in records - told[dataset]:
                name = f"{names[portal_key]}: {dataset} {record}"
                yield Finding("untold", name, "it lives, the portal was never told of it")
            for record in told[dataset] - records if portal_key not in held_back else ():
                name = f"{names[portal_key]}: {dataset} {record}"
                yield Finding("untold", name, "it is gone, the portal was never told so")


def _last_selections(ledger: Ledger) -> dict[int, Row]:
    """What each portal saw when its last file was formed."""
    return {
        row["partner_key"]: row["rules"]["portal"]["selection"] for row in ledger.formed.values()
    }


def _living(ledger: Ledger, source_key: int, seen: Row) -> dict[str, set[str]]:
    alive = {
        name: {
            row["id"]
            for row in ledger.named[name]
            if row["partner_key"] == source_key
            and row["withdrawn_at"] is None
            and not row["is_deleted"]
        }
        for name in ("goods", "offers", "price_types")
    }
    offers = {
        row["id"]
        for row in ledger.named["offers"]
        if row["id"] in alive["offers"] and row["product_id"] in alive["goods"]
    }
    living = {"goods": alive["goods"], "offers": offers}
    # What a price policy makes of them is the product's business, too.
    is_base = seen.get("pricing", "base") == "base"
    if is_base and "prices" in seen["kinds"] and not seen["price_types"]:
        living["prices"] = {
            price_key(row)
            for row in ledger.prices
            if row["partner_key"] == source_key
            and row["valid_to"] == NEVER == row["recorded_to"]
            and row["offer_id"] in offers
            and row["price_type_id"] in alive["price_types"]
        }
    return living


def _told(ledger: Ledger, portal_key: int) -> dict[str, set[str]]:
    told: dict[str, set[str]] = defaultdict(set)
    for row in ledger.shown:
        if row["partner_key"] == portal_key and row["planned_digest"] is not None:
            told[row["dataset"]].add(row["key"])
    return told
