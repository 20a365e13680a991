"""The portal's own customers: what they buy is gone from its stock; 1C knows nothing yet."""

import json
from decimal import Decimal
from typing import Any

from sandbox.portal.holding import to_text
from sandbox.portal.offers import TOTAL
from sandbox.portal.records import Kind, canonical
from sandbox.portal.store import Store

_SALE = "(sale)"  # stands where a change names the file that made it


def sell(store: Store, offer_id: str, quantity: str, warehouse_id: str = TOTAL) -> dict[str, Any]:
    """Sell of an offer, from one warehouse or of the total; return the stock that is left.

    Raises ValueError when the offer is not held, or there is less of it.
    """
    with store.transaction() as base:
        row = base.execute(
            "select body from record where kind = ? and id = ?", (Kind.OFFERS, offer_id)
        ).fetchone()
        if row is None:
            message = f"there is no offer {offer_id}"
            raise ValueError(message)
        body = json.loads(row["body"])
        # The total goes down with the warehouse, where it is shown at all.
        for place in dict.fromkeys((warehouse_id, TOTAL)):
            if place != warehouse_id and place not in body["stock"]:
                continue
            old = body["stock"].get(place) or "0"
            left = Decimal(old) - Decimal(quantity)
            if left < 0:
                message = f"there are only {old} of {offer_id}"
                raise ValueError(message)
            body["stock"][place] = canonical(f"{left:f}")
            base.execute(
                "insert into change (file, kind, id, action, field, old, new)"
                " values (?, ?, ?, 'updated', ?, ?, ?)",
                (
                    _SALE,
                    Kind.OFFERS,
                    offer_id,
                    f"stock/{place}",
                    to_text(old),
                    to_text(body["stock"][place]),
                ),
            )
        base.execute(
            "update record set body = ? where kind = ? and id = ?",
            (to_text(body), Kind.OFFERS, offer_id),
        )
        stock: dict[str, Any] = body["stock"]
        return stock
