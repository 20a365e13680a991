"""All checks in one list."""

from collections.abc import Sequence
from pathlib import Path

from sandbox.audit import absence, archive, books, core, exports, order
from sandbox.audit.finding import Finding
from sandbox.audit.ledger import Ledger


def audit(
    ledger: Ledger, folders: Sequence[Path] = (), partner: str | None = None, oldest_s: float = 60
) -> list[Finding]:
    """Everything that is broken.

    Args:
        ledger: What there is.
        folders: Exports with their truth, in the order in which they were sent.
        partner: Whose they are; not needed where there is one partner.
        oldest_s: Seconds that a message or an upload may wait.

    """
    return [
        *archive.check_objects(ledger),
        *archive.check_manifests(ledger),
        *archive.check_acknowledgements(ledger),
        *archive.check_uploads(ledger, oldest_s),
        *books.check_balance(ledger),
        *books.check_against_manifests(ledger),
        *books.check_against_bytes(ledger),
        *books.check_refusals(ledger),
        *order.check_states(ledger, oldest_s),
        *order.check_epochs(ledger),
        *order.check_members(ledger),
        *order.check_checkpoints(ledger),
        *order.check_clocks(ledger),
        *order.check_deliveries(ledger),
        *order.check_staging(ledger),
        *core.check_named(ledger),
        *core.check_references(ledger),
        *core.check_history(ledger),
        *absence.check_withdrawn(ledger),
        *absence.check_returned(ledger),
        *absence.check_lists(ledger),
        *exports.check_exports(ledger, folders, partner),
    ]
