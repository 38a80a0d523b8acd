"""Somebody at a browser, whose pages, fields and refused tries are counted."""

import re

from tests import make


class Walker:
    """Somebody at a browser: pages seen, fields filled, and tries that a page refused."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.pages, self.fields, self.refused = [], 0, 0

    def seen(self):
        self.page.wait_for_load_state()
        self.pages.append(re.sub(r"^https?://[^/]+", "", self.page.url))
        self.refused += self.page.locator("main [role=alert]").count()

    def open(self, address):
        self.page.goto(f"{self.site}{address}")
        self.seen()

    def follow(self, words, within="body"):
        self.page.locator(within).get_by_role("link", name=words, exact=True).first.click()
        self.seen()

    def press_link(self, words):
        self.page.locator("a", has_text=words).first.click()
        self.seen()

    def press(self, words=None):
        """Press the button of these words, else the filled one."""
        main = self.page.locator("main")
        (main.get_by_role("button", name=words) if words else main.locator("button.btn-primary")).first.click()
        self.seen()

    def fill(self, name, value):
        self.fields += 1
        field = self.page.locator(f"main [name='{name}']").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

    def tick(self, name, value):
        self.fields += 1
        self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def sign_up(self, name, words):
        """Make an account where the page before offers one in these words; note the six words that are shown."""
        self.follow(words, "main")
        self.fill("name", name)
        self.fill("password", make.PASSWORD)
        self.press()
        self.follow("I have written them down", "main")

    def attach(self, name, data):
        self.fields += 1
        self.page.locator("main input[type=file]").set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": data.encode()}
        )
