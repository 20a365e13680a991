"""What is held as CommerceML slices for `type=get_catalog`: products first, then offers."""

import json
import sqlite3
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.portal.offers import TOTAL

PAGE = 100
_CATALOG = "portal"
_REQUISITES = (
    ("full_name", "Полное наименование"),
    ("code", "Код"),
    ("part_number", "PartNumber"),
    ("kind", "ВидНоменклатуры"),
    ("item_type", "ТипНоменклатуры"),
    ("availability_note", "Комментарий к наличию"),
    ("pack_qty", "Количество в упаковке"),
    ("volume_m3", "Объем"),
    ("weight_kg", "Вес"),
)

Body = dict[str, Any]


def slices(base: sqlite3.Connection) -> int:
    """How many slices there are; at least one of products, for the classifier is in the first."""
    return _pages(base, "goods") + _pages(base, "offers")


def write_slice(base: sqlite3.Connection, number: int, encoding: str) -> bytes:
    """Slice `number`, from 0, a document of its own."""
    root = ET.Element("КоммерческаяИнформация")
    root.set("ВерсияСхемы", "2.07")
    root.set("ДатаФормирования", datetime.now().astimezone().strftime("%Y-%m-%dT%H:%M:%S"))
    goods_pages = _pages(base, "goods")
    if number == 0:
        _classifier(root, base)
    if number < goods_pages:
        _catalog(root, _page(base, "goods", number))
    else:
        _package(root, base, _page(base, "offers", number - goods_pages))
    document: bytes = ET.tostring(root, encoding=encoding, xml_declaration=True)
    return document


