"""A customer's own tree: versions, stable ids, and a place for every product."""

import random
from collections.abc import Iterator

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.catalog.trees import TreeLoaded, TreeNotLoadedError, group_id, load_tree
from tasks.model.datasets import Dataset
from tests.tasks.catalog.builders import Base, base, batch
from tests.tasks.catalog.plain import know_partner

GROUPS = batch(
    Dataset.GROUPS,
    {"id": "g1", "name": "Чай"},
    {"id": "g2", "name": "Зелёный", "parent_id": "g1"},
    {"id": "g3", "name": "Китай", "parent_id": "g2"},
    {"id": "g4", "name": "Кофе"},
)
GOODS = batch(
    Dataset.GOODS,
    {"id": "deep", "name": "Лунцзин", "group_ids": '["g3"]'},
    {"id": "both", "name": "Набор", "group_ids": '["g3", "g4"]'},
    {"id": "coffee", "name": "Арабика", "group_ids": '["g4"]'},
    {"id": "loose", "name": "Ложка"},
    {"id": "gone", "name": "Снят", "group_ids": '["g3"]', "is_deleted": True},
)
UNCLASSIFIED = {id_: {"Без раздела"} for id_ in ("deep", "both", "coffee", "loose")}


@pytest.fixture
def sender(warehouse: Warehouse, store: Store) -> Iterator[Base]:
    with base(warehouse, store) as sender:
        sender.send(GROUPS, GOODS)
        know_partner(warehouse, "portal")
        yield sender


def _map(*rows: str) -> bytes:
    return "\n".join(["kind;id;customer_group", *rows]).encode()


def _load(sender: Base, payload: bytes, person: str = "Иванова") -> TreeLoaded:
    return load_tree(sender.warehouse, sender.store, "portal", "base", "map.csv", payload, person)


def _whose(sender: Base) -> dict[str, object]:
    return {
        "portal_key": know_partner(sender.warehouse, "portal").partner_key,
        "source_key": sender.lease.partner_key,
    }


def _links(sender: Base) -> dict[str, set[str]]:
    """Where each product stands, by the paths of the groups."""
    whose = _whose(sender)
    with sender.warehouse.transaction("ask") as transaction:
        groups = transaction.run("select_customer_groups", **whose)
        links = transaction.run("select_customer_links", **whose)
    paths = {row["id"]: row["path"] for row in groups}
    found: dict[str, set[str]] = {}
    for row in links:
        found.setdefault(row["product_id"], set()).add(paths[row["group_id"]])
    return found


def test_without_a_map_everything_is_unclassified(sender: Base) -> None:
    assert UNCLASSIFIED == _links(sender)


@pytest.mark.parametrize(
    ("rows", "homes"),
    [
        (["group;g1;Напитки"], {"deep": {"Напитки"}, "both": {"Напитки"}}),
        (["group;g1;А", "group;g2;Б"], {"deep": {"Б"}, "both": {"Б"}}),  # the nearest
        (["group;g1;А", "group;g4;К"], {"deep": {"А"}, "both": {"А", "К"}, "coffee": {"К"}}),
        (["group;g1;А", "product;deep;Свой/Путь"], {"deep": {"Свой/Путь"}, "both": {"А"}}),
        (["product;loose;Р", "product;loose;С"], {"loose": {"Р", "С"}}),
        (["group;g3;А", "group;g3;Б"], {"deep": {"А", "Б"}, "both": {"А", "Б"}}),
        (["group;other;А"], {}),
        (["product;gone;А"], {}),
        (["product;deep;Без раздела"], {"deep": {"Без раздела"}}),
    ],
)
def test_a_product_stands_by_its_own_row_else_by_its_nearest_group(
    sender: Base, rows: list[str], homes: dict[str, set[str]]
) -> None:
    _load(sender, _map(*rows))

    assert UNCLASSIFIED | homes == _links(sender)


def test_both_trees_are_kept(sender: Base) -> None:
    before = sender.rows("select * from core.product_in_group order by product_id, group_id")

    _load(sender, _map("group;g1;Напитки"))

    assert before == sender.rows(
        "select * from core.product_in_group order by product_id, group_id"
    )


def test_a_group_has_the_groups_above_it_and_an_id_for_ever(sender: Base) -> None:
    _load(sender, _map("group;g1;Еда/Напитки/Чай"))

    with sender.warehouse.transaction("ask") as transaction:
        groups = transaction.run("select_customer_groups", **_whose(sender))
    assert ["Без раздела", "Еда", "Еда/Напитки", "Еда/Напитки/Чай"] == [g["path"] for g in groups]
    assert [None, None, groups[1]["id"], groups[2]["id"]] == [g["parent_id"] for g in groups]
    assert "ee247054-5627-5c1b-8171-59a81970de3c" == groups[1]["id"]
    assert str(group_id("portal", ("Без раздела",))) == groups[0]["id"]


