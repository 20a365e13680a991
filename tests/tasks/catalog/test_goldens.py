"""The stored catalog equals the file, field by field: golden twins and the sandbox's own truth."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.export import Client, Order, export
from tasks.catalog.portions import order_of
from tasks.model.messages import Terms
from tests.tasks.catalog.kept import Kept, read_kept
from tests.tasks.catalog.plain import take_files

_SAMPLES = Path(__file__).parents[2] / "samples" / "commerceml"
_SHAPES = sorted(path for path in _SAMPLES.iterdir() if path.is_dir())
_NOT_KEPT = ("counterparties", "documents")
_UNDECLARED = Terms(undeclared=frozenset({"price_types", "warehouses"}))


@pytest.mark.parametrize("shape", _SHAPES, ids=lambda shape: shape.name)
def test_every_column_of_a_sample_is_in_the_warehouse(
    warehouse: Warehouse, store: Store, tmp_path: Path, shape: Path
) -> None:
    files = sorted(shape.glob("*.xml"), key=lambda path: order_of(path.name))
    twins = [json.loads(file.with_suffix(".expected.json").read_text("utf-8")) for file in files]
    ground = tmp_path / "import.xml"
    ground.write_text(_ground(twins), encoding="utf-8")

    closed = take_files(warehouse, store, ground, *files, terms=_UNDECLARED)

    kept, expected = read_kept(warehouse), _merge(twins)
    assert expected == {key: kept.get(key) for key in expected}
    assert {"closed"} == {message.state for message in closed}
    assert {cause for message in closed for cause, _, _ in message.refusals} <= {
        "DATASET_NOT_TAKEN", *(one["cause"] for twin in twins for one in twin["refused"]),
    }  # fmt: skip


@pytest.mark.parametrize("client", list(Client))
def test_every_value_of_an_exported_company_is_in_the_warehouse(
    warehouse: Warehouse, store: Store, tmp_path: Path, client: Client
) -> None:
    made = export(Company(seed=11, goods=50), tmp_path, Order(client=client, portion=20))
    files = [tmp_path / name for each in made.sets for name in each.documents]

    take_files(warehouse, store, *files)

    kept, lines = read_kept(warehouse), _truth(tmp_path)
    assert {(line["dataset"], line["key"]) for line in lines} == set(kept)
    assert {} == {
        (line["dataset"], line["key"]): difference
        for line in lines
        if (difference := _differ(line, kept[line["dataset"], line["key"]]))
    }


def _merge(twins: list[dict[str, Any]]) -> Kept:
    """The newest record of each key; a bare offer says nothing where one is known."""
    merged: Kept = {}
    for twin in twins:
        for dataset, records in twin["records"].items():
            for record in records:
                place = dataset, record["key"]
                if dataset in _NOT_KEPT or (record.get("is_bare") and place in merged):
                    continue
                merged[place] = {
                    name: value
                    for name, value in record.items()
                    if name not in ("record_no", "key", "is_bare")
                }
    return merged


def _ground(twins: list[dict[str, Any]]) -> str:
    """Groups, goods and offers that the sample refers to and does not bring."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for twin in twins:
        for record in twin["records"].get("goods", []):
            found["groups"] |= set(record.get("group_ids", ()))
        for record in twin["records"].get("groups", []):
            found["groups"] |= {record["parent_id"]} if record.get("parent_id") else set()
        for record in twin["records"].get("offers", []):
            found["goods"].add(record["product_id"])
        for record in (*twin["records"].get("prices", []), *twin["records"].get("stock", [])):
            found["offers"].add(record["offer_id"])
    brought = _merge(twins)
    bare = {key for key in found["offers"] if ("offers", key) not in brought}
    found["goods"] |= {key.partition("#")[0] for key in bare}
    offers = "".join(f"<Предложение><Ид>{key}</Ид></Предложение>" for key in sorted(bare))
    groups = "".join(
        f"<Группа><Ид>{key}</Ид><Наименование>{key}</Наименование></Группа>"
        for key in sorted(found["groups"])
        if ("groups", key) not in brought
    )
    goods = "".join(
        f"<Товар><Ид>{key}</Ид><Наименование>{key}</Наименование></Товар>"
        for key in sorted(found["goods"])
    )
    return (
        f"<КоммерческаяИнформация><Классификатор><Группы>{groups}</Группы></Классификатор>"
        f"<Каталог><Товары>{goods}</Товары></Каталог><ПакетПредложений><Предложения>{offers}"
        "</Предложения></ПакетПредложений></КоммерческаяИнформация>"
    )


def _truth(folder: Path) -> list[dict[str, Any]]:
    """The last line of each record: later files of an export repeat offers."""
    text = (folder / "truth.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    described: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        place = line["dataset"], line["key"]
        if place not in described or line["dataset"] != "offers":
            described[place] = line
    return list(described.values())


def _differ(line: dict[str, Any], row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    said = {name: value for name, value in line["values"].items() if name != "kind"}
    if line["dataset"] == "goods":
        said["kind"] = line["values"]["kind"]
    return {
        name: (value, row.get(name))
        for name, value in said.items()
        if (value or None) != (row.get(name) or None)
    }
