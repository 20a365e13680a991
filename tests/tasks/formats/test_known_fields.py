"""Every field that CommerceML is known to have is mapped, kept, or on the written list."""

import pytest

from tasks.formats.commerceml.sections import LEFT_ALONE
from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_text, wrap, wrap_goods, wrap_groups, wrap_offers

_TEXT = "1"
# field -> the columns it must reach
_GOODS = {
    "Штрихкод": {"barcode"}, "ШтрихКод": {"barcode"}, "Артикул": {"article"}, "Код": {"code"},
    "Наименование": {"name"}, "ПолноеНаименование": {"full_name"},
    "Описание": {"description", "is_description_html"}, "Вес": {"weight_kg"},
    "Категория": {"category_id"}, "Страна": {"country"}, "ТорговаяМарка": {"brand"},
    "НомерВерсии": {"version"}, "ПометкаУдаления": {"is_deleted"}, "Картинка": {"pictures"},
    "ДополнительнаяКартинка1": {"pictures"}, "ДополнительнаяКартинка4": {"pictures"},
    "Высота": {"extra"}, "Длина": {"extra"}, "Ширина": {"extra"}, "ИдКлассификатора": {"extra"},
    "КодГруппыТоваров": {"extra"}, "ИдТовараУКонтрагента": {"extra"},
    "ДополнительноеОписание": {"extra"}, "Комплектующие": {"extra"}, "Аналоги": {"extra"},
    "Акцизы": {"extra"}, "БазоваяЕдиница": {"unit_code"}, "Объем": {"volume_m3"},
    "Модель": {"extra"}, "Марки": {"extra"}, "Взаимозаменяемости": {"extra"},
    "Производитель": {"extra"}, "Спецификация": {"extra"}, "СкидкиНаценки": {"extra"},
    "КодТовараНаСайте": {"extra"}, "ОсновнаяКартинка": {"pictures"}, "Картинка1": {"pictures"},
    "ПомеченНаУдаление": {"is_deleted"},
    "Комментарий": {"extra"}, "ВидимостьТовара": {"extra"}, "НаследуемыеШаблоны": {"extra"},
}  # fmt: skip
_GOODS_NESTED = {
    "БазоваяЕдиница/@Код": {"unit_code"}, "БазоваяЕдиница/@НаименованиеПолное": {"unit_name"},
    "БазоваяЕдиница/@НаименованиеКраткое": {"unit_name"},
    "БазоваяЕдиница/@МеждународноеСокращение": {"extra"},
    "БазоваяЕдиница/Пересчет/Единица": {"packages"},
    "БазоваяЕдиница/Пересчет/Коэффициент": {"packages"},
    "БазоваяЕдиница/Пересчет/ДополнительныеДанные/ЗначениеРеквизита/Наименование": {"packages"},
    "БазоваяЕдиница/Пересчет/ДополнительныеДанные/ЗначениеРеквизита/Значение": {"packages"},
    "Группы/Ид": {"group_ids"},
    "Изготовитель/Ид": {"manufacturer_id"}, "Изготовитель/Наименование": {"manufacturer_name"},
    "Изготовитель/ОфициальноеНаименование": {"extra"},
    "ЗначенияСвойств/ЗначенияСвойства/Ид": {"properties"},
    "ЗначенияСвойств/ЗначенияСвойства/Наименование": {"properties"},
    "ЗначенияСвойств/ЗначенияСвойства/Значение": {"properties"},
    "СтавкиНалогов/СтавкаНалога/Наименование": {"taxes"},
    "СтавкиНалогов/СтавкаНалога/Ставка": {"taxes"},
    "ХарактеристикиТовара/ХарактеристикаТовара/Ид": {"characteristics"},
    "ХарактеристикиТовара/ХарактеристикаТовара/Наименование": {"characteristics"},
    "ХарактеристикиТовара/ХарактеристикаТовара/Значение": {"characteristics"},
    "ЗначенияРеквизитов/ЗначениеРеквизита/Наименование": {"requisites"},
    "ЗначенияРеквизитов/ЗначениеРеквизита/Значение": {"requisites"},
    "ЗначениеРеквизита/Значение": {"requisites"},
    "ЗначенияСвойств/ЗначенияСвойства/Тип": {"properties"},
    "ЗначенияСвойств/ЗначенияСвойства/ЗначениеСвойства/Значение": {"extra"},
}  # fmt: skip
_OFFERS = {
    "Штрихкод": {"barcode"}, "ШтрихКод": {"barcode"}, "Артикул": {"article"},
    "Наименование": {"name"}, "НомерВерсии": {"version"}, "ПометкаУдаления": {"is_deleted"},
    "КодЕдиницыИзмерения": {"unit_code"}, "ИдХарактеристики": {"characteristic_id"},
    "Высота": {"extra"}, "Длина": {"extra"}, "Ширина": {"extra"}, "КодГруппыТоваров": {"extra"},
    "Описание": {"extra"}, "Картинка": {"extra"}, "Группы/Ид": {"extra"},
    "БазоваяЕдиница": {"unit_code"}, "БазоваяЕдиница/@Код": {"unit_code"},
    "БазоваяЕдиница/Пересчет/Единица": {"packages"},
    "ЗначенияСвойств/ЗначенияСвойства/Ид": {"properties"},
    "ХарактеристикиТовара/ХарактеристикаТовара/Значение": {"characteristics"},
    "ЗначенияРеквизитов/ЗначениеРеквизита/Значение": {"requisites"},
}  # fmt: skip
_LISTS = {
    ("Классификатор/Свойства/Свойство", Dataset.PROPERTIES): {
        "Наименование": {"name"}, "Описание": {"description"}, "Обязательное": {"is_required"},
        "Множественное": {"is_multiple"}, "ДляТоваров": {"for_goods"}, "Внешний": {"is_external"},
        "ДляПредложений": {"for_offers"}, "ДляДокументов": {"extra"}, "Информационное": {"extra"},
        "ЭтоФильтр": {"extra"}, "НомерВерсии": {"version"}, "ПометкаУдаления": {"is_deleted"},
        "ВариантыЗначений/Справочник/ИдЗначения": {"choices"},
        "ВариантыЗначений/Справочник/Значение": {"choices"},
        "ВариантыЗначений/Справочник/Ид": {"choices"},
        "ВариантыЗначений/Справочник/ПоУмолчанию": {"choices"},
        "ВариантыЗначений/Справочник/Сортировка": {"choices"},
        "ВариантыЗначений/Вариант/Ид": {"choices"},
        "ВариантыЗначений/Вариант/Значение": {"choices"},
        "ТипыЗначений/ТипЗначений/ВариантыЗначений/ВариантЗначения/Ид": {"choices"},
        "ТипыЗначений/ТипЗначений/ВариантыЗначений/ВариантЗначения/Значение": {"choices"},
        "ТипыЗначений/ТипЗначений/Описание": {"extra"}, "ИспользованиеСвойства": {"extra"},
        "Сериализовано": {"extra"}, "Сортировка": {"extra"},
        "ВариантыЗначений/Значение": {"choices"},
        "ВариантыЗначений/ВариантыЗначений/Значение": {"choices"},
    },
    ("Классификатор/Группы/Группа", Dataset.GROUPS): {
        "Наименование": {"name"}, "ИдРодителя": {"parent_id"}, "Описание": {"extra"},
        "Картинка": {"extra"}, "Свойства/Ид": {"extra"}, "НомерВерсии": {"version"},
        "ЗначенияСвойств/ЗначенияСвойства/Значение": {"extra"}, "ПометкаУдаления": {"is_deleted"},
        "НаследуемыеШаблоны/Шаблон/Значение": {"extra"},
    },
    ("Классификатор/Категории/Категория", Dataset.CATEGORIES): {
        "Наименование": {"name"}, "Свойства/Ид": {"property_ids"}, "НомерВерсии": {"version"},
    },
    ("Классификатор/ЕдиницыИзмерения/ЕдиницаИзмерения", Dataset.UNITS): {
        "Код": {"code"}, "НаименованиеКраткое": {"name"}, "НаименованиеПолное": {"full_name"},
        "МеждународноеСокращение": {"international"}, "НомерВерсии": {"version"},
        "ПометкаУдаления": {"is_deleted"},
    },
    ("Классификатор/ТипыЦен/ТипЦены", Dataset.PRICE_TYPES): {
        "Наименование": {"name"}, "Валюта": {"currency"}, "Описание": {"extra"},
        "Налог/Наименование": {"tax_name"}, "Налог/УчтеноВСумме": {"is_tax_included"},
        "Налог/Акциз": {"extra"}, "НомерВерсии": {"version"}, "ПометкаУдаления": {"is_deleted"},
    },
    ("ПакетПредложений/Склады/Склад", Dataset.WAREHOUSES): {
        "Наименование": {"name"}, "Адрес/Представление": {"address"},
        "Адрес/АдресноеПоле/Тип": {"extra"}, "Адрес/АдресноеПоле/Значение": {"extra"},
        "Контакты/Контакт/Тип": {"extra"}, "Контакты/Контакт/Значение": {"extra"},
        "Комментарий": {"extra"}, "НомерВерсии": {"version"}, "ПометкаУдаления": {"is_deleted"},
    },
}  # fmt: skip


