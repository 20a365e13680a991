"""Apply 0009_stock.sql."""

from sql.migrations.files import run_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0009_stock")
