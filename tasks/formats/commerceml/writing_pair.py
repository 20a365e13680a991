"""A package of 2.07–2.10: `import.xml`, then `offers.xml` with prices and stock in the offers.

Prices and stock of offers that are not in the package themselves stand in a file of their own, as
УТ 11 sends them: ИзмененияПакетаПредложений, with the characteristic in its own element.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tasks.formats.commerceml.render_records import render_batch
from tasks.formats.commerceml.render_text import escape_text, gather, join, wrap
from tasks.formats.commerceml.writing_files import (
    XmlFile,
    open_catalog,
    open_changes,
    open_classifier,
    open_list,
    open_package,
)
from tasks.formats.commerceml.writing_lists import write_list
from tasks.formats.commerceml.writing_offers import Window, list_windows, name_unpriced
from tasks.formats.commerceml.writing_terms import WritingTerms
from tasks.model.datasets import Dataset, Extent

Tables = Mapping[Dataset, pa.Table]

_CLASSIFIED: Final = (Dataset.GROUPS, Dataset.PROPERTIES, Dataset.CATEGORIES, Dataset.UNITS)
_OFFERED: Final = (Dataset.OFFERS, Dataset.PRICES, Dataset.STOCK)
_CLOSING: Final = "</Предложение>"


def write_pair(tables: Tables, terms: WritingTerms, folder: Path) -> Iterator[Path]:
    """Write the files one by one; see `writing.write_package`."""
    if _write_import(tables, terms, folder / "import.xml"):
        yield folder / "import.xml"
    yield from _write_offers(tables, terms, folder)


def _write_import(tables: Tables, terms: WritingTerms, path: Path) -> bool:
    with XmlFile(path, terms) as file:
        with open_classifier(file, terms) as classifier:
            if terms.extent is Extent.FULL and len(tables.get(Dataset.GOODS, ())):
                classifier.open()
            for dataset in _CLASSIFIED:
                write_list(classifier, dataset, tables, terms)
        with open_catalog(file, terms) as catalog:
            if file.is_written:
                catalog.open()  # it alone says whether the file holds everything
            write_list(catalog, Dataset.GOODS, tables, terms)
    return file.is_written


def _write_offers(tables: Tables, terms: WritingTerms, folder: Path) -> Iterator[Path]:
    whole, bare = folder / "offers.xml", folder / "offers1.xml"
    with (
        XmlFile(whole, terms) as file,
        XmlFile(bare, terms) as other,
        open_package(file, terms) as package,
        open_changes(other, terms) as changes,
        open_list(changes, "Предложения") as figures,
    ):
        write_list(package, Dataset.PRICE_TYPES, tables, terms)
        write_list(package, Dataset.WAREHOUSES, tables, terms)
        with open_list(package, "Предложения") as offers:
            for window in list_windows(tables, _OFFERED):
                parts = _Parts(window, terms)
                offers.write(parts.offers)
                figures.write(parts.figures)
    if file.is_written:
        yield whole
    if other.is_written:
        yield bare if file.is_written else bare.rename(whole)


class _Parts:
    """The offers of one window, and the figures of those that are not in the package."""

    def __init__(self, window: Window, terms: WritingTerms) -> None:
        self._window = window
        self._terms = terms
        prices = wrap("<Цены>", self._gather_prices(), "</Цены>")
        self._prices = name_unpriced(prices, window, terms)
        self._total, self._placed = self._gather_stock()
        head = self._list_offers()
        self.offers = self._join(head, self._prices, self._total, self._placed)
        self.figures = self._join_figures(pc.is_null(head))

    def _gather_prices(self) -> pa.Array:
        prices, rendered = self._render(Dataset.PRICES)
        return gather(rendered, prices.column("offer_id"), self._window.ids)

    def _gather_stock(self) -> tuple[pa.Array, pa.Array]:
        stock, rendered = self._render(Dataset.STOCK)
        is_total = pc.is_null(stock.column("warehouse_id"))
        owners = stock.column("offer_id")
        total, placed = (
            gather(rendered.filter(mask), owners.filter(mask), self._window.ids)
            for mask in (is_total, pc.invert(is_total))
        )
        return total, placed

    def _list_offers(self) -> pa.Array:
        offers, rendered = self._render(Dataset.OFFERS)
        places = pc.index_in(self._window.ids, value_set=offers.column("id"))
        return pc.replace_substring(rendered, _CLOSING, "").take(places)

    def _render(self, dataset: Dataset) -> tuple[pa.RecordBatch, pa.Array]:
        return render_batch(dataset, self._window.take(dataset), self._terms)

    def _join(self, head: pa.Array, *parts: pa.Array) -> pa.Array:
        texts = join(head, *parts, f"{_CLOSING}\n")
        return pc.if_else(pc.is_null(head), pa.scalar(None, pa.string()), texts)

    def _join_figures(self, is_wanted: pa.Array) -> pa.Array:
        ids = self._window.ids.filter(is_wanted)
        product = escape_text(pc.replace_substring_regex(ids, "(?s)#.*$", ""))
        rest = pc.replace_substring_regex(ids, "(?s)^[^#]*#?", "")
        rest = pc.if_else(pc.equal(rest, ""), pa.scalar(None, pa.string()), rest)
        characteristic = wrap("<ИдХарактеристики>", escape_text(rest), "</ИдХарактеристики>")
        placed = pc.replace_substring(self._placed.filter(is_wanted), "<Склад ", "<Склады ")
        return self._join(
            join("<Предложение><Ид>", product, "</Ид>"),
            characteristic,
            placed,
            self._prices.filter(is_wanted),
            self._total.filter(is_wanted),
        )
