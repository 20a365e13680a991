"""Read bytes the way the flows do, and look at what came out."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.formats import open_file
from tasks.model.causes import FileFaultError
from tasks.model.datasets import PLACE, Dataset, Heading, RecordFault

_PLACE_NAMES = tuple(column.name for column in PLACE)


@dataclass
class Read:
    """Everything that reading one file gave."""

    heading: Heading
    rules: dict[str, str]
    rows: dict[Dataset, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[RecordFault] = field(default_factory=list)
    fault: FileFaultError | None = None

    def values(self, dataset: Dataset) -> list[dict[str, Any]]:
        """The columns that are there, JSON parsed, without where they stand."""
        return [
            {name: _parse(value) for name, value in row.items()
             if value is not None and name not in _PLACE_NAMES}
            for row in self.rows.get(dataset, [])
        ]  # fmt: skip

    def digests(self) -> list[tuple[str, str, bytes]]:
        """What the warehouse compares: dataset, key and digest, in file order."""
        found = [
            (row["record_no"], str(dataset), row["key"], row["digest"])
            for dataset, rows in self.rows.items()
            for row in rows
        ]
        return [line[1:] for line in sorted(found)]


def read_path(path: Path, **options: Any) -> Read:
    reading = open_file(path, **options)
    read = Read(reading.heading, reading.rules)
    try:
        for batch in reading.batches():
            read.rows.setdefault(batch.dataset, []).extend(batch.records.to_pylist())
            read.faults.extend(batch.faults)
    except FileFaultError as fault:
        read.fault = fault
    read.heading = reading.heading
    return read


def read_bytes(payload: bytes, **options: Any) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message"
        path.write_bytes(payload)
        return read_path(path, **options)


def read_text(text: str, **options: Any) -> Read:
    return read_bytes(text.encode(), **options)


def wrap(body: str, attributes: str = ' ВерсияСхемы="2.07"') -> str:
    return f"<КоммерческаяИнформация{attributes}>{body}</КоммерческаяИнформация>"


def wrap_goods(*goods: str) -> str:
    return wrap(f"<Каталог><Ид>c</Ид><Товары>{''.join(goods)}</Товары></Каталог>")


def wrap_offers(*offers: str) -> str:
    inner = f"<ИдКаталога>c</ИдКаталога><Предложения>{''.join(offers)}</Предложения>"
    return wrap(f"<ПакетПредложений>{inner}</ПакетПредложений>")


def wrap_groups(*groups: str) -> str:
    inner = f"<Ид>k</Ид><Группы>{''.join(groups)}</Группы>"
    return wrap(f"<Классификатор>{inner}</Классификатор>")


def _parse(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return value
