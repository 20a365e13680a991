"""The JSON columns of our model as XML: lists of a product, and elements kept whole in `extra`."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from tasks.formats.commerceml.render_text import escape_one, escape_one_attribute
from tasks.formats.rows import Json

# Children of an element that was kept whole come out of JSON by the alphabet; the standard has an
# order. It never contradicts itself over the elements that we keep, so one list serves them all.
_ORDER: Final = (
    "Ид", "Штрихкод", "Артикул", "Тип", "Наименование", "ОфициальноеНаименование",
    "БазоваяЕдиница", "Представление", "Значение", "СуммаЗаЕдиницу", "Группы", "Описание",
    "Картинка", "Страна", "ТорговаяМарка", "Изготовитель", "ЗначенияСвойств", "СтавкиНалогов",
    "Ставка", "Валюта", "Акцизы", "ХарактеристикиТовара", "ЗначенияРеквизитов", "ИдКаталога",
    "ИдКлассификатора", "Количество", "Комментарий",
)  # fmt: skip
_RANK: Final = {tag: rank for rank, tag in enumerate(_ORDER)}

Writer = Callable[[Any], str]


def cached(write: Writer) -> Callable[[str], str]:
    """The same as a function of JSON text: rows of a catalog repeat their packages and taxes."""
    return lru_cache(maxsize=4096)(lambda text: write(orjson.loads(text)))


def write_element(tag: str, text: str | None) -> str:
    """`<tag>text</tag>`; nothing for None."""
    return "" if text is None else f"<{tag}>{escape_one(text)}</{tag}>"


def write_kept(tag: str, value: Json) -> str:
    """An element as `elements.to_json` kept it, or each of a list of them."""
    if isinstance(value, list):
        return "".join(write_kept(tag, entry) for entry in value)
    if not isinstance(value, dict):
        return f"<{tag}>{escape_one(_say(value))}</{tag}>"
    names = [name for name in value if name[0] not in "@#"]
    names.sort(key=lambda name: (_RANK.get(name, len(_RANK)), name))
    attributes = "".join(
        f' {name[1:]}="{escape_one_attribute(_say(inner))}"'
        for name, inner in value.items()
        if name[0] == "@"
    )
    own = escape_one(_say(value.get("#text")))
    inner = "".join(write_kept(name, value[name]) for name in names)
    return f"<{tag}{attributes}>{own}{inner}</{tag}>"


def _say(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def write_requisites(requisites: Iterable[Mapping[str, Any]]) -> str:
    """ЗначенияРеквизитов."""
    inner = "".join(
        f"<ЗначениеРеквизита>{write_element('Наименование', requisite.get('name'))}"
        f"{_write_values(requisite)}</ЗначениеРеквизита>"
        for requisite in requisites
    )
    return f"<ЗначенияРеквизитов>{inner}</ЗначенияРеквизитов>"


def write_properties(properties: Iterable[Mapping[str, Any]]) -> str:
    """ЗначенияСвойств."""
    inner = "".join(
        f"<ЗначенияСвойства>{write_element('Ид', entry.get('id'))}"
        f"{write_element('Наименование', entry.get('name'))}{_write_values(entry)}"
        f"{write_element('Тип', entry.get('type'))}</ЗначенияСвойства>"
        for entry in properties
    )
    return f"<ЗначенияСвойств>{inner}</ЗначенияСвойств>"


def _write_values(entry: Mapping[str, Any]) -> str:
    # The standard wants one; 1C writes an empty one for "no value".
    return "".join(write_element("Значение", text) for text in entry["values"]) or "<Значение/>"


def write_characteristics(characteristics: Iterable[Mapping[str, Any]]) -> str:
    """ХарактеристикиТовара."""
    words = (("Ид", "id"), ("Наименование", "name"), ("Значение", "value"))
    inner = "".join(
        f"<ХарактеристикаТовара>{_write_words(entry, words)}</ХарактеристикаТовара>"
        for entry in characteristics
    )
    return f"<ХарактеристикиТовара>{inner}</ХарактеристикиТовара>"


def write_taxes(taxes: Iterable[Mapping[str, Any]]) -> str:
    """СтавкиНалогов."""
    words = (("Наименование", "name"), ("Ставка", "rate"))
    inner = "".join(f"<СтавкаНалога>{_write_words(tax, words)}</СтавкаНалога>" for tax in taxes)
    return f"<СтавкиНалогов>{inner}</СтавкиНалогов>"


def write_packages(packages: Iterable[Mapping[str, Any]]) -> str:
    """Each Пересчет of a unit."""
    words = (("Единица", "unit"), ("Коэффициент", "coefficient"))
    return "".join(
        f"<Пересчет>{_write_words(package, words)}{_write_more(package)}</Пересчет>"
        for package in packages
    )


def _write_more(package: Mapping[str, Any]) -> str:
    if not package.get("requisites"):
        return ""
    inner = write_requisites(package["requisites"])
    # ДополнительныеДанные holds the values themselves, without the list around them.
    inner = inner.removeprefix("<ЗначенияРеквизитов>").removesuffix("</ЗначенияРеквизитов>")
    return f"<ДополнительныеДанные>{inner}</ДополнительныеДанные>"


def write_pictures(pictures: Iterable[Mapping[str, Any]]) -> str:
    """Each Картинка; captions stand in the requisites."""
    return "".join(write_element("Картинка", picture["path"]) for picture in pictures)


def write_choices(choices: list[Mapping[str, Any]]) -> str:
    """ВариантыЗначений: of a dictionary, or plain values when no choice has more than a value."""
    more = [entry for choice in choices for key, entry in choice.items() if key != "value"]
    is_plain = all(entry is None for entry in more)
    if is_plain:
        inner = "".join(write_element("Значение", choice["value"]) for choice in choices)
    else:
        inner = "".join(f"<Справочник>{_write_choice(choice)}</Справочник>" for choice in choices)
    return f"<ВариантыЗначений>{inner}</ВариантыЗначений>"


def _write_choice(choice: Mapping[str, Any]) -> str:
    words = (("ИдЗначения", "id"), ("Ид", "own_id"), ("Значение", "value"), ("Сортировка", "sort"))
    flag = choice.get("is_default")
    default = "" if flag is None else write_element("ПоУмолчанию", _say(flag))
    return f"{_write_words(choice, words)}{default}"


def write_ids(ids: Iterable[str]) -> str:
    """Each Ид of a list of references."""
    return "".join(write_element("Ид", text) for text in ids)


def _write_words(entry: Mapping[str, Any], words: Iterable[tuple[str, str]]) -> str:
    return "".join(write_element(tag, entry.get(word)) for tag, word in words)
