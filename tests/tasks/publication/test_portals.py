"""Rounds to real portals over the real protocol: what they hold is what they were to be shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from blocks.commerceml_site import CommerceMLSite
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tests.sandbox.portals import LOGIN, Served, serve
from tests.tasks.publication.rounds import ask, know_portal, publish, take_company

_COMPANY = Company(seed=5, goods=25)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "portal.sqlite") as portal:
        yield portal


@pytest.fixture
def source(warehouse: Warehouse, store: Store, tmp_path: Path) -> None:
    take_company(warehouse, store, tmp_path / "full", _COMPANY)


def _site(served: Served) -> CommerceMLSite:
    return CommerceMLSite(
        url=served.url,
        login=LOGIN.user,
        password=SecretStr(LOGIN.password),
        readback="get_catalog",
        request_timeout_s=5,
        pause_s=0.01,
    )


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("dialect", ["commerceml-2.07", "commerceml-2.10", "commerceml-3.1"])
def test_a_portal_holds_what_the_warehouse_does(
    warehouse: Warehouse, store: Store, served: Served, dialect: str
) -> None:
    portal = replace(know_portal(warehouse), dialect=dialect)

    published = publish(warehouse, store, portal, _site(served))

    assert {} == published.failures
    assert ["delivered"] == [sent.outcome for sent in published.sent]
    held = served.held()
    assert dict(ask(warehouse, "select id, name from core.product")) == {
        key: each["name"] for key, each in held["goods"].items()
    }
    (verified,) = published.verified
    assert [] == [str(each) for each in verified.differences]
    assert all(sums.our_hash == sums.their_hash for sums in verified.sums), verified.sums


@pytest.mark.usefixtures("source")
def test_a_portal_of_many_quirks_holds_it_too(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    quirks = ("zip-yes", "windows-1251-answers", "bom-before-answers")
    with serve(tmp_path / "quirky.sqlite", *quirks) as served:
        published = publish(warehouse, store, know_portal(warehouse), _site(served))

    assert {} == published.failures
    assert [[]] == [list(verified.differences) for verified in published.verified]
