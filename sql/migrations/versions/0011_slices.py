"""Apply 0011_slices.sql."""

from sql.migrations.files import run_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0011_slices")