def test_each_load_is_a_version_and_the_same_bytes_are_none(sender: Base) -> None:
    first, second = _map("group;g1;А"), _map("group;g1;Б")

    loads = [_load(sender, payload) for payload in (first, first, second, first)]

    assert [(1, True), (1, False), (2, True), (3, True)] == [(x.version, x.is_new) for x in loads]
    assert {"А"} == _links(sender)["deep"]
    assert [("Иванова", 3)] == [
        (row["loaded_by"], row["loads"])
        for row in sender.rows("select loaded_by, count(*) as loads from core.tree group by 1")
    ]


def test_the_file_of_each_version_is_in_the_store(sender: Base) -> None:
    payload = _map("group;g1;А")
    _load(sender, payload)

    (tree,) = sender.rows("select object_key from core.tree")

    assert payload == sender.store.get(tree["object_key"])


def test_bad_rows_are_kept_and_the_books_of_a_load_balance(sender: Base) -> None:
    loaded = _load(sender, _map("group;g1;А", "folder;g2;Б", "product;new;В"))

    assert (3, 2, 1, True) == (
        loaded.received, loaded.accepted, len(loaded.refused), loaded.is_balanced
    )  # fmt: skip
    assert 1 == loaded.strangers
    assert [{"row_no": 3, "column_name": "kind", "value": "folder"}] == sender.rows(
        "select row_no, column_name, value from core.tree_refusal"
    )


@pytest.mark.parametrize(
    ("names", "payload", "person", "words"),
    [
        (("portal", "base"), _map("group;g1;А"), " ", "say who loads it"),
        (("nobody", "base"), _map("group;g1;А"), "И", "no partner 'nobody'"),
        (("portal", "nobody"), _map("group;g1;А"), "И", "no partner 'nobody'"),
        (("portal", "base"), _map(), "И", "no row that can be taken"),
        (("portal", "base"), _map("x;g1;А"), "И", "no row that can be taken: row 2"),
        (("portal", "base"), b"", "И", "it is empty"),
    ],
)
def test_what_cannot_be_loaded_changes_nothing(
    sender: Base, names: tuple[str, str], payload: bytes, person: str, words: str
) -> None:
    _load(sender, _map("group;g1;А"))

    with pytest.raises(TreeNotLoadedError, match=words):
        load_tree(sender.warehouse, sender.store, *names, "map.csv", payload, person)

    assert {"А"} == _links(sender)["deep"]


@pytest.mark.parametrize("seed", range(6))
def test_every_product_stands_in_at_least_one_group_whatever_the_map(
    warehouse: Warehouse, store: Store, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a map that can be made again
    groups = [f"g{number}" for number in range(20)]
    tree = [
        {"id": id_, "name": id_, "parent_id": dice.choice([None, *groups[:number]])}
        for number, id_ in enumerate(groups)
    ]
    goods = [
        {
            "id": f"p{number}",
            "name": f"Товар {number}",
            "group_ids": f'["{dice.choice(groups)}", "{dice.choice(groups)}"]'
            if dice.random() < 0.8
            else None,
        }
        for number in range(60)
    ]
    rows = {
        f"{kind};{prefix}{dice.randrange(70)};Р{dice.randrange(3)}/К{dice.randrange(4)}"
        for kind, prefix in dice.choices(
            [("group", "g"), ("product", "p")], k=dice.randrange(1, 40)
        )
    }
    with base(warehouse, store) as sender:
        sender.send(batch(Dataset.GROUPS, *tree), batch(Dataset.GOODS, *goods))
        know_partner(warehouse, "portal")
        _load(sender, _map(*sorted(rows)))

        links = _links(sender)

    mapped = {row.split(";")[1]: row for row in rows if row.startswith("product")}
    assert {good["id"] for good in goods} == set(links)
    for product, row in mapped.items():
        assert product not in links or row.rpartition(";")[2] in links[product]


def test_what_a_portal_gets_stands_in_its_own_tree_and_empty_groups_stay_out(sender: Base) -> None:
    _load(sender, _map("group;g1;Напитки/Чай", "group;g4;Пусто", "product;coffee;Напитки"))
    whose = _whose(sender)

    with sender.warehouse.transaction("ask") as transaction:
        transaction.run("publication/open_projection")
        chosen = {"source_key": whose["source_key"], "groups": ["g3"]}
        transaction.run("publication/choose_source_groups", **chosen)
        transaction.run("publication/choose_products", **chosen)
        transaction.run("publication/choose_customer_tree", **whose)
        groups = transaction.execute_compiled("select name from chosen_group order by 1")
        goods = transaction.execute_compiled(
            "select id, jsonb_array_length(group_ids) as homes from chosen_product order by 1"
        )

    assert ["Напитки", "Пусто", "Чай"] == [row["name"] for row in groups]
    assert [("both", 2), ("deep", 1)] == [(row["id"], row["homes"]) for row in goods]
