"""What an operator does by hand, through the deployments: each answers in sentences."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from blocks.embedded.warehouse_setup import connect
from tests.office import Ended, Office, Post, until
from tests.tasks.catalog.whole_exports import goods_xml

pytestmark = pytest.mark.served

_FILE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<КоммерческаяИнформация ВерсияСхемы="2.08"><Каталог СодержитТолькоИзменения="true">'
    "<Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора><Товары>"
    "<Товар><Ид>1</Ид><Наименование>Болт &amp; гайка</Наименование></Товар>"
    "<Товар><Ид>2</Ид><Наименование>Гайка</Наименование><Цвет>синий</Цвет></Товар>"
)
_END = "</Товары></Каталог></КоммерческаяИнформация>"


@dataclass(frozen=True, slots=True)
class Shop:
    """A partner whose first file had a field we do not know, and whose second one is cut."""

    folder: Path
    partner_id: str
    first: Ended


@pytest.fixture(scope="module")
def shop(office: Office, post: Post, folders: Path) -> Shop:
    partner_id = office.add_folder_partner("shop", folders / "shop")
    office.run("admit")
    (folders / "shop" / "goods.xml").write_text(_FILE + _END, encoding="utf-8")
    (folders / "shop" / "later-cut.xml").write_text(
        _FILE.replace("<Ид>1<", "<Ид>3<").partition("<Товар><Ид>2")[0], encoding="utf-8"
    )
    return Shop(folders / "shop", partner_id, office.run("catalog", partner="shop"))


def test_the_artifact_says_what_was_refused_why_and_where(shop: Shop) -> None:
    assert "Completed" == shop.first.state
    assert "`FIELD_UNKNOWN`: 1 record refused, 1 still open" in shop.first.artifact
    assert "Товар/Цвет" in shop.first.artifact
    assert "goods.xml" in shop.first.artifact
    assert "`XML_NOT_WELL_FORMED`: 1 record refused" in shop.first.artifact


def test_people_are_told_of_refused_records(shop: Shop, post: Post) -> None:
    until(lambda: post.has("records were refused", "FIELD_UNKNOWN"))


def test_a_value_is_traced_to_the_bytes_of_its_field(office: Office, shop: Shop) -> None:
    run = office.run("trace", partner="shop", table="product", key="1", column="name")

    start = len(_FILE.partition("Болт &amp; гайка")[0].encode())
    end = start + len("Болт &amp; гайка".encode()) - 1
    assert "Completed" == run.state
    assert "The value is `Болт & гайка`" in run.artifact
    assert f"field `Наименование`, bytes {start}–{end}" in run.artifact


@pytest.mark.parametrize(
    ("deployment", "parameters", "sentence"),
    [
        (
            "trace",
            {"partner": "shop", "table": "product", "key": "no", "column": "name"},
            "partner shop has no product with the key 'no'",
        ),
        ("replay", {"partner": "shop"}, "give either the number of a message, or a partner"),
        (
            "load-tree",
            {"portal": "shop", "file": "map.csv", "person": "Иванова"},
            "'shop' sees no catalog: its block names no source",
        ),
    ],
)
def test_a_wrong_form_ends_with_a_sentence(
    office: Office, shop: Shop, deployment: str, parameters: dict[str, str], sentence: str
) -> None:
    run = office.run(deployment, **parameters)

    assert "Failed" == run.state
    assert sentence in run.message
    assert sentence in run.artifact
    logs = office.call("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run.run_id]}}})
    assert not [line for line in logs if "Traceback" in line["message"]]


def test_refusals_come_in_when_their_cause_is_gone(office: Office, shop: Shop) -> None:
    block = office.call("GET", f"/block_documents/{shop.partner_id}")
    data = {**block["data"], "left_alone": ["Товар/Цвет"]}
    data["channel"] = {"$ref": {"block_document_id": _channel(office)}}
    office.call("PATCH", f"/block_documents/{shop.partner_id}", {"data": data})
    office.run("admit")

    run = office.run("replay", partner="shop", cause="FIELD_UNKNOWN")

    assert ("replay-shop-FIELD_UNKNOWN", "Completed") == (run.name, run.state)
    assert run.artifact.startswith("# replay: 1 message, nothing refused, the books balance")
    assert {"1", "2"} <= _products(office)
    assert [("replayed",)] == office.ask(
        "select refusal.state from journal.refusal join journal.message using (message_key)"
        " join journal.partner using (partner_key)"
        " where refusal.cause = 'FIELD_UNKNOWN' and partner.name = 'shop'"
    )


def test_the_whole_records_of_a_cut_file_are_salvaged(office: Office, shop: Shop) -> None:
    cut = office.ask("select message_key from journal.message where file_name = 'later-cut.xml'")

    run = office.run("salvage", message_key=cut[0][0])

    assert "Completed" == run.state
    assert "3" in _products(office)


def test_a_named_person_closes_what_will_never_come_right(office: Office, shop: Shop) -> None:
    (shop.folder / "empty.xml").write_bytes(b"")
    office.run("catalog", partner="shop")

    run = office.run(
        "waive", partner="shop", cause="FILE_EMPTY", person="Иванова", why="выгружено ошибочно"
    )

    assert "Completed" == run.state
    assert "1 refusal closed for good" in run.artifact
    assert [("waived", "Иванова", "выгружено ошибочно")] == office.ask(
        "select state, waived_by, waived_why from journal.refusal where cause = 'FILE_EMPTY'"
    )


def test_what_a_whole_export_lacks_past_the_limits_waits_until_somebody_confirms(
    office: Office, folders: Path
) -> None:
    office.add_folder_partner("shrunk", folders / "shrunk")
    office.run("admit")
    for goods in (range(30), range(5)):
        (folders / "shrunk" / "import.xml").write_text(
            goods_xml(goods, is_full=True), encoding="utf-8"
        )
        run = office.run("catalog", partner="shrunk")
    ((list_key,),) = office.ask("select list_key from journal.waiting_deletions")

    nobody = office.run("confirm", list_key=list_key, person=" ", why="")
    confirmed = office.run("confirm", list_key=list_key, person="Иванова", why="снято с продажи")
    again = office.run("drop", list_key=list_key, person="Иванова", why="передумала")

    assert f"25 goods would go and **wait** as list {list_key}" in run.artifact
    assert ("Failed", "Completed", "Failed") == (nobody.state, confirmed.state, again.state)
    assert f"25 of 25 records of list {list_key} deleted" in confirmed.artifact
    assert f"list {list_key} is confirmed already, by Иванова" in again.message


def test_people_are_told_of_books_that_do_not_balance(office: Office, post: Post) -> None:
    with connect(office.settings.warehouse_url_for("obmen_owner")) as owner:
        (key,) = owner.execute(
            "insert into journal.message (partner_key, exchange, direction, sha256, size,"
            " object_key, file_name, state, closed_at) select partner_key, 'catalog', 'in',"
            " sha256(''), 0, 'nowhere', 'planted', 'closed', now() from journal.partner limit 1"
            " returning message_key"
        ).fetchone() or (0,)
    try:
        run = office.run("watch")
    finally:
        with connect(office.settings.warehouse_url_for("obmen_owner")) as owner:
            owner.execute("delete from journal.message where message_key = %s", (key,))

    assert "Failed" == run.state
    assert f"message {key} is closed without books" in run.artifact
    until(lambda: post.has("do not balance", f"message {key}"))


def _products(office: Office) -> set[str]:
    rows = office.ask(
        "select product.id from core.product join journal.partner using (partner_key)"
        " where partner.name = 'shop'"
    )
    return {row[0] for row in rows}


def _channel(office: Office) -> str:
    found = office.call("GET", "/block_types/slug/folder/block_documents/name/shop-folder")
    return str(found["id"])
