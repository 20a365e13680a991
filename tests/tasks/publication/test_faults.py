"""Every fault of the box, before, inside and after the body: equal or in doubt, never twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from blocks.commerceml_site import CommerceMLSite
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from sandbox.portal.faults import Fault
from tasks.model.portals import Portal
from tests.sandbox.portals import LOGIN, Served, serve
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company

_PLACES = ("before", "inside", "after")
_ROUNDS = 4  # of an operator who presses Run again
_SILENT = {Fault.TIMEOUT, Fault.DRIP}


@dataclass(frozen=True, slots=True)
class Shop:
    """A portal that was shown a catalog, with both its sides."""

    warehouse: Warehouse
    store: Store
    portal: Portal
    served: Served
    site: CommerceMLSite


@pytest.fixture
def shop(warehouse: Warehouse, store: Store, tmp_path: Path) -> Iterator[Shop]:
    take_company(warehouse, store, tmp_path / "full", Company(seed=11, goods=6, pictures=False))
    with serve(tmp_path / "portal.sqlite") as served:
        site = CommerceMLSite(
            url=served.url,
            login=LOGIN.user,
            password=SecretStr(LOGIN.password),
            readback="get_catalog",
            request_timeout_s=60,
            pause_s=0.01,
        )
        made = Shop(warehouse, store, know_portal(warehouse), served, site)
        assert "delivered" == _publish(made)
        yield made


# Where a file breaks, the channel's own table breaks it too (tests/blocks/site/test_faults.py).
@pytest.mark.parametrize("mode", [pytest.param("file", marks=pytest.mark.campaign), "import"])
def test_whatever_breaks_the_portal_ends_equal_or_openly_in_doubt(shop: Shop, mode: str) -> None:
    scenarios = [(fault, where) for fault in Fault for where in _PLACES]

    for number, (fault, where) in enumerate(scenarios):
        scene = f"{fault} {where} {mode}"
        name = f"Товар {mode} {number}"
        key = _rename(shop, name)
        shop.served.order(fault.value, where=where, mode=mode, times=1)

        outcome = _publish(_impatient(shop) if fault in _SILENT else shop)
        if outcome == "in_doubt":
            assert ask(shop.warehouse, _QUESTION)[0][0], scene
        for _ in range(_ROUNDS):
            if outcome == "delivered":
                break
            outcome = _publish(shop)

        assert "delivered" == outcome, scene
        assert name == shop.served.held()["goods"][key]["name"], scene
        assert 1 == _changes_to(shop, name), scene
        shop.served.control.delete("/fault")

    assert len(scenarios) > 30
    assert [] == ask(shop.warehouse, "select 1 from journal.difference where gone_at is null")


_QUESTION = "select question from journal.delivery where state = 'in_doubt'"


def _impatient(shop: Shop) -> Shop:
    """Of a portal that will not answer: no other is waited for so shortly, however slow it is."""
    return replace(shop, site=shop.site.model_copy(update={"request_timeout_s": 1}))


def _publish(shop: Shop) -> str:
    published = publish(shop.warehouse, shop.store, shop.portal, shop.site)
    assert {} == published.failures
    return published.sent[-1].outcome if published.sent else "nothing"


def _rename(shop: Shop, name: str) -> str:
    with shop.warehouse.transaction("change") as transaction:
        row = transaction.execute_compiled(
            "update core.product set name = :name where id = (select min(id) from core.product) "
            "returning id",
            name=name,
        )[0]
    return str(row["id"])


def _changes_to(shop: Shop, name: str) -> int:
    changes = shop.served.held()["changes"]
    return sum(each["field"] == "name" and each["new"] == name for each in changes)
