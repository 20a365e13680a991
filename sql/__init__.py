"""What we keep: one statement per file, named verb_table, loaded by name; none is in Python."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`; `name` may hold one folder (`gateway/insert_chunk`).

    Raises FileNotFoundError when there is no such statement.
    """
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
