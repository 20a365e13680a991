"""Small files of stock as 1C writes them, and what is held of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.archive import file_message
from tasks.model.messages import Closed, Terms
from tests.tasks.catalog.plain import USUAL, know_partner, take_waiting

WAREHOUSES = ("w1", "w2", "w3")
OFFERS = ("p1", "p2", "p3")
Figures = Mapping[str, str]  # warehouse: quantity; "" is the total


@dataclass(frozen=True, slots=True)
class Said:
    """What one file says of the stock of some offers."""

    figures: Mapping[str, Figures]
    is_full: bool = True
    minute: int = 0  # of its forming


def stock_xml(said: Said) -> str:
    """Write a package of offers with stock in the attributes of `Склад`."""
    offers = "".join(
        f"<Предложение><Ид>{offer}</Ид>{_figures(figures)}</Предложение>"
        for offer, figures in said.figures.items()
    )
    flag = str(not said.is_full).lower()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.08"'
        f' ДатаФормирования="{_instant(said.minute)}">'
        f'<ПакетПредложений СодержитТолькоИзменения="{flag}"><Ид>c#</Ид><ИдКаталога>c</ИдКаталога>'
        f"<Предложения>{offers}</Предложения></ПакетПредложений></КоммерческаяИнформация>"
    )


def _instant(minute: int) -> str:
    return f"2025-11-01T{10 + minute // 60:02}:{minute % 60:02}:00"


def _figures(figures: Figures) -> str:
    total = f"<Количество>{figures['']}</Количество>" if "" in figures else ""
    return total + "".join(
        f'<Склад ИдСклада="{place}" КоличествоНаСкладе="{quantity}"/>'
        for place, quantity in figures.items()
        if place
    )


def ground_xml(offers: Sequence[str] = OFFERS, places: Sequence[str] = WAREHOUSES) -> str:
    """Write the goods, each with an offer, and the warehouses that quantities refer to."""
    goods = "".join(
        f"<Товар><Ид>{id_}</Ид><Наименование>Товар {id_}</Наименование></Товар>" for id_ in offers
    )
    named = "".join(
        f"<Предложение><Ид>{id_}</Ид><Наименование>Товар {id_}</Наименование></Предложение>"
        for id_ in offers
    )
    stores = "".join(
        f"<Склад><Ид>{id_}</Ид><Наименование>Склад {id_}</Наименование></Склад>" for id_ in places
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.08"'
        ' ДатаФормирования="2025-11-01T09:00:00">'
        '<Каталог СодержитТолькоИзменения="true"><Ид>c</Ид><Наименование>К</Наименование>'
        f"<Товары>{goods}</Товары></Каталог>"
        '<ПакетПредложений СодержитТолькоИзменения="true"><Ид>c#</Ид><ИдКаталога>c</ИдКаталога>'
        f"<Склады>{stores}</Склады><Предложения>{named}</Предложения></ПакетПредложений>"
        "</КоммерческаяИнформация>"
    )


@dataclass(frozen=True, slots=True)
class Base:
    """An accounting base that sends files of stock."""

    warehouse: Warehouse
    store: Store
    folder: Path
    terms: Terms = USUAL
    name: str = "base"

    def prepare(self, offers: Sequence[str] = OFFERS, places: Sequence[str] = WAREHOUSES) -> "Base":
        """Send the goods, offers and warehouses."""
        self.send(ground_xml(offers, places))
        return self

    def say(self, *said: Said, session_key: int | None = None) -> list[Closed]:
        """Send these files and take them in one run."""
        return self.send(*map(stock_xml, said), session_key=session_key)

    def send(
        self, *texts: str, name: str = "offers0_1.xml", session_key: int | None = None
    ) -> list[Closed]:
        """Send files of these texts and take them in one run."""
        due = know_partner(self.warehouse, self.name, self.terms)
        path = self.folder / name
        for text in texts:
            path.write_text(text, encoding="utf-8")
            file_message(self.name, path, self.warehouse, self.store)
        if session_key:
            waiting = "where state = 'received' and session_key is null"
            self.ask(f"update journal.message set session_key = {session_key} {waiting}")
        return take_waiting(self.warehouse, self.store, due)

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Ask the warehouse a question of the test's own."""
        with self.warehouse.transaction("ask") as transaction:
            return [tuple(row.values()) for row in transaction.execute_compiled(question)]

    def held(self) -> dict[tuple[str, str], Decimal]:
        """The quantities that hold now, by offer and warehouse ("" is the total)."""
        rows = self.ask(
            "select offer.id, coalesce(warehouse.id, ''), trim_scale(quantity) from core.stock"
            " join core.offer using (offer_key) left join core.warehouse using (warehouse_key)"
            " where stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'"
        )
        return {(str(offer), str(place)): Decimal(str(number)) for offer, place, number in rows}
