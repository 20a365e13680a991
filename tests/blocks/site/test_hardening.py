"""What no portal in good health does: bytes that are late, endless, cut, packed, or not for us."""

import asyncio
import gzip
import logging
import resource
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from blocks.outbound import Outcome, Parcel
from tests.blocks.parcels import make_package, make_parcel
from tests.blocks.site.speaking import PASSWORD, dripping, hang_up, http, speak


@pytest.fixture
def package(tmp_path: Path) -> list[Parcel]:
    return make_package(tmp_path / "package")


async def test_every_request_carries_login_session_and_name(package: list[Parcel]) -> None:
    async with speak() as site:
        receipt = await site.block(version="2.09", says_complete=False).send(package)

    assert receipt.outcome is Outcome.DELIVERED
    first, second = ["file", "file", "import"], ["file", "import"]
    assert ["checkauth", "init", *first, *second] == site.modes()
    assert {"1C+Enterprise/8.3"} == {each.headers["user-agent"] for each in site.heard}
    assert 1 == len({each.headers["authorization"] for each in site.heard})
    assert {"sid=CANARY-cookie"} == {each.headers["cookie"] for each in site.heard[1:]}
    assert {"CANARY-sessid"} == {each.query["sessid"] for each in site.heard[1:]}
    assert {"2.09"} == {each.query["version"] for each in site.heard}
    assert {"catalog"} == {each.query["type"] for each in site.heard}


async def test_documents_go_one_by_one_as_from_1c_the_goods_with_their_pictures(
    package: list[Parcel],
) -> None:
    async with speak() as site:
        await site.block().send(package)

    enter = ["checkauth", "init"]
    assert [*enter, "file", "file", "import", *enter, "file", "import"] == site.modes()
    assert ["import_files/p1.jpg", "import.xml", "import.xml"] == site.names()[:3]
    assert package[0].path.read_bytes() == site.heard[3].body


async def test_pictures_go_with_the_goods_wherever_they_stand(tmp_path: Path) -> None:
    names = ["groups.xml", "goods/goods_1.xml", "prices.xml", "import_files/a.jpg"]
    package = [make_parcel(tmp_path, name, b"<a/>") for name in names]
    async with speak() as site:
        await site.block(version="3.1").send(package)

    sent = [each.query["filename"] for each in site.heard if each.mode == "file"]
    assert ["groups.xml", "import_files/a.jpg", "goods/goods_1.xml", "prices.xml"] == sent


async def test_nothing_is_imported_before_all_is_sent_where_the_operator_wants_it(
    package: list[Parcel],
) -> None:
    async with speak() as site:
        await site.block(imports_after="all").send(package)

    assert ["checkauth", "init", *["file"] * 3, "import", "import"] == site.modes()


