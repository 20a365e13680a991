"""Ways to look at a portal, each at one habit of it."""

from collections.abc import Callable

import httpx

from sandbox.portal.exchange import USUAL_FILE_LIMIT
from tests.sandbox.portals import Pen, Served, Visitor

GOOD = "<Товар><Ид>g</Ид></Товар>"
BOM = b"\xef\xbb\xbf"

Look = Callable[[Served, Pen], object]


def first(answer: str) -> str:
    return answer.split("\n", 1)[0]


def wrong_password(served: Served, _pen: Pen) -> tuple[int, bytes]:
    with Visitor(served) as visitor:
        visitor.http.auth = ("obmen", "wrong")
        answer = visitor.request("GET", "checkauth", b"")
    return answer.status_code, answer.content[:7]


def broken_file(_served: Served, pen: Pen) -> tuple[int, bytes]:
    answer = pen.request("GET", "import", b"", filename="nothing.xml")
    return answer.status_code, answer.content[:7]


def encoding_of_failure(_served: Served, pen: Pen) -> tuple[str | None, str]:
    answer = pen.request("GET", "import", b"", filename="nothing.xml")
    return answer.charset_encoding, answer.text.split("\n")[1]


def checkauth_lines(_served: Served, pen: Pen) -> int:
    return len(pen.lines)


def cookies_agree(_served: Served, pen: Pen) -> bool:
    return pen.http.cookies.get(pen.lines[1]) == pen.lines[2]


def init(_served: Served, pen: Pen) -> str:
    return pen.ask("init")


def without_basic(_served: Served, pen: Pen) -> str:
    pen.http.auth = httpx.Auth()
    return first(pen.ask("init"))


def without_cookie(_served: Served, pen: Pen) -> str:
    pen.http.cookies.clear()
    return first(pen.ask("init"))


def with_agent(_served: Served, pen: Pen) -> list[str]:
    agents = ("1C+Enterprise/8.3", "Mozilla/5.0")
    answers = []
    for agent in agents:
        pen.http.headers["User-Agent"] = agent
        answers.append(first(pen.ask("checkauth")))
    return answers


def with_sessid(_served: Served, pen: Pen) -> list[str]:
    sessid = pen.lines[3].removeprefix("sessid=")
    return [first(pen.ask("init", **words)) for words in ({}, {"sessid": sessid})]


def two_chunks(_served: Served, pen: Pen) -> str:
    pen.ask("init")
    pen.send("import.xml", b"<?xml version='1.0'?><one>")
    pen.send("import.xml", b"<?xml version='1.0'?>" + _small().encode())
    return first(pen.ask("import", filename="import.xml"))


def _small() -> str:
    return "<КоммерческаяИнформация><Каталог/></КоммерческаяИнформация>"


def full_last_chunk(_served: Served, pen: Pen) -> str:
    pen.ask("init")
    pen.send("import.xml", _small().encode().ljust(USUAL_FILE_LIMIT))
    return first(pen.ask("import", filename="import.xml"))


def imports(served: Served, pen: Pen) -> tuple[list[str], bool]:
    answers = [first(pen.goods(GOOD))]
    answers += [first(pen.ask("import", filename="import.xml")) for _ in range(2)]
    return answers, "g" in served.held()["goods"]


def at_file(served: Served, pen: Pen) -> list[int]:
    pen.ask("init")
    body = _small().encode()
    counts = []
    for piece in (body[:9], body[9:]):
        pen.send("import.xml", piece)
        counts.append(len(served.held()["applied"]))
    pen.ask("import", filename="import.xml")
    return [*counts, sum(each["times"] for each in served.held()["applied"])]


def other_name(served: Served, pen: Pen) -> tuple[str, bool]:
    pen.ask("init")
    pen.send("goods.xml", _small().encode())
    return first(pen.ask("import", filename="goods.xml")), bool(served.held()["applied"])


def characteristic(served: Served, pen: Pen) -> list[str]:
    offer = "<Предложение><Ид>{}</Ид><Наименование>О</Наименование></Предложение>"
    pen.offers(offer.format("g") + offer.format("g#1"))
    return sorted(served.held()["offers"])


def full_twice(served: Served, pen: Pen) -> list[str]:
    pen.goods(GOOD)
    pen.goods("<Товар><Ид>h</Ид></Товар>")
    return sorted(served.held()["goods"])


def half(served: Served, pen: Pen) -> tuple[str, int]:
    goods = "".join(f"<Товар><Ид>{number}</Ид></Товар>" for number in range(12))
    return first(pen.goods(goods)), len(served.held()["goods"])


def mode(name: str) -> Look:
    return lambda _served, pen: first(pen.ask(name))


def success_lines(_served: Served, pen: Pen) -> int:
    return len(pen.goods(GOOD).split("\n"))


def readback(served: Served, _pen: Pen) -> list[str]:
    with Visitor(served, "get_catalog") as reader:
        reader.ask("init")
        answers = [reader.ask("query") for _ in range(3)]
        return [answer[-12:] for answer in answers if "finished=yes" in answer]


def raw_init(_served: Served, pen: Pen) -> bytes:
    return pen.request("GET", "init", b"").content


def raw_failure(_served: Served, pen: Pen) -> bytes:
    return pen.request("GET", "nothing", b"").content


def second_session(served: Served, pen: Pen) -> bool:
    with Visitor(served) as other:
        return pen.lines[2] == other.lines[2]


def prices_named(served: Served, pen: Pen) -> int:
    head = "<Предложение><Ид>o</Ид><Наименование>О</Наименование><Цены><Цена><ИдТипаЦены>"
    for kind in "ab":
        pen.offers(f"{head}{kind}</ИдТипаЦены></Цена></Цены></Предложение>")
    return len(served.held()["offers"]["o"]["prices"])
