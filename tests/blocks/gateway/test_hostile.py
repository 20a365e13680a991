"""Five thousand requests nobody would send: no server error, no effect on anybody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.blocks.gateway.conftest import Journal
from tests.blocks.gateway.serving import Onec, said
from tests.blocks.gateway.test_names import ALLOWED, HOSTILE

Query = tuple[str, str, list[tuple[str, str]], str]
Request = tuple[Query, bytes | None, str]

WORDS = {
    "success",
    "failure",
    "progress",
    "zip=yes",
    '<?xml version="1.0" encoding="windows-1251"?>',
}

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["catalog", "sale", "3.1", "2.05", "-1", "99999999999999999999", "null"]),
)
names = st.one_of(st.sampled_from(ALLOWED), st.sampled_from(HOSTILE), st.text(max_size=300))
modes = st.sampled_from(
    [
        "checkauth",
        "init",
        "file",
        "file",
        "file",
        "import",
        "import",
        "query",
        "success",
        "info",
        "deactivate",
        "complete",
        "FILE",
        "",
        "erase",
        "\0",
    ]
)
parameters = st.one_of(
    st.tuples(st.just("filename"), names),
    st.tuples(st.sampled_from(["version", "timestamp", "type", "mode", "x", ""]), texts),
)
queries = st.tuples(
    st.sampled_from(["catalog"] * 5 + ["sale", "listen", "", "каталог"]),
    modes,
    st.lists(parameters, max_size=3),
    st.sampled_from(["utf-8", "utf-8", "windows-1251"]),
)
bodies = st.one_of(st.none(), st.binary(max_size=200), st.just(b"<a/>"))
entries = st.sampled_from(["cookie", "cookie", "cookie", "basic", "foreign", "made up", "nothing"])


def _exactly(count: int, each: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, min_size=count, max_size=count)


# Several at once: one alone would mostly wait for the answer.
_AT_ONCE, _VOLLEY = 4, 5
volleys = _exactly(_AT_ONCE, _exactly(_VOLLEY, st.tuples(queries, bodies, entries)))


def encoded(query: Query) -> str:
    kind, mode, others, encoding = query
    pairs = [("type", kind), ("mode", mode), *others]
    return "&".join(
        f"{quote(name, safe='', encoding=encoding, errors='replace')}="
        f"{quote(value, safe='', encoding=encoding, errors='replace')}"
        for name, value in pairs
    )


@pytest.mark.timeout(600)
def test_no_request_breaks_the_door_or_reaches_another_partner(
    journal: Journal, onec: Callable[..., Onec]
) -> None:
    journal.add_partner("one", "base-1", hold_s=0, give_up_s=900)
    journal.add_partner("two", "base-2", quiet_s=3_600)
    victim = onec(login="base-2").enter()
    victim.send("import0_1.xml", b"<of the victim/>")
    own = onec(login="base-1").enter().token
    tokens = {"cookie": own, "foreign": victim.token, "made up": "0" * 64}

    def ask(volley: list[Request], attacker: Onec) -> list[httpx.Response]:
        answers = []
        for query, body, entry in volley:
            attacker.sends_basic = entry in {"basic", "foreign"}
            attacker.token = tokens.get(entry, "")
            answers.append(attacker.raw(encoded(query), body))
        return answers

    attackers = [onec(login="base-1") for _ in range(_AT_ONCE)]
    statuses: list[int] = []

    @seed(20_261_122)
    @settings(
        max_examples=5_000 // (_AT_ONCE * _VOLLEY),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(volleys)
    def storm(fired: list[list[Request]]) -> None:
        answers = chain.from_iterable(pool.map(ask, fired, attackers))
        for (query, _body, entry), answer in zip(chain(*fired), answers, strict=True):
            statuses.append(answer.status_code)
            assert answer.status_code in {200, 401, 413, 429}, answer.text
            assert said(answer)[0] in WORDS
            assert "Traceback" not in answer.text
            assert "victim" not in answer.text
            is_entering = "mode=checkauth" in encoded(query)
            if entry in {"foreign", "made up", "nothing"} and not is_entering:
                assert answer.status_code in {401, 429}

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        storm()

    touched = journal.rows(
        "select upload.file_name, chunk.size from journal.chunk"
        " join journal.upload using (upload_key) join journal.session using (session_key)"
        " where session.login = 'base-2'"
    )
    assert [(row["file_name"], row["size"]) for row in touched] == [("import0_1.xml", 16)]
    assert {row["partner"] for row in journal.messages()} <= {"one"}
    assert all(
        row["file_name"] in ALLOWED or ".." not in row["file_name"] for row in journal.messages()
    )
    assert len(statuses) >= 5_000
    assert len(journal.knocks()) == len(statuses) + 5
