"""Who may enter, with what, for how long (S4-14), and what guessing costs."""

import threading
import time
from collections.abc import Callable
from statistics import median

import pytest

from blocks.gateway.doorkeeper import Credentials, hash_of, read_basic
from blocks.gateway.passwords import Passwords
from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import PASSWORD, Onec, hashed, hashed_as_doors_have_it, said

Clients = Callable[..., Onec]
MODES = (
    "checkauth",
    "init",
    "file",
    "import",
    "query",
    "success",
    "info",
    "deactivate",
    "complete",
)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_asks_a_stranger_for_a_password(
    journal: Journal, onec: Clients, mode: str
) -> None:
    journal.add_partner()

    answer = onec(sends_basic=False).ask(mode, filename="a.xml")

    assert answer.status_code == 401
    assert said(answer)[0] == "failure"
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/exchange", "/exchange/", "/1c_exchange.php", "/bitrix/admin/1c_exchange.php"]
)
def test_the_door_stands_at_every_address_1c_is_pointed_at(
    journal: Journal, onec: Clients, address: str, path: str
) -> None:
    journal.add_partner()

    client = onec()
    client.address = address.removesuffix("/exchange") + path

    assert said(client.ask("checkauth"))[0] == "success"


def test_no_other_address_shows_a_page(onec: Clients, address: str) -> None:
    client = onec()
    client.address = address.removesuffix("/exchange") + "/admin"

    answer = client.ask("checkauth")

    assert answer.status_code == 404
    assert said(answer)[0] == "failure"
    assert answer.headers["content-type"].startswith("text/plain")


def test_health_is_open_to_all(onec: Clients, address: str) -> None:
    answer = onec().http.get(address.replace("/exchange", "/health"))

    assert answer.json() == {"warehouse": True}


@pytest.mark.parametrize(
    ("sends", "sends_basic"),
    [("cookie", False), ("sessid", False), ("cookie", True), ("sessid", True), ("nothing", True)],
)
def test_cookie_sessid_and_plain_basic_all_carry_one_session(
    journal: Journal, onec: Clients, *, sends: str, sends_basic: bool
) -> None:
    journal.add_partner()
    client = onec().enter()
    client.sends, client.sends_basic = sends, sends_basic

    client.send("a.xml", b"<a/>")

    assert len(journal.rows("select 1 from journal.session")) == 1


