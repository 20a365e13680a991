"""The 1C in the box against an honest site over a real socket."""

import io
import zipfile
from pathlib import Path

import pytest

from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.export import Export, Order, export
from sandbox.faults import Fault
from sandbox.onec import Manners, run
from tests.sandbox.conftest import Site

SET_OF_A = ["checkauth", "init", "file", "import"]


def exported(folder: Path, client: Client = Client.A, goods: int = 5, portion: int = 3) -> Export:
    company = Company(7, goods=goods, pictures=False)
    return export(company, folder, Order(client, portion=portion))


def without_repeats(words: list[str]) -> list[str]:
    return [word for place, word in enumerate(words) if place == 0 or words[place - 1] != word]


def test_client_a_knocks_and_asks_for_limits_before_every_set(site: Site, tmp_path: Path) -> None:
    result = run(exported(tmp_path), site.account)

    assert (result.error, without_repeats(site.modes())) == ("", SET_OF_A * 4)


def test_documents_of_client_a_are_imported_goods_before_their_offers(
    site: Site, tmp_path: Path
) -> None:
    run(exported(tmp_path), site.account)

    expected = ["import0_1.xml", "offers0_1.xml", "import0_2.xml", "offers0_2.xml"]
    assert expected == site.imported


def test_what_arrives_is_byte_for_byte_what_was_written(site: Site, tmp_path: Path) -> None:
    written = exported(tmp_path)
    run(written, site.account)

    assert {name: (tmp_path / name).read_bytes() for name in site.files} == site.files


@pytest.mark.parametrize(
    ("limit", "largest"), [("1000", 1000), ("0", 100_000), ("-1", 100_000), ("много", 100_000)]
)
def test_chunks_are_as_long_as_the_site_allows(
    site: Site, tmp_path: Path, limit: str, largest: int
) -> None:
    site.init = f"zip=no\nfile_limit={limit}"
    run(exported(tmp_path), site.account)

    assert max(site.chunk_sizes) <= largest
    assert limit != "1000" or len(site.chunk_sizes) > len(site.files)


def test_the_cookie_of_the_body_is_sent_verbatim_and_no_other(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account)

    assert set(site.cookies) == {None, "session=abc.1=2"}


def test_1c_names_itself(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account)

    assert site.agents == {"1C+Enterprise/8.3"}


def test_client_a_sends_neither_sessid_nor_version(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account)

    assert not any({"sessid", "version"} & query.keys() for _, query in site.requests)


@pytest.mark.parametrize(
    "init",
    [
        "zip=no\nfile_limit=2000\nsessid=token7",
        "zip=no\nfile_limit=2000\n",
        "zip=no",
        "",
        "failure\nНет места",
    ],
)
def test_client_a_takes_nothing_but_two_lines_of_limits(
    site: Site, tmp_path: Path, init: str
) -> None:
    site.init = init
    result = run(exported(tmp_path), site.account)

    assert result.error.startswith("Не удалось прочитать ответ сервера")
    assert not site.files


def test_progress_is_answered_by_the_same_question(site: Site, tmp_path: Path) -> None:
    site.imports = ["progress\n10 %", "progress\n90 %"]
    result = run(exported(tmp_path), site.account)

    first = site.modes().index("import")

    assert result.is_success
    assert site.modes()[first : first + 4] == ["import", "import", "import", "checkauth"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("failure\nТовар 7: цена -5", "Ошибка импорта файла import0_1.xml: failure\nТовар 7"),
        ("<html>502</html>", "Получен неизвестный статус импорта"),
        ("", "Получен неизвестный статус импорта"),
    ],
)
def test_any_other_word_ends_the_run(site: Site, tmp_path: Path, answer: str, words: str) -> None:
    site.imports = [answer]
    result = run(exported(tmp_path), site.account)

    assert result.error.startswith(words)
    assert site.imported == []


def test_endless_progress_has_an_end(site: Site, tmp_path: Path) -> None:
    site.imports = ["progress"] * 1_000_000
    account = site.account.__class__(site.account.url, "onec", "secret", import_deadline_s=0.3)
    result = run(exported(tmp_path), account)

    assert result.error.startswith("Импорт файла import0_1.xml не закончен вовремя")


