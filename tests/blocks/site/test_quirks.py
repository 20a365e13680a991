"""Every habit of real sites that the box knows: the package arrives, or we say why not."""

from pathlib import Path
from typing import Any

import pytest

from blocks.outbound import Outcome
from sandbox.portal.quirks import Quirk
from tests.blocks.parcels import make_package, make_parcel
from tests.blocks.site.test_faults import records, site_of
from tests.sandbox.portals import serve

# What the operator must fill in for a site with this habit; nothing for most of them.
FRIENDLY: dict[str, dict[str, Any]] = {
    Quirk.BOM_BEFORE_ANSWERS: {},
    Quirk.WINDOWS_1251_ANSWERS: {},
    Quirk.UNKNOWN_MODE_IS_SUCCESS: {},
    Quirk.SHORT_CHECKAUTH: {},
    Quirk.THREE_LINE_CHECKAUTH: {},
    Quirk.SET_COOKIE_ONLY: {},
    Quirk.COOKIE_DIFFERS_FROM_BODY: {},
    Quirk.STATIC_COOKIE: {},
    Quirk.NEEDS_USER_AGENT: {},
    Quirk.NEEDS_SESSID: {},
    Quirk.BASIC_ON_EVERY_REQUEST: {},
    Quirk.FILE_LIMIT_ZERO: {},
    Quirk.FILE_LIMIT_MINUS_ONE: {},
    Quirk.NO_FILE_LIMIT: {},
    f"{Quirk.SMALL_FILE_LIMIT}=100": {},
    Quirk.ZIP_YES: {},
    Quirk.FOUR_LINE_INIT: {"version": "3.1"},
    Quirk.CHUNKS_OVERWRITE: {"piece_limit": -1},
    Quirk.XML_START_TRUNCATES: {},
    Quirk.LAST_CHUNK_BY_LENGTH: {},
    Quirk.PROGRESS_N_TIMES: {},
    Quirk.EXTRA_LINES: {},
    Quirk.ONLY_IMPORT_AND_OFFERS: {},
    Quirk.FULL_FILE_DELETES_ABSENT: {},
    Quirk.NO_COMPLETE: {},
}


@pytest.mark.parametrize("quirk", FRIENDLY)
async def test_a_package_arrives_whatever_the_habits_of_the_site(
    quirk: str, tmp_path: Path
) -> None:
    package = make_package(tmp_path / "package")
    with serve(tmp_path / "plain.sqlite") as plain, serve(tmp_path / "odd.sqlite", quirk) as odd:
        await site_of(plain, 30).send(package)

        receipt = await site_of(odd, 30).model_copy(update=FRIENDLY[quirk]).send(package)

        assert receipt.outcome is Outcome.DELIVERED, receipt
        assert records(plain.held()) == records(odd.held())
        assert plain.held()["pictures"].keys() == odd.held()["pictures"].keys()


async def test_zip_and_small_pieces_go_together(tmp_path: Path) -> None:
    package = make_package(tmp_path / "package")
    quirks = (Quirk.ZIP_YES, f"{Quirk.SMALL_FILE_LIMIT}=300")
    with serve(tmp_path / "portal.sqlite", *quirks) as portal:
        receipt = await site_of(portal, 30).send(package)

        assert receipt.outcome is Outcome.DELIVERED, receipt
        assert max(portal.heard("bytes")) == 300
        assert {"import_files/p1.jpg"} == portal.held()["pictures"].keys()


async def test_a_site_may_be_sent_plain_files_although_it_takes_archives(tmp_path: Path) -> None:
    package = make_package(tmp_path / "package")
    with serve(tmp_path / "portal.sqlite", Quirk.ZIP_YES) as portal:
        await site_of(portal, 30).model_copy(update={"may_zip": False}).send(package)

        assert "import.xml" in portal.heard("file")
        assert not any(each.endswith(".zip") for each in portal.heard("file"))


@pytest.mark.parametrize("quirk", [Quirk.ERROR_WORD, Quirk.HTTP_500_FAILURE, "bom-before-answers"])
async def test_a_file_that_the_site_refuses_has_failed_with_its_reason(
    quirk: str, tmp_path: Path
) -> None:
    bad = make_parcel(tmp_path, "import.xml", b"<not-closed>")
    with serve(tmp_path / "portal.sqlite", quirk) as portal:
        receipt = await site_of(portal, 30).send([bad])

        assert receipt.outcome is Outcome.FAILED
        assert "mode=import of import.xml" in receipt.answer
        assert {} == portal.held()["goods"]


async def test_a_wrong_password_has_failed_and_is_not_tried_again(tmp_path: Path) -> None:
    with serve(tmp_path / "portal.sqlite", Quirk.HTTP_200_WITH_FAILURE) as portal:
        site = site_of(portal, 30).model_copy(update={"login": "somebody"})

        receipt = await site.send(make_package(tmp_path / "package"))

        assert receipt.outcome is Outcome.FAILED
        assert ["checkauth"] == portal.heard("mode")


async def test_progress_without_end_leaves_a_doubt_when_our_time_is_over(tmp_path: Path) -> None:
    with serve(tmp_path / "portal.sqlite", Quirk.PROGRESS_WITHOUT_END) as portal:
        site = site_of(portal, 30).model_copy(update={"package_timeout_s": 2.0})

        receipt = await site.send(make_package(tmp_path / "package"))

        assert receipt.outcome is Outcome.IN_DOUBT
        assert "still works" in receipt.answer
        # Asked less and less often: every 10 ms it would have been 200 times.
        assert 3 <= portal.heard("mode").count("import") <= 30


async def test_a_success_that_only_means_queued_is_not_final(tmp_path: Path) -> None:
    with serve(tmp_path / "portal.sqlite", f"{Quirk.QUEUED_SUCCESS}=0.2") as portal:
        site = site_of(portal, 30).model_copy(update={"success_means": "queued"})

        receipt = await site.send(make_package(tmp_path / "package"))

        assert receipt.outcome is Outcome.DELIVERED
        assert not receipt.is_final
