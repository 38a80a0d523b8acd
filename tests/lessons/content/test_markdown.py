"""A lesson's Markdown: its faults are named with their line, nothing of it is lost, and no script gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content import markdown
from lessons.content.markdown import LONGEST, block_html
from tests.lessons.content.pages import FILE, KEYS, WORDS, Elements, read, rendered

# What an author, or whoever reaches the files, might try


PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img\nsrc=x\nonerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><use href="data:image/svg+xml;base64,PHN2Zz4="></use></svg>',
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<!--><script>alert(1)</script>-->",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](//evil.example)",
    "[x](\\\\\\\\evil.example)",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](term:a"onmouseover="alert(1))',
    "[**[x](javascript:alert(1))**](https://a.example)",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](https://a.example/x.png)',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "> <script>alert(1)</script>",
    '## x {#a"onclick="alert(1)}',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "s", "a", "aside", "span", "br", "hr", "code"}
TAGS |= {"pre", "table", "thead", "tbody", "tr", "th", "td", "svg", "use"}
ATTRIBUTES = {"href", "class", "id", "title", "data-id", "aria-hidden"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


def scheme(href):
    """The scheme of a link as a browser reads it: tabs and line ends are nothing, leading controls neither."""
    found = SCHEME.match(re.sub(r"[\t\r\n]|^[\0-\x20]+", "", href))
    return found and found[0].lower()


def assert_harmless(html):
    for tag, attributes in Elements(html).found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        assert scheme(attributes.get("href", "")) in (None, "https:")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_script_reaches_a_reader(payload):
    assert_harmless(rendered(payload))
    assert_harmless(rendered(f"before [^M001] {payload} after", "fr"))


@given(
    st.lists(st.sampled_from([*PAYLOADS, "[", "](", ")", "<", ">", '"', "`", "\n", "[^M001]", "*", "&"]), max_size=6)
)
def test_no_script_reaches_a_reader_however_the_pieces_are_joined(pieces):
    assert_harmless(rendered("".join(pieces)))


@pytest.mark.parametrize(
    "link",
    [
        "http://a.example",
        "//evil.example",
        "HTTPS://a.example",
        "/en/accounts/sign-in/",
        "02-next.en.md",
        "mailto:a@a.example",
        "ftp://a.example",
        "data:image/png;base64,AAAA",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_with_its_line(link):
    _, problems = read(f"# T\n\nFirst.\n\nSee [x]({link}).\n")
    assert [problem.line for problem in problems] == [5]
    assert (
        f"“{link}”: a link goes to https://…, #anchor, term:…, item:…, document:…, quiz:, quotes: or write:"
        in problems[0].text
    )


@pytest.mark.parametrize("html", ["<b>x</b>", "x <br> y", "</p>", "<div class='x'>", "<script>x</script>"])
def test_html_is_refused_with_its_line(html):
    _, problems = read(f"# T\n\n{html}\n")
    assert {(problem.path, problem.line, problem.text) for problem in problems} == {
        (str(FILE), 3, "HTML is off: use Markdown")
    }


# Faults


TOO_LONG = "# T\n\n" + "é" * (LONGEST // 2)
ALONE = "an item to try stands on a line of its own: [check](item:slug)"
FAULTS = {
    "no title": ("Some text.\n", 1, "the first line should be “# ” and the lesson's title"),
    "an empty file": ("", 1, "the first line should be “# ”"),
    "a title further down": ("\n\n# T\n", 3, "one title only, on the first line; use ## below it"),
    "a second title": ("# T\n\n# U\n", 3, "one title only"),
    "a heading without anchor": ("# T\n\n## Who\n", 3, "a heading ends in its anchor: ## Heading {#anchor}"),
    "an anchor with a capital": ("# T\n\n## Who {#Who}\n", 3, "a heading ends in its anchor"),
    "an anchor that the page has": ("# T\n\n## A {#term-a}\n", 3, "the anchor “term-a” is taken by the page itself"),
    "an anchor used twice": ("# T\n\n## A {#a}\n\n## B {#a}\n", 5, "the anchor “a” stands twice"),
    "a check inside a sentence": ("# T\n\nNow [check](item:x) it.\n", 3, ALONE),
    "a check inside a list": ("# T\n\n- [check](item:x)\n", 3, ALONE),
    "a picture of the author's own": ("# T\n\n![x](map.png)\n", 3, "pictures are drawn by the server"),
    "a picture with a parameter": ("# T\n\n![x](figure:pie?from=2012)\n", 3, "the figure pie knows no “from”"),
    "a figure inside a sentence": ("# T\n\nSee ![x](figure:timeline)\n", 3, "a figure stands on a line of its own"),
    "a figure with a wrong parameter": ("# T\n\n![x](figure:timeline?since=2012)\n", 3, "timeline knows no “since”"),
    "a figure from a month 13": ("# T\n\n![x](figure:timeline?from=2012-13)\n", 3, "from and to are written 2012, "),
    "a figure from a day in words": ("# T\n\n![x](figure:timeline?to=now)\n", 3, "2012-03 or 2012-03-22"),
    "a figure without caption": ("# T\n\n![](figure:timeline)\n", 3, "a figure has a caption"),
    "a figure in a list": ("# T\n\n- A\n- ![x](figure:timeline)\n", 4, "a figure stands on a line of its own"),
    "a figure in a quotation": ("# T\n\n> ![x](figure:timeline)\n", 3, "a figure stands on a line of its own"),
    "a figure in a table": ("# T\n\n| a |\n|---|\n| ![x](figure:timeline) |\n", 5, "a figure stands on a line"),
    "a check in a quotation": ("# T\n\n> [check](item:x)\n", 3, ALONE),
    "a check in a table": ("# T\n\n| a |\n|---|\n| [check](item:x) |\n", 5, ALONE),
    "a small heading": ("# T\n\n#### A {#a}\n", 3, "a heading is ## or, below one, ###"),
    "a cell too many": ("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |\n", 6, "3 cells, and its table 2"),
    "a cell too many in a note": ("# T\n\n> | a |\n> |---|\n> | 1 | 2 |\n", 5, "2 cells, and its table 1"),
    "a title with a mark": ("# The bridge[^M001]\n", 1, "a title is plain words, without marks"),
    "a title with weight": ("# The **bridge**\n", 1, "a title is plain words"),
    "a title with a term": ("# The [bridge](term:b)\n", 1, "a title is plain words"),
    "a heading of its anchor alone": ("# T\n\n## {#a}\n", 3, "a heading has words"),
    "a heading in a list": ("# T\n\n- ## A\n", 3, "a heading stands alone, not in a list or a note"),
    "a heading in a note": ("# T\n\n> a\n>\n> ### A\n", 5, "a heading stands alone, not in a list or a note"),
    "code without end": ("# T\n\n```\na\n\n## A {#a}\n", 3, "this block of code has no end: write ``` below it"),
    "code that ends with its list": ("# T\n\n- ~~~~\n  a\n  ~~~\n", 3, "has no end: write ~~~~ below it"),
    "a link to no heading": ("# T\n\n## A {#a}\n\n[x](#b)\n", 5, "no heading of this text has the anchor “b”"),
    "a link without words": ("# T\n\na [](https://a.example)\n", 3, "a link has words to press"),
    "a term without words": ("# T\n\na [](term:a)\n", 3, "a link has words to press"),
    "a comment": ("# T\n\n<!-- later\nmore -->\n", 3, "HTML is off: use Markdown"),
    "a figure with two beginnings": ("# T\n\n![x](figure:timeline?from=2012&from=2013)\n", 3, "stands once, with"),
    "a figure with no end": ("# T\n\n![x](figure:timeline?to=)\n", 3, "from and to are written 2012"),
    "a figure of nothing": ("# T\n\n![x](figure:timeline?only=)\n", 3, "stands once, with its value"),
    "a caption with weight": ("# T\n\n![a **b**](figure:timeline)\n", 3, "a caption is plain words"),
    "a caption with a mark": ("# T\n\n![a [^M001]](figure:timeline)\n", 3, "a caption is plain words"),
    "a caption with a footnote": ("# T\n\n![a [^1]](figure:timeline)\n", 3, "“[^1]” is no claim's mark"),
    "a figure with a title": ("# T\n\n![a](figure:timeline 'b')\n", 3, "a caption is plain words"),
    "a cell too many below a separator": ("# T\n\na\u2028b\u0085c\n\n|a|b|\n|-|-|\n|1|2|3|\n", 7, "3 cells, and its"),
    "a lesson too long to read": (TOO_LONG, 1, "a lesson has at most 64 KB; split this one"),
}


@pytest.mark.parametrize(("source", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line_and_what_to_do(source, line, words):
    _, problems = read(source)
    assert [(problem.path, problem.line) for problem in problems.errors] == [(str(FILE), line)]
    assert words in problems[0].text


@pytest.mark.parametrize("mark", ["[^m008]", "[^M8]", "[^008]", "[^1]", "[^note two]", "[^", "[^M008", "[^É001]"])
@pytest.mark.parametrize("body", ["A statement.{} More.", "- A.{}", "> A.{}", "| A |\n|---|\n| B.{} |", "**A.{}**"])
def test_a_mark_that_is_no_claims_is_an_error(mark, body):
    _, problems = read(f"# T\n\n{body.format(mark)}\n")
    assert [problem.line for problem in problems.errors] == [5 if "|" in body else 3]
    assert "is no claim's mark" in problems[0].text


@pytest.mark.parametrize("body", ["[^m008](https://a.example)", "[^1]: the note", "One\ntwo.[^1]"])
def test_nor_is_it_a_link_or_a_footnote(body):
    _, problems = read(f"# T\n\n{body}\n")
    assert [(problem.line, "no footnotes" in problem.text) for problem in problems] == [(3 + body.count("\n"), True)]


LEFT = [
    "[x][y]",
    "**l’**article",
    "a__b",
    "x {#small}",
    ":::",
    "|---|",
    "[x](a b)",
    "![x] y",
    "- [ ] todo",
    "- [x] done",
    "~~a",
    "A statement.[M001]",
    "A statement.(^M001)",
    "A statement.［^M001］",
    "A statement.[ˆM001]",
    "A statement.^[a note]",
    "A `statement.[^M001]`",
    "    A statement.[^M001]",
    "```\nA statement.[^M001]\n```",
    "[x]: https://a.example",
    "[[MINUSMA]]",
    "##Who",
    "-one",
    "*one",
    "1.one",
    "• one",
    "> [!NOTE]",
    "| a | b |",
    "|:-:|",
    "*l’*article",
    "l_’important_",
    "a `b",
    "a &nosuch; b",
    "a <div\nclass='x'",
    "![a `b](figure:timeline)",
]


@pytest.mark.parametrize("body", [*LEFT, "[MINUSMA](term: minusma)"])
def test_signs_that_are_left_over_are_warned_of(body):
    _, problems = read(f"# T\n\nFirst.\n\n{body}\n")
    assert [(problem.line, problem.warning) for problem in problems] == [(5, True)]
    assert "is shown as it stands" in problems[0].text


@pytest.mark.parametrize(
    "body",
    ["`**`", "`[^m008]`", "a \\* b", "[a](https://a.example) (b)", "[brackets] (c)", "2*3"]
    + ["snake_case", "#1 of 3", "-3 degrees", "1.5 km", "- one", "3 < 5, a > b", "A | b", "AT&T", "l’*article*"],
)
def test_signs_that_are_meant_are_not(body):
    assert read(f"# T\n\n{body}\n")[1] == []


ALL = [
    "# ",
    "## A {#a}",
    "#### ",
    "- ",
    "3. ",
    "> ",
    "    ",
    "```",
    "| a | b |",
    "|---|--:|",
    "[x](https://a.example 't')",
]
ALL += [
    "![x](figure:timeline)",
    "[check](item:x)",
    "[document](document:x)",
    "[Your line](write:)",
    "[the sheet](quotes:)",
    "[the quiz](quiz:)",
    "[^M001]",
    "[^1]",
    "**",
    "_",
    "`",
    "\n",
    "\n\n",
    "a",
    "~~",
    "<b>",
    "---",
]


@given(st.lists(st.sampled_from(ALL), max_size=10))
def test_nothing_that_an_author_writes_is_lost_without_a_word(pieces):
    """Without an error every word is shown, and every tag and attribute that the parser made."""
    page, problems = read("# T\n\n" + "".join(pieces) + "\n")
    if problems.errors:
        return
    for block in page.blocks[1:]:
        if not block.is_named and not block.figure:
            made = markdown._html(block, KEYS, WORDS)
            assert sorted(Elements(made).found, key=repr) == sorted(
                Elements(block_html(block, KEYS, WORDS)).found, key=repr
            )


def test_a_lesson_of_the_greatest_length_is_read():
    source = "# T\n\n" + "a" * (LONGEST - 5)
    assert read(source)[1] == []
