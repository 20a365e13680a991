"""All checks in one list."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.audit import (
    absence,
    archive,
    books,
    core,
    deliveries,
    exports,
    formed,
    movements,
    notices,
    order,
    portals,
    quantities,
    shown,
    whole,
)
from sandbox.audit.finding import Finding
from sandbox.audit.ledger import Ledger


def audit(
    ledger: Ledger,
    folders: Sequence[Path] = (),
    partner: str | None = None,
    oldest_s: float = 60,
    held: Mapping[str, portals.Held] | None = None,
) -> list[Finding]:
    """Everything that is broken.

    Args:
        ledger: What there is.
        folders: Exports with their truth, in the order in which they were sent.
        partner: Whose they are; not needed where there is one partner.
        oldest_s: Seconds that a message or an upload may wait.
        held: What portals of the sandbox say that they hold, by name.

    """
    return [
        *archive.check_objects(ledger),
        *archive.check_manifests(ledger),
        *archive.check_acknowledgements(ledger),
        *archive.check_uploads(ledger, oldest_s),
        *ledger.passed,
        *books.check_balance(ledger),
        *books.check_against_manifests(ledger),
        *books.check_against_bytes(ledger),
        *books.check_refusals(ledger),
        *order.check_states(ledger, oldest_s),
        *order.check_epochs(ledger),
        *order.check_members(ledger),
        *order.check_checkpoints(ledger),
        *order.check_clocks(ledger),
        *order.check_staging(ledger),
        *core.check_named(ledger),
        *core.check_references(ledger),
        *core.check_history(ledger),
        *absence.check_withdrawn(ledger),
        *absence.check_returned(ledger),
        *absence.check_lists(ledger),
        *quantities.check_absent(ledger),
        *quantities.check_lacking(ledger),
        *movements.check_movements(ledger),
        *movements.check_balances(ledger),
        *formed.check_formed(ledger),
        *formed.check_formed_books(ledger),
        *formed.check_parcels(ledger),
        *formed.check_carried(ledger),
        *deliveries.check_deliveries(ledger),
        *deliveries.check_attempts(ledger),
        *deliveries.check_turns(ledger),
        *deliveries.check_numbers(ledger),
        *shown.check_shown(ledger),
        *whole.check_whole(ledger),
        *notices.check_notices(ledger),
        *notices.check_heard(ledger),
        *exports.check_exports(ledger, folders, partner),
        *(
            found
            for name, said in (held or {}).items()
            for found in portals.check_portal(ledger, name, said)
        ),
    ]
