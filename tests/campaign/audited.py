"""The auditor over the services of a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from blocks.settings import Settings
from sandbox.audit.audit import audit
from sandbox.audit.bucket import Bucket
from sandbox.audit.finding import Finding
from sandbox.audit.ledger import read_ledger
from sandbox.audit.portals import Held


def findings(
    settings: Settings,
    folders: Sequence[Path] = (),
    partner: str | None = None,
    held: Mapping[str, Held] | None = None,
) -> list[Finding]:
    """Audit these services against these exports and portals; nothing may wait any more."""
    with Bucket.opened(
        settings.store_endpoint,
        settings.s3_bucket,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
    ) as bucket:
        ledger = read_ledger(settings.warehouse_url_for("obmen_auditor"), bucket)
    return audit(ledger, folders, partner, oldest_s=0, held=held)
