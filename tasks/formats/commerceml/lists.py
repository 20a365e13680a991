"""What every field of the lists around the goods becomes: groups, properties, units and others.

What tables of both modules share stands here first.
"""

from typing import Final

from tasks.formats.commerceml.kinds import Apart, Inline, Item, Keep, Leaf, Table, Texts
from tasks.formats.values import parse_flag, parse_id

KEEP: Final = Keep()
APART: Final = Apart()

ID: Final = Leaf("id", parse_id)
VERSION: Final[Table] = {
    "НомерВерсии": Leaf("version"),
    "ПометкаУдаления": Leaf("-marked", parse_flag),
    "ПомеченНаУдаление": Leaf("-marked", parse_flag),
}
STATUS: Final[Table] = {"@Статус": Leaf("-status"), "Статус": Leaf("-status")}

PRICE_TAX: Final = Inline(
    {
        "Наименование": Leaf("tax_name"),
        "УчтеноВСумме": Leaf("is_tax_included", parse_flag),
        "Акциз": KEEP,
        "Ставка": KEEP,
    }
)

GROUPS: Final[Table] = {
    "Ид": ID,
    "ИдРодителя": Leaf("parent_id", parse_id),
    "Наименование": Leaf("name"),
    "Группы": Inline({}),  # the groups inside are records of their own, cut out by framing
    "Описание": KEEP,
    "Картинка": KEEP,
    "Свойства": KEEP,
    "ЗначенияСвойств": KEEP,
    "НаследуемыеШаблоны": KEEP,
    **VERSION,
    **STATUS,
}

_CHOICE_WORDS: Final[Table] = {
    "Значение": Leaf("value"),
    "ПоУмолчанию": Leaf("is_default", parse_flag, is_rare=True),
    "Сортировка": Leaf("sort", is_rare=True),
}
_CHOICES: Final[Table] = {
    "Справочник": Item(
        "choices", {"ИдЗначения": ID, "Ид": Leaf("own_id", is_rare=True), **_CHOICE_WORDS}
    ),
    # Bitrix writes every choice twice: as a plain value and, after it, as a variant with its id.
    "Вариант": Item("choices", {"Ид": ID, **_CHOICE_WORDS}),
    "ВариантЗначения": Item("choices", {"Ид": ID, **_CHOICE_WORDS}),
    "Значение": Texts("-choices"),
}

PROPERTIES: Final[Table] = {
    "Ид": ID,
    "Наименование": Leaf("name"),
    "Описание": Leaf("description"),
    "ТипЗначений": Leaf("-type"),
    "ВариантыЗначений": Inline({**_CHOICES, "ВариантыЗначений": Inline(_CHOICES)}),
    # УТ 10 with Bitrix' add-on wraps the type and its choices once more.
    "ТипыЗначений": Inline(
        {
            "ТипЗначений": Inline(
                {"Тип": Leaf("-type"), "Описание": KEEP, "ВариантыЗначений": Inline(_CHOICES)}
            )
        }
    ),
    "ИспользованиеСвойства": KEEP,
    "Обязательное": Leaf("-required"),
    "Множественное": Leaf("is_multiple", parse_flag),
    "ДляТоваров": Leaf("for_goods", parse_flag),
    "ДляПредложений": Leaf("for_offers", parse_flag),
    "ДляДокументов": KEEP,
    "Внешний": Leaf("is_external", parse_flag),
    "Информационное": KEEP,
    "ЭтоФильтр": KEEP,
    "Сериализовано": KEEP,
    "Сортировка": KEEP,
    **VERSION,
}

CATEGORIES: Final[Table] = {
    "Ид": ID,
    "Наименование": Leaf("name"),
    "Свойства": Inline(
        {"Ид": Texts("property_ids"), "Свойство": Inline({"Ид": Texts("property_ids")})}
    ),
    **VERSION,
}

UNITS: Final[Table] = {
    "Ид": ID,
    "Код": Leaf("code"),
    "НаименованиеКраткое": Leaf("name"),
    "НаименованиеПолное": Leaf("full_name"),
    "МеждународноеСокращение": Leaf("international"),
    **VERSION,
}

PRICE_TYPES: Final[Table] = {
    "Ид": ID,
    "Наименование": Leaf("name"),
    "Валюта": Leaf("currency"),
    "Описание": KEEP,
    "Налог": PRICE_TAX,
    **VERSION,
}

WAREHOUSES: Final[Table] = {
    "Ид": ID,
    "Наименование": Leaf("name"),
    "Комментарий": KEEP,
    "Адрес": Inline({"Представление": Leaf("address"), "Комментарий": KEEP, "АдресноеПоле": KEEP}),
    "Контакты": KEEP,
    **VERSION,
}
