"""Catalogs of ours and the files each dialect makes of them, read by a person, byte by byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.formats.commerceml.writing import WritingTerms
from tasks.model.datasets import Extent
from tests.tasks.formats.writes import (
    DIALECTS,
    SAMPLES,
    expect,
    find,
    load_sample,
    make_terms,
    read_back,
    write,
)

PACKAGES: dict[str, tuple[str, WritingTerms]] = {
    f"full_{dialect.removeprefix('commerceml-')}": ("full", make_terms(dialect))
    for dialect in DIALECTS
} | {
    "changes_2.07_windows-1251": (
        "changes",
        make_terms("commerceml-2.07", extent=Extent.CHANGES, encoding="windows-1251"),
    ),
    "changes_3.1_no_mark": (
        "changes",
        make_terms("commerceml-3.1", extent=Extent.CHANGES, has_bom=False),
    ),
}


@pytest.mark.parametrize("folder", PACKAGES)
def test_a_package_is_written_byte_by_byte_as_expected(folder: str) -> None:
    sample, terms = PACKAGES[folder]
    expected = {path.name: path.read_bytes() for path in (SAMPLES / folder).iterdir()}

    assert expected == write(load_sample(sample), terms)


@pytest.mark.parametrize("folder", PACKAGES)
def test_a_package_is_read_back_as_it_was_said(folder: str) -> None:
    sample, terms = PACKAGES[folder]
    tables = load_sample(sample)

    assert expect(tables, terms) == find(read_back(tables, terms))


def test_the_same_bytes_come_from_another_process_with_another_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.tasks.formats.test_writing_golden import PACKAGES\n"
        "from tests.tasks.formats.writes import load_sample\n"
        "from tasks.formats.commerceml.writing import write_package\n"
        "for folder, (sample, terms) in PACKAGES.items():\n"
        "    target = Path(sys.argv[1]) / folder; target.mkdir()\n"
        "    print(*(p.name for p in write_package(load_sample(sample), terms, target)))\n"
    )
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Vladivostok"}

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=root, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip

    names = [" ".join(write(load_sample(sample), terms)) for sample, terms in PACKAGES.values()]
    assert names == done.stdout.splitlines()
    for folder in PACKAGES:
        written = {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        assert written == {path.name: path.read_bytes() for path in (SAMPLES / folder).iterdir()}
