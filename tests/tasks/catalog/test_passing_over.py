"""What is known is passed over: cheaper, and nothing else about it is different."""

from pathlib import Path

import pytest

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.manifest import load_manifest
from tasks.model.messages import Closed, Terms
from tests.tasks.catalog.plain import take_files

_GOODS = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.09" ДатаФормирования="2026-11-01T09:00:00">
<Каталог СодержитТолькоИзменения="true"><Ид>c</Ид><Товары>{}</Товары></Каталог>
</КоммерческаяИнформация>"""
_OFFERS = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.09" ДатаФормирования="2026-11-01T{hour}:00:00">
<ПакетПредложений СодержитТолькоИзменения="{changes}"><Ид>c#</Ид><ИдКаталога>c</ИдКаталога>
<ТипыЦен><ТипЦены><Ид>p</Ид><Наименование>Оптовая</Наименование></ТипЦены></ТипыЦен>
<Склады><Склад><Ид>w1</Ид><Наименование>Первый</Наименование></Склад>
<Склад><Ид>w2</Ид><Наименование>Второй</Наименование></Склад></Склады>
<Предложения>{offers}</Предложения></ПакетПредложений></КоммерческаяИнформация>"""
_IDS = ("a", "b", "c", "d")


def _offer(name: str, price: str = "10", one: str = "5", two: str | None = "7") -> str:
    other = f'<Склад ИдСклада="w2" КоличествоНаСкладе="{two}"/>' if two is not None else ""
    return (
        f"<Предложение><Ид>{name}</Ид><Наименование>{name}</Наименование><Цены><Цена>"
        f"<ИдТипаЦены>p</ИдТипаЦены><ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу></Цена></Цены>"
        f'<Склад ИдСклада="w1" КоличествоНаСкладе="{one}"/>{other}</Предложение>'
    )


