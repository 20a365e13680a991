"""Apply 0010_latency.sql."""

from pathlib import Path

from sql.migrations.files import run_file

revision = "0010"
# While the numbers between are being written: whichever of them is there.
down_revision = max(
    number for path in Path(__file__).parent.glob("*.py") if (number := path.name[:4]) < revision
)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0010_latency")
