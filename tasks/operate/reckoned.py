"""What made a price that was computed for a portal: the rule, the rates, the base price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.outcome import LINK_S
from tasks.operate.tracing import NotTraceableError


@dataclass(frozen=True, slots=True)
class Saying:
    """A row of a file in which a person said something of a price."""

    what: str
    file_name: str
    object_key: str
    row_no: int
    loaded_by: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A computed price as it was told, and what made it so. Amounts are decimal text."""

    amount: str
    currency: str
    base_amount: str
    base_currency: str
    base_key: str  # of the source's price; "": there is none, the price was fixed without one
    percent: str
    sayings: Sequence[Saying]

    def as_markdown(self, store: Store) -> str:
        """Return all of it as part of a run's artifact; files open by a link."""
        base = f"base price {self.base_amount} {self.base_currency}" if self.base_key else "none"
        off = f", {self.percent} % off" if self.percent else ""
        lines = [f"* {self.amount} {self.currency}, of the {base}{off}"]
        lines += [
            f"* {each.what}: row {each.row_no} of "
            f"[{each.file_name}]({store.presign(each.object_key, LINK_S)}), "
            f"loaded by {each.loaded_by}"
            for each in self.sayings
        ]
        return "\n".join(["## What made this price", "", *lines])


def find_reckoned(warehouse: Warehouse, store: Store, shown: Mapping[Any, Any]) -> Reckoned:
    """Find what made a price in the reckoning that was kept with its package.

    `shown` has key and reckoning (a key of the store). Raises NotTraceableError.
    """
    table = pq.read_table(BytesIO(store.get(shown["reckoning"])))
    found = table.filter(pc.equal(table["key"], shown["key"])).to_pylist()
    if not found:
        message = f"the package kept nothing of how {shown['key']!r} was computed"
        raise NotTraceableError(message)
    row = {name: value or "" for name, value in found[0].items()}
    named = ("rule_key", "proposal_key", "rate_key", "to_rate_key")
    with warehouse.transaction("select_reckoned") as transaction:
        said = transaction.run("select_reckoned", **{name: row[name] or None for name in named})
    return Reckoned(
        row["amount"],
        row["currency"],
        row["base_amount"],
        row["base_currency"],
        row["base_key"],
        row["percent"],
        [_saying(each) for each in said],
    )


def _saying(row: Mapping[Any, Any]) -> Saying:
    if row["kind"] == "rate":
        what = f"{row['rate']} RUB for {row['units']} {row['currency']} on {row['on_date']}"
    elif row["kind"] == "approved":
        what = f"an outlet's own price, approved by {row['decided_by']}"
    else:
        what = f"a rule ({row['kind']}) of price policy version {row['version']}"
    return Saying(what, row["file_name"], row["object_key"], row["row_no"], row["loaded_by"])
