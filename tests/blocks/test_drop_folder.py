from pathlib import Path

import pytest

from blocks.drop_folder import DropFolder
from blocks.outbound import Outcome, Parcel
from tests.blocks.parcels import make_package

FULL = Path("/dev/full")


@pytest.fixture
def package(tmp_path: Path) -> list[Parcel]:
    return make_package(tmp_path / "package")[:2]


async def test_a_share_that_is_not_mounted_is_no_empty_folder(
    tmp_path: Path, package: list[Parcel]
) -> None:
    channel = DropFolder(path=tmp_path / "share")

    assert (await channel.send(package)).outcome is Outcome.FAILED
    assert (await channel.probe(package)).outcome is Outcome.IN_DOUBT
    assert not (tmp_path / "share").exists()


async def test_files_appear_in_order_the_last_one_last(
    tmp_path: Path, package: list[Parcel]
) -> None:
    await DropFolder(path=tmp_path).send(list(reversed(package)))

    times = [(tmp_path / name).stat().st_ctime_ns for name in ("offers.xml", "import.xml")]
    assert sorted(times) == times


async def test_what_a_dead_run_left_half_written_is_written_anew(
    tmp_path: Path, package: list[Parcel]
) -> None:
    hidden = tmp_path / f".import.xml.{package[0].sha256.hex()[:8]}.part"
    hidden.write_bytes(b"half")

    assert (await DropFolder(path=tmp_path).send(package)).outcome is Outcome.DELIVERED
    assert package[0].path.read_bytes() == (tmp_path / "import.xml").read_bytes()
    assert not hidden.exists()


@pytest.mark.skipif(not FULL.exists(), reason="there is no disk here that is always full")
async def test_a_full_or_broken_disk_has_failed_with_its_reason(
    tmp_path: Path, package: list[Parcel]
) -> None:
    # The hidden name of the second file leads to a disk that is always full.
    hidden = tmp_path / f".offers.xml.{package[1].sha256.hex()[:8]}.part"
    hidden.symlink_to(FULL)

    receipt = await DropFolder(path=tmp_path).send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "space" in receipt.answer
    assert not (tmp_path / "import.xml").exists(), "no file is shown before all are written"
