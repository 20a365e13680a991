"""The good files that variants spoil, and the keys that each of them brings.

Every Ид in `good/` begins with `@`, which becomes the mark of the variant: so all variants stand
side by side in one warehouse and each knows its own records. Offers and rows of the table belong
to records of the ground file, which is taken before all variants. Re-exports of prices and rests
change what a good package of the same mark has brought before them.
"""

from pathlib import Path
from typing import Final

GROUND: Final = "ground"
Keys = frozenset[tuple[str, str]]

_FOLDER: Final = Path(__file__).parent / "good"
CATALOG, PACKAGE, TABLE, REPRICED, RESTOCKED = (
    (_FOLDER / name).read_text(encoding="utf-8")
    for name in ("catalog.xml", "package.xml", "table.csv", "prices.xml", "rests.xml")
)

OFFER, OTHER_OFFER = f"{GROUND}-p1#@o1", f"{GROUND}-p1#@o2"
PRICE = f"{OFFER}|@t1|шт|"
_KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    CATALOG: {
        "groups": ("@g1", "@g2", "@g3"),
        "properties": ("@s1", "@s2"),
        "categories": ("@y1",),
        "units": ("@e1",),
        "goods": ("@p1", "@p2", "@p3"),
    },
    PACKAGE: {
        "price_types": ("@t1", "@t2"),
        "warehouses": ("@w1", "@w2"),
        "offers": (OFFER, OTHER_OFFER),
        "prices": (PRICE, f"{OFFER}|@t2||", f"{OTHER_OFFER}|@t1||"),
        "stock": (f"{OFFER}|", f"{OFFER}|@w1", f"{OFFER}|@w2", f"{OTHER_OFFER}|@w1"),
    },
    TABLE: {"goods": ("@r1", "@r2", "@r3")},
    REPRICED: {"prices": (PRICE, f"{OFFER}|@t2||", f"{OTHER_OFFER}|@t1||")},
    RESTOCKED: {"stock": (f"{OFFER}|@w1", f"{OFFER}|@w2", f"{OTHER_OFFER}|@w1")},
}


def written(template: str, mark: str) -> str:
    """A file, or a key, of the variant with this mark."""
    return template.replace("@", f"{mark}-")


def keys_of(template: str) -> Keys:
    """The keys that a good file brings, with `@` for the mark."""
    kept = _KEYS[template]
    return frozenset((dataset, key) for dataset, keys in kept.items() for key in keys)
