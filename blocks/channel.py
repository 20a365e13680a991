"""How bytes travel between us and a partner. A channel knows an address and a secret, no more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from prefect.blocks.core import Block
from pydantic import Field, SecretStr


class GatewayDoor(Block):
    """The partner's 1C comes to our gateway with this login and password."""

    _block_type_slug = "gateway-door"
    _block_type_name = "Obmen gateway door"
    _description = "Login and password with which a partner's 1C enters the gateway."

    login: str = Field(min_length=1, max_length=80, description="Login, as typed into 1C")
    password: SecretStr = Field(min_length=8, description="Password, as typed into 1C")
    is_open: bool = Field(default=True, description="Closed: the login is refused, history stays")
    encoding: Literal["utf-8", "windows-1251"] = Field(
        default="utf-8", description="Encoding of our answers; old 1C reads windows-1251 only"
    )
    takes_zip: bool = Field(default=True, description="Tell 1C that it may send archives")
    file_limit: int = Field(
        default=8 << 20, ge=1 << 10, le=256 << 20, description="Bytes of one chunk of a file"
    )
    strict_import: bool = Field(
        default=False, description="Answer `failure` to 1C when any record was refused"
    )


class Folder(Block):
    """The partner drops files into a folder that the worker can reach."""

    _block_type_slug = "folder"
    _block_type_name = "Obmen folder"
    _description = "A folder into which a partner drops files."

    path: Path = Field(description="The folder; taken files move to its subfolder `taken`")
    pattern: str = Field(default="*.*", description="Which files are for us, e.g. *.csv")
    settle_s: int = Field(
        default=5,
        ge=0,
        description="A file changed later than that many "
        "seconds ago may still be growing and is left for the next run",
    )

    def list_files(self) -> Iterator[Path]:
        """Yield the files that lie ready, oldest first."""
        latest = datetime.now(UTC).timestamp() - self.settle_s
        ready = [
            (entry.stat().st_mtime_ns, entry)
            for entry in self.path.glob(self.pattern)
            if entry.is_file() and entry.stat().st_mtime <= latest
        ]
        yield from (entry for _, entry in sorted(ready))

    def put_aside(self, file: Path) -> None:
        """Move a file that is safely stored to `taken`; it is never deleted by us."""
        taken = self.path / "taken"
        taken.mkdir(exist_ok=True)
        file.replace(taken / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{file.name}")
