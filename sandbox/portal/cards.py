"""Which element fills which field: a Товар, a Предложение and the reference data.

An element that is not there leaves its field out of the values; an empty one makes it None or [].
"""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from sandbox.portal.records import Kind, Record, UnreadableError, Values, canonical

# ЗначенияРеквизитов come as one list: when it is there, what is not in it is empty.
_REQUISITES: dict[str, tuple[str, Callable[[str | None], str | None]]] = {
    "Полное наименование": ("full_name", lambda text: text),
    "Код": ("code", lambda text: text),
    "PartNumber": ("part_number", lambda text: text),
    "ВидНоменклатуры": ("kind", lambda text: text),
    "ТипНоменклатуры": ("item_type", lambda text: text),
    "Комментарий к наличию": ("availability_note", lambda text: text),
    "Количество в упаковке": ("pack_qty", canonical),
    "Объем": ("volume_m3", canonical),
    "Вес": ("weight_kg", canonical),
}
_HTML, _PICTURE_CAPTION = "ОписаниеВФорматеHTML", "ОписаниеФайла"
_TRUE = {"true", "1", "да"}


def name_of(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element, *tags: str) -> Element | None:
    """The first child with one of the tags."""
    return next((each for each in element if name_of(each) in tags), None)


def children(element: Element | None, tag: str) -> list[Element]:
    """All children with the tag."""
    return [] if element is None else [each for each in element if name_of(each) == tag]


def text_of(element: Element | None, *tags: str) -> str | None:
    """The text of a child, stripped; None when it is absent or empty."""
    found = None if element is None else child(element, *tags)
    return None if found is None else ((found.text or "").strip() or None)


def says_true(text: str | None) -> bool:
    """Is it one of the words for yes?"""
    return (text or "").strip().lower() in _TRUE


def is_gone(element: Element) -> bool:
    """Is the record deleted, in any of the three ways to say it?"""
    said = (element.get("Статус") or "", text_of(element, "Статус") or "")
    return "Удален" in said or says_true(text_of(element, "ПометкаУдаления"))


def id_of(element: Element) -> str:
    """Its Ид.

    Raises:
        UnreadableError: it has none.
    """
    found = text_of(element, "Ид")
    if found is None:
        message = f"{name_of(element)} без Ид"
        raise UnreadableError(message)
    return found


def groups(element: Element, parent_id: str | None = None) -> Iterator[Record]:
    """A tree of Группы, parents first."""
    for each in children(element, "Группа"):
        group_id = id_of(each)
        values: Values = {"name": text_of(each, "Наименование"), "parent_id": parent_id}
        yield Record(Kind.GROUPS, group_id, values, is_gone(each))
        if (inner := child(each, "Группы")) is not None:
            yield from groups(inner, group_id)


def known_properties(element: Element) -> Iterator[Record]:
    """Свойства with their dictionaries."""
    for each in children(element, "Свойство"):
        choices = [
            {"id": text_of(choice, "ИдЗначения"), "value": text_of(choice, "Значение")}
            for choice in children(child(each, "ВариантыЗначений"), "Справочник")
        ]
        values: Values = {
            "name": text_of(each, "Наименование"),
            "kind": text_of(each, "ТипЗначений"),
            "choices": choices,
        }
        yield Record(Kind.PROPERTIES, id_of(each), values, is_gone(each))


def units(element: Element) -> Iterator[Record]:
    """ЕдиницыИзмерения."""
    for each in children(element, "ЕдиницаИзмерения"):
        values: Values = {
            "code": text_of(each, "Код"),
            "name": text_of(each, "НаименованиеКраткое"),
            "full_name": text_of(each, "НаименованиеПолное"),
        }
        yield Record(Kind.UNITS, id_of(each), values, is_gone(each))


def price_types(element: Element) -> Iterator[Record]:
    """ТипыЦен."""
    for each in children(element, "ТипЦены"):
        included = text_of(child(each, "Налог"), "УчтеноВСумме")
        values: Values = {
            "name": text_of(each, "Наименование"),
            "currency": text_of(each, "Валюта"),
            "is_tax_included": None if included is None else says_true(included),
        }
        yield Record(Kind.PRICE_TYPES, id_of(each), values, is_gone(each))


