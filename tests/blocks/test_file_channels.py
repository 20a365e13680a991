"""What folder, S3 prefix and SFTP folder promise alike, each against the real thing."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blocks.drop_folder import DropFolder
from blocks.object_prefix import ObjectPrefix
from blocks.outbound import Outbound, Outcome, Parcel
from blocks.sftp_folder import SftpFolder
from blocks.store import Store
from tests.blocks.parcels import PICTURE, make_package
from tests.blocks.sftp_server import serve_sftp

CHANNELS = ("folder", "sftp", "prefix")


@dataclass
class Place:
    """A channel, and the portal's own view of where it leads."""

    channel: Any
    names: Callable[[], list[str]]
    read: Callable[[str], bytes]
    write: Callable[[str, bytes], object]
    remove: Callable[[str], object]

    def emptied(self) -> Outbound:
        emptied: Outbound = self.channel.model_copy(update={"is_emptied": True})
        return emptied


@pytest.fixture(params=CHANNELS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    folder = tmp_path / "portal"
    folder.mkdir()
    if request.param == "folder":
        yield in_folder(DropFolder(path=folder), folder)
    elif request.param == "sftp":
        async with serve_sftp(folder) as server:
            yield in_folder(server.block(), folder)
    else:
        store: Store = request.getfixturevalue("store")
        prefix = f"portal/{tmp_path.name}/"
        channel = ObjectPrefix(store=store, prefix=prefix)
        yield in_bucket(channel, store, prefix)


def in_folder(channel: DropFolder | SftpFolder, folder: Path) -> Place:
    return Place(
        channel,
        lambda: sorted(
            str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()
        ),
        lambda name: (folder / name).read_bytes(),
        lambda name, content: (folder / name).write_bytes(content),
        lambda name: (folder / name).unlink(),
    )


def in_bucket(channel: ObjectPrefix, store: Store, prefix: str) -> Place:
    s3 = store._client  # noqa: SLF001 - the portal's own hand on its bucket
    return Place(
        channel,
        lambda: sorted(each.removeprefix(prefix) for each in store.list_keys(prefix)),
        lambda name: store.get(prefix + name),
        lambda name, content: store.put_named(prefix + name, content, "text/xml"),
        lambda name: s3.delete_object(Bucket=store.bucket, Key=prefix + name),
    )


@pytest.fixture
def package(tmp_path: Path) -> list[Parcel]:
    """A picture first, the offers last."""
    goods, offers, picture = make_package(tmp_path / "package")
    return [picture, goods, offers]


NAMES = [PICTURE, "import.xml", "offers.xml"]


async def test_a_package_lies_there_whole_and_nothing_else(
    place: Place, package: Sequence[Parcel]
) -> None:
    receipt = await place.channel.send(package)

    assert receipt.outcome is Outcome.DELIVERED
    assert tuple(NAMES) == receipt.taken
    assert sorted(NAMES) == place.names()
    assert [each.path.read_bytes() for each in package] == [place.read(name) for name in NAMES]
    assert (await place.channel.probe(package)).outcome is Outcome.DELIVERED


async def test_the_second_sending_changes_nothing(place: Place, package: Sequence[Parcel]) -> None:
    await place.channel.send(package)
    await place.channel.send(package)

    assert sorted(NAMES) == place.names()


async def test_what_lies_there_under_the_same_name_is_never_replaced(
    place: Place, package: Sequence[Parcel]
) -> None:
    place.write("offers.xml", b"of yesterday")

    receipt = await place.channel.send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "offers.xml already in" in receipt.answer
    assert ["offers.xml"] == place.names()
    assert b"of yesterday" == place.read("offers.xml")
    assert (await place.channel.probe(package)).outcome is Outcome.FAILED


async def test_same_size_is_not_same_bytes(place: Place, package: Sequence[Parcel]) -> None:
    place.write("import.xml", bytes(package[1].size))

    assert (await place.channel.send(package)).outcome is Outcome.FAILED


async def test_half_a_package_is_completed(place: Place, package: Sequence[Parcel]) -> None:
    place.write("import.xml", package[1].path.read_bytes())

    assert (await place.channel.probe(package)).outcome is Outcome.FAILED
    assert (await place.channel.send(package)).outcome is Outcome.DELIVERED
    assert sorted(NAMES) == place.names()


# What lies there when we ask; whether the portal takes files away; what we say.
@pytest.mark.parametrize(
    ("lying", "way", "outcome"),
    [
        (NAMES, "kept", Outcome.DELIVERED),
        (NAMES, "emptied", Outcome.DELIVERED),
        ([], "kept", Outcome.FAILED),
        ([], "emptied", Outcome.IN_DOUBT),
        (["import.xml"], "kept", Outcome.FAILED),
        (["import.xml"], "emptied", Outcome.IN_DOUBT),
        (["offers.xml"], "kept", Outcome.FAILED),
        (["offers.xml"], "emptied", Outcome.DELIVERED),  # the last is shown last: all lay there
    ],
)
async def test_what_is_seen_is_what_is_said(
    place: Place, package: Sequence[Parcel], lying: list[str], way: str, outcome: Outcome
) -> None:
    await place.channel.send(package)
    for name in set(NAMES) - set(lying):
        place.remove(name)
    channel = place.emptied() if way == "emptied" else place.channel

    receipt = await channel.probe(package)

    assert outcome is receipt.outcome
    assert bool(receipt.question) == (outcome is Outcome.IN_DOUBT)


async def test_nobody_behind_a_folder_can_be_asked_what_he_holds(
    place: Place, tmp_path: Path
) -> None:
    assert None is await place.channel.read_back(tmp_path)


def test_every_field_explains_itself() -> None:
    for block in (DropFolder, ObjectPrefix, SftpFolder):
        assert [] == [name for name, each in block.model_fields.items() if not each.description]