def _write(path: str) -> str:
    head, _, rest = path.partition("/")
    if rest.startswith("@"):
        return f'<{head} {rest[1:]}="{_TEXT}"/>'
    return f"<{head}>{_write(rest) if rest else _TEXT}</{head}>"


@pytest.mark.parametrize("path", [*_GOODS, *_GOODS_NESTED])
def test_a_field_of_a_product_reaches_its_column(path: str) -> None:
    read = read_text(wrap_goods(f"<Товар><Ид>x</Ид>{_write(path)}</Товар>"))

    assert read.faults == []
    (values,) = read.values(Dataset.GOODS)
    assert (_GOODS | _GOODS_NESTED)[path] <= values.keys()


@pytest.mark.parametrize("path", _OFFERS)
def test_a_field_of_an_offer_reaches_its_column(path: str) -> None:
    read = read_text(wrap_offers(f"<Предложение><Ид>x</Ид>{_write(path)}</Предложение>"))

    assert read.faults == []
    (values,) = read.values(Dataset.OFFERS)
    assert _OFFERS[path] <= values.keys()


@pytest.mark.parametrize(
    ("above", "dataset", "path"),
    [(above, dataset, path) for (above, dataset), fields in _LISTS.items() for path in fields],
)
def test_a_field_of_a_list_reaches_its_column(above: str, dataset: Dataset, path: str) -> None:
    section, group, tag = above.split("/")
    body = f"<{tag}><Ид>x</Ид>{_write(path)}</{tag}>"

    read = read_text(wrap(f"<{section}><{group}>{body}</{group}></{section}>"))

    assert read.faults == []
    (values,) = read.values(dataset)
    assert _LISTS[above, dataset][path] <= values.keys()


