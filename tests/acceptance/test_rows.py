"""The rows of the mission, one test a row: what a file of 1C leaves in the warehouse.

A row that another test proves is not proven twice:

* S0-18 configure once: `tests/blocks/embedded/test_stack.py` (a schedule, runs of their own), late
  runs are told of in `tests/flows/test_outage.py`, silence in `test_watchdog.py`.
* S0-25 one side fails, the other goes on: `tests/flows/test_outage.py`, `test_partners.py`.
* S0-35 store and forward: `tests/blocks/gateway/test_outages.py`, `test_handover.py`.
* S0-36 any version: `tests/tasks/formats/test_obmen_csv.py`, `test_golden.py`.
* S0-51 by hand, one partner: `tests/flows/test_catalog.py`.
* S1-20 counts of real files: `tests/tasks/formats/test_corpus.py`, `test_inspect.py`.
* S1-21 three commands: `make demo` itself, and `README.md`.
* S1-22 a company's own dialect: `tests/tasks/formats/test_dialects.py`.
* S4-14 authorisation, S4-15 theft: `tests/blocks/gateway/test_entry.py`, `test_secrets.py`,
  `tests/flows/test_secrets.py`, `tests/blocks/embedded/test_stack.py`.
"""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.model.messages import Closed, Terms
from tests.tasks.catalog.plain import USUAL, take_files


@dataclass(frozen=True, slots=True)
class Shop:
    """A partner who drops files, and the warehouse they end in."""

    warehouse: Warehouse
    store: Store
    folder: Path

    def send(self, text: str, name: str = "import.xml", terms: Terms = USUAL) -> Closed:
        """Send one file; return how it ended."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        (closed,) = take_files(self.warehouse, self.store, path, terms=terms)
        return closed

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with self.warehouse.transaction("ask") as transaction:
            return [tuple(row.values()) for row in transaction.execute_compiled(question)]

    def refused(self) -> list[tuple[Any, ...]]:
        """What was refused: dataset, key, cause, place."""
        return self.ask(
            "select dataset, natural_key, cause, place from journal.refusal order by refusal_key"
        )


@pytest.fixture
def shop(warehouse: Warehouse, store: Store, tmp_path: Path) -> Shop:
    return Shop(warehouse, store, tmp_path)


def catalog(goods: str, classifier: str = "", *, is_full: bool = False) -> str:
    """Write a file of goods, with what stands in its classifier."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.08">'
        f"<Классификатор><Ид>k</Ид>{classifier}</Классификатор>"
        f'<Каталог СодержитТолькоИзменения="{str(not is_full).lower()}"><Ид>c</Ид>'
        f"<Товары>{goods}</Товары></Каталог></КоммерческаяИнформация>"
    )


