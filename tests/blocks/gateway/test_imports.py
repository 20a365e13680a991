"""`mode=import` tells what the journal holds, and nothing else."""

import io
import threading
import time
import zipfile
from collections.abc import Callable

import pytest

from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, said, until

Clients = Callable[..., Onec]
XML = "import0_1.xml"


def zipped(*names: str) -> bytes:
    payload = io.BytesIO()
    with zipfile.ZipFile(payload, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return payload.getvalue()


def test_a_file_that_nobody_took_yet_is_in_progress(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    client.send(XML, b"<a/>")

    answer = client.ask("import", filename=XML)

    assert said(answer) == ["progress", f"Файл {XML} получен и обрабатывается."]


def test_progress_is_held_and_not_spun(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=1.5)
    client = onec().enter()
    client.send(XML, b"<a/>")

    started_at = time.monotonic()
    client.ask("import", filename=XML)

    assert 1.5 <= time.monotonic() - started_at < 15


def test_an_answer_comes_as_soon_as_the_message_is_closed(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=50)
    client = onec().enter()
    client.send(XML, b"<a/>")

    def close() -> None:
        until(journal.messages)
        journal.close(journal.messages()[0]["message_key"], accepted=7)

    flow = threading.Thread(target=close)
    flow.start()
    started_at = time.monotonic()
    answer = client.ask("import", filename=XML)
    flow.join()

    assert said(answer) == [
        "success",
        f"Файл {XML} загружен.",
        "Товары: получено 7, принято 7, без изменений 0, не принято 0.",
    ]
    assert time.monotonic() - started_at < 40


def test_the_same_question_has_the_same_answer_and_no_second_message(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    client.send(XML, b"<a/>")
    client.ask("import", filename=XML)
    journal.close(journal.messages()[0]["message_key"], accepted=1)

    answers = {client.ask("import", filename=XML).text for _ in range(3)}

    assert len(answers) == 1
    assert len(journal.messages()) == 1


@pytest.mark.parametrize(("strict", "word"), [(False, "success"), (True, "failure")])
def test_refused_records_are_told_in_russian_by_cause(
    journal: Journal, onec: Clients, *, strict: bool, word: str
) -> None:
    journal.add_partner(hold_s=0, strict_import=strict)
    client = onec().enter()
    client.send(XML, b"<a/>")
    client.ask("import", filename=XML)
    journal.close(
        journal.messages()[0]["message_key"],
        accepted=1,
        refused=[
            ("NUM_FORMAT", "в поле «Цена» не число: «1»"),
            ("NUM_FORMAT", "в поле «Цена» не число: «2»"),
            ("REF_MISSING", "нет группы"),
        ],
    )

    lines = said(client.ask("import", filename=XML))

    assert lines[0] == word
    assert lines[-3:] == [
        "Не принято записей: 3. Причины:",
        "- в поле «Цена» не число: «1» (записей: 2)",
        "- нет группы",
    ]


def test_a_refused_file_is_a_failure_with_its_sentence(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    client.send(XML, b"<a>")
    client.ask("import", filename=XML)
    journal.refuse(journal.messages()[0]["message_key"], "файл обрезан; выгрузите его заново")

    answer = client.ask("import", filename=XML)

    assert answer.status_code == 200
    assert said(answer) == [
        "failure",
        f"Файл {XML} не принят, прежние данные сохранены. Причины:",
        "- файл обрезан; выгрузите его заново",
    ]


def test_answers_are_written_in_the_partners_encoding(journal: Journal, onec: Clients) -> None:
    journal.add_partner(encoding="windows-1251")

    answer = onec().enter().ask("import", filename=XML)

    assert answer.headers["content-type"] == "text/plain; charset=windows-1251"
    assert f"Файл {XML} в этом сеансе не передавался" in answer.content.decode("windows-1251")


@pytest.mark.parametrize("name", [XML, "other.xml", "v8.zip"])
def test_a_file_that_never_came_is_named(journal: Journal, onec: Clients, name: str) -> None:
    journal.add_partner()

    lines = said(onec().enter().ask("import", filename=name))

    assert lines[0] == "failure"
    assert name in lines[1]


def test_a_partner_never_sees_a_file_of_another(journal: Journal, onec: Clients) -> None:
    journal.add_partner("one", "base-1", hold_s=0)
    journal.add_partner("two", "base-2", hold_s=0)
    onec(login="base-1").enter().send(XML, b"<a/>")

    other = onec(login="base-2").enter()

    assert said(other.ask("import", filename=XML))[0] == "failure"
    assert journal.messages() == []


def test_a_session_never_sees_a_file_of_another(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=0)
    onec().enter().send(XML, b"<a/>")

    assert said(onec().enter().ask("import", filename=XML))[0] == "failure"


def test_a_file_that_waits_too_long_is_said_to_be_kept(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=0, give_up_s=0)
    client = onec().enter()
    client.send(XML, b"<a/>")

    lines = said(client.ask("import", filename=XML))

    assert lines[0] == "failure"
    assert "повторять выгрузку не нужно" in lines[2]


def test_an_xml_in_an_archive_is_followed_through_the_unpacking(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    payload = zipped(XML, "offers0_1.xml")
    client.send("v8_1065_3a.zip", payload[:100], payload[100:])

    unpacking = said(client.ask("import", filename=XML))
    (archive,) = journal.messages()
    member = journal.add_member(archive["message_key"], XML)
    journal.add_member(archive["message_key"], "offers0_1.xml")
    working = said(client.ask("import", filename=XML))
    journal.close(archive["message_key"])
    journal.close(member, accepted=3)
    done = said(client.ask("import", filename=XML))
    not_done = said(client.ask("import", filename="v8_1065_3a.zip"))
    missing = said(client.ask("import", filename="rests.xml"))

    assert archive["file_name"] == "v8_1065_3a.zip"
    assert [each[0] for each in (unpacking, working, done, not_done, missing)] == [
        "progress",
        "progress",
        "success",
        "progress",
        "failure",
    ]
    assert missing[1] == "В архиве v8_1065_3a.zip нет файла rests.xml. Начните выгрузку заново."


def test_a_broken_archive_fails_the_file_that_should_be_in_it(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner(hold_s=0)
    client = onec().enter()
    client.send("v8.zip", b"PK not really")
    client.ask("import", filename=XML)
    journal.refuse(journal.messages()[0]["message_key"], "архив повреждён")

    assert said(client.ask("import", filename=XML))[2] == "- архив повреждён"


def test_a_hundred_who_wait_do_not_shut_the_door(journal: Journal, onec: Clients) -> None:
    journal.add_partner(hold_s=50)
    client = onec().enter()
    client.send(XML, b"<a/>")
    words: list[str] = []
    waiting = [
        threading.Thread(target=lambda: words.append(said(client.ask("import", filename=XML))[0]))
        for _ in range(90)
    ]
    for each in waiting:
        each.start()

    until(journal.messages)
    answer, answered_before = onec().ask("checkauth"), list(words)
    journal.close(journal.messages()[0]["message_key"], accepted=1)
    for each in waiting:
        each.join()

    assert said(answer)[0] == "success"
    assert answered_before == []
    assert words == ["success"] * 90
