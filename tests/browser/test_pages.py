"""The pages as a person who never saw the code finds them."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.office import Ended, Office, until
from tests.sandbox.portals import LOGIN, serve

pytestmark = [pytest.mark.browser, pytest.mark.served]

_PASSWORD = "typed-into-the-form-7"
_FILE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<КоммерческаяИнформация ВерсияСхемы="2.08"><Каталог СодержитТолькоИзменения="true">'
    "<Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора><Товары>"
    "<Товар><Ид>b1</Ид><Наименование>Болт</Наименование></Товар>"
    "<Товар><Ид>b2</Ид><Наименование>Гайка</Наименование><Цвет>синий</Цвет></Товар>"
    "</Товары></Каталог></КоммерческаяИнформация>"
)


@pytest.fixture(scope="module")
def taken(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A run that took a file of which one record was refused."""
    folder: Path = tmp_path_factory.mktemp("browser") / "seen"
    office.add_folder_partner("seen", folder)
    office.run("admit")
    (folder / "goods.xml").write_text(_FILE, encoding="utf-8")
    return office.run("catalog", partner="seen")


def open_form(page: Page, office: Office, deployment: str) -> None:
    known = office.call("GET", f"/deployments/name/{deployment}/{deployment}")["id"]
    page.goto(f"/deployments/deployment/{known}/run")


@pytest.mark.parametrize(
    ("deployment", "words"),
    [
        ("catalog", ["Empty: every active partner for whom something waits"]),
        ("replay", ["The cause that is gone now", "number of the message to take again"]),
        ("waive", ["Who decides this, by name", "The reason, in a sentence"]),
        ("trace", ["What the sender calls the row: its Ид", "Column of that table"]),
    ],
)
def test_a_form_explains_each_of_its_fields(
    page: Page, office: Office, deployment: str, words: list[str]
) -> None:
    open_form(page, office, deployment)

    for word in words:
        page.get_by_text(word).first.wait_for()


def test_a_cause_is_chosen_from_a_list(page: Page, office: Office) -> None:
    open_form(page, office, "waive")

    page.get_by_text("cause", exact=True).first.wait_for()
    open_list(page, 0)
    page.get_by_text("FIELD_UNKNOWN", exact=True).first.wait_for()


def test_a_runs_artifact_shows_the_books_the_refusal_and_a_report_that_opens(
    page: Page, office: Office, taken: Ended
) -> None:
    wanted = {"artifacts": {"flow_run_id": {"any_": [taken.run_id]}, "key": {"exists_": True}}}
    (artifact,) = office.call("POST", "/artifacts/filter", wanted)
    page.goto(f"/artifacts/artifact/{artifact['id']}")

    page.get_by_role("heading", name="catalog: 1 message, 1 refused, the books balance").wait_for()
    page.get_by_text("FIELD_UNKNOWN").first.wait_for()
    page.get_by_role("columnheader", name="acknowledged").wait_for()
    page.goto(page.get_by_role("link", name="goods.xml").get_attribute("href") or "")
    page.get_by_text("Проверка входящего файла").wait_for()
    page.get_by_text("Товар/Цвет").first.wait_for()


def test_a_runs_page_says_what_became_of_each_message(page: Page, taken: Ended) -> None:
    page.goto(f"/runs/flow-run/{taken.run_id}")

    page.get_by_text("goods.xml: closed").first.wait_for()


def test_a_partner_is_made_in_the_ui_alone(page: Page, office: Office) -> None:
    page.goto("/blocks/catalog/gateway-door/create")
    boxes = page.locator("form input[type=text], form textarea")
    page.get_by_text("Login, as typed into 1C").wait_for()
    for number, text in enumerate(("typed-door", "typed", _PASSWORD)):
        boxes.nth(number).fill(text)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/blocks/block/**")
    page.goto("/blocks/catalog/partner/create")
    page.get_by_text("How files travel between it and us").wait_for()
    boxes.nth(0).fill("typed")
    choose(page, 0, "typed-door")
    choose(page, 1, "active")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/blocks/block/**")
    open_form(page, office, "admit")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/deployments/deployment/**")

    # Knocking before the door is there would be slowed, as whoever guesses passwords is.
    until(lambda: office.ask("select from journal.door where login = 'typed'"))
    assert "success" == knock(office).splitlines()[0]


def test_a_portal_is_made_in_the_ui_alone(
    page: Page, office: Office, taken: Ended, tmp_path: Path
) -> None:
    assert taken.run_id
    with serve(tmp_path / "portal.sqlite") as served:
        page.goto("/blocks/catalog/commerceml-site/create")
        page.get_by_text("Address of the exchange as it would be entered in 1C").wait_for()
        fill(page, "Block Name", "typed-site")
        fill(page, "Url", served.url)
        fill(page, "Login", LOGIN.user)
        fill(page, "Password", LOGIN.password)
        page.get_by_role("button", name="Create").click()
        page.wait_for_url("**/blocks/block/**")
        page.goto("/blocks/catalog/partner/create")
        page.get_by_text("How files travel between it and us").wait_for()
        fill(page, "Block Name", "typed-shop")
        page.get_by_text("CommerceMLSite", exact=True).click()
        choose(page, 0, "typed-site")
        choose(page, 1, "active")
        fill(page, "Source", "seen")
        page.get_by_role("button", name="Create").click()
        page.wait_for_url("**/blocks/block/**")

        run = office.run("publish", partner="typed-shop")

        assert "Completed" == run.state, run.message
        assert {"b1": "Болт"} == {key: good["name"] for key, good in served.held()["goods"].items()}
        assert run.artifact.startswith("# publication: 1 package delivered")


def fill(page: Page, label: str, text: str) -> None:
    """Fill the box below a label, as one that reads the form would."""
    name = re.compile(rf"^{label}( \(Optional\))?$")
    field = page.locator(".p-label").filter(has=page.get_by_text(name)).last
    field.locator("input, textarea").first.fill(text)


def choose(page: Page, number: int, word: str) -> None:
    open_list(page, number)
    page.get_by_text(word, exact=True).last.click()


def open_list(page: Page, number: int) -> None:
    """Open a box to choose from, with the keyboard: a click opens it or shuts it."""
    page.locator(".p-select-button__control").nth(number).focus()
    page.keyboard.press("ArrowDown")


def knock(office: Office) -> str:
    """Knock as 1C does; return the answer."""
    return httpx.get(
        f"{office.settings.gateway_url}/bitrix/admin/1c_exchange.php",
        params={"type": "catalog", "mode": "checkauth"},
        auth=("typed", _PASSWORD),
        timeout=60,
        trust_env=False,
    ).text
