"""Apply 0003_staging.sql."""

from sql.migrations.files import run_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0003_staging")
