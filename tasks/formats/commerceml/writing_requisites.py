"""Requisites of a product that agree with its columns: the columns win.

Many columns have no element of their own in a version and travel as requisites (`Вес`, `Код`).
A column may have come from another source, been taken away by the partner's selection or filled
by his override; then its requisite is rewritten, or left out, so that the file never says two
things, and never what was taken away.
"""

from typing import Any, Final

from tasks.formats.commerceml.records import TYPED_REQUISITES, normalise_name
from tasks.formats.values import ValueFaultError, holds_html, parse_decimal, parse_flag

# The name under which a column is written when no requisite says it yet.
REQUISITES: Final = {
    "full_name": "Полное наименование",
    "code": "Код",
    "kind": "ВидНоменклатуры",
    "item_type": "ТипНоменклатуры",
    "weight_kg": "Вес",
    "volume_m3": "Объем",
    "pack_qty": "Количество в упаковке",
    "availability_note": "Комментарий к наличию",
    "part_number": "PartNumber",
    "country": "Страна",
    "brand": "Торговая марка",
}
_DECIMALS: Final = frozenset({"weight_kg", "volume_m3", "pack_qty"})
_PICTURE_NOTE: Final = "ОписаниеФайла"
_HTML_NOTE: Final = "ОписаниеВФорматеHTML"
_KEPT_DESCRIPTION: Final = "Описание"

Row = dict[str, Any]  # JSON columns parsed
Requisites = list[dict[str, Any]]


def settle_row(row: Row, elements: frozenset[str]) -> None:
    """Make requisites, taxes, pictures and description of one product agree, in place.

    `elements` are the columns that the version writes in elements of their own.
    """
    row["requisites"] = _settle_typed(row, elements)
    _settle_pictures(row)
    _settle_description(row)
    _settle_taxes(row)


def _settle_typed(row: Row, elements: frozenset[str]) -> Requisites:
    requisites: Requisites = row["requisites"] or []
    said = _read_typed(requisites)
    added: Requisites = []  # in front: the first requisite of a name is the one that counts
    for column, name in REQUISITES.items():
        wanted = row[column]
        if said.get(column) == wanted or (wanted is not None and column in elements):
            continue
        requisites = [entry for entry in requisites if _find_column(entry) != column]
        if wanted is not None:
            added.append(_make_requisite(name, wanted))
    return added + requisites


def _read_typed(requisites: Requisites) -> dict[str, str | None]:
    said: dict[str, str | None] = {}
    for entry in requisites:
        column = _find_column(entry)
        if column and entry["values"] and said.get(column) is None:
            said[column] = _read_value(column, entry["values"][0])
    return said


def _find_column(entry: dict[str, Any]) -> str | None:
    return TYPED_REQUISITES.get(normalise_name(entry["name"] or ""))


def _read_value(column: str, text: str) -> str | None:
    if column not in _DECIMALS:
        return text
    try:
        return parse_decimal(text)
    except ValueFaultError:
        return None


def _make_requisite(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "values": [value]}


def _list_notes(row: Row, name: str) -> list[str]:
    return [
        text
        for entry in row["requisites"]
        if normalise_name(entry["name"] or "") == normalise_name(name)
        for text in entry["values"]
    ]


def _drop_notes(row: Row, name: str) -> None:
    row["requisites"] = [
        entry
        for entry in row["requisites"]
        if normalise_name(entry["name"] or "") != normalise_name(name)
    ]


def _settle_pictures(row: Row) -> None:
    pictures = row["pictures"] or []
    if pictures == _caption(row):
        return
    _drop_notes(row, _PICTURE_NOTE)
    for picture in pictures:
        if picture["caption"] is not None:
            note = f"{picture['path']}#{picture['caption']}"
            row["requisites"].append(_make_requisite(_PICTURE_NOTE, note))
    row["pictures"] = _caption(row)  # a path with a '#' of its own cannot have a caption


def _caption(row: Row) -> list[dict[str, Any]]:
    notes = [note.partition("#") for note in _list_notes(row, _PICTURE_NOTE)]
    captions = {path.strip(): caption.strip() or None for path, _, caption in notes}
    return [
        {"path": picture["path"], "caption": captions.get(picture["path"])}
        for picture in row["pictures"] or ()
    ]


def _settle_description(row: Row) -> None:
    extra = row["extra"] or {}
    kept = extra.get(_KEPT_DESCRIPTION)
    text, is_html = row["description"], row["is_description_html"]
    if text is not None and is_html is None:
        is_html = row["is_description_html"] = holds_html(text)
    if (text, is_html, kept) == _read_description(row, kept or text):
        return
    _drop_notes(row, _HTML_NOTE)
    row["extra"] = {path: value for path, value in extra.items() if path != _KEPT_DESCRIPTION}
    if text is None:
        row["is_description_html"] = None
    elif is_html != holds_html(text):
        row["requisites"].append(_make_requisite(_HTML_NOTE, "true" if is_html else "false"))


def _read_description(row: Row, text: str | None) -> tuple[str | None, bool | None, str | None]:
    """What the reader makes of the element and of the requisites beside it."""
    is_html, kept = None, None
    for note in _list_notes(row, _HTML_NOTE):
        try:
            is_html = parse_flag(note)
        except ValueFaultError:
            kept = text if text not in (None, note) else kept
            text, is_html = note, True
    if text is None:
        return None, None, kept
    return text, holds_html(text) if is_html is None else is_html, kept


def _settle_taxes(row: Row) -> None:
    taxes = row["taxes"] or []
    rates = [tax["rate"] for tax in taxes if _is_vat(tax)]
    wanted = row["vat_rate"]
    if wanted == (rates[0] if rates else None):
        return
    others = [tax for tax in taxes if not _is_vat(tax)]
    row["taxes"] = others if wanted is None else [{"name": "НДС", "rate": wanted}, *others]


def _is_vat(tax: dict[str, Any]) -> bool:
    return "ндс" in (tax["name"] or "").lower()
