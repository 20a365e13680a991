"""Apply 0005_publication.sql."""

from sql.migrations.files import run_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    run_file("0005_publication")
