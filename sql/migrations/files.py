"""Runs one .sql file of this folder as it stands."""

from pathlib import Path

from alembic import op


def run_file(name: str) -> None:
    """Run every statement of `sql/migrations/<name>.sql` in the open transaction."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    # Past SQLAlchemy, which would take a colon in a comment for a parameter.
    op.get_bind().connection.cursor().execute(text)
