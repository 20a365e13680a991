"""What one writes instead, without books, refusals, history or places, in a process of its own.

`pandas`: pandas.read_xml with iterparse over the file and DataFrame.to_sql into empty tables.
`orm`: the whole document in memory, and SQLAlchemy's `Session.merge` for each record.
Started by `bench/stock.py`; both write offers, prices and stock into a schema of their own in the
same PostgreSQL, and print one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from xml.etree import ElementTree as ET

import pandas as pd
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.memory import peak_mb
from blocks.settings import Settings

_SCHEMA = "usual"
_NAMESPACE = "{urn:1C.ru:commerceml_2}"
_OFFER = {
    "Ид": "id", "Артикул": "article", "Наименование": "name", "Количество": "quantity",
    "ИдТипаЦены": "price_type_id", "ЦенаЗаЕдиницу": "amount", "Валюта": "currency",
}  # fmt: skip
_STOCK = {"ИдСклада": "warehouse_id", "КоличествоНаСкладе": "quantity"}


class Base(DeclarativeBase):
    """The tables of the schema."""


class Offer(Base):
    """An offer."""

    __tablename__ = "offer"
    __table_args__ = {"schema": _SCHEMA}  # noqa: RUF012 - so SQLAlchemy wants it

    id: Mapped[str] = mapped_column(primary_key=True)
    article: Mapped[str]
    name: Mapped[str]


class Price(Base):
    """A price."""

    __tablename__ = "price"
    __table_args__ = {"schema": _SCHEMA}  # noqa: RUF012 - the same

    offer_id: Mapped[str] = mapped_column(primary_key=True)
    price_type_id: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Decimal]
    currency: Mapped[str]


class Stock(Base):
    """A quantity; warehouse "" is the total."""

    __tablename__ = "stock"
    __table_args__ = {"schema": _SCHEMA}  # noqa: RUF012 - the same

    offer_id: Mapped[str] = mapped_column(primary_key=True)
    warehouse_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal]


def main() -> None:
    """Load the file in one of the usual ways and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["pandas", "orm"])
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    settings = Settings.load()
    engine = create_engine(settings.warehouse_url_for("obmen_owner"))
    with engine.begin() as connection:
        connection.execute(text(f"drop schema if exists {_SCHEMA} cascade"))
        connection.execute(text(f"create schema {_SCHEMA}"))
    begun = perf_counter()
    records = (_by_pandas if asked.way == "pandas" else _by_orm)(asked.file, engine)
    seconds = perf_counter() - begun
    json.dump({"seconds": round(seconds, 3), "records": records, "peak_mb": peak_mb()}, sys.stdout)


def _by_pandas(file: Path, engine: Engine) -> int:
    """Read twice: a row of `iterparse` has one value for each name, and an offer has many stocks.

    That a stock belongs to the offer above it is lost; what saves it here is that every offer of
    this file has the same number of them.
    """
    offers = pd.read_xml(file, iterparse={"Предложение": list(_OFFER)}, dtype=str)
    offers = offers.rename(columns=_OFFER)
    stock = pd.read_xml(file, iterparse={"Склад": list(_STOCK)}, dtype=str)
    stock = stock.rename(columns=_STOCK).dropna()
    stock["offer_id"] = offers["id"].repeat(len(stock) // len(offers)).to_numpy()
    tables = {
        "offer": offers[["id", "article", "name"]],
        "price": offers[["id", "price_type_id", "amount", "currency"]],
        "total": offers[["id", "quantity"]],
        "stock": stock,
    }
    for name, frame in tables.items():
        frame.to_sql(name, engine, schema=_SCHEMA, index=False, chunksize=10_000)
    return sum(len(frame) for frame in tables.values())


def _by_orm(file: Path, engine: Engine) -> int:
    Base.metadata.create_all(engine)
    # The file is our own.
    root = ET.parse(file).getroot()  # noqa: S314
    records = 0
    with Session(engine) as session:
        for element in root.iter(f"{_NAMESPACE}Предложение"):
            for record in _read(element):
                session.merge(record)
                records += 1
        session.commit()
    return records


def _read(element: ET.Element) -> Iterator[Base]:
    offer_id = _text(element, "Ид")
    yield Offer(id=offer_id, article=_text(element, "Артикул"), name=_text(element, "Наименование"))
    for price in element.iter(f"{_NAMESPACE}Цена"):
        yield Price(
            offer_id=offer_id,
            price_type_id=_text(price, "ИдТипаЦены"),
            amount=Decimal(_text(price, "ЦенаЗаЕдиницу")),
            currency=_text(price, "Валюта"),
        )
    yield Stock(offer_id=offer_id, warehouse_id="", quantity=Decimal(_text(element, "Количество")))
    for stock in element.iter(f"{_NAMESPACE}Склад"):
        yield Stock(
            offer_id=offer_id,
            warehouse_id=stock.attrib["ИдСклада"],
            quantity=Decimal(stock.attrib["КоличествоНаСкладе"]),
        )


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{_NAMESPACE}{name}", "")


if __name__ == "__main__":
    main()