def package(offers: str, frame: str = "") -> str:
    """Write a file of offers, with its price types and warehouses."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.08">'
        f'<ПакетПредложений СодержитТолькоИзменения="true"><Ид>c#</Ид>{frame}'
        f"<Предложения>{offers}</Предложения></ПакетПредложений></КоммерческаяИнформация>"
    )


def good(key: str, more: str = "") -> str:
    """Write a product."""
    return f"<Товар><Ид>{key}</Ид><Наименование>Товар {key}</Наименование>{more}</Товар>"


def group(key: str, inner: str = "") -> str:
    """Write a group with the groups in it."""
    within = f"<Группы>{inner}</Группы>" if inner else ""
    return f"<Группа><Ид>{key}</Ид><Наименование>Группа {key}</Наименование>{within}</Группа>"


def groups(*roots: str) -> str:
    """Write the tree of groups."""
    return f"<Группы>{''.join(roots)}</Группы>"


def price(kind: str, amount: str) -> str:
    """Write a price of a type."""
    return f"<Цена><ИдТипаЦены>{kind}</ИдТипаЦены><ЦенаЗаЕдиницу>{amount}</ЦенаЗаЕдиницу></Цена>"


def offer(key: str, *prices: str, more: str = "") -> str:
    """Write an offer with its prices."""
    named = f"<Ид>{key}</Ид><Наименование>Товар {key}</Наименование>"
    return f"<Предложение>{named}<Цены>{''.join(prices)}</Цены>{more}</Предложение>"


TYPES = (
    "<ТипыЦен><ТипЦены><Ид>rrp</Ид><Наименование>РРЦ</Наименование><Валюта>RUB</Валюта></ТипЦены>"
    "<ТипЦены><Ид>dealer</Ид><Наименование>Дилер</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен>"
)


def test_s1_05_errors_are_caught_before_the_target_and_the_others_go(shop: Shop) -> None:
    lost = good("lost", "<Группы><Ид>nowhere</Ид></Группы>")
    shop.send(catalog(good("1") + good("2") + lost + good("twice") + good("twice", "<Код>7</Код>")))

    shop.send(package(offer("1", price("rrp", "-5")) + offer("2", price("rrp", "10")), TYPES))

    assert {
        ("goods", "lost", "REF_MISSING"),
        ("goods", "twice", "DUP_CONFLICT"),
        ("prices", "1|rrp||", "NUM_RANGE"),
    } == {line[:3] for line in shop.refused()}
    assert [("1",), ("2",)] == shop.ask("select id from core.product order by id")
    assert [("2", "10")] == shop.ask("select offer_id, amount::text from core.price_now")


def test_s1_08_properties_are_typed_and_dictionary_values_resolved(shop: Shop) -> None:
    choices = "<Справочник><ИдЗначения>v1</ИдЗначения><Значение>Зелёный</Значение></Справочник>"
    declared = (
        "<Свойство><Ид>colour</Ид><Наименование>Цвет</Наименование><ТипЗначений>Справочник"
        f"</ТипЗначений><ВариантыЗначений>{choices}</ВариантыЗначений></Свойство>"
        "<Свойство><Ид>power</Ид><Наименование>Мощность</Наименование>"
        "<ТипЗначений>Число</ТипЗначений></Свойство>"
    )
    values = "".join(
        f"<ЗначенияСвойства><Ид>{key}</Ид><Значение>{text}</Значение></ЗначенияСвойства>"
        for key, text in (("colour", "v1"), ("power", "1 200,5"), ("new", "?"))
    )

    shop.send(
        catalog(
            good("1", f"<ЗначенияСвойств>{values}</ЗначенияСвойств>"),
            f"<Свойства>{declared}</Свойства>",
        )
    )

    assert [
        ("colour", "Цвет", "dictionary", "v1", "Зелёный", None, False),
        ("new", None, None, "?", "?", None, True),
        ("power", "Мощность", "number", "1 200,5", "1 200,5", "1200.5", False),
    ] == shop.ask(
        "select property_id, name, value_type, raw, text_value, number_value::text, is_undeclared"
        " from core.product_attribute order by property_id"
    )


def test_s1_09_pictures_are_objects_by_their_hash_and_a_missing_one_is_known(shop: Shop) -> None:
    paths = [f"import_files/{number}.jpg" for number in (1, 2, 3)]
    pictures = "".join(f"<Картинка>{path}</Картинка>" for path in paths)
    archive = shop.folder / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("import.xml", catalog(good("1", pictures)))
        for path in paths[:2]:
            packed.writestr(path, path)

    take_files(shop.warehouse, shop.store, archive)

    hashes = [hashlib.sha256(path.encode()).hexdigest() for path in paths[:2]]
    shown = shop.ask(
        "select path, is_here, encode(sha256, 'hex'), object_key from core.product_picture"
        " where product_id = '1' order by position"
    )
    assert [(paths[0], True, hashes[0]), (paths[1], True, hashes[1]), (paths[2], False, None)] == [
        line[:3] for line in shown
    ]
    assert paths[:2] == [shop.store.get(line[3]).decode() for line in shown[:2]]


def test_s1_10_changes_after_a_full_load_leave_absent_products_alive(shop: Shop) -> None:
    shop.send(catalog(good("1") + good("2") + good("3"), is_full=True))

    shop.send(catalog(good("2", "<Артикул>новый</Артикул>")))

    assert [("1", None, True), ("2", "новый", True), ("3", None, True)] == shop.ask(
        "select id, article, withdrawn_at is null from core.product order by id"
    )


def test_s3_02_the_tree_is_the_sources_and_an_orphan_is_held(shop: Shop) -> None:
    deep = group("1", group("2", group("3", group("4", group("5")))))
    unnamed = "<Группа><Наименование>Без Ид</Наименование><Группы>" + group("orphan")
    tree = groups(deep, group("side"), f"{unnamed}</Группы></Группа>")

    shop.send(catalog(good("p", "<Группы><Ид>5</Ид></Группы>"), tree))

    assert [("1", None), ("2", "1"), ("3", "2"), ("4", "3"), ("5", "4"), ("side", None)] == (
        shop.ask("select id, parent_id from core.product_group order by id")
    )
    assert [("groups", "", "FIELD_MISSING"), ("groups", "orphan", "REF_MISSING")] == [
        line[:3] for line in shop.refused()
    ]
    assert [("p", "5")] == shop.ask("select product_id, group_id from core.product_in_group")


def test_s3_33_a_subtree_that_moves_is_one_changed_parent(shop: Shop) -> None:
    goods = good("p", "<Группы><Ид>leaf</Ид></Группы>")
    branch = group("branch", group("leaf"))
    shop.send(catalog(goods, groups(group("a", branch), group("b"))))

    closed = shop.send(catalog(goods, groups(group("a"), group("b", branch))))

    assert {"file": 1, "groups": 1, "goods": 0} == {
        entry.dataset: entry.accepted for entry in closed.books
    }
    assert [("b",)] == shop.ask("select parent_id from core.product_group where id = 'branch'")


def test_s3_35_sizes_are_numbers_with_units_and_weight_zero_is_flagged(shop: Shop) -> None:
    sizes = (
        "<Артикул>А-1</Артикул><Вес>0.250</Вес><Объем>0,012</Объем>"
        "<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Количество в упаковке</Наименование>"
        "<Значение>12</Значение></ЗначениеРеквизита></ЗначенияРеквизитов>"
    )

    closed = shop.send(catalog(good("1", sizes) + good("light", "<Вес>0</Вес>")))

    report = shop.store.get(closed.report_key or "").decode()
    flagged = report.partition("стоит проверить")[2].partition("</table>")[0]
    assert [("Товар 1", "А-1", 12.0, 0.25, 0.012)] == shop.ask(
        "select name, article, pack_qty::float8, weight_kg::float8, volume_m3::float8"
        " from core.product where id = '1'"
    )
    assert "goods_weight_kg_not_zero" in flagged
    assert "<code>light</code>" in flagged
    assert [] == shop.refused()


def test_s3_36_a_comment_to_availability_survives_with_quotes_and_lines(shop: Shop) -> None:
    comment = "под заказ, \"3–5\" дней;\nсм. <склад> 'А' & Б"
    written = comment.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    shop.send(
        catalog(
            good(
                "1",
                "<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Комментарий к наличию"
                f"</Наименование><Значение>{written}</Значение></ЗначениеРеквизита>"
                "</ЗначенияРеквизитов>",
            )
        )
    )

    assert [(comment,)] == shop.ask("select availability_note from core.product")


def test_s3_37_the_recommended_price_is_a_type_of_its_own(shop: Shop) -> None:
    shop.send(catalog(good("1")))

    shop.send(package(offer("1", price("rrp", "150"), price("dealer", "99.90")), TYPES))

    assert [("Дилер", "99.90"), ("РРЦ", "150")] == [
        (name, f"{amount:.2f}".removesuffix(".00"))
        for name, amount in shop.ask(
            "select price_type, amount from core.price_now order by price_type"
        )
    ]


_TABLES = {
    "goods": "id;name;article;group_ids;weight_kg\n1;Товар 1;А-1;;0.25\n",
    "offers": "id;product_id;name\n1;1;Товар 1\n",
    "prices": "offer_id;price_type_id;amount\n1;rrp;150\n",
    "stock": "offer_id;warehouse_id;quantity\n1;;8\n",
}
_ROWS = """
    select product.id, product.name, product.article, product.weight_kg, product.digest::text,
           offer.id, offer.name, price.amount, price.digest::text, stock.quantity
    from core.product join core.offer using (product_key) join core.price using (offer_key)
    join core.stock using (offer_key)
    join journal.partner on product.partner_key = partner.partner_key
    where partner.name = '{}'
