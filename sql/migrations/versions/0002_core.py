"""Apply 0002_core.sql."""

from sql.migrations.files import run_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0002_core")
