from dataclasses import replace
from pathlib import Path

import pytest

from blocks.commerceml_site import CommerceMLSite
from blocks.drop_folder import DropFolder
from blocks.object_prefix import ObjectPrefix
from blocks.outbound import Outbound, Outcome, Parcel, check_package
from blocks.presence import Showing
from blocks.sftp_folder import SftpFolder
from tests.blocks.parcels import make_package

# The type checker looks whether each of them is a way out.
WAYS: list[type[Outbound]] = [CommerceMLSite, DropFolder, ObjectPrefix, SftpFolder]


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../offers.xml", "a/../../b.xml", "a\\b.xml", "."]
)
def test_a_name_that_leads_elsewhere_is_never_sent(name: str, tmp_path: Path) -> None:
    parcel = replace(make_package(tmp_path)[0], name=name)

    with pytest.raises(ValueError, match="name"):
        check_package([parcel])


def test_a_package_has_files_and_each_name_once(tmp_path: Path) -> None:
    package = make_package(tmp_path)

    check_package(package)
    with pytest.raises(ValueError, match="each name once"):
        check_package([])
    with pytest.raises(ValueError, match="each name once"):
        check_package([*package, package[0]])


def test_a_file_that_changed_since_it_was_formed_is_not_sent(tmp_path: Path) -> None:
    parcel = make_package(tmp_path)[0]

    for changed in (replace(parcel, size=parcel.size + 1), replace(parcel, sha256=bytes(32))):
        with pytest.raises(ValueError, match="no longer has the bytes"):
            check_package([changed])


@pytest.mark.parametrize(
    ("shown", "now", "outcome"),
    [
        (0, None, Outcome.FAILED),
        (0, 0, Outcome.FAILED),
        (1, 1, Outcome.FAILED),
        (2, 2, Outcome.IN_DOUBT),
        (3, 2, Outcome.DELIVERED),
    ],
)
def test_a_break_means_what_was_shown_before_it(
    shown: int, now: int | None, outcome: Outcome, tmp_path: Path
) -> None:
    package: list[Parcel] = make_package(tmp_path)
    showing = Showing(package, "the folder", [each.name for each in package[:shown]])
    showing.now = None if now is None else package[now]

    receipt = showing.broken("the cable")

    assert outcome is receipt.outcome
    assert len(receipt.taken) == shown
