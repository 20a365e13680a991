"""Portals of the audited source: one site, one folder, and one folder that is not there."""

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from blocks.commerceml_site import CommerceMLSite
from blocks.drop_folder import DropFolder
from blocks.outbound import Outbound
from blocks.store import Store
from blocks.warehouse import Warehouse
from tests.sandbox.portals import LOGIN, Served
from tests.tasks.publication.rounds import know_portal, publish


def open_portals(
    warehouse: Warehouse, store: Store, folder: Path, served: Served
) -> Callable[[], None]:
    """Make the portals known; return what makes a round to each of them."""
    (folder / "out").mkdir()
    channels: dict[str, Outbound] = {
        "site": site_of(served),
        "shop": DropFolder(path=folder / "out"),
        "away": DropFolder(path=folder / "away"),
    }
    portals = {name: know_portal(warehouse, name) for name in channels}

    def make_round() -> None:
        for name, channel in channels.items():
            published = publish(warehouse, store, portals[name], channel)
            assert {} == published.failures

    return make_round


def site_of(served: Served) -> CommerceMLSite:
    return CommerceMLSite(
        url=served.url,
        login=LOGIN.user,
        password=SecretStr(LOGIN.password),
        readback="get_catalog",
        request_timeout_s=60,
        pause_s=0.01,
    )


def leave_in_doubt(served: Served) -> None:
    """Let the next import be taken in and not be answered."""
    served.order("reset", where="after", mode="import")
