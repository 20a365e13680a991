import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from pydantic import ValidationError

from blocks.outbound import Outcome, Parcel
from blocks.sftp_folder import SftpFolder
from tests.blocks.parcels import make_package
from tests.blocks.sftp_server import PASSWORD, serve_sftp

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEAnfFi2EOTUpuqzzcIoDWWCNn9n9f3Fl1q4qS9p7K6H"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "portal"
    path.mkdir()
    return path


@pytest.fixture
def package(tmp_path: Path) -> list[Parcel]:
    return make_package(tmp_path / "package")[:2]


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def test_a_private_key_opens_the_door_too(folder: Path, package: list[Parcel]) -> None:
    async with serve_sftp(folder) as server:
        receipt = await server.block(private_key=server.user_key).send(package)

    assert receipt.outcome is Outcome.DELIVERED, receipt


async def test_a_server_with_another_key_gets_neither_login_nor_files(
    folder: Path, package: list[Parcel]
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    async with serve_sftp(folder) as server:
        block = server.block(host_key=other)
        receipt, probed = await block.send(package), await block.probe(package)

    assert receipt.outcome is Outcome.FAILED
    assert "HostKeyNotVerifiable" in receipt.answer
    assert probed.outcome is Outcome.IN_DOUBT
    assert [] == server.logins
    assert [] == names_in(folder)


async def test_a_wrong_password_has_failed_and_is_told_nowhere(
    folder: Path, package: list[Parcel], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serve_sftp(folder) as server:
        block = server.block(password="CANARY-wrong")
        receipt = await block.send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "PermissionDenied" in receipt.answer
    assert "CANARY" not in f"{receipt} {block!r} {caplog.text}"


async def test_a_folder_that_is_not_there_is_not_made(folder: Path, package: list[Parcel]) -> None:
    async with serve_sftp(folder) as server:
        receipt = await server.block(path="incoming").send(package)

    assert receipt.outcome is Outcome.FAILED
    assert "no such folder" in receipt.answer


@pytest.mark.parametrize(
    ("struck", "outcome"), [("import.xml", Outcome.FAILED), ("offers.xml", Outcome.IN_DOUBT)]
)
async def test_only_a_break_at_the_last_file_leaves_a_doubt(
    struck: str, outcome: Outcome, folder: Path, package: list[Parcel]
) -> None:
    def cut(served: asyncssh.SFTPServer, name: str) -> None:
        if name.endswith(struck):
            served.channel.get_connection().abort()

    async with serve_sftp(folder) as server:
        server.renaming = cut
        receipt = await server.block().send(package)
        probed = await server.block().probe(package)
        server.renaming = lambda _server, _name: None
        again = await server.block().send(package)

    assert outcome is receipt.outcome
    assert ("offers.xml" in receipt.question) == (outcome is Outcome.IN_DOUBT)
    assert probed.outcome in {Outcome.DELIVERED, Outcome.FAILED}
    assert again.outcome is Outcome.DELIVERED
    assert ["import.xml", "offers.xml"] == names_in(folder)


async def test_a_server_that_hangs_costs_no_more_than_our_time(package: list[Parcel]) -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    block = SftpFolder(
        host="127.0.0.1",
        port=port,
        host_key=HOST_KEY,
        login="obmen",
        password=PASSWORD,
        connect_timeout_s=0.5,
    )
    started = time.monotonic()
    receipt = await block.send(package)
    server.close()

    assert receipt.outcome is Outcome.FAILED
    assert time.monotonic() - started < 60


async def test_a_key_that_lost_its_line_ends_in_a_form_still_opens(
    folder: Path, package: list[Parcel]
) -> None:
    async with serve_sftp(folder) as server:
        pasted = server.user_key.replace("\n", "")
        receipt = await server.block(private_key=pasted).send(package)

    assert receipt.outcome is Outcome.DELIVERED, receipt


def test_a_locked_key_needs_its_passphrase() -> None:
    key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    locked = key.export_private_key("pkcs8-pem", passphrase="тайна").decode()
    fields = {"host": "h", "host_key": HOST_KEY, "login": "l", "private_key": locked}

    assert "l" == SftpFolder(**fields, passphrase="тайна").login
    for wrong in ("", "другая"):
        with pytest.raises(ValidationError, match="private key cannot be read"):
            SftpFolder(**fields, passphrase=wrong)


@pytest.mark.parametrize(
    "text",
    [
        HOST_KEY,
        f"{HOST_KEY} admin@portal",
        f"# portal:22 SSH-2.0\n[portal.example]:2222 {HOST_KEY}\n",
    ],
)
def test_a_host_key_is_taken_as_people_have_it(text: str) -> None:
    assert text == SftpFolder(host="h", host_key=text, login="l", password="p").host_key


@pytest.mark.parametrize(
    "wrong",
    [
        {"host_key": "SHA256:abcdef"},
        {"host_key": ""},
        {"password": ""},
        {"private_key": "-----BEGIN CANARY-----"},
        {"port": 0},
    ],
)
def test_what_cannot_work_is_refused_in_the_form(wrong: dict[str, Any]) -> None:
    good = {"host": "h", "host_key": HOST_KEY, "login": "l", "password": "p"}

    with pytest.raises(ValidationError) as refusal:
        SftpFolder(**{**good, **wrong})

    assert "private key cannot be read" in str(refusal.value) or "private_key" not in wrong
