"""Apply 0010_latency.sql."""

from sql.migrations.files import run_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0010_latency")
