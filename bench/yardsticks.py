"""What the same machine needs for the least that anybody could do, measured in the same run."""

import os
import platform
from pathlib import Path
from time import perf_counter, process_time
from xml.parsers import expat

import psutil

from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings

_BLOCK_BYTES = 1 << 20
_BLOCK_ROWS = 10_000
_TABLE = """
    create table {name} (
        offer_key bigint, warehouse_key integer, quantity numeric, message_key bigint,
        valid_from timestamptz, valid_to timestamptz,
        recorded_from timestamptz, recorded_to timestamptz
    )
"""


def time_expat(path: Path) -> tuple[float, float]:
    """Return the seconds of a pass of expat without handlers, by the clock and of the processor.

    The better ones of two passes.
    """
    once, again = _time_expat(path), _time_expat(path)
    return min(once[0], again[0]), min(once[1], again[1])


def _time_expat(path: Path) -> tuple[float, float]:
    parser = expat.ParserCreate()
    begun, worked = perf_counter(), process_time()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            parser.Parse(block, False)  # noqa: FBT003  (no name for it)
        parser.Parse(b"", True)  # noqa: FBT003  (the same)
    return perf_counter() - begun, process_time() - worked


def time_copy(settings: Settings, rows: int) -> float:
    """Return the seconds of one committed COPY of so many rows of stock into an empty table."""
    block = [
        f"{number}\t{number % 5}\t{number % 97}\t1\t2026-02-02T08:00:00Z\tinfinity"
        "\t2026-02-02T08:00:00Z\tinfinity\n"
        for number in range(_BLOCK_ROWS)
    ]
    with connect(settings.warehouse_url_for("obmen_owner")) as connection:
        connection.execute(_TABLE.format(name="core.bench_copy"))
        begun = perf_counter()
        with connection.cursor().copy("copy core.bench_copy from stdin") as pipe:
            for start in range(0, rows, _BLOCK_ROWS):
                pipe.write("".join(block[: rows - start]))
        seconds = perf_counter() - begun
        connection.execute("drop table core.bench_copy")
    return seconds


def describe_machine(settings: Settings) -> dict[str, object]:
    """Return what the figures were measured on."""
    with connect(settings.admin_url) as connection:
        version = connection.info.server_version
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
        "ram_gb": round(psutil.virtual_memory().total / 2**30),
        "postgresql": f"{version // 10_000}.{version % 10_000}",
        "python": platform.python_version(),
    }


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
