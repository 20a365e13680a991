"""Apply 0007_trees.sql."""

from sql.migrations.files import run_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0007_trees")
