"""What the folders promise and no tool of others checks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml

from blocks import REGISTRY
from blocks.settings import PROJECT

PRODUCT = ("blocks", "expectations", "flows", "tasks")
MIGRATIONS = PROJECT / "sql" / "migrations"


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((PROJECT / folder).rglob("*.py"))


def test_every_migration_is_in_the_row() -> None:
    files = {path.stem for path in MIGRATIONS.glob("*.sql")}

    assert files == {path.stem for path in (MIGRATIONS / "versions").glob("*.py")}


def test_every_block_is_registered() -> None:
    definers = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in modules("blocks")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Block" for base in node.bases)
    }

    assert set(REGISTRY) == definers


def test_every_deployment_names_a_flow_that_exists() -> None:
    deployments = yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))["deployments"]

    for deployment in deployments:
        path, _, name = deployment["entrypoint"].partition(":")
        tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
        flows = {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}
        assert name in flows, deployment["name"]


def test_every_statement_that_is_named_exists() -> None:
    named = {
        (node.func.attr, node.args[0].value)
        for path in modules(*PRODUCT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"run", "one", "count", "fetch"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and node.args[0].value.replace("/", "_").isidentifier()  # text has a `count` too
    }

    assert named
    assert [] == [each for each in named if not (PROJECT / "sql" / f"{each[1]}.sql").exists()]
