"""A portal in this process, and what it must hold after a company's export."""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from sandbox import truth
from sandbox.company import Company
from sandbox.dialect import Client, dialect_of
from sandbox.dialogue import Account
from sandbox.export import Export, Mode, Order, export
from sandbox.goods_xml import price_unit
from sandbox.nouns import Offer
from sandbox.onec import Manners, Result, run
from sandbox.portal.quirks import parse_habits
from sandbox.portal.server import EXCHANGE_PATH, Portal, Terms
from sandbox.portal.sessions import Login

LOGIN = Login("obmen", "secret")
TLS = ssl.create_default_context()  # never used; making one for each client takes 50 ms


@dataclass
class Served:
    """A portal that runs, and its control port."""

    portal: Portal
    control: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.portal.port}{EXCHANGE_PATH}"

    @property
    def account(self) -> Account:
        return Account(self.url, LOGIN.user, LOGIN.password, 60, import_deadline_s=60)

    def held(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.control.get("/held").json()
        return answer

    def order(self, fault: str, **words: object) -> None:
        self.control.post("/fault", json={"fault": fault, **words}).raise_for_status()

    def heard(self, word: str) -> list[Any]:
        return [each[word] for each in self.control.get("/requests").json()]


@contextmanager
def serve(state: Path, *quirks: str, login: Login = LOGIN) -> Iterator[Served]:
    portal = Portal(Terms(state, habits=parse_habits(quirks), login=login))
    portal.start()
    try:
        url = f"http://127.0.0.1:{portal.control_port}"
        with httpx.Client(base_url=url, verify=TLS, timeout=60, trust_env=False) as control:
            yield Served(portal, control)
    finally:
        portal.stop()


class Visitor:
    """Somebody who has knocked and now says what a test wants said, word for word."""

    def __init__(self, served: Served | str, kind: str = "catalog") -> None:
        self._url = served if isinstance(served, str) else served.url
        self._kind = kind
        login = (LOGIN.user, LOGIN.password)
        self.http = httpx.Client(auth=login, verify=TLS, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        self.lines = self.ask("checkauth").split("\n")
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, mode: str, **words: str) -> str:
        return self.request("GET", mode, b"", **words).text

    def send(self, name: str, body: bytes) -> str:
        return self.request("POST", "file", body, filename=name).text

    def request(self, method: str, mode: str, body: bytes, **words: str) -> httpx.Response:
        query = {"type": self._kind, "mode": mode, **words}
        return self.http.request(method, self._url, params=query, content=body)


class Pen(Visitor):
    """A visitor who writes small files of its own."""

    def goods(self, words: str, extent: str = "false") -> str:
        self.put_goods(words, extent)
        return self.ask("import", filename="import.xml")

    def put_goods(self, words: str, extent: str = "false") -> None:
        head = f'<Каталог СодержитТолькоИзменения="{extent}"><Ид>c</Ид><Товары>'
        self._put("import.xml", f"{head}{words}</Товары></Каталог>")

    def offers(self, words: str, extent: str = "true") -> str:
        head = f'<ПакетПредложений СодержитТолькоИзменения="{extent}"><Ид>c#</Ид><Предложения>'
        self._put("offers.xml", f"{head}{words}</Предложения></ПакетПредложений>")
        return self.ask("import", filename="offers.xml")

    def _put(self, name: str, words: str) -> None:
        self.ask("init")
        body = f'<КоммерческаяИнформация ВерсияСхемы="2.07">{words}</КоммерческаяИнформация>'
        self.send(name, body.encode())


def exported(folder: Path, company: Company, **words: Any) -> Export:
    return export(company, folder, Order(**words))


def send(served: Served, written: Export, manners: Manners | None = None) -> Result:
    return run(written, served.account, manners)


def company_of(goods: int = 12, *, pictures: bool = False) -> Company:
    return Company(7, goods=goods, pictures=pictures)


def changes_of(company: Company, seed: int = 14, share: float = 0.5) -> Company:
    return company.after(seed, share)


def expected_goods(company: Company) -> dict[str, dict[str, object]]:
    goods = (company.good(index) for index in range(len(company)))
    return {good.id: truth.good(good) for good in goods if not good.is_deleted}


def expected_offers(company: Company, client: Client, cml: str | None) -> dict[str, Any]:
    offers = (each for index in range(len(company)) for each in company.offers(index))
    return {each.id: _expected_offer(each, client, cml) for each in offers}


def _expected_offer(each: Offer, client: Client, cml: str | None) -> dict[str, Any]:
    dialect = dialect_of(client, cml)
    prices = {}
    for price in each.prices:
        unit = price_unit(dialect, price)
        key = truth.price_key(each.id, price, unit).partition("|")[2]
        prices[key] = truth.price(each.id, price, unit)
    stock = {place: truth.number(quantity) for place, quantity in each.stock}
    return {**truth.offer(each), "prices": prices, "stock": stock}


def goods_like(held: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """The held goods with the words that the expected ones have."""
    return {
        key: {"id": key, "is_deleted": False}
        | {name: body[name] for name in next(iter(expected.values())) if name in body}
        for key, body in held["goods"].items()
    }


def offers_like(held: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """The held offers with the words that the expected ones have; stock without the total."""
    return {
        key: {
            "id": key,
            **_only(body, truth_words(expected)),
            "prices": {
                name: {"offer_id": key, **_without(price, {"coefficient"})}
                for name, price in body["prices"].items()
            },
            "stock": _without(body["stock"], {""}),
        }
        for key, body in held["offers"].items()
    }


def truth_words(expected: Mapping[str, Any]) -> set[str]:
    return set(next(iter(expected.values()))) - {"prices", "stock", "id"}


def _only(body: Mapping[str, Any], words: Iterable[str]) -> dict[str, Any]:
    return {name: body[name] for name in words}


def _without(body: Mapping[str, Any], words: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in set(words)}


def full(folder: Path, company: Company, client: Client = Client.A) -> Export:
    return exported(folder, company, client=client, mode=Mode.FULL, portion=5)
