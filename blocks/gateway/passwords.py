"""Passwords at the door: kept as argon2 hashes, remembered for some minutes once proven right."""

import hashlib
import secrets
import time
from collections import OrderedDict
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_REMEMBERED_S = 600
_REMEMBERED_MAX = 10_000
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the hash to keep in `journal.door`; whoever opens a door for a partner calls this."""
    return _hasher.hash(password)


@cache
def _decoy() -> str:
    """Return a hash that nobody's password has; making it takes as long as a verification."""
    return hash_password(secrets.token_hex(16))


class Passwords:
    """Verifies passwords without telling by its time whether a login exists.

    A verification takes some 50 ms of processor by design, and 1C sends Basic with every chunk. So
    a proof is remembered in this process under a keyed hash of login, password and stored hash: a
    changed password is forgotten with its stored hash, and memory holds nothing that opens a door.
    """

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._key = secrets.token_bytes(32)
        self._decoy = _decoy()
        self._proven: OrderedDict[bytes, float] = OrderedDict()

    def is_remembered(self, login: str, password: str, stored: str | None) -> bool:
        """Say whether this very password was proven some minutes ago. Call it on the event loop."""
        return stored is not None and (
            self._proven.get(self._mark(login, password, stored), 0) > time.monotonic()
        )

    def remember(self, login: str, password: str, stored: str) -> None:
        """Keep a proof. Call it on the event loop."""
        mark = self._mark(login, password, stored)
        self._proven[mark] = time.monotonic() + _REMEMBERED_S
        self._proven.move_to_end(mark)
        if len(self._proven) > _REMEMBERED_MAX:
            self._proven.popitem(last=False)

    def is_right(self, password: str, stored: str | None) -> bool:
        """Verify slowly; an unknown login (None) takes as long. Call it in a thread."""
        try:
            _hasher.verify(stored or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def _mark(self, login: str, password: str, stored: str) -> bytes:
        digest = hashlib.blake2b(key=self._key)
        for part in (login, password, stored):
            encoded = part.encode("utf-8", errors="surrogatepass")
            digest.update(len(encoded).to_bytes(8) + encoded)
        return digest.digest()
