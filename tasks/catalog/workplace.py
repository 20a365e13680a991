"""Where a run works: for whom, by which right, on which warehouse and store."""

from dataclasses import dataclass

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.lease import Lease
from tasks.model.messages import Terms


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every step of taking a message needs beside the message."""

    terms: Terms
    lease: Lease
    warehouse: Warehouse
    store: Store
