"""What the pages for people share: templates, the words for kinds of records, how numbers look."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

DATASETS_RU = {
    "groups": "Группы",
    "properties": "Свойства",
    "categories": "Категории",
    "units": "Единицы измерения",
    "price_types": "Типы цен",
    "warehouses": "Склады",
    "goods": "Товары",
    "offers": "Предложения",
    "prices": "Цены",
    "stock": "Остатки",
    "movements": "Движения",
    "counterparties": "Контрагенты",
    "documents": "Документы",
    "file": "Файл",
    "books": "Файл в целом",
}


@cache
def page_template(name: str) -> Template:
    """Return a template of `templates/`; what it is not given is a fault."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def spaced(number: int) -> str:
    """Digits in groups of three, as Russian readers write them, with no-break spaces."""
    return f"{number:,}".replace(",", "\u00a0")
