"""The demo's three portals: what each may see, how each behaves, and whether it holds it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sandbox.company import Company
from sandbox.demo_prefect import Prefect
from sandbox.portal.quirks import parse_habits
from sandbox.portal.server import EXCHANGE_PATH, Portal, Terms
from sandbox.portal.sessions import Login

_LOGIN = Login("obmen", "portal-of-the-demo")


@dataclass(frozen=True, slots=True)
class Shop:
    """A portal: its name, what its partner block selects, and its habits."""

    name: str
    told: str  # in a few words, for the table
    publication: Mapping[str, Any]
    quirks: Sequence[str] = ()
    tree: Sequence[tuple[str, str, str]] = ()  # kind, id, the customer's group


@dataclass(frozen=True, slots=True)
class Stall:
    """A portal that serves."""

    shop: Shop
    portal: Portal

    @property
    def held(self) -> dict[str, Any]:
        """What it says that it holds."""
        answer: dict[str, Any] = self._control("GET", "/held").json()
        return answer

    def go_down(self) -> None:
        """Refuse connections, as a host without a server."""
        self._control("POST", "/down")

    def come_up(self) -> None:
        """Serve again."""
        self._control("POST", "/up")

    def _control(self, method: str, path: str) -> httpx.Response:
        url = f"http://127.0.0.1:{self.portal.control_port}{path}"
        answer = httpx.request(method, url, timeout=30, trust_env=False)
        return answer.raise_for_status()


def choose_shops(company: Company, source: str) -> list[Shop]:
    """Return three portals with different selections, trees, dialects and quirks."""
    frame = company.frame
    roots = [group for group in frame.groups if group.parent_id is None]
    retail, dealer = frame.price_types[0].id, frame.price_types[2].id
    return [
        Shop(
            "b2b-portal",
            "everything, 2.09",
            {"source": source, "dialect": "commerceml-2.09"},
            ("zip-yes", "windows-1251-answers", "bom-before-answers"),
        ),
        Shop(
            "dealer-shop",
            "dealer prices, one warehouse, its own tree, 3.1",
            {
                "source": source,
                "dialect": "commerceml-3.1",
                "price_types": [dealer],
                "warehouses": [frame.warehouses[0].id],
                "tree": "customer",
            },
            ("progress-n-times=3", "small-file-limit=60000", "needs-user-agent"),
            tuple(("group", group.id, f"Витрина/{group.name}") for group in roots[::2]),
        ),
        Shop(
            "marketplace",
            "one branch, retail prices, few fields, 2.07",
            {
                "source": source,
                "dialect": "commerceml-2.07",
                "groups": [roots[0].id],
                "price_types": [retail],
                "kinds": ["prices", "stock"],
                "fields": ["article", "barcode", "description"],
            },
            ("short-checkauth", "file-limit-zero"),
        ),
    ]


@contextmanager
def open_shops(shops: Sequence[Shop]) -> Iterator[list[Stall]]:
    """Serve portals as long as the block lasts; what they hold outlives it in Obmen's home."""
    home = Path(os.environ["OBMEN_HOME"]) / "demo"
    home.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stalls = []
        for shop in shops:
            terms = Terms(home / f"{shop.name}.sqlite", 0, None, parse_habits(shop.quirks), _LOGIN)
            portal = Portal(terms)
            portal.start()
            stack.callback(portal.stop)
            stalls.append(Stall(shop, portal))
        yield stalls


def admit_shop(prefect: Prefect, stall: Stall, state: str = "active") -> None:
    """Make the two blocks of a portal, as an operator does in the UI."""
    channel = prefect.save_block(
        "commerceml-site",
        f"{stall.shop.name}-site",
        {
            "url": f"http://127.0.0.1:{stall.portal.port}{EXCHANGE_PATH}",
            "login": _LOGIN.user,
            "password": _LOGIN.password,
            "readback": "get_catalog",
            "pause_s": 0.1,
        },
    )
    prefect.save_block(
        "partner",
        stall.shop.name,
        {
            "channel": {"$ref": {"block_document_id": channel}},
            "direction": "out",
            "state": state,
            "publication": stall.shop.publication,
        },
    )


def load_tree(prefect: Prefect, stall: Stall, folder: Path) -> None:
    """Load a portal's own tree, where it has one, as its operator does."""
    if not stall.shop.tree:
        return
    file = folder / f"{stall.shop.name}-tree.csv"
    lines = [";".join(row) for row in (("kind", "id", "customer_group"), *stall.shop.tree)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    prefect.run_deployment(
        "load-tree", {"portal": stall.shop.name, "file": str(file), "person": "the demo"}
    )
