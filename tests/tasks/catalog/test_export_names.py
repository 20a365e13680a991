"""Which files make one export: names, sessions, archives, as tables."""

from dataclasses import replace
from typing import Any

import pytest

from tasks.catalog.exports import Name, Portion, gather, read_name

_GUID = "0b1c2d3e-0000-1111-2222-333344445555"


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("import0_1.xml", Name("import0", 1)),
        ("offers12_34.xml", Name("offers12", 34)),
        ("import.xml", Name("import", 1)),
        ("import1.xml", Name("import", 2)),
        ("webdata/000/offers0_2.xml", Name("offers0", 2)),
        (f"import___{_GUID}.xml", Name("import", None, is_split=True)),
        (f"goods/goods_1_2_{_GUID}.xml", Name("goods_1", 2, is_split=True)),
        (f"groups_{_GUID}.xml", Name("groups", None, is_split=True)),
        ("goods_2026-11-22.csv", Name("goods", 1)),
        ("товары 5.csv", Name("товары", 1)),
        ("2026.csv", Name("", 1)),
    ],
)
def test_a_name_tells_kind_and_portion(file_name: str, name: Name) -> None:
    assert name == read_name(file_name)


def _files(*names: str, **said: Any) -> list[Portion]:
    return [
        replace(Portion(number, number, name, is_new=True), **said)
        for number, name in enumerate(names, start=1)
    ]


@pytest.mark.parametrize(
    ("names", "sizes"),
    [
        (["import0_1", "offers0_1", "import0_2", "offers0_2"], [4]),
        (["import0_1", "import0_2", "offers0_1", "offers0_2"], [4]),
        (["import0_1", "offers0_1", "import0_1", "offers0_1"], [2, 2]),
        (["import0_1", "import0_3"], [2]),  # the gap is a doubt, not another export
        (["import0_1", "import1_1", "offers0_1", "offers1_1"], [4]),
        (["import", "offers", "import1", "offers1", "import", "offers"], [4, 2]),
        (["goods_2026-11-21", "goods_2026-11-22"], [1, 1]),
        ([f"import___{_GUID}", f"import___{_GUID}", f"offers___{_GUID}"], [3]),
        (["import0_1", f"import___{_GUID}"], [1, 1]),
    ],
)
def test_names_put_files_together(names: list[str], sizes: list[int]) -> None:
    exports = gather(_files(*(f"{name}.xml" for name in names)))

    assert sizes == [len(export.files) for export in exports]


def test_names_that_count_nothing_do_not_reach_into_an_earlier_run() -> None:
    first, second = _files(f"import___{_GUID}.xml", f"import___{_GUID}.xml")

    assert [1, 1] == [len(each.files) for each in gather([replace(first, is_new=False), second])]


def test_a_session_of_the_split_client_is_one_export() -> None:
    names = [f"goods_1_{number}_{_GUID}.xml" for number in (1, 2, 3, 4)]
    files = _files(*names, is_split_session=True, is_new=False)
    sessions = [7, 7, 8, 8]

    exports = gather([replace(f, session_key=s) for f, s in zip(files, sessions, strict=True)])

    assert [2, 2] == [len(export.files) for export in exports]


def test_an_archive_is_one_export() -> None:
    files = _files("goods.xml", "goods.xml", parent_key=5)

    assert [2] == [len(export.files) for export in gather(files)]