"""


def test_s0_33_a_table_of_our_format_gives_the_rows_of_the_1c_file(shop: Shop) -> None:
    terms = Terms(undeclared=frozenset({"price_types"}))
    told = {
        "import.xml": catalog(good("1", "<Артикул>А-1</Артикул><Вес>0.25</Вес>")).replace(
            "<Ид>c</Ид>", ""
        ),
        "offers.xml": package(offer("1", price("rrp", "150"), more="<Количество>8</Количество>")),
    } | {f"{name}.csv": f"#obmen-catalog;2\n{table}" for name, table in _TABLES.items()}
    for name, text in told.items():
        path = shop.folder / name
        path.write_text(text, encoding="utf-8")
        partner = path.suffix.removeprefix(".")
        take_files(shop.warehouse, shop.store, path, partner=partner, terms=terms)

    rows = shop.ask(_ROWS.format("csv"))

    assert 1 == len(rows)
    assert shop.ask(_ROWS.format("xml")) == rows
    assert [] == shop.refused()


def test_s0_48_a_record_without_a_promised_field_is_refused_by_the_fields_name(shop: Shop) -> None:
    terms = Terms(required={"goods": ["article"]})

    shop.send(catalog(good("1", "<Артикул>А-1</Артикул>") + good("2")), terms=terms)

    assert [("goods", "2", "FIELD_MISSING", "Товар/Артикул")] == shop.refused()
    assert [("1",)] == shop.ask("select id from core.product")


def test_s4_16_a_part_number_is_one_of_its_vendor_whatever_its_case_and_spaces(shop: Shop) -> None:
    def part(key: str, number: str, vendor: str) -> str:
        maker = (
            f"<Изготовитель><Ид>{vendor}</Ид><Наименование>{vendor}</Наименование></Изготовитель>"
        )
        return good(
            key,
            f"{maker}<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>PartNumber"
            f"</Наименование><Значение>{number}</Значение></ЗначениеРеквизита>"
            "</ЗначенияРеквизитов>",
        )

    shop.send(catalog(part("1", "kl 48-A", "acme") + part("other", "KL48-a", "rival")))

    shop.send(catalog(part("2", "KL48-A", "acme")))

    assert [("goods", "2", "PART_NUMBER_TAKEN")] == [line[:3] for line in shop.refused()]
    assert [("1", "kl 48-A"), ("other", "KL48-a")] == shop.ask(
        "select id, part_number from core.product order by id"
    )
