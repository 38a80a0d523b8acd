"""What a lesson says once it is read: marks, terms, items, headings, steps, minutes, and how each is shown."""

import pytest

from lessons.content.markdown import block_html
from tests.lessons.content.pages import KEYS, WORDS, Elements, read, rendered, text_of

# Marks


def marks(html):
    return [link["data-id"] for link in Elements(html).of("a") if "mark" in link.get("class", "")]


def test_a_mark_shows_how_the_claim_stands_and_leads_to_its_card():
    html = rendered("Boats pass.[^M002]")
    (link,) = Elements(html).of("a")
    assert link == {"class": "mark l-attributed", "href": "#M002", "id": "use-M002-1", "data-id": "M002"}
    assert Elements(html).of("use") == [{"href": "#i-attributed"}]
    assert text_of(html).strip() == "Boats pass. Attributed, M002"


@pytest.mark.parametrize("body", ["Open[^M001](since 2019).", "Open[^M001](https://a.example)", "[^M001](x)"])
def test_a_mark_before_a_parenthesis_is_a_mark_and_no_link(body):
    html = rendered(body)
    assert marks(html) == ["M001"]
    assert "(" in text_of(html)


def test_several_marks_in_a_row_stay_together_with_the_word_before_them():
    html = rendered("Many boats pass.[^M001][^M002][^O01] They do.")
    assert marks(html) == ["M001", "M002", "O01"]
    assert html.startswith('<p>Many boats <span class="nb">pass.<a ')
    assert html.endswith("</a></span> They do.</p>\n")


def test_marks_are_kept_in_order_with_the_line_of_their_first_use():
    page, problems = read("# T\n\nA.[^M002]\n\nB.[^M001] C.[^M002]\n")
    assert (page.marks, page.claims) == (["M002", "M001", "M002"], ["M002", "M001"])
    assert (page.lines["M002"], page.lines["M001"]) == (3, 5)
    assert [block.claims for block in page.blocks] == [[], ["M002"], ["M001", "M002"]]
    assert problems == []


@pytest.mark.parametrize("body", ["`[^M001]`", "    [^M001]", "[^m001]", "[^M1]", "\\[^M001]"])
def test_what_only_looks_like_a_mark_is_none(body):
    assert marks(rendered(body)) == []


@pytest.mark.parametrize("body", ["- A.[^M001]", "> A.[^M001]", "| A |\n|---|\n| B.[^M001] |", "**A.[^M001]**"])
def test_a_mark_is_found_wherever_text_may_stand(body):
    assert marks(rendered(body)) == ["M001"]
    assert read(f"# T\n\n{body}\n")[0].claims == ["M001"]


def test_a_term_leads_to_its_entry():
    page, problems = read("# T\n\nThe [office](term:river-office).\n")
    assert page.terms == {"river-office": 3}
    assert problems == []
    (link,) = Elements(block_html(page.blocks[1], KEYS, WORDS)).of("a")
    assert link == {"class": "term", "href": "#term-river-office", "id": "use-river-office-1"}


def test_each_time_that_a_text_names_something_has_an_id_of_its_own():
    page, _ = read(
        "# T\n\n[A](term:river-office)[^M001] and [B](term:river-office).[^M001]\n\n| C |\n|---|\n| D.[^M001] |\n"
    )
    links = [link["id"] for block in page.blocks[1:] for link in Elements(block_html(block, KEYS, WORDS)).of("a")]
    assert sorted(links) == [
        "use-M001-1",
        "use-M001-2",
        "use-M001-3",
        "use-river-office-1",
        "use-river-office-2",
    ]
    assert [[key for key, _ in block.named] for block in page.blocks[1:]] == [
        ["river-office", "M001", "river-office", "M001"],
        ["M001"],
    ]


def test_a_check_on_a_line_of_its_own_is_an_item_to_try():
    page, problems = read("# T\n\nA.\n\n[check](item:try-it)\n")
    assert page.checks == ["try-it"]
    assert page.words == len(["T", "A"])
    assert problems == []


def test_a_figure_on_a_line_of_its_own_is_drawn_for_its_period():
    page, problems = read("# T\n\n![The coups](figure:timeline?from=2012&to=2013-07-28)\n\n![All](figure:timeline)\n")
    assert page.figures == [("timeline", {"from": "2012", "to": "2013-07-28"}), ("timeline", {})]
    assert page.blocks[1].figure[2] == "The coups"
    assert problems == []


