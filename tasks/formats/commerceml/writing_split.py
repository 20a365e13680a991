"""A package of 3.1: a file for each kind of record, named as real sets name them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_records import render_batch
from tasks.formats.commerceml.render_text import end_lines, escape_text, gather, wrap
from tasks.formats.commerceml.writing_files import (
    Section,
    XmlFile,
    open_catalog,
    open_classifier,
    open_list,
    open_package,
)
from tasks.formats.commerceml.writing_lists import write_list
from tasks.formats.commerceml.writing_offers import Window, list_windows, name_unpriced
from tasks.formats.commerceml.writing_terms import WritingTerms
from tasks.model.datasets import Dataset

Tables = Mapping[Dataset, pa.Table]

# In this order each file refers only to what went before it (commerceml.md 1.6).
_CLASSIFIED: Final = (
    ("groups", Dataset.GROUPS),
    ("propertiesGoods", Dataset.PROPERTIES),
    ("propertiesOffers", Dataset.PROPERTIES),
    ("categories", Dataset.CATEGORIES),
    ("units", Dataset.UNITS),
    ("storages", Dataset.WAREHOUSES),
    ("priceLists", Dataset.PRICE_TYPES),
)
_FIGURES: Final = {"prices": (Dataset.PRICES, "Цены"), "rests": (Dataset.STOCK, "Остатки")}


def write_split(tables: Tables, terms: WritingTerms, folder: Path) -> Iterator[Path]:
    """Write the files one by one; see `writing.write_package`."""
    for word, dataset in _CLASSIFIED:
        with _open(word, terms, folder) as file, open_classifier(file, terms) as classifier:
            write_list(classifier, dataset, _choose_properties(word, tables), terms)
        yield from file.list_written()
    with _open("goods", terms, folder) as file, open_catalog(file, terms) as catalog:
        write_list(catalog, Dataset.GOODS, tables, terms)
    yield from file.list_written()
    for word, write in _OFFERED.items():
        with (
            _open(word, terms, folder) as file,
            open_package(file, terms) as package,
            open_list(package, "Предложения") as section,
        ):
            write(tables, terms, section)
        yield from file.list_written()


def _open(word: str, terms: WritingTerms, folder: Path) -> XmlFile:
    # Real sets end in a GUID of the exchange; ours must be the same whenever it is written.
    package = uuid5(NAMESPACE_URL, f"{terms.package_id} {terms.formed_at.isoformat()}")
    return XmlFile(folder / f"{word}_1_1_{package}.xml", terms)


def _choose_properties(word: str, tables: Tables) -> Tables:
    """Properties that only offers have stand in a file of their own."""
    if Dataset.PROPERTIES not in tables or not word.startswith("properties"):
        return tables
    table = tables[Dataset.PROPERTIES]
    if "for_offers" not in table.column_names:
        return tables if word == "propertiesGoods" else {}
    for_goods, for_offers = (
        pc.fill_null(table.column(name), pa.scalar(value=False))
        if name in table.column_names
        else pa.chunked_array([pa.repeat(pa.scalar(value=False), len(table))])
        for name in ("for_goods", "for_offers")
    )
    is_of_offers = pc.and_(for_offers, pc.invert(for_goods))
    is_wanted = is_of_offers if word == "propertiesOffers" else pc.invert(is_of_offers)
    return {Dataset.PROPERTIES: table.filter(is_wanted)}


def _write_offers(tables: Tables, terms: WritingTerms, section: Section) -> None:
    for window in list_windows(tables, (Dataset.OFFERS,)):
        _, rendered = render_batch(Dataset.OFFERS, window.take(Dataset.OFFERS), terms)
        section.write(end_lines(rendered))


def _write_prices(tables: Tables, terms: WritingTerms, section: Section) -> None:
    # The offers too: one without a price may have to be named.
    for window in list_windows(tables, (Dataset.OFFERS, Dataset.PRICES)):
        prices = name_unpriced(_wrap_figures(window, Dataset.PRICES, "Цены", terms), window, terms)
        section.write(_name_offers(window, prices))


def _write_rests(tables: Tables, terms: WritingTerms, section: Section) -> None:
    for window in list_windows(tables, (Dataset.STOCK,)):
        section.write(_name_offers(window, _wrap_figures(window, Dataset.STOCK, "Остатки", terms)))


def _wrap_figures(window: Window, dataset: Dataset, tag: str, terms: WritingTerms) -> pa.Array:
    figures, rendered = render_batch(dataset, window.take(dataset), terms)
    return wrap(f"<{tag}>", gather(rendered, figures.column("offer_id"), window.ids), f"</{tag}>")


def _name_offers(window: Window, figures: pa.Array) -> pa.Array:
    """Figures in their offers; null where an offer has none."""
    ids = wrap("<Предложение><Ид>", escape_text(window.ids), "</Ид>")
    return pc.binary_join_element_wise(ids, figures, "</Предложение>\n", "")


_OFFERED: Final = {"offers": _write_offers, "prices": _write_prices, "rests": _write_rests}
