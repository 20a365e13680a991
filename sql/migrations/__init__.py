"""The tables, as a row of .sql files; `versions/` tells Alembic their order."""
