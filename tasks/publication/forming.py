"""Form a package: what changed for a portal becomes files, and a delivery that waits to be sent.

The files are in the archive, and their inputs beside them, before the one transaction in which the
delivery is planned. Nothing of a file depends on when or where it is formed: its clock is the
database's at the snapshot.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from blocks.store import Store
from tasks.formats.commerceml.writing import write_package
from tasks.journal.manifest import store_manifest
from tasks.publication.desk import Desk
from tasks.publication.filing import FormedFile, Package, file_package, settle_notices
from tasks.publication.inputs import load_inputs, store_inputs
from tasks.publication.judging import judge_files
from tasks.publication.projecting import Count, Projection
from tasks.publication.reckoning import Lack, has_own_prices, keep_reckoning
from tasks.publication.terms import terms_as_json, terms_from_json, writing_terms

WRITER_VERSION: Final = "1"  # raise it when the same inputs would give other bytes


@dataclass(frozen=True, slots=True)
class Held:
    """Deletions that wait for a person, and the number of their list."""

    records: int = 0
    list_key: int | None = None


@dataclass(frozen=True, slots=True)
class Formed:
    """A package that waits to be sent, or, without a delivery, that nothing was to be told."""

    portal: str
    delivery_key: int | None
    counts: Sequence[Count]
    held: Held
    files: Sequence[str] = ()
    lacks: Sequence[Lack] = ()  # prices that stay out for want of a rate


def form_package(
    projection: Projection, desk: Desk, held: Held = Held(), *, is_full: bool = False
) -> Formed:
    """Form what the projection says has changed; if nothing has, settle its notices only.

    The first package of a portal says that it is full; `is_full` says so of a later one.

    Raises WritingError and FormedWronglyError: nothing of such a package leaves.
    """
    counts, delta = projection.counts(), projection.delta()
    if not delta.num_rows:
        with desk.lease.writing(desk.warehouse, "settle_notices") as transaction:
            settle_notices(transaction, projection, None)
        return Formed(desk.portal.name, None, counts, held)
    is_full = is_full or not any(each.held for each in counts)
    tables = projection.tables(is_full=is_full)
    terms = writing_terms(desk.portal, projection.seen_at, is_full=is_full)
    with tempfile.TemporaryDirectory(prefix="obmen-form-") as folder:
        rules = {
            "inputs": store_inputs(desk.store, tables, Path(folder)),
            "terms": terms_as_json(terms),
            "portal": desk.portal.terms(),
            "selection": desk.portal.selection.version,
            "writer": WRITER_VERSION,
        }
        if has_own_prices(desk.portal):
            rules["reckoning"] = keep_reckoning(projection.transaction, desk.store)
        files = [
            FormedFile(
                judged,
                desk.store.put_file(judged.path),
                store_manifest(desk.store, [judged.manifest]),
            )
            for judged in judge_files(write_package(tables, terms, Path(folder)), tables, terms)
        ]
    package = Package(
        files, projection.pictures(), delta, counts, rules, terms.extent.value, held.records
    )
    with desk.lease.writing(desk.warehouse, "plan_package") as transaction:
        delivery_key = file_package(transaction, desk, projection, package)
    return Formed(desk.portal.name, delivery_key, counts, held, [file.name for file in files])


def form_again(store: Store, rules: Mapping[str, Any], file_name: str) -> bytes:
    """Form a file once more out of its kept inputs; return its bytes."""
    with tempfile.TemporaryDirectory(prefix="obmen-form-") as folder:
        inputs = Path(folder) / "inputs"
        inputs.mkdir()
        tables = load_inputs(store, rules["inputs"], inputs)
        files = write_package(tables, terms_from_json(rules["terms"]), Path(folder))
        return next(path for path in files if path.name == file_name).read_bytes()
