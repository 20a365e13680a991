"""An installation for one run of the benchmarks, and programs that are started in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.memory import Watch
from blocks.embedded.postgresql import data_folder, server_pid
from blocks.embedded.programs import SMALL
from blocks.embedded.services import DATA_SERVICES, bring_up
from blocks.settings import PROJECT, Settings
from tests.homes import own_home


@dataclass(frozen=True, slots=True)
class Installation:
    """PostgreSQL and a store of this run alone, and a folder for the files."""

    settings: Settings
    folder: Path

    def run(self, module: str, *words: object) -> dict[str, Any]:
        """Run `bench.<module>` to its end; return what it printed and what memory was taken."""
        with self.start(module, *words) as program, self.watch(program.pid) as watch:
            said, _ = program.communicate()
        if program.returncode:
            raise subprocess.CalledProcessError(program.returncode, program.args)
        told: dict[str, Any] = json.loads(said)
        return told | {
            "tree_mb": watch.tree_mb,
            "backend_mb": watch.backend_mb,
            "server_cpu_s": round(watch.server_cpu_s, 3),
        }

    def start(self, module: str, *words: object) -> subprocess.Popen[bytes]:
        """Start `bench.<module>` in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", f"bench.{module}", *map(str, words)],
            env=os.environ | self.settings.environment() | SMALL,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
        )

    def watch(self, program: int) -> Watch:
        """Watch the memory of a program and of the server's processes."""
        return Watch(server_pid(data_folder(self.settings)), program)


@contextmanager
def installed() -> Iterator[Installation]:
    """Yield an installation whose services and files end with the block."""
    with own_home() as settings, TemporaryDirectory(prefix="obmen-bench-") as folder:
        yield Installation(bring_up(settings, DATA_SERVICES), Path(folder))
