"""Chromium for the tests of this folder. Debian's browser is driven; none is ever downloaded."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")  # the first takes a fifth less CPU
expect.set_options(timeout=30_000)  # as long as Playwright waits for a page: other tests keep the machine busy


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium-headless-shell")
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


@pytest.fixture
def context(browser):
    """A small phone with JavaScript, whose pages are yet to be opened."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context
    context.close()


@pytest.fixture
def desk(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def phones(browser):
    """Make the page of another small phone, each time one of its own."""
    contexts = []

    def phone():
        contexts.append(browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}))
        return contexts[-1].new_page()

    yield phone
    for context in contexts:
        context.close()
