"""The files of an export: well-formed, true to the company, and shaped as the real clients do."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from sandbox.company import Company
from sandbox.dialect import DIALECTS, Client
from sandbox.export import Export, Mode, Order, export

DIALECT_NAMES = sorted((client, version) for client, version in DIALECTS)
ROOTS = {
    "groups": "Группа",
    "properties": "Свойство",
    "price_types": "ТипЦены",
    "units": "ЕдиницаИзмерения",
    "goods": "Товар",
    "offers": "Предложение",
    "prices": "Цена",
}
# The order of 2.07's sequence, of those elements that are written.
GOOD_ORDER = (
    "Ид",
    "Штрихкод",
    "Артикул",
    "Наименование",
    "БазоваяЕдиница",
    "Группы",
    "Описание",
    "Картинка",
    "Страна",
    "ТорговаяМарка",
    "Изготовитель",
    "ЗначенияСвойств",
    "СтавкиНалогов",
    "ЗначенияРеквизитов",
)
OFFER_ORDER = (
    "Ид",
    "Штрихкод",
    "Артикул",
    "Наименование",
    "БазоваяЕдиница",
    "ХарактеристикиТовара",
    "Цены",
    "Количество",
    "Склад",
)
PRICE_ORDER = (
    "Представление",
    "ИдТипаЦены",
    "ЦенаЗаЕдиницу",
    "Валюта",
    "Единица",
    "Коэффициент",
    "МинКоличество",
)
CHANGE_ORDER = ("Ид", "ИдХарактеристики", "КодЕдиницыИзмерения", "Склады", "Цены", "Количество")


def later_company(goods: int = 60) -> Company:
    return Company(7, goods=goods).after(1, 0.3)


def written(folder: Path, client: Client = Client.A, mode: Mode = Mode.FULL) -> Export:
    return export(later_company(), folder, Order(client, mode, portion=40))


def truth_of(folder: Path) -> list[dict[str, str]]:
    text = (folder / "truth.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def documents(result: Export) -> list[tuple[str, ET.Element]]:
    names = [name for each in result.sets for name in each.documents]
    return [(name, ET.parse(result.folder / name).getroot()) for name in names]  # noqa: S314


def found(root: ET.Element, tag: str) -> list[ET.Element]:
    return [each for each in root.iter() if local(each) == tag]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(("client", "version"), DIALECT_NAMES)
def test_every_file_is_well_formed_and_holds_what_the_manifest_says(
    tmp_path: Path, client: Client, version: str, mode: Mode
) -> None:
    order = Order(client, mode, portion=40, version=version)
    result = export(later_company(), tmp_path, order)
    entries = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    counted = {
        name: {word: len(found(root, tag)) for word, tag in ROOTS.items() if found(root, tag)}
        for name, root in documents(result)
    }
    said = {
        entry["name"]: {word: n for word, n in entry["records"].items() if word in ROOTS}
        for entry in entries
    }

    assert said == counted


def test_the_truth_has_one_line_a_record_and_no_key_twice_in_a_file(tmp_path: Path) -> None:
    written(tmp_path)
    lines = truth_of(tmp_path)
    entries = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    keys = Counter((line["file"], line["dataset"], line["key"]) for line in lines)

    assert sum(sum(entry["records"].values()) for entry in entries) == len(lines)
    assert set(keys.values()) == {1}


def test_the_same_order_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, Client.B31)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in (tmp_path / "one", tmp_path / "two")
    )

    assert one == two


def test_only_the_first_portion_of_client_a_is_full_and_has_the_classifier(tmp_path: Path) -> None:
    shown = [
        (name, catalog.get("СодержитТолькоИзменения"), bool(found(root, "Классификатор")))
        for name, root in documents(written(tmp_path))
        for catalog in found(root, "Каталог")
    ]

    assert shown == [("import0_1.xml", "false", True), ("import0_2.xml", "true", False)]


def test_changes_hold_the_touched_goods_and_say_so(tmp_path: Path) -> None:
    roots = [root for _, root in documents(written(tmp_path, mode=Mode.CHANGES))]
    goods = [good for root in roots for good in found(root, "Товар")]
    extents = {
        each.get("СодержитТолькоИзменения")
        for root in roots
        for each in root
        if local(each) != "Классификатор"
    }

    assert len(list(later_company().changed())) == len(goods)
    assert extents == {"true"}


def test_a_deleted_product_is_marked_by_status_or_by_flag(tmp_path: Path) -> None:
    company = Company(7, goods=300).after(1, 0.5)
    gone = {
        company.good(index).id for index in range(len(company)) if company.good(index).is_deleted
    }
    standard = export(company, tmp_path / "a")
    split = export(company, tmp_path / "b", Order(Client.B31))
    by_status = {
        good[0].text
        for _, root in documents(standard)
        for good in found(root, "Товар")
        if good.get("Статус") == "Удален"
    }
    by_flag = {
        good[0].text
        for _, root in documents(split)
        for good in found(root, "Товар")
        if found(good, "ПометкаУдаления")[0].text == "true"
    }

    assert gone
    assert gone == by_status == by_flag


def test_deleted_products_may_be_absent_instead(tmp_path: Path) -> None:
    company = Company(7, goods=300).after(1, 0.5)
    result = export(company, tmp_path, Order(leave_out_deleted=True))
    goods = [good for _, root in documents(result) for good in found(root, "Товар")]
    alive = [index for index in range(len(company)) if not company.good(index).is_deleted]

    assert len(alive) == len(goods) < len(company)


def test_prices_only_of_client_a_name_the_characteristic_apart(tmp_path: Path) -> None:
    roots = [root for _, root in documents(written(tmp_path, mode=Mode.PRICES))]
    offers = [offer for root in roots for offer in found(root, "Предложение")]

    assert {local(root[0]) for root in roots} == {"ИзмененияПакетаПредложений"}
    assert all("#" not in (offer[0].text or "") for offer in offers)
    assert any(found(offer, "ИдХарактеристики") for offer in offers)
    assert all(found(offer, "Склады") for offer in offers)


def test_prices_only_of_client_b_are_prices_and_rests(tmp_path: Path) -> None:
    names = [name for name, _ in documents(written(tmp_path, Client.B31, Mode.PRICES))]

    assert {name.split("/")[0] for name in names} == {"prices", "rests"}


def test_3_1_gives_every_kind_a_folder_and_reference_data_go_first(tmp_path: Path) -> None:
    names = [name for name, _ in documents(written(tmp_path, Client.B31))]
    folders = list(dict.fromkeys(name.split("/")[0] for name in names))

    expected = "groups propertiesGoods propertiesOffers priceLists storages units goods offers"
    assert [*expected.split(), "prices", "rests"] == folders


def test_2_09_has_two_kinds_of_import_and_three_of_offers(tmp_path: Path) -> None:
    names = [name for name, _ in documents(written(tmp_path, Client.B209))]
    kinds = Counter(name.split("___")[0] for name in names)

    assert set(kinds) == {"import", "offers", "prices", "rests"}
    assert kinds["import"] >= 2


@pytest.mark.parametrize(
    ("client", "version", "start"),
    [
        (Client.A, "2.07", b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>'),
        (Client.OLD, "2.03", b'<?xml version="1.0" encoding="windows-1251"?>'),
    ],
)
def test_files_begin_as_1c_begins_them(
    tmp_path: Path, client: Client, version: str, start: bytes
) -> None:
    result = export(later_company(), tmp_path, Order(client, version=version))
    payload = (tmp_path / result.sets[0].documents[0]).read_bytes()

    assert payload.startswith(start)


def test_the_oldest_dialect_has_its_own_spellings(tmp_path: Path) -> None:
    result = export(later_company(), tmp_path, Order(Client.OLD, version="2.03"))
    _, root = documents(result)[0]

    assert found(root, "ШтрихКод")
    assert found(root, "СодержитТолькоИзменения")[0].text == "false"
    assert root.tag == "КоммерческаяИнформация"


@pytest.mark.parametrize(
    ("mode", "tag", "order"),
    [
        (Mode.FULL, "Товар", GOOD_ORDER),
        (Mode.FULL, "Предложение", OFFER_ORDER),
        (Mode.FULL, "Цена", PRICE_ORDER),
        (Mode.PRICES, "Предложение", CHANGE_ORDER),
    ],
)
def test_elements_stand_in_the_order_of_the_published_schema(
    tmp_path: Path, mode: Mode, tag: str, order: tuple[str, ...]
) -> None:
    roots = [root for _, root in documents(written(tmp_path, mode=mode))]
    records = [each for root in roots for each in found(root, tag)]
    places = [[order.index(local(child)) for child in record] for record in records]

    assert places
    assert all(each == sorted(each) for each in places)


def test_every_picture_named_is_on_the_disk(tmp_path: Path) -> None:
    result = written(tmp_path)
    named = {each.text or "" for _, root in documents(result) for each in found(root, "Картинка")}

    assert named
    assert {name for each in result.sets for name in each.pictures} == named
    assert all((tmp_path / name).is_file() for name in named)


def test_a_company_without_a_step_has_no_changes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without a step"):
        export(Company(7, goods=5), tmp_path, Order(mode=Mode.CHANGES))


def _peak_mb(folder: Path, goods: int) -> float:
    words = (
        "import resource; from pathlib import Path; from sandbox.company import Company;"
        "from sandbox.export import Order, export;"
        f"export(Company(7, goods={goods}, pictures=False), Path({str(folder)!r}),"
        " Order(portion=1_000_000));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True
    )
    return int(shown.stdout) / 1024


def test_memory_does_not_grow_with_twenty_thousand_offers(tmp_path: Path) -> None:
    small = _peak_mb(tmp_path / "small", 100)
    large = _peak_mb(tmp_path / "large", 12_500)
    entries = json.loads((tmp_path / "large/manifest.json").read_text(encoding="utf-8"))["files"]

    assert sum(entry["records"].get("offers", 0) for entry in entries) > 20_000
    assert large < small + 10
