"""Apply 0001_journal.sql."""

from sql.migrations.files import run_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0001_journal")
