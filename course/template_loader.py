"""Load our own templates so that they can be written for people: one tag a line, indented, and nothing of it sent."""

import re
from collections.abc import Iterable, Sequence
from typing import cast

from django.conf import settings
from django.template import Engine
from django.template.base import Node, NodeList, Origin, Template, TextNode
from django.template.loaders import base, cached

from course import words

OURS = settings.BASE_DIR / "templates"
BREAK = r"[ \t]*\n[ \t\n]*"  # a no-break space is a word's
NEXT_TO_TAG = re.compile(rf"(?:\A|(?<=>)){BREAK}|{BREAK}(?=<|\Z)")
BETWEEN_WORDS = re.compile(BREAK)
VERBATIM = re.compile(r"(</?(?:pre|textarea|script|style)\b)")


class JoiningLoader(base.Loader):
    """Join the lines of each template of ours once, when it is compiled; positions in its source stay as written.

    A line break with the spaces around it is nothing next to a tag (of HTML or of Django, a `{{ value }}` too), and
    one space between two words or two attributes. A space that matters beside a tag is written on its line, or as
    `{{ " " }}` where the line has to break. Left as they are: what stands in `<pre>`, `<textarea>`, `<script>` and
    `<style>`, what is translated (`blocktranslate`, whose `trimmed` joins lines by the same rule between words),
    files other than .html, and the templates of other packages.
    """

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        name = template.origin.name
        if name.startswith(str(OURS)) and name.endswith(".html"):
            join_lines(cast(list[TextNode], template.nodelist.get_nodes_by_type(TextNode)))
        template.nodelist = Nodes(template.nodelist)
        return template


class Nodes(NodeList):
    """The nodes of a template, which are found by their type once: of what a page extends Django asks for its blocks.

    It does so for each page that is shown, and looks through the whole template.
    """

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self.by_type: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        if nodetype not in self.by_type:
            self.by_type[nodetype] = super().get_nodes_by_type(nodetype)
        return self.by_type[nodetype]


class Loader(cached.Loader, JoiningLoader):
    """Keep what JoiningLoader has joined; once `read_all` was called, of files as they were then.

    What templates load as `i18n` is course.words. Named among the libraries of TEMPLATES it would be two of one name.
    """

    def __init__(self, engine: Engine, loaders: Sequence[str]) -> None:
        super().__init__(engine, loaders)
        engine.template_libraries = engine.template_libraries | {"i18n": words.register}
        self.sources: dict[str, str] = {}

    def read_all(self) -> None:
        """Read all of our templates. Each is compiled when it is first asked for: most processes show few of them."""
        self.sources = {str(path): path.read_text() for path in OURS.rglob("*.html")}

    def get_contents(self, origin: Origin) -> str:
        source = self.sources.get(origin.name)
        return super().get_contents(origin) if source is None else source


def join_lines(nodes: Iterable[TextNode]) -> None:
    """Join the lines of text nodes that follow each other; each begins and ends next to a tag, or its template does."""
    is_verbatim = False
    for node in nodes:
        parts = VERBATIM.split(node.s)
        for index, part in enumerate(parts):
            if VERBATIM.fullmatch(part):
                is_verbatim = part[1] != "/"
            elif not is_verbatim:
                parts[index] = BETWEEN_WORDS.sub(" ", NEXT_TO_TAG.sub("", part))
        node.s = "".join(parts)
