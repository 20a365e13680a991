"""What a closed message told, record by record, also where records were passed over in runs."""

import tempfile
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from blocks.store import Store
from tasks.formats import open_file
from tasks.journal.drafts import as_unchanged
from tasks.journal.manifest import load_manifest


def load_told(
    store: Store, manifest_key: str, object_key: str, left_alone: Collection[str]
) -> pa.Table:
    """Return a message's manifest with a row for each record, those of its runs last.

    Where there are runs, the archived file is read once more: its manifest names them by their
    bytes alone. `left_alone` are the paths that its sender's terms let pass then.
    """
    manifest = load_manifest(store, manifest_key)
    is_run = pc.and_(pc.equal(manifest["key"], ""), pc.equal(manifest["exit"], "unchanged"))
    runs = manifest.filter(is_run)
    if not runs.num_rows:
        return manifest
    begins = np.unique(runs["byte_offset"].to_numpy())
    lengths = dict(
        zip(runs["byte_offset"].to_pylist(), runs["byte_length"].to_pylist(), strict=True)
    )
    ends = begins + np.array([lengths[begin] for begin in begins.tolist()])
    told = [manifest.filter(pc.invert(is_run))]
    with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
        path = Path(folder) / "message"
        store.download(object_key, path)
        for batch in open_file(path, left_alone=frozenset(left_alone)).batches():
            offsets = batch.records["byte_offset"].to_numpy()
            places = np.searchsorted(begins, offsets, "right") - 1
            is_inside = (places >= 0) & (offsets < ends[places])
            if is_inside.any():
                told.append(as_unchanged(batch.dataset, batch.records.filter(pa.array(is_inside))))
    return pa.concat_tables(told)
