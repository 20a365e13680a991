"""Apply 0004_grants.sql."""

from sql.migrations.files import run_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0004_grants")