def test_headings_are_known_by_their_anchors():
    page, problems = read("# The bridge\n\n## Who *counts*? {#who-counts}\n\n### Why {#why}\n")
    assert (page.title, page.headings) == ("The bridge", {"who-counts": "Who counts?", "why": "Why"})
    assert '<h2 id="who-counts">Who <em>counts</em>?</h2>' in block_html(page.blocks[1], KEYS, WORDS)
    assert problems == []


def test_good_links_tables_lists_and_notes_stay():
    html = rendered("[a](https://a.example/x?y=1)\n\n- b\n\n1. c\n\n~~d~~\n\n> e\n\n| f |\n|---|\n| g |\n")
    for piece in ('<a href="https://a.example/x?y=1">a</a>', "<li>b</li>", "<ol>", "<s>d</s>", "<td>g</td>"):
        assert piece in html
    assert '<aside class="note">\n<p>e</p>\n</aside>' in html


def test_a_list_goes_on_with_its_numbers_and_columns_keep_their_side():
    assert '<ol start="3">\n<li>c</li>' in rendered("3. c\n4. d")
    html = rendered("| what | N | x |\n|:--|--:|:-:|\n| a | 12 | y |\n")
    assert '<th>what</th>\n<th class="end">N</th>\n<th class="middle">x</th>' in html
    assert '<td class="end">12</td>\n<td class="middle">y</td>' in html


@pytest.mark.parametrize("body", ["    a  b\n      c", "```\na  b\n  c\n```", "```py\na  b\n  c\n```"])
def test_a_block_of_code_keeps_its_spaces(body):
    html = rendered(body)
    assert html.startswith("<pre><code")
    assert text_of(html).rstrip() == "a  b\n  c"


def test_a_line_end_is_a_space_in_a_passage_and_code_is_text():
    page, _ = read("# T\n\nOne\ntwo `three`\n")
    assert page.passages() == [["", "T One two three"]]


def test_a_block_of_code_is_in_its_passage_and_counts_as_no_prose():
    page, _ = read("# T\n\n## W {#w}\n\nOne\n\n```\ntwo\nthree\n```\n\nfour\n")
    assert page.passages() == [["", "T"], ["w", "W One two\nthree four"]]
    assert page.steps == {"w": 2}


def test_a_step_is_all_below_a_heading_and_smaller_headings_in_it():
    page, _ = read("# T\n\nOne.\n\n## V {#v}\n\nOne two.\n\n### Y {#y}\n\nThree.\n\n## W {#w}\n")
    assert page.steps == {"v": 3 + 1, "w": 0}
    assert [block.step for block in page.blocks] == ["", "", "v", "", "", "", "w"]


def test_french_gets_its_spaces_in_text_and_headings_and_code_none():
    page, _ = read("# Qui parle ?\n\n## Et « qui » ? {#qui}\n\nLui ! `a ; b`\n", "fr")
    assert page.title == "Qui parle\u202f?"
    assert page.headings == {"qui": "Et «\u00a0qui\u00a0»\u202f?"}
    assert "Lui\u202f! <code>a ; b</code>" in block_html(page.blocks[2], KEYS, WORDS)


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (140, 1), (700, 5), (1000, 7)])
def test_the_minutes_of_a_lesson_come_from_its_words(words, minutes):
    page, _ = read("# T\n\n" + "word " * words + "[^M001]\n")
    assert page.words == words + 1  # the title counts
    assert page.minutes == minutes


def test_an_empty_corner_of_a_table_is_no_heading():
    page, problems = read("# T\n\n| | When |\n|---|---|\n| What | 2019 |\n")
    html = block_html(page.blocks[1], {}, {})
    assert problems == []
    assert "<tr>\n<td></td>\n<th>When</th>\n</tr>" in html


@pytest.mark.parametrize(("columns", "named"), [(3, "table"), (4, "table stack three"), (5, "table stack")])
def test_a_wide_table_is_stacked_on_a_phone(columns, named):
    rows = [" a |" * columns, "---|" * columns, " 1 |" * columns]
    page, _ = read("# T\n\n" + "\n".join("|" + row for row in rows))
    assert f'<table class="{named}">' in block_html(page.blocks[1], {}, {})


def test_a_title_and_a_heading_say_what_they_show():
    page, problems = read("# War &amp; `peace` \\*\n\nWho[^M001]\nis it {#who}\n---\n")
    assert (page.title, page.headings) == ("War & peace *", {"who": "Who is it"})
    assert problems == []
