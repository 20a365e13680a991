"""What writing a package costs: offers a second, and memory, beside bare joining of strings.

Makes N offers with 4 prices and 5 warehouses each in a memory-mapped file, writes them with each
dialect in a fresh process, and writes the same values with Python's own formatting, unescaped and
unchecked, as the yardstick. Prints one JSON object. Run: python -m bench.writing --offers 100000
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

import pyarrow as pa

from tasks.formats.commerceml.writing import WritingTerms, write_package
from tasks.model.datasets import PLACE, SCHEMAS, Dataset, Extent

_PRICES = 4
_WAREHOUSES = 5
_BLOCK = 10_000
_SIZE = '[{"id":"x","name":"Размер","value":"?"}]'
_DATASETS = (Dataset.OFFERS, Dataset.PRICES, Dataset.STOCK)
_DIALECTS = ("commerceml-2.07", "commerceml-2.09", "commerceml-3.1")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FOLDER"))
    arguments = parser.parse_args()
    if arguments.one:
        way, folder = arguments.one
        json.dump(_measure(way, Path(folder)), sys.stdout)
        return
    with tempfile.TemporaryDirectory() as folder:
        _make_tables(arguments.offers, Path(folder))
        figures = {way: _start(way, folder) for way in ("strings", *_DIALECTS)}
    for way in _DIALECTS:
        figures[way]["ratio"] = round(figures[way]["cpu_s"] / figures["strings"]["cpu_s"], 2)
        figures[way]["offers_per_cpu_s"] = round(arguments.offers / figures[way]["cpu_s"])
    json.dump({"offers": arguments.offers, **figures}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _start(way: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.writing", "--one", way, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _measure(way: str, folder: Path) -> dict[str, float]:
    tables = {dataset: _open(folder / f"{dataset}.arrow") for dataset in _DATASETS}
    before = _peak_mb()
    with tempfile.TemporaryDirectory() as target:
        begun, worked = perf_counter(), process_time()
        if way == "strings":
            _join_strings(tables, Path(target) / "offers.xml")
        else:
            write_package(tables, _make_terms(way), Path(target))
        seconds, cpu_s = perf_counter() - begun, process_time() - worked
        size = sum(path.stat().st_size for path in Path(target).iterdir())
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu_s, 2),
        "written_mb": round(size / 2**20, 1),
        "peak_mb": round(_peak_mb()),  # of the process: what it read of the mapped files too
        "peak_before_mb": round(before),
        "arrow_peak_mb": round(pa.default_memory_pool().max_memory() / 2**20),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _open(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _make_terms(dialect: str) -> WritingTerms:
    return WritingTerms(
        dialect, Extent.FULL, datetime(2026, 2, 6, tzinfo=UTC),
        "c", "Каталог", "k", "c#", "o", "ООО «Ромашка»",
    )  # fmt: skip


def _make_tables(offers: int, folder: Path) -> None:
    for dataset in _DATASETS:
        schema = pa.schema(list(SCHEMAS[dataset])[len(PLACE) :])
        rows = _make_rows(dataset, offers)
        with pa.ipc.new_file(str(folder / f"{dataset}.arrow"), schema) as file:
            while block := list(islice(rows, _BLOCK)):
                file.write_batch(pa.RecordBatch.from_pylist(block, schema=schema))


def _make_rows(dataset: Dataset, offers: int) -> Iterator[dict[str, object]]:
    for number in range(offers):
        offer = f"{number:08d}-7f82-46d8-a5ca-7c4f1d200a13#6abdb0b5-18fd-11e7-80c2-0cc47ab29cd1"
        match dataset:
            case Dataset.OFFERS:
                yield {
                    "id": offer, "name": f'Ботинки "Прогулка" & Ко, размер {number % 50}',
                    "article": f"BT-{number}", "barcode": f"46{number:011d}", "unit_code": "796",
                    "unit_name": "шт", "is_deleted": False,
                    "characteristics": _SIZE.replace("?", str(number % 50)),
                }  # fmt: skip
            case Dataset.PRICES:
                for kind in range(_PRICES):
                    yield {
                        "offer_id": offer, "price_type_id": f"279b6812-740b-11e8-80c8-{kind:012d}",
                        "amount": f"{number % 9973}.5", "currency": "RUB", "unit": "шт",
                        "coefficient": "1", "presentation": f"{number % 9973},50 RUB за шт",
                    }  # fmt: skip
            case _:
                for place in range(_WAREHOUSES):
                    warehouse = f"6abdb0b5-18fd-11e7-80c2-{place:012d}"
                    quantity = str(number % 17)
                    yield {"offer_id": offer, "warehouse_id": warehouse, "quantity": quantity}


def _join_strings(tables: dict[Dataset, pa.Table], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        rows = zip(*(_list_blocks(tables[dataset], dataset) for dataset in _DATASETS), strict=True)
        for offers, prices, stock in rows:
            for number, offer in enumerate(offers):
                mine = prices[number * _PRICES : (number + 1) * _PRICES]
                placed = stock[number * _WAREHOUSES : (number + 1) * _WAREHOUSES]
                file.write(_join_one(offer, mine, placed))


def _list_blocks(table: pa.Table, dataset: Dataset) -> Iterator[list[dict[str, str]]]:
    times = {Dataset.PRICES: _PRICES, Dataset.STOCK: _WAREHOUSES}.get(dataset, 1)
    for start in range(0, len(table), _BLOCK * times):
        yield table.slice(start, _BLOCK * times).to_pylist()


def _join_one(
    offer: dict[str, str], prices: list[dict[str, str]], stock: list[dict[str, str]]
) -> str:
    priced = "".join(
        f"<Цена><Представление>{price['presentation']}</Представление>"
        f"<ИдТипаЦены>{price['price_type_id']}</ИдТипаЦены>"
        f"<ЦенаЗаЕдиницу>{price['amount']}</ЦенаЗаЕдиницу><Валюта>{price['currency']}</Валюта>"
        f"<Единица>{price['unit']}</Единица><Коэффициент>{price['coefficient']}</Коэффициент></Цена>"
        for price in prices
    )
    placed = "".join(
        f'<Склад ИдСклада="{one["warehouse_id"]}" КоличествоНаСкладе="{one["quantity"]}"/>'
        for one in stock
    )
    size = json.loads(offer["characteristics"])[0]
    return (
        f"<Предложение><Ид>{offer['id']}</Ид><Штрихкод>{offer['barcode']}</Штрихкод>"
        f"<Артикул>{offer['article']}</Артикул><Наименование>{offer['name']}</Наименование>"
        f'<БазоваяЕдиница Код="{offer["unit_code"]}">{offer["unit_name"]}</БазоваяЕдиница>'
        f"<ХарактеристикиТовара><ХарактеристикаТовара><Ид>{size['id']}</Ид>"
        f"<Наименование>{size['name']}</Наименование><Значение>{size['value']}</Значение>"
        f"</ХарактеристикаТовара></ХарактеристикиТовара>"
        f"<Цены>{priced}</Цены>{placed}</Предложение>\n"
    )


if __name__ == "__main__":
    main()
