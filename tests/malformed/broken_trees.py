"""Groups, properties and the other words of a classifier that may not enter."""

from typing import Final

from tests.malformed.good import CATALOG, PACKAGE
from tests.malformed.variant import Refused, Variant, each_record, record

_INNER: Final = "<Группы><Группа><Ид>@g2</Ид><Наименование>Болты</Наименование></Группа></Группы>"
_ROOT: Final = "<Ид>@g1</Ид><Наименование>Крепёж</Наименование>"
_LAST: Final = "<Группа><Ид>@g3</Ид><Наименование>Инструмент</Наименование></Группа>"
_PLACES: Final = "Группа/ИдРодителя", "Товар/Группы/Ид", "Группа/Группы/Группа/Ид"
_KINDS: Final = "<ТипЗначений>Число</ТипЗначений>"
_CHOICE: Final = "<ИдЗначения>@s1-1</ИдЗначения>"


def _group(key: str, cause: str, place: str) -> Refused:
    return Refused("groups", key, cause, place)


def _orphans(*keys: str) -> tuple[Refused, ...]:
    """Groups without their parent and goods without their group."""
    return tuple(
        Refused("groups", key, "REF_MISSING", _PLACES[0])
        if key.startswith("@g")
        else Refused("goods", key, "REF_MISSING", _PLACES[1])
        for key in keys
    )


def _cycle(*keys: str) -> tuple[Refused, ...]:
    return tuple(_group(key, "TREE_CYCLE", _PLACES[2]) for key in keys)


def _flat(key: str, parent: str) -> str:
    return (
        f"<Группа><Ид>{key}</Ид><Наименование>{key}</Наименование>"
        f"<ИдРодителя>{parent}</ИдРодителя></Группа>"
    )


_TREES: Final = (
    record("a group without id loses its branch", CATALOG, ("<Ид>@g1</Ид>", ""),
           _group("", "FIELD_MISSING", "Группа/Ид"), *_orphans("@g2", "@p1", "@p2"),
           gone=(("groups", "@g1"),)),
    record("a group without name loses its branch", CATALOG,
           ("<Наименование>Крепёж</Наименование>", ""),
           _group("@g1", "FIELD_MISSING", "Группа/Наименование"), *_orphans("@g2", "@p1", "@p2")),
    record("a leaf without id loses its goods", CATALOG, ("<Ид>@g2</Ид>", "<Ид/>"),
           _group("", "FIELD_MISSING", "Группа/Ид"), *_orphans("@p1"), gone=(("groups", "@g2"),)),
    record("a group with a field nobody knows", CATALOG,
           ("<Ид>@g3</Ид>", "<Ид>@g3</Ид><Цвет>1</Цвет>"),
           _group("@g3", "FIELD_UNKNOWN", "Группа/Цвет"), *_orphans("@p3")),
    record("a group with two names", CATALOG,
           ("<Ид>@g3</Ид>", "<Ид>@g3</Ид><Наименование>Прочее</Наименование>"),
           _group("@g3", "FIELD_REPEATED", "Группа/Наименование"), *_orphans("@p3")),
    record("a stranger among groups", CATALOG,
           ("<Ид>@g3</Ид>", "<Ид>@g3</Ид><Группы><Узел/></Группы>"),
           _group("@g3", "FIELD_UNKNOWN", "Группа/Группы/Узел"), *_orphans("@p3")),
    record("a group with an id of 256 characters", CATALOG,
           ("<Ид>@g3</Ид>", f"<Ид>{'1' * 256}</Ид>"),
           _group("", "FIELD_TOO_LONG", "Группа/Ид"), *_orphans("@p3"), gone=(("groups", "@g3"),)),
    record("a group with a mark that is neither", CATALOG,
           ("<Ид>@g3</Ид>", "<Ид>@g3</Ид><ПометкаУдаления>?</ПометкаУдаления>"),
           _group("@g3", "BOOL_FORMAT", "Группа/ПометкаУдаления"), *_orphans("@p3")),
    record("an orphan group", CATALOG, (_LAST, _flat("@g3", "@nowhere")), *_orphans("@g3", "@p3")),
    record("the child of an orphan group", CATALOG,
           (_LAST, _flat("@g4", "@g3") + _flat("@g3", "@nowhere")),
           *_orphans("@g3", "@g4", "@p3")),
    record("one group at two places", CATALOG,
           (_LAST, _LAST + _LAST.replace("Инстр", "Другой инстр")),
           *[_group("@g3", "DUP_CONFLICT", "Ид")] * 2, *_orphans("@p3")),
    record("a group inside itself", CATALOG,
           ("<Ид>@g3</Ид>", f"<Ид>@g3</Ид><Группы>{_LAST}</Группы>"),
           *_cycle("@g3", "@g3"), *_orphans("@p3")),
    record("a root under its own leaf", CATALOG,
           ("Болты</Наименование>",
            f"Болты</Наименование><Группы><Группа>{_ROOT}</Группа></Группы>"),
           *_cycle("@g1", "@g1", "@g2"), *_orphans("@p1", "@p2")),
    record("two groups, each the parent of the other", CATALOG,
           (_LAST, _flat("@g3", "@g4") + _flat("@g4", "@g3")),
           *_cycle("@g3", "@g4"), *_orphans("@p3")),
    record("a group that is its own parent", CATALOG, (_LAST, _flat("@g3", "@g3")),
           *_cycle("@g3"), *_orphans("@p3")),
    record("a group below a cycle", CATALOG,
           (_LAST, _LAST + _flat("@g5", "@g6") + _flat("@g6", "@g5") + _flat("@g7", "@g6")),
           *_cycle("@g5", "@g6"), *_orphans("@g7")),
)  # fmt: skip

