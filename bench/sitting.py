"""An attempt as a browser makes it: started, page by page answered and saved, handed in, its result read."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.browser import Answer, Browser, Failed, Fields, Form, forms

Step = tuple[str, Answer]  # the name of what was done, and what it answered


class Sitting:
    """One attempt in one browser; `start_form` starts it, `turn` says how it is answered."""

    def __init__(self, browser: Browser, start_form: Form, turn: int) -> None:
        self.browser, self.turn = browser, turn
        self.start_form = start_form
        self.at = ""  # the address of the page that is shown next
        self.form: Form | None = None

    def start(self) -> Answer:
        answer = self.browser.post(self.start_form.action, self.start_form.fields)
        self.at = answer.location
        return answer

    def show(self) -> Answer:
        """Read the next page; afterwards there is a form, or it was the result."""
        answer = self.browser.get(self.at)
        self.form = next((form for form in forms(answer.text) if form.id == "attempt"), None)
        return answer

    @property
    def is_end(self) -> bool:
        """Whether the page that was read asks nothing and hands in."""
        return self.form is not None and not self.form.offers and not self.form.typed

    def press(self, button: str, fields: Fields) -> Answer:
        """Send the form that was read by one of its buttons."""
        if self.form is None:
            raise Failed(f"{self.at}: no form of an attempt")
        answer = self.browser.post(self.form.action, [*fields, (button, "1")])
        self.at = answer.location
        return answer

    def answer_all(self) -> None:
        """Save every page, up to the one that hands in."""
        while self.form is not None and not self.is_end:
            self.press("next", self.form.filled(self.turn))
            self.show()

    def hand_in(self) -> Answer:
        """Press the button of the page that hands in. Failed where that is not the page that was read."""
        if self.form is None or not self.is_end:
            raise Failed(f"{self.at}: no page that hands in")
        return self.press("submit", self.form.fields)

    def items(self) -> list[str]:
        """Return the names of the items of the page that was read."""
        names = [name for name, _ in self.form.fields] if self.form else []
        return [name.removesuffix("-was") for name in names if name.endswith("-was")]

    def change_one(self, item: str) -> Answer:
        """Answer one item otherwise than before, and save it as the script does."""
        self.turn += 1
        return self.save_one(item)

    def save_one(self, item: str) -> Answer:
        """Save one item as the script does when it changes: its fields alone, and which change of the page it is."""
        if self.form is None:
            raise Failed(f"{self.at}: no form of an attempt")
        basis = f"{item}-was"
        changed = [(name, _counted(value) if name == basis else value) for name, value in self.form.fields]
        self.form.fields = changed
        sent = [pair for pair in self.form.filled(self.turn) if _belongs(pair[0], item)]
        answer = self.browser.post(self.form.action, sent, 200, is_auto=True)
        shown = json.loads(answer.text).get("fields", {})
        if basis in shown:
            count = dict(changed)[basis].split(".")[1]
            now = shown[basis].split(".")
            shown[basis] = ".".join([now[0], count, *now[2:]])
        self.form.fields = [(name, shown.get(name, value)) for name, value in changed]
        return answer

    def steps(self, with_script: bool = False) -> Iterator[Step]:
        """Make the whole attempt. With the script each answer is saved as it is given, and the pages' buttons too."""
        yield "start", self.start()
        yield "page", self.show()
        while self.form is not None and not self.is_end:
            if with_script:
                for item in self.items():
                    yield "autosave", self.save_one(item)
            yield "save", self.press("next", self.form.filled(self.turn))
            answer = self.show()
            yield ("end page" if self.is_end else "page"), answer
        yield "submit", self.hand_in()
        yield "result", self.show()


def _belongs(name: str, item: str) -> bool:
    return name == item or name.startswith(f"{item}-") or name in ("csrfmiddlewaretoken", "page", "whose")


def _counted(basis: str) -> str:
    """Return what a page carries of an item after one more change: the second of its parts counts them."""
    parts = basis.split(".")
    return ".".join([parts[0], str(int(parts[1]) + 1), *parts[2:]])


def start_form(browser: Browser, section: str) -> Form:
    """Return the form by which a section's page starts its quiz. Failed where it has none."""
    for form in forms(browser.get(section).text):
        if urlsplit(form.action).path == f"{section}quiz/":
            return form
    raise Failed(f"{section}: no form that starts a quiz")