# At `import`, the answer of which decides: what it was, and what it means.
ANSWERS: dict[str, tuple[Any, Outcome]] = {
    "success without a length": (http("success", length=-1), Outcome.DELIVERED),
    "a cut word without a length": (http("succ", length=-1), Outcome.IN_DOUBT),
    "a word and less than was promised": (http("success", length=50), Outcome.IN_DOUBT),
    "a line and less than was promised": (http("success\nto", length=50), Outcome.DELIVERED),
    "a refusal cut in its reason": (http("failure\nto", length=50), Outcome.FAILED),
    "a packed success": (
        http(gzip.compress(b"success"), "200 OK", "Content-Encoding: gzip"),
        Outcome.DELIVERED,
    ),
    "a packed success, cut": (
        http(gzip.compress(b"success")[:-12], "200 OK", "Content-Encoding: gzip", length=-1),
        Outcome.IN_DOUBT,
    ),
    "success packed as nobody can": (
        http("success", "200 OK", "Content-Encoding: br"),
        Outcome.IN_DOUBT,
    ),
    "success without end": (http(b"success" + b" " * (3 << 20)), Outcome.IN_DOUBT),
    "a page": (http("<html>Заходите завтра</html>"), Outcome.IN_DOUBT),
    "success on an error page": (http("success", "502 Bad Gateway"), Outcome.IN_DOUBT),
    "success with two BOMs": (http("\ufeff\ufeffsuccess"), Outcome.DELIVERED),
    "a redirect": (http("", "302 Found", "Location: /login"), Outcome.IN_DOUBT),
    "not found": (http("<html>404</html>", "404 Not Found"), Outcome.FAILED),
    "nothing": (hang_up, Outcome.IN_DOUBT),
    "no HTTP": (b"success\n", Outcome.IN_DOUBT),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_to_import_means_what_it_surely_says(
    answer: str, package: list[Parcel]
) -> None:
    turn, outcome = ANSWERS[answer]
    async with speak(import_=turn) as site:
        receipt = await site.block().send(package[:1])

    assert outcome is receipt.outcome, receipt
    assert bool(receipt.question) == (outcome is Outcome.IN_DOUBT)


async def test_a_dripping_answer_ends_with_our_time_not_with_its_own(package: list[Parcel]) -> None:
    endless = dripping(http("progress" * 1000), pause_s=0.02)
    async with speak(import_=endless) as site:
        started = time.monotonic()
        receipt = await site.block(request_timeout_s=3).send(package[:1])

    assert receipt.outcome is Outcome.IN_DOUBT
    assert time.monotonic() - started < 60


async def test_a_bomb_costs_no_memory(package: list[Parcel]) -> None:
    packing = zlib.compressobj(9, wbits=31)
    blocks = [packing.compress(bytes(1 << 20)) for _ in range(400)]
    bomb = b"".join([*blocks, packing.flush()])
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with speak(import_=http(bomb, "200 OK", "Content-Encoding: gzip")) as site:
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.IN_DOUBT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 50 << 10


async def test_the_time_of_a_package_is_the_end_of_all_waiting(package: list[Parcel]) -> None:
    slow_down = http("", "429 Too Many Requests", "Retry-After: 3600")
    async with speak(init=slow_down) as site:
        started = time.monotonic()
        receipt = await site.block(package_timeout_s=10).send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "429" in receipt.answer
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("mode", ["checkauth", "init", "file", "import"])
async def test_a_site_that_asks_to_wait_is_given_the_time(mode: str, package: list[Parcel]) -> None:
    wait = http("", "429 Too Many Requests", "Retry-After: 1")
    good = http("success\nsid\n1\nzip=no")
    async with speak(**{mode: [wait, good]}) as site:
        started = time.monotonic()
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.DELIVERED, receipt
    assert time.monotonic() - started > 1


async def test_a_site_in_maintenance_is_asked_again_before_anything_is_sent(
    package: list[Parcel],
) -> None:
    closed = http("<html>", "503 Service Unavailable", "Retry-After: 0")
    async with speak(checkauth=[closed, closed, http("success")]) as site:
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.DELIVERED
    assert 3 == site.modes().count("checkauth")


async def test_a_redirect_within_the_site_is_followed_once_and_for_all(
    package: list[Parcel],
) -> None:
    moved = http("", "301 Moved", "Location: /exchange/?type=catalog&mode=checkauth")
    async with speak(checkauth=[moved, http("success")]) as site:
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.DELIVERED
    assert ["/exchange"] + ["/exchange/"] * 4 == [each.path for each in site.heard]


async def test_nothing_is_sent_to_a_server_that_the_site_points_to(package: list[Parcel]) -> None:
    async with speak() as other, speak() as site:
        site.turns["checkauth"] = [http("", "302 Found", f"Location: {other.url}")]
        receipt = await site.block().send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "another server" in receipt.answer
    assert [] == other.heard


async def test_a_site_that_does_not_answer_at_all_has_nothing(package: list[Parcel]) -> None:
    async with speak() as site:
        gone = site.block()
    receipt = await gone.send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "checkauth" in receipt.answer


async def test_a_site_that_goes_away_between_two_imports_has_the_first(
    package: list[Parcel],
) -> None:
    async with speak(import_=[http("success"), http("failure\nнет места")]) as site:
        receipt = await site.block().send(package)

    assert receipt.outcome is Outcome.FAILED
    assert ("import.xml",) == receipt.taken
    assert "нет места" in receipt.answer


@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        ([http("success")], Outcome.DELIVERED),
        ([http("failure")], Outcome.FAILED),
        ([http("<html>")], Outcome.FAILED),  # of a picture, which imports nothing
        ([http("success"), hang_up], Outcome.IN_DOUBT),
        ([http("success"), http("<html>")], Outcome.IN_DOUBT),
        ([http("success"), http("failure")], Outcome.FAILED),
    ],
)
async def test_a_site_that_imports_at_file_leaves_doubts_there(
    turns: list[Any], outcome: Outcome, package: list[Parcel]
) -> None:
    async with speak(file=turns) as site:
        receipt = await site.block(imports_at="file").send(package)

    assert outcome is receipt.outcome
    assert "import" not in site.modes()


async def test_complete_is_said_where_the_site_knows_it(package: list[Parcel]) -> None:
    async with speak(complete=[http("success")]) as site:
        receipt = await site.block(says_complete=True).send(package)

    assert receipt.outcome is Outcome.DELIVERED
    assert "complete" == site.modes()[-1]


async def test_a_break_after_progress_leaves_a_doubt(package: list[Parcel]) -> None:
    async with speak(import_=[http("progress\n1"), hang_up]) as site:
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.IN_DOUBT
    assert "import.xml" in receipt.question


async def test_a_site_that_goes_away_in_its_work_leaves_a_doubt(package: list[Parcel]) -> None:
    """The next question is surely not sent, yet the site had begun."""

    async def begin_and_leave(writer: asyncio.StreamWriter) -> None:
        site.leave()
        writer.write(http("progress\n1"))

    async with speak(import_=begin_and_leave) as site:
        receipt = await site.block().send(package[:1])

    assert receipt.outcome is Outcome.IN_DOUBT
    assert "ConnectError" in receipt.answer


async def test_no_secret_leaves_in_any_text(
    package: list[Parcel], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"failure\nпароль {PASSWORD}, CANARY-cookie, CANARY-sessid, CANARY-set"
    set_cookie = http("success", "200 OK", "Set-Cookie: more=CANARY-set")
    async with speak(file=set_cookie, import_=http(echo)) as site:
        block = site.block()
        receipt = await block.send(package)

    asked = [each.headers["authorization"] for each in site.heard]
    told = f"{receipt} {block!r} {block} {caplog.text}"
    assert "CANARY" not in told
    assert asked[0].removeprefix("Basic ") not in told
    assert "пароль ***" in receipt.answer


async def test_two_sites_at_once_do_not_mix(tmp_path: Path) -> None:
    async with speak() as first, speak() as second:
        receipts = await asyncio.gather(
            first.block(login="one").send(make_package(tmp_path / "1", "Первый")),
            second.block(login="two").send(make_package(tmp_path / "2", "Второй")),
        )

    assert {Outcome.DELIVERED} == {each.outcome for each in receipts}
    assert "Второй".encode() not in b"".join(each.body for each in first.heard)