def warehouses(element: Element) -> Iterator[Record]:
    """Склады."""
    for each in children(element, "Склад"):
        values: Values = {
            "name": text_of(each, "Наименование"),
            "address": text_of(child(each, "Адрес"), "Представление"),
        }
        yield Record(Kind.WAREHOUSES, id_of(each), values, is_gone(each))


def good(element: Element, *, is_whole: bool) -> Record:
    """A Товар."""
    values = shared(element)
    for tag, field in (("Страна", "country"), ("ТорговаяМарка", "brand")):
        if child(element, tag) is not None:
            values[field] = text_of(element, tag)
    if child(element, "Описание") is not None:
        values |= {"description": text_of(element, "Описание"), "is_description_html": False}
    if (found := child(element, "Группы")) is not None:
        values["group_ids"] = [each.text.strip() for each in children(found, "Ид") if each.text]
    if (found := child(element, "Изготовитель")) is not None:
        values["manufacturer_id"] = text_of(found, "Ид")
        values["manufacturer_name"] = text_of(found, "Наименование")
    if (found := child(element, "СтавкиНалогов")) is not None:
        values["vat_rate"] = text_of(child(found, "СтавкаНалога"), "Ставка")
    requisites = _requisites(element)
    if requisites is not None:
        values |= _from_requisites(requisites)
    if child(element, "Вес") is not None:
        values["weight_kg"] = canonical(text_of(element, "Вес"))
    if pictures := children(element, "Картинка"):
        captions = dict(
            text.partition("#")[::2]
            for name, text in requisites or []
            if name == _PICTURE_CAPTION and text
        )
        paths = [each.text.strip() for each in pictures if each.text and each.text.strip()]
        values["pictures"] = [{"path": path, "caption": captions.get(path)} for path in paths]
    return Record(Kind.GOODS, id_of(element), values, is_gone(element), is_whole)


def shared(element: Element) -> Values:
    """What a Товар and a Предложение have in common."""
    values: Values = {}
    for tags, field in (
        (("Штрихкод", "ШтрихКод"), "barcode"),
        (("Артикул",), "article"),
        (("Наименование",), "name"),
    ):
        if child(element, *tags) is not None:
            values[field] = text_of(element, *tags)
    if (unit := child(element, "БазоваяЕдиница")) is not None:
        text = (unit.text or "").strip()
        values["unit_code"] = (unit.get("Код") or "").strip() or (text if text.isdigit() else None)
        values["unit_name"] = None if text.isdigit() else text or None
    if (found := child(element, "ЗначенияСвойств")) is not None:
        values["properties"] = [
            {
                "id": id_of(each),
                "values": [one.text.strip() for one in children(each, "Значение") if one.text],
            }
            for each in children(found, "ЗначенияСвойства")
        ]
    if (found := child(element, "ХарактеристикиТовара")) is not None:
        values["characteristics"] = [
            {
                "id": text_of(each, "Ид"),
                "name": text_of(each, "Наименование"),
                "value": text_of(each, "Значение"),
            }
            for each in children(found, "ХарактеристикаТовара")
        ]
    return values


def _requisites(element: Element) -> list[tuple[str | None, str | None]] | None:
    found = child(element, "ЗначенияРеквизитов")
    if found is None:
        return None
    return [
        (text_of(each, "Наименование"), one.text.strip() if one.text else None)
        for each in children(found, "ЗначениеРеквизита")
        for one in children(each, "Значение")
    ]


def _from_requisites(requisites: list[tuple[str | None, str | None]]) -> Values:
    said = dict(requisites)
    values: Values = {field: read(said.get(name)) for name, (field, read) in _REQUISITES.items()}
    values["requisites"] = [
        {"name": name, "value": text}
        for name, text in requisites
        if name not in {*_REQUISITES, _HTML, _PICTURE_CAPTION}
    ]
    if said.get(_HTML):
        values |= {"description": said[_HTML], "is_description_html": True}
    return values
