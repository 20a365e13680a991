"""Client A: the files of 1C's own module «Обмен с сайтом», new (2.05-2.07) and old (2.03-2.04).

Of a full export only the first portion says that it is full, and only it holds the classifier
(fact sheet 1.6): the trap every receiver must know.
"""

from collections.abc import Iterator

from sandbox import frame_xml, goods_xml
from sandbox.desk import Desk, FileSet, Mode
from sandbox.dialect import Client
from sandbox.markup import Attributes, Markup
from sandbox.nouns import Offer


def write(desk: Desk) -> Iterator[FileSet]:
    """Write all portions: goods and their pictures, then offers, each a set of its own."""
    for number, portion in enumerate(desk.portions(), start=1):
        is_first = number == 1
        if desk.order.mode in {Mode.FULL, Mode.CHANGES}:
            name = _name(desk, "import", number)
            _catalog(desk, name, portion, is_first=is_first)
            yield FileSet((name,), desk.paint(portion))
        name = _name(desk, "offers", number)
        if desk.order.mode is Mode.PRICES and desk.order.client is Client.A:
            _package_changes(desk, name, portion)
        else:
            _package(desk, name, portion, is_first=is_first)
        yield FileSet((name,))


def _name(desk: Desk, word: str, number: int) -> str:
    if desk.order.client is Client.OLD:
        return f"{word}.xml" if number == 1 else f"{word}{number - 1}.xml"
    return f"{word}0_{number}.xml"


def _is_full(desk: Desk, *, is_first: bool) -> bool:
    return desk.order.mode in {Mode.FULL, Mode.OFFERS} and is_first


def _extent(desk: Desk, *, is_full: bool) -> Attributes | None:
    if desk.dialect.is_extent_element:
        return None
    return {"СодержитТолькоИзменения": str(not is_full).lower()}


def _extent_element(desk: Desk, out: Markup, *, is_full: bool) -> None:
    if desk.dialect.is_extent_element:
        out.leaf("СодержитТолькоИзменения", str(not is_full).lower())


def _catalog(desk: Desk, name: str, portion: list[int], *, is_first: bool) -> None:
    frame = desk.company.frame
    is_full = _is_full(desk, is_first=is_first)
    with desk.document(name) as out:
        if is_first:
            _classifier(desk, out)
        with out.inside("Каталог", _extent(desk, is_full=is_full)):
            out.leaves(
                Ид=frame.catalog_id,
                ИдКлассификатора=frame.catalog_id,
                Наименование="Основной каталог товаров",
            )
            frame_xml.owner(out, frame)
            _extent_element(desk, out, is_full=is_full)
            with out.inside("Товары"):
                for index in portion:
                    good = desk.company.good(index)
                    goods_xml.good(out, desk.dialect, good, desk.manifest)


def _classifier(desk: Desk, out: Markup) -> None:
    frame, dialect, manifest = desk.company.frame, desk.dialect, desk.manifest
    with out.inside("Классификатор"):
        out.leaves(Ид=frame.catalog_id, Наименование="Классификатор (Основной каталог товаров)")
        frame_xml.owner(out, frame)
        frame_xml.groups(out, dialect, frame.groups, manifest)
        frame_xml.properties(out, dialect, frame.properties, manifest)


def _package(desk: Desk, name: str, portion: list[int], *, is_first: bool) -> None:
    frame, dialect, manifest = desk.company.frame, desk.dialect, desk.manifest
    is_full = _is_full(desk, is_first=is_first)
    with desk.document(name) as out, out.inside("ПакетПредложений", _extent(desk, is_full=is_full)):
        out.leaves(
            Ид=f"{frame.catalog_id}#",
            Наименование="Пакет предложений (Основной каталог товаров)",
            ИдКаталога=frame.catalog_id,
            ИдКлассификатора=frame.catalog_id,
        )
        frame_xml.owner(out, frame)
        _extent_element(desk, out, is_full=is_full)
        frame_xml.price_types(out, dialect, frame.price_types, manifest)
        frame_xml.warehouses(out, dialect, frame.warehouses, manifest)
        with out.inside("Предложения"):
            for offer in _offers(desk, portion):
                with out.inside("Предложение"):
                    goods_xml.offer(out, dialect, offer, manifest)
                    goods_xml.prices(out, dialect, offer, frame, manifest)
                    goods_xml.stock_total(out, offer, manifest)
                    if desk.order.client is Client.A:
                        goods_xml.stock_attributes(out, "Склад", offer, manifest)


def _package_changes(desk: Desk, name: str, portion: list[int]) -> None:
    """«Только цены и остатки»: the characteristic stands in ИдХарактеристики, not behind '#'."""
    frame, dialect, manifest = desk.company.frame, desk.dialect, desk.manifest
    with (
        desk.document(name) as out,
        out.inside("ИзмененияПакетаПредложений", {"СодержитТолькоИзменения": "true"}),
    ):
        out.leaves(Ид=f"{frame.catalog_id}#", ИдКаталога=frame.catalog_id)
        with out.inside("Предложения"):
            for offer in _offers(desk, portion):
                with out.inside("Предложение"):
                    out.leaves(
                        Ид=offer.product_id,
                        ИдХарактеристики=offer.characteristic_id,
                        КодЕдиницыИзмерения=offer.unit.code,
                    )
                    manifest.note("offers", offer.id, {"id": offer.id})
                    goods_xml.stock_attributes(out, "Склады", offer, manifest)
                    goods_xml.prices(out, dialect, offer, frame, manifest)
                    goods_xml.stock_total(out, offer, manifest)


def _offers(desk: Desk, portion: list[int]) -> Iterator[Offer]:
    for index in portion:
        yield from desk.company.offers(index)
