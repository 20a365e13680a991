"""All places where something becomes durable, read from the sources of the product."""

import ast
from collections.abc import Iterator
from pathlib import Path

from blocks.settings import PROJECT

_PUTS = {"put": "raw", "put_file": "raw", "put_named": ""}
# What put_named stores is named by its key, which a reader of sources cannot know.
_NAMED = {
    "tasks/catalog/reporting.py": "reports",
    "tasks/journal/protocol.py": "protocols",
    "tasks/publication/reporting.py": "reports",
}
READS = ("select_", "find_", "count_", "watch")


def durable_sites(where: str) -> set[str]:
    """Return the names of the crash points of everything in a folder, or a file, that writes."""
    path = PROJECT / where
    return {
        name
        for file in (path.rglob("*.py") if path.is_dir() else [path])
        for name in _names(file)
        if not name.startswith(READS)
    }


def _names(file: Path) -> Iterator[str]:
    where = file.relative_to(PROJECT).as_posix()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        words = [
            each.value for each in node.args if _is_text(each) and isinstance(each, ast.Constant)
        ]
        if node.func.attr in {"transaction", "writing"}:
            yield from (str(word) for word in words)
        elif node.func.attr in _PUTS and _is_store(node.func.value):
            under = [each.value for each in node.keywords if each.arg == "under"]
            named = _NAMED[where] if node.func.attr == "put_named" else _PUTS[node.func.attr]
            yield f"put_{ast.literal_eval(under[0]) if under else named}"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_store(node: ast.expr) -> bool:
    return ast.unparse(node).rpartition(".")[2] in {"store", "_store"}


# The road out has a test of its own, with portals at its end.
OUTGOING = durable_sites("tasks/publication") | durable_sites("tasks/journal/deliveries.py")
