"""One text read as a lesson, and the elements that it becomes."""

from html.parser import HTMLParser
from pathlib import Path

from lessons.content import LABELS
from lessons.content.markdown import block_html, read_page
from lessons.content.source import Problems

FILE = Path("01-some.en.md")
KEYS = {"M001": "fact", "M002": "attributed", "O01": "estimate"}
WORDS = {label: label.capitalize() for label in LABELS}


def read(source, language="en"):
    problems = Problems()
    return read_page(FILE, source, language, problems), problems


def rendered(body, language="en"):
    """The HTML of what stands below a title."""
    page, _ = read(f"# T\n\n{body}\n", language)
    return "".join(block_html(block, KEYS, WORDS) for block in page.blocks[1:])


class Elements(HTMLParser):
    """The tags of a text, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def text_of(html):
    return Elements(html).text
