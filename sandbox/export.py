"""A company written to a folder as the real clients write it, file set by file set.

Nothing is kept in memory but one product: a million offers go straight to the disk. Beside the
files lies the truth of what they say (`manifest.py`).
"""

from dataclasses import dataclass
from pathlib import Path

from sandbox import split, standard
from sandbox.company import Company
from sandbox.desk import Desk, FileSet, Mode, Order
from sandbox.dialect import Client, dialect_of
from sandbox.manifest import Manifest

__all__ = ["Client", "Export", "FileSet", "Mode", "Order", "export"]


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export."""

    folder: Path
    client: Client
    sets: tuple[FileSet, ...]


def export(company: Company, folder: Path, order: Order | None = None) -> Export:
    """Write `company` into the empty `folder` and say which files make which set."""
    order = order or Order()
    if order.mode is Mode.CHANGES and not company.has_changed:
        message = "a company without a step has no changes to export"
        raise ValueError(message)
    writer = split if order.client in {Client.B209, Client.B31} else standard
    with Manifest(folder, _heading(company, order)) as manifest:
        sets = tuple(writer.write(Desk(company, folder, order, manifest)))
    return Export(folder, order.client, sets)


def _heading(company: Company, order: Order) -> dict[str, object]:
    return {
        "seed": company.seed,
        "goods": len(company),
        "steps": len(company.steps),
        "client": order.client,
        "mode": order.mode,
        "version": dialect_of(order.client, order.version).version,
    }