def test_client_b_knocks_once_speaks_its_version_and_says_complete(
    site: Site, tmp_path: Path
) -> None:
    site.init = "zip=no\nfile_limit=2000\nsessid=token7\nversion=3.1"
    result = run(exported(tmp_path, Client.B31), site.account)
    queries = dict(site.requests)

    assert result.is_success
    assert site.modes().count("checkauth") == 1
    assert site.modes()[-1] == "complete"
    assert (queries["checkauth"]["version"], queries["init"]["version"]) == ("3.1", "3.1")
    assert {"token7"} == {query["sessid"] for mode, query in site.requests if mode != "checkauth"}


def test_client_b_goes_away_without_a_sessid(site: Site, tmp_path: Path) -> None:
    site.checkauth = "success\nsession\nabc\n"
    result = run(exported(tmp_path, Client.B31), site.account)

    assert result.error.startswith("Сервер не сообщил sessid")


def test_client_b_deactivates_with_the_timestamp_it_was_given(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path, Client.B209), site.account, Manners(deactivates=True))
    named = dict(site.requests)

    assert named["deactivate"]["timestamp"] == "1700000000"


def test_a_zip_holds_the_set_and_the_import_names_the_document(site: Site, tmp_path: Path) -> None:
    site.init = "zip=yes\nfile_limit=500"
    company = Company(7, goods=20)
    run(export(company, tmp_path), site.account)
    first = next(iter(site.files))
    members = zipfile.ZipFile(io.BytesIO(site.files[first])).namelist()

    assert first == "v8_1065_1a.zip"
    assert "import0_1.xml" in members
    assert any(name.startswith("import_files/") for name in members)
    assert site.imported == ["import0_1.xml", "offers0_1.xml"]


def test_without_waiting_there_is_no_import(site: Site, tmp_path: Path) -> None:
    result = run(exported(tmp_path), site.account, Manners(waits_for_import=False))

    assert result.is_success
    assert "import" not in site.modes()


def test_a_wrong_password_ends_at_the_door(site: Site, tmp_path: Path) -> None:
    result = run(exported(tmp_path), site.account, Manners(fault=Fault.WRONG_PASSWORD))

    assert result.error.startswith("Не удалось установить соединение с сервером: failure")


def test_nobody_at_home_is_an_error_not_a_crash(tmp_path: Path) -> None:
    account = Site(port=1).account
    result = run(exported(tmp_path), account)

    assert result.error == "Сервер не ответил: ConnectError"


def test_hanging_up_in_mid_body_leaves_nothing_at_the_site(site: Site, tmp_path: Path) -> None:
    result = run(exported(tmp_path), site.account, Manners(fault=Fault.TIMEOUT))

    assert "соединение разорвано" in result.error
    assert site.files == {}


def test_a_repeated_chunk_arrives_twice(site: Site, tmp_path: Path) -> None:
    written = exported(tmp_path)
    run(written, site.account, Manners(fault=Fault.DUPLICATE_CHUNK))
    original = (tmp_path / "import0_1.xml").read_bytes()

    assert original[:2000] + original == site.files["import0_1.xml"]


def test_an_unheard_success_brings_the_set_again(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account, Manners(fault=Fault.SUCCESS_BUT_LOST))

    assert site.imported[:2] == ["import0_1.xml", "import0_1.xml"]
    assert len(site.imported) == 5


def test_a_file_may_come_twice_in_one_session(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account, Manners(fault=Fault.DUPLICATE_FILE))

    assert site.imported.count("import0_1.xml") == 2


def test_offers_may_come_before_their_goods(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account, Manners(fault=Fault.OUT_OF_ORDER))

    assert site.imported[0].startswith("offers")


def test_a_malicious_archive_is_sent_even_to_a_site_without_zip(site: Site, tmp_path: Path) -> None:
    run(exported(tmp_path), site.account, Manners(fault=Fault.ZIP_SLIP))
    archive = zipfile.ZipFile(io.BytesIO(site.files["v8_1065_1a.zip"]))

    assert "../../etc/cron.d/obmen" in archive.namelist()


def test_the_transcript_has_every_request_with_its_first_line(site: Site, tmp_path: Path) -> None:
    result = run(exported(tmp_path), site.account)
    first = result.transcript[0]

    assert (first.request, first.answer) == ("GET type=catalog&mode=checkauth", "success")
    assert len(site.requests) == len(result.transcript)
