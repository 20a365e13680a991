"""The report of a verification: kept in the store, linked from the run that made it."""

import hashlib
from datetime import datetime
from typing import Final

from blocks.store import content_key
from expectations.comparison import ComparisonInput, DifferenceLine, SidesLine, render_comparison
from tasks.publication.desk import Desk
from tasks.publication.differences import Difference, Verified

DIFFERENCES_SHOWN: Final = 200  # the journal has all of them


def store_comparison(desk: Desk, seen_at: datetime, verified: Verified) -> str:
    """Render how both sides stand, store it and return its key."""
    differences = verified.differences
    page = render_comparison(
        ComparisonInput(
            portal=verified.portal,
            base=desk.portal.selection.source,
            verified_at=f"{seen_at:%Y-%m-%d %H:%M:%S %Z}",
            sides=[
                SidesLine(
                    each.dataset,
                    (each.our_records, each.their_records),
                    (each.our_total, each.their_total),
                    (each.our_hash, each.their_hash),
                    each.differing,
                    each.lagging,
                )
                for each in verified.sums
            ],
            differences=[_line(each) for each in differences[:DIFFERENCES_SHOWN]],
            differing=len(differences),
            lags=[_line(each) for each in verified.lags],
            lagging=verified.lagging,
        )
    )
    key = f"{content_key('reports', hashlib.sha256(page).hexdigest())}.html"
    desk.store.put_named(key, page, "text/html; charset=utf-8")
    return key


def _line(each: Difference) -> DifferenceLine:
    return DifferenceLine(each.dataset, each.key, each.kind, each.field, each.ours, each.theirs)