class Sender:
    """An accounting base that exports offers again and again, an hour later each time."""

    def __init__(self, warehouse: Warehouse, store: Store, folder: Path) -> None:
        self.warehouse, self.store, self.folder, self.hour = warehouse, store, folder, 9
        goods = "".join(
            f"<Товар><Ид>{one}</Ид><Наименование>{one}</Наименование></Товар>" for one in _IDS
        )
        self._take("import.xml", _GOODS.format(goods))

    def send(
        self,
        *offers: str,
        changes: bool = False,
        name: str = "offers.xml",
        terms: Terms | None = None,
    ) -> Closed:
        """Export these offers and have them taken."""
        self.hour += 1
        said = {"hour": self.hour, "changes": str(changes).lower(), "offers": "\n".join(offers)}
        return self._take(name, _OFFERS.format(**said), terms)

    def _take(self, name: str, text: str, terms: Terms | None = None) -> Closed:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return take_files(self.warehouse, self.store, path, terms=terms or Terms())[0]

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Ask the warehouse."""
        with self.warehouse.transaction("ask") as transaction:
            return [tuple(row.values()) for row in transaction.execute_compiled(question)]

    def quantities(self) -> list[tuple[object, ...]]:
        """What is held now: offer, warehouse, quantity."""
        return self.ask(
            "select offer.id, warehouse.id, trim_scale(quantity)::text from core.stock"
            " join core.offer using (offer_key) join core.warehouse using (warehouse_key)"
            " where valid_to = 'infinity' and recorded_to = 'infinity' order by 1, 2"
        )


@pytest.fixture
def sender(warehouse: Warehouse, store: Store, tmp_path: Path) -> Sender:
    return Sender(warehouse, store, tmp_path)


def _entry(closed: Closed, dataset: str) -> tuple[int, int, int, int]:
    (books,) = [one for one in closed.books if one.dataset == dataset]
    return books.received, books.accepted, books.unchanged, books.refused


def _passed(sender: Sender) -> int:
    """How many offers of the last message its manifest holds in runs."""
    ((key,),) = sender.ask(
        "select manifest_key from journal.message order by message_key desc limit 1"
    )
    manifest = load_manifest(sender.store, str(key)).to_pylist()
    return sum(row["records"] for row in manifest if row["dataset"] == "offers" and not row["key"])


def test_the_same_export_again_is_counted_whole_and_read_not_at_all(sender: Sender) -> None:
    offers = [_offer(one) for one in _IDS]
    sender.send(*offers)

    again = sender.send(*offers)

    assert (4, 0, 4, 0) == _entry(again, "offers")
    assert (4, 0, 4, 0) == _entry(again, "prices")
    assert (8, 0, 8, 0) == _entry(again, "stock")
    assert _passed(sender) == len(_IDS)


def test_only_what_changed_is_read_and_written(sender: Sender) -> None:
    sender.send(*(_offer(one) for one in _IDS))

    changed = sender.send(_offer("a"), _offer("b", one="6"), _offer("c"), _offer("d"))

    assert (8, 1, 7, 0) == _entry(changed, "stock")
    assert _passed(sender) == len(_IDS) - 1
    assert ("b", "w1", "6") in sender.quantities()


def test_what_returns_to_earlier_bytes_is_read_again(sender: Sender) -> None:
    sender.send(*(_offer(one) for one in _IDS))
    sender.send(_offer("a", one="9"), *(_offer(one) for one in _IDS[1:]))

    back = sender.send(*(_offer(one) for one in _IDS))

    assert (8, 1, 7, 0) == _entry(back, "stock")
    assert ("a", "w1", "5") in sender.quantities()


def test_an_offer_that_another_file_told_of_is_read_again(sender: Sender) -> None:
    offers = [_offer(one) for one in _IDS]
    sender.send(*offers)
    sender.send(_offer("a", one="1"), changes=True, name="rests.xml")

    again = sender.send(*offers)

    assert (8, 1, 7, 0) == _entry(again, "stock")
    assert ("a", "w1", "5") in sender.quantities()


def test_an_offer_that_a_file_without_slices_told_of_is_read_again(sender: Sender) -> None:
    offers = [_offer(one) for one in _IDS]
    sender.send(*offers)
    sender.send(_offer("a", one="1") + "<!-- by hand -->", changes=True, name="by_hand.xml")

    again = sender.send(*offers)

    assert (8, 1, 7, 0) == _entry(again, "stock")


def test_a_refused_record_is_told_of_each_time(sender: Sender) -> None:
    offers = [_offer("a", price="1e"), *(_offer(one) for one in _IDS[1:])]
    sender.send(*offers)

    again = sender.send(*offers)

    assert (4, 0, 3, 1) == _entry(again, "prices")
    assert _passed(sender) == len(_IDS) - 1


def test_other_terms_read_everything_again(sender: Sender) -> None:
    offers = [_offer(one) for one in _IDS]
    sender.send(*offers)

    sender.send(*offers, terms=Terms(is_total_sum=True))

    assert _passed(sender) == 0


def test_a_whole_file_reads_what_came_as_a_change(sender: Sender) -> None:
    sender.send(*(_offer(one) for one in _IDS))
    sender.send(_offer("a", two=None), changes=True)
    assert ("a", "w2", "7") in sender.quantities()

    sender.send(_offer("a", two=None), *(_offer(one) for one in _IDS[1:]))

    assert ("a", "w2", "0") in sender.quantities()
    assert _passed(sender) == len(_IDS) - 1


def test_a_late_file_is_compared_with_what_was_passed_over(sender: Sender) -> None:
    offers = [_offer(one) for one in _IDS]
    sender.send(*offers)
    sender.hour += 2
    sender.send(*offers)
    sender.hour -= 2

    late = sender.send(_offer("a", one="99"), *offers[1:])

    assert (8, 1, 7, 0) == _entry(late, "stock")
    assert ("a", "w1", "5") in sender.quantities()
