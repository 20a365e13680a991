"""Form what changed, past the deletion brake; or only say what would be formed: a plan.

A plan is kept in the object store under its hash and writes nothing else. Applying it forms exactly
what it lists, or refuses because the world moved since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.brake import Brake, decide
from tasks.journal.deletions import ROWS, Subject, hold_list, overtake_lists
from tasks.model.portals import Portal
from tasks.publication.desk import EXCHANGE, Desk
from tasks.publication.forming import Formed, Held, form_package
from tasks.publication.projecting import Count, Projection, projected
from tasks.publication.reckoning import Lack, note_lacks

_ID_LENGTH: Final = 16
_ALL: Final = "all kinds"


class WorldMovedError(RuntimeError):
    """What a plan lists is no longer what would be done; nothing was done. Make a new plan."""


class NoPlanError(LookupError):
    """There is no plan of that number."""


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """What a publication would tell a portal: `delta` as Projection.delta() gives it."""

    plan_id: str
    portal: str
    terms: str  # of the portal and its selection, as one hash
    delta: pa.Table
    counts: Sequence[Count] = ()
    withheld: int = 0
    reason: str = ""
    lacks: Sequence[Lack] = ()


def form_changes(
    desk: Desk, *, is_full: bool = False, plan: PublicationPlan | None = None
) -> Formed:
    """Form a package of what changed; deletions beyond the portal's limits wait for a person.

    Raises WorldMovedError when it would not be what `plan` lists.
    """
    with projected(desk.warehouse, desk.portal, is_full=is_full) as projection:
        brake, withheld = _hold_back(projection)
        if plan is not None:
            _require_same(plan, desk.portal, projection.delta())
        lacks = projection.lacks()
        list_key = _note_waiting(desk, brake, withheld, lacks)
        held = Held(withheld.num_rows, list_key)
        formed = form_package(projection, desk, held, is_full=is_full)
    return replace(formed, lacks=lacks)


def make_plan(warehouse: Warehouse, store: Store, portal: Portal) -> PublicationPlan:
    """List what a publication would do now; nothing but the list itself is written."""
    with projected(warehouse, portal) as projection:
        brake, withheld = _hold_back(projection)
        delta, counts, lacks = projection.delta(), projection.counts(), projection.lacks()
    kept = delta.replace_schema_metadata({"portal": portal.name, "terms": portal.version})
    sink = BytesIO()
    pq.write_table(kept, sink, compression="zstd")
    key = store.put(sink.getvalue(), under="plans").key
    return PublicationPlan(
        key.rpartition("/")[2][:_ID_LENGTH],
        portal.name,
        portal.version,
        delta,
        counts,
        withheld.num_rows,
        str(brake) if brake.holds else "",
        lacks,
    )


def load_plan(store: Store, plan_id: str) -> PublicationPlan:
    """Read a plan back. Raises NoPlanError."""
    keys = list(store.list_keys(f"plans/{plan_id[:2]}/{plan_id}")) if plan_id else []
    if len(keys) != 1:
        message = f"there is no plan {plan_id!r}; its number stands in the artifact of its run"
        raise NoPlanError(message)
    table = pq.read_table(BytesIO(store.get(keys[0])))
    words = {name.decode(): text.decode() for name, text in (table.schema.metadata or {}).items()}
    return PublicationPlan(
        plan_id, words["portal"], words["terms"], table.replace_schema_metadata(None)
    )


def _require_same(plan: PublicationPlan, portal: Portal, delta: pa.Table) -> None:
    if plan.terms != portal.version:
        message = f"the terms of {portal.name} are not those of plan {plan.plan_id} any more"
        raise WorldMovedError(message)
    if delta.equals(plan.delta):
        return
    planned, now = (set(map(str, table.to_pylist())) for table in (plan.delta, delta))
    moved = sorted(planned ^ now)
    message = (
        f"plan {plan.plan_id} lists {plan.delta.num_rows} changes, now there are {delta.num_rows}; "
        f"{len(moved)} lines differ, the first: {moved[0]}"
    )
    raise WorldMovedError(message)


def _hold_back(projection: Projection) -> tuple[Brake, pa.Table]:
    """Take out of the delta what may not go by itself; return the rows that wait for a person."""
    rows = projection.unsigned_deletes(ROWS)
    brake = _brake(projection, rows) if rows.num_rows else Brake(0, 0, projection.portal.limits)
    if brake.holds:
        projection.transaction.run(
            "publication/withhold_unsigned_deletes", portal_key=projection.portal.partner_key
        )
    projection.transaction.run("publication/postpone_pictures")
    return brake, rows if brake.holds else rows.slice(0, 0)


def _brake(projection: Projection, rows: pa.Table) -> Brake:
    """Decide by kind, over what no person has agreed to; one kind that is held holds all."""
    going = rows["dataset"].value_counts().to_pylist()
    held = {count.dataset: count.held for count in projection.counts()}
    brakes = [
        decide(each["counts"], held.get(each["values"], 0), projection.portal.limits)
        for each in going
    ]
    reasons = [
        f"{each['values']}: {brake}"
        for each, brake in zip(going, brakes, strict=True)
        if brake.holds
    ]
    limits = projection.portal.limits
    return Brake(rows.num_rows, sum(held.values()), limits, tuple(reasons))


def _note_waiting(desk: Desk, brake: Brake, rows: pa.Table, lacks: Sequence[Lack]) -> int | None:
    """Keep what waits: prices for a rate, deletions for a person as a list."""
    subject = Subject(desk.portal.partner_key, "out", EXCHANGE, _ALL)
    with desk.lease.writing(desk.warehouse, "hold_deletions") as transaction:
        note_lacks(transaction, desk.portal, lacks)
        if brake.holds:
            return hold_list(transaction, subject, brake, rows)
        overtake_lists(transaction, subject, "nothing of it would go now without a person")
    return None
