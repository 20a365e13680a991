"""Apply 0008_pricing.sql."""

from sql.migrations.files import run_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0008_pricing")
