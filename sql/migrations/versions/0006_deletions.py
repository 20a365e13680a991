"""Apply 0006_deletions.sql."""

from sql.migrations.files import run_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0006_deletions")
