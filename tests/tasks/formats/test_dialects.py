"""A company's own dialect is used without touching ours, and its version is recorded."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_text, wrap_goods

_PLUGIN = '''
from tasks.formats.commerceml import COMMERCEML

class Renamed:
    """CommerceML in which a partner writes Позиция for Товар."""
    name, version = "acme", "7"
    def recognise(self, head):
        return "<Позиция>".encode() in head
    def open(self, path, *, left_alone, salvage):
        text = path.read_text(encoding="utf-8").replace("Позиция>", "Товар>")
        path.write_text(text, encoding="utf-8")
        return COMMERCEML.open(path, left_alone=left_alone, salvage=salvage)

DIALECTS = [Renamed()]
'''
_TEXT = wrap_goods("<Позиция><Ид>1</Ид></Позиция>")


@pytest.fixture
def _plugin(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "acme_dialect.py").write_text(_PLUGIN, encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    os.environ["OBMEN_PLUGINS"] = "acme_dialect"
    yield
    del os.environ["OBMEN_PLUGINS"]
    sys.path.remove(str(tmp_path))
    sys.modules.pop("acme_dialect", None)


@pytest.mark.usefixtures("_plugin")
def test_a_plugin_reads_what_we_do_not_and_its_version_is_recorded() -> None:
    read = read_text(_TEXT)

    assert read.values(Dataset.GOODS) == [{"id": "1", "catalog_id": "c"}]
    assert read.rules == {"reader": "1", "acme": "7"}


@pytest.mark.usefixtures("_plugin")
def test_other_files_are_read_by_our_own_dialects() -> None:
    read = read_text(wrap_goods("<Товар><Ид>1</Ид></Товар>"))

    assert read.rules == {"reader": "1", "commerceml": "2"}


def test_without_the_plugin_the_file_is_refused() -> None:
    read = read_text(_TEXT)

    assert read.fault is not None
    assert read.fault.fault.place == "Каталог/Товары/Позиция"


def test_a_plugin_that_is_named_and_not_there_stops_the_reading() -> None:
    os.environ["OBMEN_PLUGINS"] = "nobody_has_this"
    try:
        with pytest.raises(ModuleNotFoundError, match="nobody_has_this"):
            read_text(_TEXT)
    finally:
        del os.environ["OBMEN_PLUGINS"]
