"""Absence: what a whole export does not hold any more is withdrawn, or waits for a person.

Looked at when a partner's messages are all taken and nobody sends, under the run's own lease and in
one transaction. Only the newest export counts, and whatever came with it or after it is there: a
record is absent only if none of those files holds it, be it refused. Goods take their offers along;
groups go when nothing needs them that stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from blocks.warehouse import Row, Transaction
from tasks.catalog.exports import Earlier, Export, Portion, doubts_of, gather
from tasks.catalog.workplace import Workplace
from tasks.journal.brake import decide
from tasks.journal.deletions import ROWS, Subject, hold_list, overtake_lists, pass_list
from tasks.journal.manifest import load_manifest
from tasks.model.messages import Origin

_KEYS = pa.schema([pa.field("key", pa.string())])
_FILES: Final = frozenset({Origin.RECEIVED, Origin.MEMBER})
_COLUMNS: Final = tuple(each.name for each in fields(Portion))


@dataclass(frozen=True, slots=True)
class _Seen:
    """An export, the keys of all records that came with it or since, what there is to doubt."""

    export: Export
    present: dict[str, pa.Array]
    doubts: Sequence[str]


def withdraw(at: Workplace) -> str:
    """Look at the newest export of the lease's partner; return what became of it, or "".

    Twice the same: what was looked at is not looked at again until another file is taken. An export
    whose end may still come waits for the next run.
    """
    with at.lease.writing(at.warehouse, "withdraw_absent") as transaction:
        whose = {"partner_key": at.lease.partner_key, "exchange": at.lease.exchange}
        marks = transaction.one("select_settled", **whose)
        if marks["taken"] <= marks["settled"]:
            return ""
        rows = transaction.run(
            "select_portions", settled=marks["settled"], begun=marks["begun"], **whose
        )
        if any(row["is_open"] for row in rows):
            return ""
        exports = gather([_portion(row) for row in rows if row["origin"] in _FILES])
        outcome = ""
        if full := [export for export in exports if export.is_full]:
            if full[-1].may_go_on:
                return ""
            outcome = _settle(transaction, full[-1], rows, at)
        _move(transaction, "settled", marks["taken"], whose)
        if exports:
            _move(transaction, "export", exports[-1].begins.turn, whose)
    return outcome


def _settle(transaction: Transaction, export: Export, rows: Sequence[Row], at: Workplace) -> str:
    """Withdraw or hold what an export lacks; keep on record what kind of export it was."""
    if not any(file.is_new for file in export.files):
        return ""
    if export.is_split and not export.is_end_said:
        _record(transaction, export, "unfinished", (), at)
        return "the sender broke off before the end of its export: nothing is withdrawn"
    earlier = transaction.run(
        "select_earlier_export",
        partner_key=at.lease.partner_key,
        exchange=at.lease.exchange,
        begin_key=export.begins.message_key,
    )
    since = [row["manifest_key"] for row in rows if row["turn"] >= export.begins.turn]
    present, unread = _read_present(at.store, filter(None, since))
    doubts = [*doubts_of(export, Earlier(**earlier[0]) if earlier else None), *unread]
    seen = _Seen(export, present, doubts)
    told = [
        _withdraw_kind(transaction, dataset, owners, seen, at)
        for dataset, owners in (("goods", export.catalogs), ("groups", export.classifiers))
        if owners
    ]
    is_held = any(holds for holds, _ in told)
    is_doubtful = bool(doubts) if earlier else len(doubts) > 1
    outcome = "held" if is_held else "doubtful" if is_doubtful else "whole"
    _record(transaction, export, outcome, doubts, at)
    return "; ".join(filter(None, (sentence for _, sentence in told)))


def _withdraw_kind(
    transaction: Transaction, dataset: str, owners: set[str | None], seen: _Seen, at: Workplace
) -> tuple[bool, str]:
    """Withdraw or hold the absent records of one kind; return whether they wait, and a sentence."""
    partner_key = at.lease.partner_key
    living = transaction.fetch(
        f"select_living_{dataset}",
        _KEYS,
        partner_key=partner_key,
        owners=sorted(filter(None, owners)),
        with_none=None in owners,
    )["key"]
    absent = living.filter(pc.invert(pc.is_in(living, seen.present[dataset]))).to_pylist()
    subject = Subject(partner_key, "in", at.lease.exchange, dataset, seen.export.begins.message_key)
    going = ROWS.empty_table()
    if absent:
        going = transaction.fetch(
            f"select_going_{dataset}", ROWS, partner_key=partner_key, keys=absent
        )
    count = pc.sum(pc.equal(going["dataset"], dataset)).as_py() or 0
    brake = decide(count, len(living), at.terms.limits, seen.doubts)
    if not count:
        overtake_lists(transaction, subject, "a later export holds all of it")
        return False, ""
    if brake.holds:
        list_key = hold_list(transaction, subject, brake, going)
        return True, f"{count} {dataset} would go and wait as list {list_key}: {brake}"
    decided = pass_list(transaction, subject, brake, going)
    return False, f"{decided.gone} records were withdrawn ({dataset}): {brake}"


def _read_present(
    store: Store, manifest_keys: Iterable[str]
) -> tuple[dict[str, pa.Array], list[str]]:
    """Return the keys of goods and groups that these messages hold, and a doubt for unread ones."""
    found: dict[str, list[pa.Array]] = {"goods": [], "groups": []}
    unread = 0
    for manifest_key in manifest_keys:
        manifest = load_manifest(store, manifest_key)
        for dataset, chunks in found.items():
            keys = manifest.filter(pc.equal(manifest["dataset"], dataset))["key"]
            unread += pc.sum(pc.equal(keys, "")).as_py() or 0
            chunks.extend(keys.chunks)
    present = {
        dataset: pa.chunked_array(chunks, pa.string()).combine_chunks()
        for dataset, chunks in found.items()
    }
    return present, [f"{unread} of its records have no Ид that can be read"] if unread else []


def _record(
    transaction: Transaction, export: Export, outcome: str, doubts: Sequence[str], at: Workplace
) -> None:
    transaction.run(
        "upsert_full_export",
        begin_key=export.begins.message_key,
        end_key=export.files[-1].message_key,
        partner_key=at.lease.partner_key,
        exchange=at.lease.exchange,
        goods_files=export.goods_files,
        goods=export.goods,
        groups=export.groups,
        is_end_said=export.is_end_said,
        outcome=outcome,
        doubts="; ".join(doubts),
    )


def _move(transaction: Transaction, name: str, position: int, whose: dict[str, object]) -> None:
    transaction.run("move_checkpoint", name=name, position=position, message_key=position, **whose)


def _portion(row: Row) -> Portion:
    return Portion(**{name: row[name] for name in _COLUMNS})
