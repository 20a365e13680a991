"""The block as an operator meets it, and what a site can be asked."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from blocks.commerceml_site import CommerceMLSite
from blocks.outbound import Outcome, PortalSilentError
from blocks.site.reading import slice_of
from tests.blocks.parcels import make_package, make_parcel
from tests.blocks.site.speaking import dripping, hang_up, http, speak
from tests.blocks.site.test_faults import site_of
from tests.sandbox.portals import serve


@pytest.mark.parametrize(
    ("entered", "address"),
    [
        ("https://shop.example", "https://shop.example/bitrix/admin/1c_exchange.php"),
        ("https://shop.example/", "https://shop.example/bitrix/admin/1c_exchange.php"),
        (" http://10.0.0.5:8080/1c ", "http://10.0.0.5:8080/1c"),
        (
            "https://магазин.рф/обмен",
            "https://xn--80aairftm.xn--p1ai/%D0%BE%D0%B1%D0%BC%D0%B5%D0%BD",
        ),
    ],
)
def test_an_address_is_taken_as_it_would_be_entered_in_1c(entered: str, address: str) -> None:
    assert address == CommerceMLSite(url=entered).url


@pytest.mark.parametrize(
    "entered",
    [
        "shop.example",
        "ftp://shop.example/1c",
        "file:///etc/passwd",
        "https:///1c",
        "https://shop.example/1c?type=catalog",
        "https://shop.example/1c?",
        "https://shop.example/1c#x",
        "https://obmen:secret@shop.example/1c",
        "",
    ],
)
def test_what_is_no_address_of_an_exchange_is_refused_in_the_form(entered: str) -> None:
    with pytest.raises(ValidationError):
        CommerceMLSite(url=entered)


@pytest.mark.parametrize(
    "wrong",
    [{"user_agent": "1C\r\nX: y"}, {"pause_s": 0}, {"request_timeout_s": 0}, {"piece_limit": -2}],
)
def test_a_field_that_would_break_the_exchange_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CommerceMLSite(url="https://shop.example", **wrong)


def test_every_field_explains_itself() -> None:
    fields = CommerceMLSite.model_fields

    assert [] == [name for name, field in fields.items() if not field.description]
    assert fields["request_timeout_s"].default >= 180


async def test_a_site_cannot_be_asked_about_a_file(tmp_path: Path) -> None:
    receipt = await CommerceMLSite(url="https://shop.example").probe(make_package(tmp_path))

    assert receipt.outcome is Outcome.IN_DOUBT
    assert "offers.xml" in receipt.question


async def test_a_package_that_is_not_what_was_formed_is_our_own_fault(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    package[0].path.write_bytes(b"other")

    with pytest.raises(ValueError, match=r"import\.xml"):
        await CommerceMLSite(url="https://shop.example").send(package)


async def test_an_empty_file_is_sent_too(tmp_path: Path) -> None:
    async with speak() as site:
        receipt = await site.block().send([make_parcel(tmp_path, "import.xml", b"")])

    assert receipt.outcome is Outcome.DELIVERED
    assert ["checkauth", "init", "file", "import"] == site.modes()


async def test_a_certificate_that_is_not_there_is_a_fault_of_our_own(tmp_path: Path) -> None:
    site = CommerceMLSite(url="https://127.0.0.1:9", ca_file=str(tmp_path / "none.pem"))

    receipt = await site.send(make_package(tmp_path / "package"))

    assert receipt.outcome is Outcome.FAILED
    assert "own side" in receipt.answer


@pytest.mark.parametrize("quirk", [[], ["finished-in-last-slice"], ["windows-1251-answers"]])
async def test_a_bitrix_site_tells_what_it_holds(quirk: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    with serve(tmp_path / "portal.sqlite", *quirk) as portal:
        site = site_of(portal, 30).model_copy(update={"readback": "get_catalog"})
        await site.send(make_package(tmp_path / "package"))

        files = await site.read_back(folder)

    assert files
    encoding = "windows-1251" if "windows-1251-answers" in quirk else "utf-8"
    told = "".join(each.read_text(encoding) for each in files)
    assert sorted(files) == files
    assert all(each.read_bytes().startswith(b"<?xml") for each in files)
    assert "<Ид>p1</Ид>" in told
    assert "10.5" in told


async def test_a_site_that_is_not_set_so_is_not_asked(tmp_path: Path) -> None:
    async with speak() as site:
        assert None is await site.block().read_back(tmp_path)

    assert [] == site.heard


SLICE = '<?xml version="1.0"?><КоммерческаяИнформация/>'


async def test_words_around_a_slice_are_not_part_of_it(tmp_path: Path) -> None:
    slices = [http(f"Выгружено 1 из 2{SLICE}"), http(f"{SLICE}\nfinished=yes\n")]
    async with speak(init=http("zip=no"), query=slices) as site:
        files = await site.block(readback="get_catalog").read_back(tmp_path)

    assert [SLICE, SLICE] == [each.read_text("utf-8") for each in files or []]
    assert {"get_catalog"} == {each.query["type"] for each in site.heard}


BROKEN: dict[str, Any] = {
    "refused": http("failure\nнет доступа"),
    "an error page": http("<html>500</html>", "500 Internal Server Error"),
    "cut, and we know it": http(SLICE[:-9], length=500),
    "cut, and nobody tells": http(SLICE.replace("/>", "><Ид>"), length=-1),
    "cut in a word": http("finished=y", length=-1),
    "words without a document": http("слова"),
    "nothing": http(""),
    "silence": hang_up,
    "late": dripping(http(SLICE), pause_s=0.2),
    "moved": http("", "302 Found", "Location: /login"),
    "a bomb": http(gzip.compress(bytes(80 << 20)), "200 OK", "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_catalog_is_read_back_whole_or_not_at_all(fault: str, tmp_path: Path) -> None:
    async with speak(query=[http(SLICE), BROKEN[fault]]) as site:
        with pytest.raises(PortalSilentError):
            await site.block(readback="get_catalog", request_timeout_s=1).read_back(tmp_path)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"finished=yes", (b"", True)),
        (b"\xef\xbb\xbffinished=yes\r\n", (b"", True)),
        (b"finished=yes=no", (b"", False)),
        (b'<?xml version="1.0"?><a/>\nfinished=yes\n', (b'<?xml version="1.0"?><a/>', True)),
        (
            b'1/2<?xml version="1.0"?>\n<a b="1"><a/></a>',
            (b'<?xml version="1.0"?>\n<a b="1"><a/></a>', False),
        ),
    ],
)
def test_a_slice_is_a_document_and_perhaps_the_last(body: bytes, found: tuple[bytes, bool]) -> None:
    assert found == slice_of(body)


@pytest.mark.parametrize("body", [b"<?xml?><a><b/>", b"<?xml?><a><b></b>", b"<?xml?><a>x</ab>"])
def test_a_document_without_its_end_is_none(body: bytes) -> None:
    with pytest.raises(PortalSilentError, match="cut"):
        slice_of(body)


@pytest.mark.timeout(60)
def test_a_document_that_is_made_to_be_gone_over_for_ever_is_soon_found_cut() -> None:
    with pytest.raises(PortalSilentError, match="cut"):
        slice_of(b'<?xml version="1.0"?><!--' + b"--><a " * 500_000 + b">")
