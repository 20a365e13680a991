"""A product that carries its prices itself: its own offer has no name and goes under that of it."""

from pathlib import Path

from blocks.drop_folder import DropFolder
from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.tasks.catalog.plain import take_files
from tests.tasks.catalog.test_own_offers import FILE
from tests.tasks.publication.rounds import SOURCE, ask, know_portal, publish

_TOLD = "select key, effect from journal.carried where dataset = 'offers' order by delivery_key"


def test_an_offer_without_a_name_is_told_under_that_of_its_product(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    portal, out = know_portal(warehouse), tmp_path / "out"
    out.mkdir()
    for name in ("Сенча", "Сенча люкс"):
        file = tmp_path / "import.xml"
        file.write_text(FILE.replace("Сенча", name), encoding="utf-8")
        take_files(warehouse, store, file, partner=SOURCE)
        published = publish(warehouse, store, portal, DropFolder(path=out))
        assert {} == published.failures

    assert [("p1", "create"), ("p1", "update")] == ask(warehouse, _TOLD)
    told = (out / "000002" / "offers.xml").read_text("utf-8-sig")
    assert "<Наименование>Сенча люкс</Наименование>" in told
