"""Files made to exhaust a reader cost it neither memory nor time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.malformed.good import CATALOG, written
from tests.malformed.variants import VARIANTS

_BOMBS: Final = (
    "a bomb of entities",
    "a bomb of one long entity",
    "a file of the server",
    "a hundred thousand levels",
    "a record of 11 MB",
    "a tag of 12 MB",
    "an archive that is a bomb",
    "an archive that is a bomb of many files",
    "an archive whose picture is a bomb",
)
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = """
import resource, sys, time
from tasks.formats.inspect import main
started = time.process_time()
main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time() - started)
"""
_MEGABYTES_MORE: Final = 100
_SECONDS_EACH: Final = 1.0


def _measure(*files: Path) -> tuple[list[str | None], float, float]:
    """Causes of the lines, MB at most, seconds of processor."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *map(str, files)],
        cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    *lines, figures = done.stdout.splitlines()
    megabytes, seconds = map(float, figures.split())
    faults = [json.loads(line)["fault"] for line in lines]
    assert "Traceback" not in done.stderr
    return [fault and fault["cause"] for fault in faults], megabytes, seconds


def _write(folder: Path) -> Iterator[Path]:
    for mark, variant in VARIANTS.items():
        if variant.name in _BOMBS:
            path = folder / f"{mark}-{variant.file_name}"
            path.write_bytes(variant.make(mark))
            yield path


def test_a_bomb_costs_no_memory_and_less_than_a_second(tmp_path: Path) -> None:
    good = tmp_path / "good.xml"
    good.write_text(written(CATALOG, "good"), encoding="utf-8")
    bombs = list(_write(tmp_path))

    _, usual, _ = _measure(good)
    causes, megabytes, seconds = _measure(*bombs)

    assert len(_BOMBS) == len(bombs)
    assert {"XML_DOCTYPE", "XML_LIMIT", "ZIP_RATIO"} <= set(causes)
    assert megabytes - usual < _MEGABYTES_MORE
    assert seconds < _SECONDS_EACH * len(bombs)


def test_every_malformed_file_is_a_line_of_inspect_and_never_a_crash(tmp_path: Path) -> None:
    files = []
    for mark, variant in VARIANTS.items():
        files.append(tmp_path / f"{mark}-{variant.file_name}")
        files[-1].write_bytes(variant.make(mark))

    causes, _, _ = _measure(*files)

    assert len(causes) >= len(files)
    assert "UNEXPECTED" not in causes
