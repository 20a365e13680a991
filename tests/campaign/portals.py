"""Portals of the sandbox in processes of their own, which can be killed and come again."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from blocks.settings import PROJECT
from sandbox.portal.server import EXCHANGE_PATH
from tests.homes import free_ports

USER, PASSWORD = "obmen", "campaign"


@dataclass
class Shop:
    """A portal by its name, wherever its process is just now."""

    name: str
    state: Path
    quirks: Sequence[str] = ()
    ports: list[int] = field(default_factory=lambda: free_ports(2))
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it takes catalogs."""
        return f"http://127.0.0.1:{self.ports[0]}{EXCHANGE_PATH}"

    def open(self) -> None:
        """Start, with all that was held before, and wait until it serves."""
        words = {"--port": self.ports[0], "--control-port": self.ports[1], "--state": self.state}
        words |= {"--user": USER, "--password": PASSWORD}
        pairs = [*words.items(), *(("--quirk", quirk) for quirk in self.quirks)]
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sandbox.portal",
                *(str(word) for pair in pairs for word in pair),
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("portal at")

    def kill(self) -> None:
        """End as a machine does that lost its power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()

    def held(self) -> dict[str, Any]:
        """What it says that it holds."""
        answer: dict[str, Any] = self._control("GET", "held", None)
        return answer

    def order(self, fault: str, **words: object) -> None:
        """Let the next fitting request meet a fault."""
        self._control("POST", "fault", {"fault": fault, **words})

    def _control(self, method: str, path: str, body: object) -> Any:
        url = f"http://127.0.0.1:{self.ports[1]}/{path}"
        answer = httpx.request(method, url, json=body, timeout=60, trust_env=False)
        return answer.raise_for_status().json()


@contextmanager
def opened(*shops: Shop) -> Iterator[Sequence[Shop]]:
    """Have portals served as long as the block lasts."""
    try:
        for shop in shops:
            shop.open()
        yield shops
    finally:
        for shop in shops:
            shop.kill()
