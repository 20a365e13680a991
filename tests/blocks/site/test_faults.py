"""Every fault, before, inside and after the body, in every mode: what we say is what is so."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from blocks.commerceml_site import CommerceMLSite
from blocks.outbound import Outcome, Parcel, Receipt
from tests.blocks.parcels import make_package
from tests.sandbox.portals import LOGIN, Served, serve

MODES = ("checkauth", "init", "file", "import")
PLACES = ("before", "inside", "after")
# D delivered, F failed, ? in doubt: where the fault strikes before, inside and after the body. Of
# `file` and `import` it strikes the second document, when the first is at the portal.
TABLE = {
    #                        checkauth init  file  import
    "timeout": "              DDD      DDD   FFF   ???",
    "drip": "                 DDD      DDD   FFF   ???",
    "reset": "                DDD      DDD   FFF   ???",
    "half-close": "           DDD      DDD   FFF   ???",
    "cut-without-length": "   FFD      FFD   FFF   FF?",  # half of `failure\n…` is whole enough
    "gzip-bomb": "            DDD      DDD   FFF   ???",
    "http-500-html": "        DDD      DDD   FFF   ???",
    "http-502": "             DDD      DDD   FFF   ???",
    "http-429-retry-after": " DDD      DDD   DDF   DDD",  # a site that lies doubles the piece
    "garbage": "              FFF      FFF   FFF   ???",
    "not-http": "             DDD      DDD   FFF   ???",
    "empty": "                DDD      DDD   FFF   ???",
    "failure": "              FFF      FFF   FFF   FFF",
    "redirect-loop": "        DDD      FFF   FFF   ???",
}
LETTERS = {"D": Outcome.DELIVERED, "F": Outcome.FAILED, "?": Outcome.IN_DOUBT}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> list[Parcel]:
    return make_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, package: list[Parcel]) -> dict[str, Any]:
    """What a portal holds, and what changed there, when nothing goes wrong."""
    with serve(tmp_path_factory.mktemp("whole") / "portal.sqlite") as portal:
        asyncio.run(site_of(portal, 20).send(package))
        return portal.held()


@pytest.mark.parametrize("fault", TABLE)
async def test_what_we_say_of_a_package_is_so(
    fault: str, tmp_path: Path, package: list[Parcel], whole: dict[str, Any]
) -> None:
    expected = "".join(TABLE[fault].split())
    places = [(mode, where) for mode in MODES for where in PLACES]

    told = await asyncio.gather(*(
        told_of({"fault": fault, "mode": mode, "where": where}, tmp_path, package, whole)
        for mode, where in places
    ))  # fmt: skip

    assert {place: LETTERS[each] for place, each in zip(places, expected, strict=True)} == dict(
        zip(places, told, strict=True)
    )


async def told_of(
    order: dict[str, Any], folder: Path, package: list[Parcel], whole: dict[str, Any]
) -> Outcome:
    """What is said of a package that meets a fault; the rest of its truth is looked at here."""
    is_silent = order["fault"] in {"timeout", "drip"}
    with serve(folder / "-".join(order.values())) as portal:
        # Longer than a busy machine takes to answer, shorter than drops take to fall.
        site = site_of(portal, 8 if is_silent else 60)
        file = "offers" if order["mode"] in {"file", "import"} else ""
        portal.order(**order, file=file, seconds=2 if is_silent else 0.5)

        receipt = await site.send(package)

        check_truth(receipt, portal.held(), whole)
        assert (await site_of(portal, 60).send(package)).outcome is Outcome.DELIVERED
        again = portal.held()
    assert records(whole) == records(again)
    assert changes(whole) == changes(again), "the same change happened twice, or never"
    return receipt.outcome


def check_truth(receipt: Receipt, held: dict[str, Any], whole: dict[str, Any]) -> None:
    applied = {each["file"] for each in held["applied"]}
    assert set(receipt.taken) <= applied
    if receipt.outcome is Outcome.DELIVERED:
        assert records(whole) == records(held)
        assert receipt.taken == ("import.xml", "offers.xml")
    if receipt.outcome is Outcome.IN_DOUBT:
        assert "127.0.0.1" in receipt.question
        assert "offers.xml" in receipt.question
    else:
        assert not receipt.question


def site_of(portal: Served, patience_s: float) -> CommerceMLSite:
    return CommerceMLSite(
        url=portal.url,
        login=LOGIN.user,
        password=LOGIN.password,
        request_timeout_s=patience_s,
        pause_s=0.01,
    )


def records(held: dict[str, Any]) -> dict[str, Any]:
    return {kind: held[kind] for kind in ("groups", "goods", "offers", "price_types")}


def changes(held: dict[str, Any]) -> list[dict[str, Any]]:
    ignored = {"number", "at"}
    return [{k: v for k, v in each.items() if k not in ignored} for each in held["changes"]]
