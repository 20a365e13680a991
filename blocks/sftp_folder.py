"""A folder on a portal's SFTP server. The only module that knows asyncssh."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, cast

import asyncssh
from prefect.blocks.core import Block
from pydantic import Field, SecretStr, field_validator, model_validator

from blocks.crash import pass_point
from blocks.outbound import Outcome, Parcel, Receipt, check_package
from blocks.presence import Seen, Showing, judge, refusal

_COPY_BYTES: Final = 1 << 18
_ONE_LINE: Final = re.compile(r"(-----BEGIN [A-Z ]+-----)([A-Za-z0-9+/= ]+)(-----END [A-Z ]+-----)")
_BROKEN: Final = (asyncssh.Error, OSError, TimeoutError)


class SftpFolder(Block):
    """Files appear whole, under their own names, in order, the last one last."""

    _block_type_slug = "sftp-folder"
    _block_type_name = "Obmen SFTP folder"
    _description = "A folder on an SFTP server into which we put files for a portal."

    host: str = Field(min_length=1, description="Name or address of the SFTP server")
    port: int = Field(default=22, ge=1, le=65535, description="Port of the SFTP server")
    host_key: str = Field(
        description="Key of the server, as its owner names it or as `ssh-keyscan HOST` prints it: "
        "ssh-ed25519 AAAA… A server with another key gets neither password nor files"
    )
    login: str = Field(min_length=1, description="Login that the portal gave us")
    password: SecretStr = Field(
        default=SecretStr(""), description="Password of that login; empty where there is a key"
    )
    private_key: SecretStr = Field(
        default=SecretStr(""),
        description="Private key of that login: the whole text of its file, from -----BEGIN to "
        "END-----; empty where there is a password",
    )
    passphrase: SecretStr = Field(
        default=SecretStr(""), description="What opens the private key, if it is locked"
    )
    path: str = Field(
        default=".", min_length=1, description="Folder on the server; it must exist. '.': its own"
    )
    is_emptied: bool = Field(
        default=False,
        description="The portal takes files away when it has read them. Then a file that is gone "
        "may have arrived, and only a person can say so after a break",
    )
    connect_timeout_s: float = Field(
        default=20, gt=0, description="Seconds to wait for a connection and for the login"
    )
    package_timeout_s: float = Field(default=3600, gt=0, description="Seconds for a whole package")

    @field_validator("host_key")
    @classmethod
    def _is_a_key(cls, text: str) -> str:
        if not _host_keys(text):
            message = "it holds no public key; write a line such as ssh-ed25519 AAAA…"
            raise ValueError(message)
        return text

    @model_validator(mode="after")
    def _can_log_in(self) -> "SftpFolder":
        if not self.password.get_secret_value() and not self.private_key.get_secret_value():
            message = "give a password or a private key"
            raise ValueError(message)
        try:
            self._client_keys()
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            # The library's own text may quote the key.
            message = "the private key cannot be read, or its passphrase is another one"
            raise ValueError(message) from None
        return self

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        """Put a package into the folder. See `blocks.outbound.Outbound`."""
        check_package(package)
        showing = Showing(package, self._place)
        try:
            async with self._folder() as sftp:
                return await self._put(sftp, showing)
        except _BROKEN as error:
            return showing.broken(_told(error))

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        """Compare the folder with a package."""
        try:
            async with self._folder() as sftp:
                seen = await self._look(sftp, package)
        except _BROKEN as error:
            question = f"Get {self._place} to answer, then ask again"
            return Receipt(Outcome.IN_DOUBT, _told(error), question)
        return judge(package, seen, self._place, is_emptied=self.is_emptied)

    async def read_back(self, folder: Path) -> None:
        """Return None: a folder does not tell what the portal behind it holds."""

    @property
    def _place(self) -> str:
        return f"sftp://{self.host}:{self.port}/{self.path}"

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Log in and yield the folder; nothing of this user's or this host's own SSH is used."""
        async with (
            asyncio.timeout(self.package_timeout_s),
            asyncssh.connect(
                self.host,
                self.port,
                username=self.login,
                password=self.password.get_secret_value() or None,
                client_keys=self._client_keys() or None,
                known_hosts=(_host_keys(self.host_key), [], []),
                config=None,
                agent_path=None,
                connect_timeout=self.connect_timeout_s,
                login_timeout=self.connect_timeout_s,
                keepalive_interval=30,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            if not await sftp.isdir(self.path):
                message = "there is no such folder"
                raise FileNotFoundError(message)
            yield sftp

    def _client_keys(self) -> list[asyncssh.SSHKey]:
        text = self.private_key.get_secret_value()
        if not text.strip():
            return []
        passphrase = self.passphrase.get_secret_value() or None
        return [asyncssh.import_private_key(_in_lines(text), passphrase)]

    async def _put(self, sftp: asyncssh.SFTPClient, showing: Showing) -> Receipt:
        package = showing.package
        seen = await self._look(sftp, package)
        if fault := refusal(package, seen, self._place):
            return fault
        hidden = {
            each.name: await self._write_hidden(sftp, each)
            for each, found in zip(package, seen, strict=True)
            if found is Seen.ABSENT
        }
        for parcel in package:
            if parcel.name in hidden:
                showing.now = parcel
                pass_point("show_file", "before")
                # A plain SFTP rename fails where a file has that name by now; nothing is replaced.
                await sftp.rename(hidden[parcel.name], self._target(parcel))
                pass_point("show_file", "after")
            showing.shown.append(parcel.name)
        return showing.done()

    async def _write_hidden(self, sftp: asyncssh.SFTPClient, parcel: Parcel) -> str:
        """Write a file beside its place and read it back; return its name there."""
        target = self._target(parcel)
        hidden = str(target.with_name(f".{target.name}.{parcel.sha256.hex()[:8]}.part"))
        await sftp.makedirs(target.parent, exist_ok=True)
        with parcel.path.open("rb") as source:
            async with sftp.open(hidden, "wb") as copy:
                while block := source.read(_COPY_BYTES):
                    await copy.write(block)
                with suppress(asyncssh.SFTPOpUnsupported):
                    await copy.fsync()
        if await self._digest(sftp, hidden) != parcel.sha256:
            message = f"{parcel.name} reads back with other bytes than were written"
            raise OSError(message)
        return hidden

    async def _look(self, sftp: asyncssh.SFTPClient, package: Sequence[Parcel]) -> list[Seen]:
        return [await self._seen(sftp, each) for each in package]

    async def _seen(self, sftp: asyncssh.SFTPClient, parcel: Parcel) -> Seen:
        target = self._target(parcel)
        if not await sftp.exists(target):
            return Seen.ABSENT
        is_same = await sftp.getsize(target) == parcel.size
        is_same = is_same and await self._digest(sftp, str(target)) == parcel.sha256
        return Seen.SAME if is_same else Seen.OTHER

    async def _digest(self, sftp: asyncssh.SFTPClient, path: str) -> bytes:
        digest = hashlib.sha256()
        async with sftp.open(path, "rb") as lying:
            while block := cast("bytes", await lying.read(_COPY_BYTES)):
                digest.update(block)
        return digest.digest()

    def _target(self, parcel: Parcel) -> PurePosixPath:
        return PurePosixPath(self.path) / parcel.name


def _in_lines(text: str) -> str:
    """Return a private key in lines: a form with a field of one line takes its line ends away."""
    found = _ONE_LINE.fullmatch(text.strip())
    if found is None:
        return text
    begin, body, end = found.groups()
    return "\n".join([begin, *re.findall(r"\S{1,64}", "".join(body.split())), end, ""])


def _host_keys(text: str) -> list[asyncssh.SSHKey]:
    """Return the keys in lines of `ssh-keyscan` or of a .pub file."""
    keys = []
    for line in text.splitlines():
        words = line.split()
        starts = [at for at, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-"))]
        if starts and not line.startswith("#"):
            with suppress(asyncssh.KeyImportError):
                keys.append(asyncssh.import_public_key(" ".join(words[starts[0] :])))
    return keys


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
