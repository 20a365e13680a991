"""Inspect: one JSON line for each file, whatever the file is."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tasks.formats import open_file
from tasks.formats.inspect import inspect_paths
from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import wrap_goods, wrap_offers

_GOOD = "<Товар><Ид>1</Ид><Наименование>Болт</Наименование></Товар>"
_BAD = "\n<Товар><Ид>2</Ид><Новое>x</Новое></Товар>"
_ROOT = Path(__file__).parents[3]


def _inspect(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(line)) for line in inspect_paths(paths)]


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_records_are_those_accepted_and_those_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.xml", wrap_goods(_GOOD, _BAD))

    (line,) = _inspect(path)

    assert line["records"] == dict.fromkeys(map(str, Dataset), 0) | {"goods": 2}
    assert line["accepted"]["goods"] == 1
    assert line["refused_total"] == 1
    (refused,) = line["refused"]
    assert {
        "dataset": "goods", "record_no": 2, "key": "2", "line": 2, "place": "Товар/Новое",
        "cause": "FIELD_UNKNOWN", "value": "x",
        "sentence": "the field Товар/Новое is not known, its text is x",
    }.items() <= refused.items()  # fmt: skip
    payload = path.read_bytes()[refused["byte_offset"] :][: refused["byte_length"]]
    assert payload.decode() == _BAD.strip()


def test_the_fields_to_leave_alone_are_named_ready_for_the_form(tmp_path: Path) -> None:
    worse = "<Товар><Ид>3</Ид><Ещё><Цвет>x</Цвет></Ещё><Новое Вид='1'>x</Новое></Товар>"
    path = _write(tmp_path, "a.xml", wrap_goods(_GOOD, _BAD, worse))

    (line,) = _inspect(path)

    assert ["Товар/Ещё", "Товар/Новое"] == line["left_alone"]
    reading = open_file(path, left_alone=frozenset(line["left_alone"]))
    assert [()] == [batch.faults for batch in reading.batches()]


def test_a_section_that_nobody_knows_is_among_them(tmp_path: Path) -> None:
    text = wrap_goods(_GOOD, _BAD).replace("<Товары>", "<Акции><Акция/></Акции><Товары>")
    path = _write(tmp_path, "a.xml", text)

    (line,) = _inspect(path)

    assert ["Каталог/Акции", "Товар/Новое"] == line["left_alone"]


def test_a_file_without_unknown_fields_needs_no_list(tmp_path: Path) -> None:
    (line,) = _inspect(_write(tmp_path, "a.xml", wrap_goods(_GOOD)))

    assert [] == line["left_alone"]


def test_a_line_says_what_the_file_says(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.xml", wrap_goods())

    (line,) = _inspect(path)

    assert {
        "file": str(path), "dialect": "commerceml", "version": "2.07", "encoding": "utf-8",
        "declared_encoding": None, "extent": None, "formed_at": None, "fault": None,
        "unread": [], "size": path.stat().st_size, "refused": [], "refused_total": 0,
    }.items() <= line.items()  # fmt: skip
    assert len(line["sha256"]) == 64
    assert line["seconds"] >= 0


def test_a_file_refused_whole_still_says_what_was_read(tmp_path: Path) -> None:
    offers = [f"<Предложение><Ид>{number}</Ид></Предложение>" for number in range(3)]
    text = wrap_offers(*offers)
    path = _write(tmp_path, "cut.xml", text[: text.index("<Ид>2")])

    (line,) = _inspect(path)

    assert line["fault"]["cause"] == "XML_NOT_WELL_FORMED"
    assert line["fault"]["byte_offset"] == path.stat().st_size
    assert line["records"]["offers"] == 2


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = _write(tmp_path, "good.xml", wrap_goods(_GOOD))
    empty = _write(tmp_path, "empty.xml", "")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 not a zip")

    lines = _inspect(tmp_path / "absent.xml", tmp_path, empty, broken, good)

    assert [line["fault"] and line["fault"]["cause"] for line in lines] == [
        "NOT_READABLE", "NOT_READABLE", "FILE_EMPTY", "ZIP_BROKEN", None,
    ]  # fmt: skip
    assert lines[-1]["records"]["goods"] == 1


def test_an_archive_gives_a_line_for_each_file_of_records(tmp_path: Path) -> None:
    path = tmp_path / "v8_1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("import.xml", wrap_goods(_GOOD))
        archive.writestr("import_files/a.jpg", b"\xff\xd8")
        archive.writestr("goods/offers.xml", wrap_offers("<Предложение><Ид>1</Ид></Предложение>"))

    lines = _inspect(path)

    assert [f"{path}/import.xml", f"{path}/goods/offers.xml"] == [line["file"] for line in lines]
    assert [(line["records"]["goods"], line["records"]["offers"]) for line in lines] == [
        (1, 0),
        (0, 1),
    ]


def test_at_most_a_hundred_refusals_are_shown(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.xml", wrap_goods(*[_BAD] * 130))

    (line,) = _inspect(path)

    assert len(line["refused"]) == 100
    assert line["refused_total"] == line["records"]["goods"] == 130


def test_the_exit_code_says_whether_all_files_were_readable(tmp_path: Path) -> None:
    good = _write(tmp_path, "good.xml", wrap_goods(_GOOD, _BAD))
    cut = _write(tmp_path, "cut.xml", wrap_goods(_GOOD)[:-3])

    assert _run(good).returncode == 0
    both = _run(cut, good)

    assert both.returncode == 1
    assert len(both.stdout.splitlines()) == 2
    assert both.stderr.startswith(f"{cut}: the file is cut")
    assert "Traceback" not in both.stderr


def test_a_bug_of_ours_or_of_a_plugin_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "broken_dialect.py").write_text(_BROKEN_PLUGIN, encoding="utf-8")
    good = _write(tmp_path, "good.xml", wrap_goods(_GOOD))

    run = _run(good, OBMEN_PLUGINS="broken_dialect", PYTHONPATH=str(tmp_path))

    (line,) = map(json.loads, run.stdout.splitlines())
    assert line["fault"] == {
        "place": "", "byte_offset": 0, "cause": "UNEXPECTED", "sentence": "ZeroDivisionError: bug",
    }  # fmt: skip
    assert run.returncode == 1
    assert "Traceback" not in run.stderr


def test_a_name_that_is_no_utf_8_is_shown_with_a_question_mark(tmp_path: Path) -> None:
    path = tmp_path / "a\udcff.xml"
    path.write_text(wrap_goods(_GOOD), encoding="utf-8")

    run = _run(path)

    assert run.returncode == 0
    assert json.loads(run.stdout)["file"] == f"{tmp_path}/a?.xml"


_BROKEN_PLUGIN = """
class Broken:
    name, version = "broken", "1"
    def recognise(self, head):
        raise ZeroDivisionError("bug")

DIALECTS = [Broken()]
"""


def _run(*paths: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tasks.formats.inspect", *map(str, paths)],
        cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | environment,
    )  # fmt: skip
