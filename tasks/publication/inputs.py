"""The inputs of a formed package, kept so that it can be formed again to the same bytes.

Each table is an Arrow file in the store, under its hash; reading it back maps it into memory.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from blocks.store import Store
from tasks.model.datasets import Dataset


def store_inputs(store: Store, tables: Mapping[Dataset, pa.Table], folder: Path) -> dict[str, str]:
    """Keep tables; return the key of each in the store."""
    keys = {}
    for dataset, table in tables.items():
        path = folder / f"{dataset.value}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        keys[dataset.value] = store.put_file(path, under="inputs").key
    return keys


def load_inputs(store: Store, keys: Mapping[str, str], folder: Path) -> dict[Dataset, pa.Table]:
    """Read tables back as they were kept."""
    tables = {}
    for name, key in keys.items():
        path = folder / f"{name}.arrow"
        store.download(key, path)
        tables[Dataset(name)] = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    return tables
