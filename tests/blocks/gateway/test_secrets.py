"""No password and no token stands in a log line, a row, a file name or a refusal."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, hashed

PASSWORD = "CANARY-пароль-7f3a"


def everything_in_the_journal(journal: Journal) -> str:
    tables = journal.rows(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname in ('journal', 'core')"
    )
    return "\n".join(
        str(row["line"])
        for table in tables
        for row in journal.rows(f"select cast(t as text) as line from {table['name']} as t")
    )


def test_secrets_are_nowhere(
    journal: Journal, onec: Callable[..., Onec], spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    journal.add_partner()
    journal.rows("update journal.door set password_hash = :hash", hash=hashed(PASSWORD))
    client = onec(password=PASSWORD, sends="sessid").enter()
    tokens = [client.token]
    client.send("a.xml", b"<a/>")
    client.raw(f"type=catalog&mode=file&filename=../x&sessid={client.token}", b"x")
    client.raw(f"type=erase&mode=no&sessid={client.token}")
    client.ask("import", filename="nothing.xml")
    client.ask("complete")
    journal.rows("update journal.session set expires_at = now()")
    client.ask("init")
    onec(password=PASSWORD + "wrong").ask("checkauth")
    tokens.append(onec(password=PASSWORD).enter().token)

    logged = [
        record.getMessage() + str(record.exc_text)
        for record in caplog.records
        # What the test's own client says of itself is not ours.
        if not record.name.startswith(("httpx", "httpcore"))
    ]
    kept = "\n".join(
        [everything_in_the_journal(journal), *logged, *(each.name for each in spool.iterdir())]
    )

    assert "a.xml" in kept
    assert [word for word in (PASSWORD, *tokens) if word in kept] == []
    assert "CANARY" not in kept
    assert len(journal.knocks()) == 11


def test_no_failure_holds_the_token_that_failed(
    journal: Journal, onec: Callable[..., Onec]
) -> None:
    journal.add_partner()
    token = "f" * 64

    answer = onec(token=token, sends="sessid").ask("init")

    assert token not in answer.text
    assert token not in str(answer.headers)
