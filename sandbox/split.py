"""Client B: the portal vendor's module, which gives every kind of record a file of its own.

2.09 writes `import___<guid>.xml` and its fellows; 3.1 writes a folder a kind. In a
full export every file says that it is full though it holds a portion only: the end of the run is
said by `mode=complete`.
"""

from collections.abc import Callable, Iterator

from sandbox import frame_xml, goods_xml
from sandbox.desk import Desk, FileSet, Mode
from sandbox.dialect import Client
from sandbox.dice import guid
from sandbox.markup import Attributes, Markup
from sandbox.nouns import Offer

_CATALOG = "Основной каталог товаров"


def write(desk: Desk) -> Iterator[FileSet]:
    """Write the reference data first, then the goods, offers, prices and stock by portions."""
    has_goods = desk.order.mode in {Mode.FULL, Mode.CHANGES}
    if has_goods:
        write_frame = _frame_31 if desk.order.client is Client.B31 else _frame_209
        yield from write_frame(desk)
    for number, portion in enumerate(desk.portions(), start=1):
        if has_goods:
            name = _name(desk, "goods", number)
            _goods(desk, name, portion)
            yield FileSet((name,), desk.paint(portion))
        if desk.order.mode is not Mode.PRICES:
            yield _package(desk, "offers", number, portion, _whole_offer)
        yield _package(desk, "prices", number, portion, _offer_prices)
        yield _package(desk, "rests", number, portion, _offer_rests)


def _name(desk: Desk, word: str, number: int) -> str:
    file_id = guid(desk.company.seed, desk.moment.isoformat(), word, number)
    if desk.order.client is Client.B31:
        return f"{word}/{word}_1_{number}_{file_id}.xml"
    return f"{'import' if word in {'frame', 'goods'} else word}___{file_id}.xml"


def _extent(desk: Desk) -> Attributes:
    is_full = desk.order.mode in {Mode.FULL, Mode.OFFERS}
    return {"СодержитТолькоИзменения": str(not is_full).lower()}


def _classifier_head(desk: Desk, out: Markup) -> None:
    out.leaves(Ид=desk.company.frame.catalog_id, Наименование=_CATALOG)


def _frame_209(desk: Desk) -> Iterator[FileSet]:
    frame, dialect, manifest = desk.company.frame, desk.dialect, desk.manifest
    name = _name(desk, "frame", 1)
    with desk.document(name) as out, out.inside("Классификатор", _extent(desk)):
        _classifier_head(desk, out)
        frame_xml.groups(out, dialect, frame.groups, manifest)
        frame_xml.properties(out, dialect, frame.properties, manifest)
        frame_xml.price_types(out, dialect, frame.price_types, manifest)
        frame_xml.warehouses(out, dialect, frame.warehouses, manifest)
        frame_xml.units(out, dialect, frame.units, manifest)
    yield FileSet((name,))


def _frame_31(desk: Desk) -> Iterator[FileSet]:
    frame, manifest = desk.company.frame, desk.manifest
    parts: tuple[tuple[str, Callable[[Markup], None]], ...] = (
        ("groups", lambda out: frame_xml.groups(out, desk.dialect, frame.groups, manifest)),
        (
            "propertiesGoods",
            lambda out: frame_xml.properties(out, desk.dialect, frame.properties, manifest),
        ),
        ("propertiesOffers", lambda out: out.leaf("Свойства")),
        (
            "priceLists",
            lambda out: frame_xml.price_types(out, desk.dialect, frame.price_types, manifest),
        ),
        (
            "storages",
            lambda out: frame_xml.warehouses(out, desk.dialect, frame.warehouses, manifest),
        ),
        ("units", lambda out: frame_xml.units(out, desk.dialect, frame.units, manifest)),
    )
    for word, body in parts:
        name = _name(desk, word, 1)
        with desk.document(name) as out, out.inside("Классификатор", _extent(desk)):
            _classifier_head(desk, out)
            body(out)
        yield FileSet((name,))


def _goods(desk: Desk, name: str, portion: list[int]) -> None:
    catalog_id = desk.company.frame.catalog_id
    with desk.document(name) as out, out.inside("Каталог", _extent(desk)):
        out.leaves(Ид=catalog_id, ИдКлассификатора=catalog_id, Наименование=_CATALOG)
        with out.inside("Товары"):
            for index in portion:
                good = desk.company.good(index)
                goods_xml.good(out, desk.dialect, good, desk.manifest)
        out.leaf("Описание", "Каталог товаров")


def _package(
    desk: Desk,
    word: str,
    number: int,
    portion: list[int],
    body: Callable[[Desk, Markup, Offer], None],
) -> FileSet:
    catalog_id = desk.company.frame.catalog_id
    name = _name(desk, word, number)
    with desk.document(name) as out, out.inside("ПакетПредложений", _extent(desk)):
        out.leaves(
            Ид=f"{catalog_id}#",
            Наименование=f"Пакет предложений ({_CATALOG})",
            ИдКаталога=catalog_id,
            ИдКлассификатора=catalog_id,
        )
        with out.inside("Предложения"):
            for index in portion:
                for offer in desk.company.offers(index):
                    with out.inside("Предложение"):
                        body(desk, out, offer)
    return FileSet((name,))


def _whole_offer(desk: Desk, out: Markup, offer: Offer) -> None:
    goods_xml.offer(out, desk.dialect, offer, desk.manifest)


def _offer_prices(desk: Desk, out: Markup, offer: Offer) -> None:
    out.leaf("Ид", offer.id)
    desk.manifest.note("offers", offer.id, {"id": offer.id})
    goods_xml.prices(out, desk.dialect, offer, desk.company.frame, desk.manifest)


def _offer_rests(desk: Desk, out: Markup, offer: Offer) -> None:
    out.leaf("Ид", offer.id)
    desk.manifest.note("offers", offer.id, {"id": offer.id})
    goods_xml.stock_rests(out, offer, desk.manifest)
