"""Where a portal's packages are formed and sent from, and by which right."""

from dataclasses import dataclass

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.lease import Lease
from tasks.model.portals import Portal

EXCHANGE = "publication"


@dataclass(frozen=True, slots=True)
class Desk:
    """A portal, the right to write for it, the warehouse and the store."""

    portal: Portal
    lease: Lease
    warehouse: Warehouse
    store: Store