def _pages(base: sqlite3.Connection, kind: str) -> int:
    row = base.execute(
        "select count(*) as held from record where kind = ? and is_active", (kind,)
    ).fetchone()
    return max(1, -(-int(row["held"]) // PAGE))


def _page(base: sqlite3.Connection, kind: str, number: int) -> list[tuple[str, Body]]:
    rows = base.execute(
        "select id, body from record where kind = ? and is_active order by id limit ? offset ?",
        (kind, PAGE, number * PAGE),
    )
    return [(row["id"], json.loads(row["body"])) for row in rows]


def _all(base: sqlite3.Connection, kind: str) -> list[tuple[str, Body]]:
    rows = base.execute("select id, body from record where kind = ? order by id", (kind,))
    return [(row["id"], json.loads(row["body"])) for row in rows]


def _leaf(parent: ET.Element, tag: str, text: str | None) -> None:
    """An element with text; none where there is no text."""
    if text is not None:
        ET.SubElement(parent, tag).text = text


def _inside(parent: ET.Element, *tags: str) -> ET.Element:
    for tag in tags:
        parent = ET.SubElement(parent, tag)
    return parent


def _heading(parent: ET.Element, record_id: str, name: str | None) -> None:
    _leaf(parent, "Ид", record_id)
    _leaf(parent, "Наименование", name)


def _classifier(root: ET.Element, base: sqlite3.Connection) -> None:
    top = _inside(root, "Классификатор")
    _heading(top, _CATALOG, "Каталог портала")
    if known := _all(base, "groups"):
        _groups(top, known, None)
    if known := _all(base, "properties"):
        properties = _inside(top, "Свойства")
        for record_id, body in known:
            each = _inside(properties, "Свойство")
            _heading(each, record_id, body["name"])
            _leaf(each, "ТипЗначений", body["kind"])
            choices = _inside(each, "ВариантыЗначений") if body["choices"] else each
            for choice in body["choices"]:
                one = _inside(choices, "Справочник")
                _leaf(one, "ИдЗначения", choice["id"])
                _leaf(one, "Значение", choice["value"])


def _groups(parent: ET.Element, known: list[tuple[str, Body]], above: str | None) -> None:
    """A branch; a group whose parent is not held stands at the top."""
    ids = {record_id for record_id, _ in known}
    branch = [
        (record_id, body)
        for record_id, body in known
        if (body["parent_id"] if body["parent_id"] in ids else None) == above
    ]
    if branch:
        groups = _inside(parent, "Группы")
        for record_id, body in branch:
            each = _inside(groups, "Группа")
            _heading(each, record_id, body["name"])
            _groups(each, known, record_id)


def _catalog(root: ET.Element, goods: list[tuple[str, Body]]) -> None:
    catalog = _inside(root, "Каталог")
    catalog.set("СодержитТолькоИзменения", "false")
    _leaf(catalog, "Ид", _CATALOG)
    _leaf(catalog, "ИдКлассификатора", _CATALOG)
    _leaf(catalog, "Наименование", "Каталог портала")
    shelf = _inside(catalog, "Товары")
    for record_id, body in goods:
        _good(_inside(shelf, "Товар"), record_id, body)


def _good(each: ET.Element, record_id: str, body: Body) -> None:
    _card(each, record_id, body)
    if body["group_ids"]:
        groups = _inside(each, "Группы")
        for group_id in body["group_ids"]:
            _leaf(groups, "Ид", group_id)
    _leaf(each, "Описание", None if body["is_description_html"] else body["description"])
    for picture in body["pictures"]:
        _leaf(each, "Картинка", picture["path"])
    _leaf(each, "Страна", body["country"])
    _leaf(each, "ТорговаяМарка", body["brand"])
    if body["manufacturer_id"]:
        maker = _inside(each, "Изготовитель")
        _heading(maker, body["manufacturer_id"], body["manufacturer_name"])
    _properties(each, body)
    _characteristics(each, body)
    if body["vat_rate"]:
        tax = _inside(each, "СтавкиНалогов", "СтавкаНалога")
        _leaf(tax, "Наименование", "НДС")
        _leaf(tax, "Ставка", body["vat_rate"])
    _requisites(each, body)


def _card(each: ET.Element, record_id: str, body: Body) -> None:
    _leaf(each, "Ид", record_id)
    _leaf(each, "Штрихкод", body["barcode"])
    _leaf(each, "Артикул", body["article"])
    _leaf(each, "Наименование", body["name"])
    if body["unit_code"] or body["unit_name"]:
        unit = _inside(each, "БазоваяЕдиница")
        unit.text = body["unit_name"] or body["unit_code"]
        if body["unit_code"]:
            unit.set("Код", body["unit_code"])


def _properties(each: ET.Element, body: Body) -> None:
    if body["properties"]:
        known = _inside(each, "ЗначенияСвойств")
        for said in body["properties"]:
            one = _inside(known, "ЗначенияСвойства")
            _leaf(one, "Ид", said["id"])
            for value in said["values"]:
                _leaf(one, "Значение", value)


def _characteristics(each: ET.Element, body: Body) -> None:
    if body["characteristics"]:
        known = _inside(each, "ХарактеристикиТовара")
        for said in body["characteristics"]:
            one = _inside(known, "ХарактеристикаТовара")
            _leaf(one, "Ид", said["id"])
            _leaf(one, "Наименование", said["name"])
            _leaf(one, "Значение", said["value"])


def _requisites(each: ET.Element, body: Body) -> None:
    said = [(name, body[field]) for field, name in _REQUISITES if body[field] is not None]
    said += [(one["name"], one["value"]) for one in body["requisites"]]
    if body["is_description_html"]:
        said.append(("ОписаниеВФорматеHTML", body["description"]))
    captions = [(one["path"], one["caption"]) for one in body["pictures"] if one["caption"]]
    said += [("ОписаниеФайла", f"{path}#{caption}") for path, caption in captions]
    if said:
        known = _inside(each, "ЗначенияРеквизитов")
        for name, value in said:
            one = _inside(known, "ЗначениеРеквизита")
            _leaf(one, "Наименование", name)
            _leaf(one, "Значение", value)


def _package(root: ET.Element, base: sqlite3.Connection, page: list[tuple[str, Body]]) -> None:
    package = _inside(root, "ПакетПредложений")
    package.set("СодержитТолькоИзменения", "false")
    _heading(package, f"{_CATALOG}#", "Предложения портала")
    _leaf(package, "ИдКаталога", _CATALOG)
    _leaf(package, "ИдКлассификатора", _CATALOG)
    if known := _all(base, "price_types"):
        kinds = _inside(package, "ТипыЦен")
        for record_id, body in known:
            each = _inside(kinds, "ТипЦены")
            _heading(each, record_id, body["name"])
            _leaf(each, "Валюта", body["currency"])
            if body["is_tax_included"] is not None:
                tax = _inside(each, "Налог")
                _leaf(tax, "Наименование", "НДС")
                _leaf(tax, "УчтеноВСумме", str(body["is_tax_included"]).lower())
    if known := _all(base, "warehouses"):
        places = _inside(package, "Склады")
        for record_id, body in known:
            each = _inside(places, "Склад")
            _heading(each, record_id, body["name"])
            if body["address"]:
                _leaf(_inside(each, "Адрес"), "Представление", body["address"])
    shelf = _inside(package, "Предложения")
    for record_id, body in page:
        _offer(_inside(shelf, "Предложение"), record_id, body)


def _offer(each: ET.Element, record_id: str, body: Body) -> None:
    _card(each, record_id, body)
    _characteristics(each, body)
    _properties(each, body)
    if body["prices"]:
        prices = _inside(each, "Цены")
        for price in body["prices"].values():
            one = _inside(prices, "Цена")
            _leaf(one, "ИдТипаЦены", price["price_type_id"])
            _leaf(one, "ЦенаЗаЕдиницу", price["amount"])
            _leaf(one, "Валюта", price["currency"])
            _leaf(one, "Единица", price["unit"])
            _leaf(one, "Коэффициент", price["coefficient"])
            _leaf(one, "МинКоличество", price["min_qty"])
    _leaf(each, "Количество", body["stock"].get(TOTAL))
    for warehouse_id, quantity in body["stock"].items():
        if warehouse_id != TOTAL:
            place = _inside(each, "Склад")
            place.set("ИдСклада", warehouse_id)
            place.set("КоличествоНаСкладе", quantity or "0")
