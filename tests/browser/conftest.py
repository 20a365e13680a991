"""A browser logged in to the whole stack's pages; skipped where there is none."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import Services
from tests.office import Office

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def office(stack: Services) -> Office:
    return Office(stack.settings)


@pytest.fixture(scope="session")
def browser_path() -> str:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        pytest.skip("there is no chromium on this machine")
    return found


@pytest.fixture(scope="module")
def page(browser_path: str, office: Office) -> Iterator[Page]:
    """A page that an operator has logged in on.

    While Playwright is open no other loop can run in this thread: it ends with the module.
    """
    settings = office.settings
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=_FLAGS)
        base = settings.prefect_url.removesuffix("/api")
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        page.goto("/")
        password = page.get_by_role("textbox").first
        password.fill(settings.prefect_auth.get_secret_value())
        password.press("Enter")
        page.get_by_text("Flow Runs").first.wait_for()
        yield page
        browser.close()
