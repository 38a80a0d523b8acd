"""The templates are written for people, and the loader sends nothing of how they are laid out."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.base import NodeList, TextNode
from django.template.loader import get_template
from django.template.loader_tags import BlockNode

from course.template_loader import join_lines

ROOT = Path(__file__).parent.parent / "templates"
LONGEST = 120


def too_long(text):
    return [number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST]


def texts(name):
    return "".join(node.s for node in get_template(name).template.nodelist.get_nodes_by_type(TextNode))


def test_no_line_of_a_template_is_longer_than_a_screen_is_wide():
    templates = sorted(ROOT.rglob("*.html"))
    assert len(templates) > 100
    assert [f"{path}:{number}" for path in templates for number in too_long(path.read_text())] == []


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<ul>\n  <li>\n    one\n  </li>\n</ul>\n", "<ul><li>one</li></ul>"),
        ("<b>a</b>\n<b>b</b>", "<b>a</b><b>b</b>"),
        ("<b>a</b> <b>b</b>", "<b>a</b> <b>b</b>"),
        ('<b>a</b>{{ " " }}\n<b>b</b>', "<b>a</b> <b>b</b>"),
        ("one\n  two", "one two"),
        ("one\u00a0\n\u00a0two", "one\u00a0 \u00a0two"),
        ("{% if 1 %}\n  one\n{% endif %}\n{{ 2 }}\n", "one2"),
        ('<a class="btn"\n   href="/">x</a>', '<a class="btn" href="/">x</a>'),
        ('<a href="/"\n   {% if 1 %} hidden{% endif %}>x</a>', '<a href="/" hidden>x</a>'),
        ("{% load i18n %}{% blocktranslate %}a\n<b>{% endblocktranslate %}", "a\n<b>"),
        ("<p>\n<pre>\n a\n{{ 1 }}\n b\n</pre>\n</p>", "<p><pre>\n a\n1\n b\n</pre></p>"),
        ("<script>\na\n<b\n</script>\n<textarea>\n</textarea>", "<script>\na\n<b\n</script><textarea>\n</textarea>"),
    ],
)
def test_a_line_break_is_nothing_beside_a_tag_and_a_space_between_words(source, sent):
    template = Template(source)
    join_lines(template.nodelist.get_nodes_by_type(TextNode))
    assert template.render(Context()) == sent


GLUED = re.compile(
    r"[.:;]\s*(?:{% endblocktranslate %}|</a>:)\n\s*(?:{% (?:if|endif)\b[^%]*%}\n\s*)*"
    r"(?:<a |<b>|{% (?:blocktranslate|translate)\b(?![^%]* (?:as|asvar) ))"
)


def test_a_sentence_does_not_run_into_the_next_one():
    glued = [
        f"{path.relative_to(ROOT)}:{source.count(chr(10), 0, match.start()) + 1}"
        for path in sorted(ROOT.rglob("*.html"))
        for source in [path.read_text()]
        for match in GLUED.finditer(source)
    ]
    assert glued == []


def test_our_templates_are_joined_and_those_of_packages_are_not():
    assert "\n" not in texts("base.html")
    assert "\n" in texts("bootstrap5/field.html")


def test_the_blocks_of_what_a_page_extends_are_found_once():
    nodes = get_template("base.html").template.nodelist
    blocks = nodes.get_nodes_by_type(BlockNode)
    assert [block.name for block in blocks] == [block.name for block in NodeList.get_nodes_by_type(nodes, BlockNode)]
    assert {"title", "main"} <= {block.name for block in blocks}
    assert nodes.get_nodes_by_type(BlockNode) is blocks


def test_a_tag_still_knows_the_line_on_which_it_was_written():
    lines = (ROOT / "base.html").read_text().splitlines()
    main = next(number for number, line in enumerate(lines, 1) if "{% block main %}" in line)
    assert [node.token.lineno for node in get_template("base.html").template.nodelist if node.token.lineno == main]
