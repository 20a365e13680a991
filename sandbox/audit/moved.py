"""What a file of movements says, by an own reading of its bytes."""

import csv
from decimal import Decimal, InvalidOperation

from sandbox.audit.told import join_key

PARTS = ("offer_id", "warehouse_id", "kind", "document", "line")
_HEAD = b"#obmen-catalog"


def read_moved(payload: bytes | None) -> dict[str, Decimal]:
    """Read the quantities of a file of movements in our CSV, by natural key; {} of other files."""
    if payload is None or not payload.removeprefix(b"\xef\xbb\xbf").startswith(_HEAD):
        return {}
    rows = csv.DictReader(payload.decode("utf-8-sig").splitlines()[1:], delimiter=";")
    moved = {}
    for row in rows if "moved_at" in (rows.fieldnames or ()) else ():
        key = join_key(*((row.get(part) or "").strip() for part in PARTS))
        try:
            moved[key] = Decimal(row["quantity"].strip())
        except InvalidOperation:
            continue  # such a line is refused
    return moved
