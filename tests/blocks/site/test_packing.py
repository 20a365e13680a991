import zipfile
from pathlib import Path

import pytest

from blocks.site.packing import pack, pieces
from blocks.site.veil import Veil
from tests.blocks.parcels import make_package


@pytest.mark.parametrize(
    ("size", "limit", "spans"),
    [
        (10, 0, [(0, 10)]),
        (10, 20, [(0, 10)]),
        (10, 5, [(0, 5), (5, 5)]),
        (10, 4, [(0, 4), (4, 4), (8, 2)]),
        (0, 0, [(0, 0)]),
        (0, 4, [(0, 0)]),
    ],
)
def test_a_file_is_cut_at_the_limit(size: int, limit: int, spans: list[tuple[int, int]]) -> None:
    assert spans == [(each.start, each.size) for each in pieces(Path("x"), size, limit)]


def test_the_same_package_is_the_same_archive(tmp_path: Path) -> None:
    package = make_package(tmp_path / "package")
    (tmp_path / "again").mkdir()

    name, path = pack(package, tmp_path)
    name_again, again = pack(package, tmp_path / "again")

    assert (name, path.read_bytes()) == (name_again, again.read_bytes())
    with zipfile.ZipFile(path) as archive:
        assert [each.name for each in package] == archive.namelist()
        assert package[2].path.read_bytes() == archive.read(package[2].name)


def test_a_veil_hides_secrets_in_the_form_in_which_they_travelled() -> None:
    veil = Veil("па/роль +", "")

    told = veil.over("1 па/роль + 2 %D0%BF%D0%B0/%D1%80%D0%BE%D0%BB%D1%8C%20%2B 3\x00\x1b[0m")

    assert told == "1 *** 2 *** 3  [0m"
