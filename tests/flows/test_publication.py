"""Publication as an operator sees it: from a source to a portal; planned, settled, traced."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Ended, Office, until
from tests.sandbox.portals import LOGIN, Served, serve

pytestmark = pytest.mark.served

_CATALOG = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.09"
  ДатаФормирования="2026-11-20T12:00:00">
<Каталог СодержитТолькоИзменения="true"><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора>
<Наименование>Каталог</Наименование><Товары>{}</Товары></Каталог></КоммерческаяИнформация>
"""
_GOOD = "<Товар><Ид>{}</Ид><Наименование>{}</Наименование></Товар>"
_OF_WINDOW = "join journal.partner using (partner_key) where partner.name = 'window' and"
_UNSETTLED = f"select from journal.notice {_OF_WINDOW} settled_at is null"
_DELIVERED = f"select from journal.delivery {_OF_WINDOW} delivery.state = 'delivered'"
_OPEN = f"select from journal.delivery {_OF_WINDOW} delivery.state in ('planned', 'sending')"


@pytest.fixture(scope="module")
def served(folders: Path) -> Iterator[Served]:
    with serve(folders / "portal.sqlite") as portal:
        yield portal


def _drop(folders: Path, name: str, **goods: str) -> None:
    text = _CATALOG.format("".join(_GOOD.format(key, said) for key, said in goods.items()))
    (folders / "maker" / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def published(office: Office, folders: Path, served: Served) -> Ended:
    """A source drops a file; its portal is told of it without anybody's doing."""
    office.add_folder_partner("maker", folders / "maker")
    site = {"url": served.url, "login": LOGIN.user, "password": LOGIN.password}
    channel = office.save_block(
        "commerceml-site", "window-site", site | {"readback": "get_catalog", "pause_s": 0.1}
    )
    partner = {
        "channel": {"$ref": {"block_document_id": channel}},
        "direction": "out",
        "state": "active",
        "publication": {"source": "maker"},
    }
    office.save_block("partner", "window", partner)
    office.run("admit")
    _drop(folders, "first.xml", a="Болт", b="Гайка")
    office.run("catalog", partner="maker")
    until(lambda: office.ask(_DELIVERED))
    # A round of the schedule may have begun before the partners were there.
    runs = [office.wait(run) for run in office.list_runs("publish-all")]
    return next(run for run in runs if "**window**: delivery" in run.artifact)


def test_what_a_source_sent_reaches_its_portal_by_itself(published: Ended, served: Served) -> None:
    held = {key: good["name"] for key, good in served.held()["goods"].items()}

    assert "Completed" == published.state
    assert "Гайка" == held["b"]
    assert "a" in held


def test_the_artifact_says_what_was_sent_and_that_the_portal_has_it(published: Ended) -> None:
    assert published.artifact.startswith("# publication: 1 package delivered")
    assert "goods +2 ~0 −0" in published.artifact
    assert "Nothing differs." in published.artifact


def test_a_plan_is_listed_and_applied_as_it_stands(
    office: Office, folders: Path, published: Ended, served: Served
) -> None:
    assert "Completed" == published.state
    _drop(folders, "second.xml", a="Болт М8")
    held = served.held()["goods"]["a"]["name"]
    office.run("catalog", partner="maker")
    until(lambda: not office.ask(_UNSETTLED) and not office.ask(_OPEN))

    # The catalog starts the publication itself; a plan made now finds that nothing is left to do.
    plan = office.run("plan", partner="window")
    number = re.search(r"plan ([0-9a-f]{16}): 0 changes for window", plan.artifact)
    applied = office.run("apply", plan_id=number[1] if number else "")

    assert "Болт" == held
    assert "Болт М8" == served.held()["goods"]["a"]["name"]
    assert ("Completed", "Completed") == (plan.state, applied.state)
    assert applied.artifact.startswith("# publication: nothing was to be told")


def test_a_plan_that_is_not_there_is_refused_in_words(office: Office) -> None:
    run = office.run("apply", plan_id="nothing")

    assert "Failed" == run.state
    assert "there is no plan 'nothing'" in run.message
    assert run.artifact.startswith("# apply: nothing was done")


def test_a_portals_value_leads_to_the_file_of_its_source(office: Office, published: Ended) -> None:
    assert "Completed" == published.state

    run = office.run("trace", partner="window", table="product", key="b", column="name")

    assert "told **window** of it" in run.artifact
    assert "## Where the source told it to us" in run.artifact
    assert "first.xml" in run.artifact


def test_a_sources_record_names_the_portals_that_were_told(
    office: Office, published: Ended
) -> None:
    assert "Completed" == published.state

    run = office.run("trace", partner="maker", table="product", key="b", column="name")

    assert "## Told to portals" in run.artifact
    assert "**window**: create in delivery" in run.artifact


def test_a_formed_file_is_proven_to_form_again(office: Office, published: Ended) -> None:
    assert "Completed" == published.state
    ((message, name),) = office.ask(
        "select message_key, file_name from journal.message where state = 'formed' "
        "order by message_key limit 1"
    )

    run = office.run("reform", message_key=message)

    assert "Completed" == run.state
    assert run.artifact.startswith(f"# reform: {name} is equal to what was formed")


def test_a_lost_answer_is_in_doubt_until_a_person_settles_it(
    office: Office, folders: Path, served: Served, published: Ended
) -> None:
    assert "Completed" == published.state
    served.order("reset", where="after", mode="import", times=1)
    served.order("http-500-html", where="before", mode="get_catalog", times=50)
    _drop(folders, "third.xml", c="Винт")
    office.run("catalog", partner="maker")
    doubtful = "select delivery_key, question from journal.delivery where state = 'in_doubt'"
    until(lambda: office.ask(doubtful))
    ((delivery, question),) = office.ask(doubtful)

    unsigned = office.run("settle", delivery_key=delivery, arrived="delivered", person="", why="")
    settled = office.run(
        "settle", delivery_key=delivery, arrived="delivered", person="Анна", why="Винт там"
    )

    served.control.delete("/fault")
    assert "imported" in question
    assert ("Failed", "Completed") == (unsigned.state, settled.state)
    assert "Анна says it was **delivered**: Винт там" in settled.artifact
    assert [] == office.ask(doubtful)