_PROPERTIES: Final = {
    "a property of a type nobody knows": (
        _KINDS, "<ТипЗначений>Цвет</ТипЗначений>", "RULE_BROKEN", "Свойство/ТипЗначений"),
    "a property of two types": (_KINDS, _KINDS * 2, "FIELD_REPEATED", "Свойство/ТипЗначений"),
    "a property required sometimes": (
        "<Обязательное>false<", "<Обязательное>иногда<", "BOOL_FORMAT", "Свойство/Обязательное"),
    "a property without name": (
        "<Наименование>Длина</Наименование>", "", "FIELD_MISSING", "Свойство/Наименование"),
    "a property with a field nobody knows": (
        _KINDS, f"{_KINDS}<Цвет>1</Цвет>", "FIELD_UNKNOWN", "Свойство/Цвет"),
    "a property for neither": (
        _KINDS, f"{_KINDS}<Множественное>много</Множественное>",
        "BOOL_FORMAT", "Свойство/Множественное"),
}  # fmt: skip


def _nameless(name: str, template: str, dataset: str, key: str, tag: str) -> Variant:
    """A record of any dataset without its Ид."""
    refused = Refused(dataset, "", "FIELD_MISSING", f"{tag}/Ид")
    return record(name, template, (f"<Ид>{key}</Ид>", ""), refused, gone=((dataset, key),))


_WORDS: Final = (
    record("a choice with two ids", CATALOG, (_CHOICE, _CHOICE * 2),
           Refused("properties", "@s1", "FIELD_REPEATED",
                   "Свойство/ВариантыЗначений/Справочник/ИдЗначения")),
    record("a choice with a field nobody knows", CATALOG, (_CHOICE, f"{_CHOICE}<Код>1</Код>"),
           Refused("properties", "@s1", "FIELD_UNKNOWN",
                   "Свойство/ВариантыЗначений/Справочник/Код")),
    record("one property, two meanings", CATALOG, ("<Ид>@s2</Ид>", "<Ид>@s1</Ид>"),
           *[Refused("properties", "@s1", "DUP_CONFLICT", "Ид")] * 2,
           gone=(("properties", "@s2"),)),
    _nameless("a property without id", CATALOG, "properties", "@s2", "Свойство"),
    _nameless("a category without id", CATALOG, "categories", "@y1", "Категория"),
    record("a category with a field nobody knows", CATALOG,
           ("<Ид>@y1</Ид>", "<Ид>@y1</Ид><Код>1</Код>"),
           Refused("categories", "@y1", "FIELD_UNKNOWN", "Категория/Код")),
    record("a unit without id and code", CATALOG,
           ("<ЕдиницаИзмерения><Ид>@e1</Ид><Код>796</Код>", "<ЕдиницаИзмерения>"),
           Refused("units", "", "FIELD_MISSING", "ЕдиницаИзмерения/Ид"), gone=(("units", "@e1"),)),
    record("a unit with two codes", CATALOG, ("<Код>796</Код>", "<Код>796</Код><Код>797</Код>"),
           Refused("units", "@e1", "FIELD_REPEATED", "ЕдиницаИзмерения/Код")),
    record("a unit with two names", CATALOG,
           ("<НаименованиеКраткое>шт<",
            "<НаименованиеКраткое>штука</НаименованиеКраткое><НаименованиеКраткое>шт<"),
           Refused("units", "@e1", "FIELD_REPEATED", "ЕдиницаИзмерения/НаименованиеКраткое")),
    record("a warehouse with a field nobody knows", PACKAGE,
           ("<Наименование>Магазин", "<Площадь>1</Площадь><Наименование>Магазин"),
           Refused("warehouses", "@w2", "FIELD_UNKNOWN", "Склад/Площадь"),
           Refused("stock", "ground-p1#@o1|@w2", "REF_MISSING", "Склад/ИдСклада")),
    record("a price type without id", PACKAGE, ("<ТипЦены><Ид>@t2</Ид>", "<ТипЦены>"),
           Refused("price_types", "", "FIELD_MISSING", "ТипЦены/Ид"),
           Refused("prices", "ground-p1#@o1|@t2||", "REF_MISSING", "Цена/ИдТипаЦены"),
           gone=(("price_types", "@t2"),)),
    record("a price type with tax neither in nor out", PACKAGE,
           ("<УчтеноВСумме>true", "<УчтеноВСумме>?"),
           Refused("price_types", "@t1", "BOOL_FORMAT", "ТипЦены/Налог/УчтеноВСумме"),
           Refused("prices", "ground-p1#@o1|@t1|шт|", "REF_MISSING", "Цена/ИдТипаЦены"),
           Refused("prices", "ground-p1#@o2|@t1||", "REF_MISSING", "Цена/ИдТипаЦены")),
)  # fmt: skip

TREES: Final = (*_TREES, *each_record(CATALOG, "properties", "@s2", _PROPERTIES), *_WORDS)