@pytest.mark.parametrize("path", LEFT_ALONE)
def test_what_is_left_alone_has_a_reason_and_is_reported(path: str) -> None:
    above, _, name = path.rpartition("/")
    is_of_root = above == "КоммерческаяИнформация"
    text = wrap("", f' {name[1:]}="x"') if is_of_root else wrap(_write(path))

    read = read_text(text)

    assert read.fault is None
    assert read.heading.left_alone == (path,)
    assert len(LEFT_ALONE[path]) > 5


def test_a_group_knows_its_parent_at_any_depth_and_in_any_order() -> None:
    inner = "<Группы><Группа><Ид>3</Ид><Наименование>в</Наименование></Группа></Группы>"
    text = wrap_groups(
        f"<Группа><Группы><Группа><Ид>2</Ид>{inner}</Группа></Группы><Ид>1</Ид></Группа>"
    )

    groups = read_text(text).values(Dataset.GROUPS)

    assert [(group["id"], group.get("parent_id")) for group in groups] == [
        ("1", None), ("2", "1"), ("3", "2"),
    ]  # fmt: skip


def test_goods_of_an_order_are_no_goods_of_a_catalog() -> None:
    read = read_text(
        wrap("<Документ><Ид>1</Ид><Товары><Товар><Ид>t</Ид></Товар></Товары></Документ>")
    )

    assert list(read.rows) == [Dataset.DOCUMENTS]
