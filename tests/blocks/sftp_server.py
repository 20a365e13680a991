"""A real SFTP server in this process, with what tests want to see of it and break in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from blocks.sftp_folder import SftpFolder

PASSWORD = "CANARY-sftp-пароль"


@dataclass
class SftpServer:
    """A server that runs; `renaming` is called with the new name before each rename."""

    port: int
    host_key: str
    user_key: str
    logins: list[str] = field(default_factory=list)
    renaming: Callable[[asyncssh.SFTPServer, str], None] = lambda _server, _name: None

    def block(self, **fields: Any) -> SftpFolder:
        usual: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "host_key": self.host_key,
            "login": "obmen",
            "package_timeout_s": 30,
        }
        usual |= {} if "private_key" in fields else {"password": PASSWORD}
        return SftpFolder(**{**usual, **fields})


@asynccontextmanager
async def serve_sftp(folder: Path) -> AsyncIterator[SftpServer]:
    """Serve a folder as the root of an SFTP server."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    user_key = asyncssh.generate_private_key("ssh-ed25519")
    told = SftpServer(
        0, host_key.export_public_key().decode(), user_key.export_private_key().decode()
    )

    class Door(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            told.logins.append(username)
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("obmen", PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            is_known = key.export_public_key() == user_key.export_public_key()
            return username == "obmen" and is_known

    class Rooted(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(folder).encode())

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            told.renaming(self, newpath.decode())
            super().rename(oldpath, newpath)

    server = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[host_key], server_factory=Door, sftp_factory=Rooted
    )
    told.port = server.get_port()
    try:
        yield told
    finally:
        server.close()
        await server.wait_closed()