def test_basic_alone_opens_a_session_and_keeps_to_it(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec(sends="nothing")

    client.send("a.xml", b"<a>", b"</a>")

    assert len(journal.rows("select 1 from journal.session")) == 1
    assert len(journal.rows("select 1 from journal.chunk")) == 2


def test_checkauth_opens_a_new_session_whatever_token_came(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    first = client.token

    client.enter()

    assert client.token != first


def test_a_version_is_answered_with_more_lines(journal: Journal, onec: Clients) -> None:
    journal.add_partner(file_limit=1000)
    client = onec(sends="sessid")

    entered = said(client.ask("checkauth", version="3.1"))
    client.token = entered[2]

    assert len(entered) == 5
    assert said(client.ask("init", version="3.1")) == [
        "zip=yes",
        "file_limit=1000",
        f"sessid={client.token}",
        "version=3.1",
    ]
    assert client.ask("init").text == "zip=yes\nfile_limit=1000"


@pytest.mark.parametrize("token", ["0" * 64, "x", "'; drop table", "é"])
def test_an_unknown_token_is_refused_even_beside_a_good_password(
    journal: Journal, onec: Clients, token: str
) -> None:
    journal.add_partner()

    answer = onec(token=token, sends="sessid").ask("init")

    assert answer.status_code == 401
    assert journal.knocks()[-1]["status"] == 401


def test_an_expired_token_is_refused_and_noted(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    journal.rows("update journal.session set expires_at = now()")

    answer = client.ask("init")

    assert answer.status_code == 401
    assert said(answer)[1] == "Сеанс не найден или истёк, начните обмен заново."
    assert (journal.knocks()[-1]["status"], journal.knocks()[-1]["mode"]) == (401, "init")


def test_a_session_slides_but_never_beyond_an_hour(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    journal.rows("update journal.session set expires_at = now() + interval '1 minute'")

    client.ask("init")

    (row,) = journal.rows(
        "select extract(epoch from expires_at - now()) as left_s from journal.session"
    )
    assert 3_500 < row["left_s"] <= 3_600


def test_a_token_of_another_partner_is_refused(journal: Journal, onec: Clients) -> None:
    journal.add_partner("one", "base-1")
    journal.add_partner("two", "base-2")
    foreign = onec(login="base-2").enter().token

    assert onec(login="base-1", token=foreign).ask("init").status_code == 401


def test_a_cookie_and_a_sessid_of_two_sessions_are_refused(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    first, second = onec().enter(), onec().enter()

    answer = first.raw(f"type=catalog&mode=init&sessid={second.token}")

    assert answer.status_code == 401


def test_a_closed_door_ends_its_sessions(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec(sends_basic=True).enter()
    client.sends_basic = False
    journal.rows("update journal.door set is_open = false")

    assert client.ask("init").status_code == 401
    assert onec().ask("checkauth").status_code == 401


def test_a_changed_password_is_asked_for_at_once(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()
    journal.rows("update journal.door set password_hash = :hash", hash=hashed("another"))

    assert client.ask("checkauth").status_code == 401


def test_a_paused_partner_hears_that_it_is_paused(journal: Journal, onec: Clients) -> None:
    journal.add_partner(state="paused")

    answer = onec().ask("checkauth")

    assert answer.status_code == 200
    assert "приостановлен" in said(answer)[1]


def test_only_the_hash_of_a_token_is_kept(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    client = onec().enter()

    (row,) = journal.rows("select token_hash from journal.session")

    assert bytes(row["token_hash"]) == hash_of(client.token)
    assert len(client.token) == 64


def test_guessing_is_stopped_and_told_when_to_come_back(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    guesser = onec(password="guess")

    statuses = [guesser.ask("checkauth").status_code for _ in range(12)]
    answer = guesser.ask("checkauth")

    assert statuses == [401] * 10 + [429] * 2
    assert said(answer)[0] == "failure"
    assert 0 < int(answer.headers["retry-after"]) <= 61


def test_guessing_many_logins_from_one_peer_is_stopped(journal: Journal, onec: Clients) -> None:
    # Of partners, whose hashes are cheap here: 32 dear ones may take a busy machine a minute.
    for number in range(32):
        journal.add_partner(f"base-{number}", f"login-{number}")
    guessers = [onec(login=f"login-{number}", password="guess") for number in range(32)]

    statuses = [guesser.ask("checkauth").status_code for guesser in guessers]

    assert statuses == [401] * 30 + [429] * 2


def test_guesses_of_others_do_not_lock_out_a_partner_at_work(
    journal: Journal, onec: Clients
) -> None:
    journal.add_partner()
    client = onec().enter()
    guesser = onec(password="guess")
    for _ in range(12):
        guesser.ask("checkauth")

    client.send("a.xml", b"<a/>")

    assert client.enter().token


def _processor_s(act: Callable[[], object]) -> float:
    """Seconds of the processor: the wall's clock tells more of the machine."""
    started_at = time.process_time()
    act()
    return time.process_time() - started_at


def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords()

    def time_of(stored: str | None) -> float:
        return _processor_s(lambda: passwords.is_right("guess", stored))

    stored = hashed_as_doors_have_it(PASSWORD)
    pairs = [(time_of(stored), time_of(None)) for _ in range(9)]

    assert 0.5 < median(wrong / unknown for wrong, unknown in pairs) < 2


def test_a_password_is_verified_once_and_then_remembered(journal: Journal, onec: Clients) -> None:
    journal.add_partner()
    stored = hashed_as_doors_have_it(PASSWORD)
    journal.rows("update journal.door set password_hash = :hash", hash=stored)
    client = onec().enter()
    client.send("a.xml", b"0")

    sent = _processor_s(
        lambda: client.send("a.xml", *(f"{number}".encode() for number in range(1, 41)))
    )
    verified = _processor_s(lambda: Passwords().is_right("guess", stored))

    assert sent < 20 * verified


def test_a_partner_is_asked_to_slow_down(journal: Journal, onec: Clients) -> None:
    journal.add_partner(requests_per_minute=5)
    client = onec()

    statuses = [client.ask("checkauth").status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


def test_checkauth_is_quick_while_a_big_body_comes_in(journal: Journal, onec: Clients) -> None:
    journal.add_partner(file_limit=64 << 20)
    sender, other = onec().enter(), onec().enter()
    body = bytes(60 << 20)
    upload = threading.Thread(target=lambda: sender.send("a.xml", body))
    upload.start()

    took: list[float] = []
    while upload.is_alive():
        started_at = time.perf_counter()
        other.ask("checkauth")
        took.append(time.perf_counter() - started_at)
    upload.join()

    # Whoever waited for the body would have been answered once.
    assert median(took) * 4 < sum(took)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Basic YTpi", Credentials("a", "b")),
        ("basic YTpiOmM=", Credentials("a", "b:c")),
        ("Basic 0YHQsNC50YI60LA=", Credentials("сайт", "а")),
        ("Basic 8eDp8jrg", Credentials("сайт", "а")),
        ("Basic YTo=", None),
        ("Basic OmI=", None),
        ("Basic YQ==", None),
        ("Basic !!!", None),
        ("Basic YQA6Yg==", None),
        ("Bearer YTpi", None),
        ("", None),
    ],
)
def test_basic_is_read_strictly(header: str, found: Credentials | None) -> None:
    assert found == read_basic(header)
