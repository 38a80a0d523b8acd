"""Chromium for the tests of this folder. Debian's browser is driven; none is ever downloaded."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=30_000)  # as long as Playwright waits for a page: other tests keep the machine busy


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    # Playwright keeps an event loop in this thread; Django would take every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )


@pytest.fixture
def site(live_server, transactional_db, loaded):
    """A running site with the real case study; its address."""
    return live_server.url


@pytest.fixture(params=["en", "fr"])
def language(request):
    return request.param


@pytest.fixture
def page(browser):
    """A small phone without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()
