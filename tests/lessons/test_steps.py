"""A lesson in steps: where one is, what comes next, and the ways back to where one was, without a script."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from lessons.models import Lesson
from tests import make

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The ids of a page, in order, and the places in it to which its links lead."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.leads_to = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag == "a" and attributes.get("href", "").startswith("#"):
            self.leads_to.add(attributes["href"][1:])


@pytest.fixture
def lesson():
    """A lesson of three steps and what stands before and below them."""
    row = make.lesson()
    row.document["headings"]["en"] = {"who": "Who says it?", "when": "And when?", "what": "What is missing?"}
    row.save()
    parts = [
        {"html": "<p>Before all.</p>"},
        {"step": "who", "html": '<h2 id="who">Who says it?</h2>'},
        {"html": "<p>The Office.</p>"},
        {"step": "when", "html": '<h2 id="when">And when?</h2>'},
        {"step": "what", "html": '<h2 id="what">What is missing?</h2>'},
        {"html": "<p>The ferries.</p>"},
        {"foot": "words", "html": "<p>Words.</p>"},
    ]
    row.texts.filter(language="en").update(parts=parts)
    return row


def test_a_text_falls_into_lead_steps_and_foot(lesson):
    text = lesson.page
    assert text.lead == [{"html": "<p>Before all.</p>"}]
    assert [(step.number, step.anchor, step.title) for step in text.steps] == [
        (1, "who", "Who says it?"),
        (2, "when", "And when?"),
        (3, "what", "What is missing?"),
    ]
    assert [step.parts for step in text.steps] == [
        [{"html": "<p>The Office.</p>"}],
        [],
        [{"html": "<p>The ferries.</p>"}],
    ]
    assert [step.following and step.following.anchor for step in text.steps] == ["when", "what", None]
    assert [part["html"] for part in text.foot] == ["<p>Words.</p>"]


def test_what_a_release_before_the_steps_rendered_is_shown_whole(client, lesson):
    lesson.texts.update(parts=[{"html": '<p>Before.</p><h2 id="who">Who?</h2>'}, {"html": "<p>All of it.</p>"}])
    lesson.document.pop("objectives")
    lesson.save()
    page = client.get(lesson.get_absolute_url()).text
    assert "<p>Before.</p>" in page
    assert "<p>All of it.</p>" in page
    assert "stepnav" not in page


def test_each_step_says_where_one_is_and_leads_to_the_next(client, lesson):
    page = client.get(lesson.get_absolute_url()).text
    steps = page.split('<section class="step"')[1:]
    for number, step in enumerate(steps, 1):
        assert f"Step {number} of 3" in step
        assert step.split("</svg>")[0].count('class="fill"') == number
        assert step.split("</svg>")[0].count("<rect") == 3
    assert [
        f'href="#{anchor}"' in step for anchor, step in zip(["when", "what", "lesson-words"], steps, strict=True)
    ] == [
        True,
        True,
        False,
    ]
    assert page.index("Before all.") < page.index("Who says it?") < page.index('<section class="step"')
    assert page.index("The ferries.") < page.index("I have read this") < page.index("<p>Words.</p>")


def test_the_end_says_what_one_can_now_do(client, lesson):
    page = client.get(lesson.get_absolute_url()).text
    end = page.split('id="lesson-end"')[1]
    assert lesson.section.document["objectives"][0]["text"]["en"] in end


def test_a_lesson_of_which_nothing_is_asked_ends_without_saying_what_one_can_do(client, lesson):
    lesson.document["objectives"] = []
    lesson.save()
    page = client.get(lesson.get_absolute_url()).text
    assert "What you can now do" not in page
    assert re.search(r'<h2 id="lesson-end">\s*End of lesson 1 of 1\s*</h2>', page)


# Back to a result


@pytest.mark.parametrize(("step", "before"), [("when", "And when?</h2>"), ("who", "Who says it?</h2>")])
def test_whoever_comes_from_a_result_goes_back_to_that_item(client, lesson, step, before):
    page = client.get(f"{lesson.get_absolute_url()}?back=12-4&step={step}").text
    way = f'{reverse("quizzes:attempt", args=[12])}?page=4#i4"'
    assert page.count(way) == 1
    assert page.index(before) < page.index(way) < page.index("</section>", page.index(before))


def test_whoever_reads_one_passage_after_the_other_goes_on_by_the_filled_button(client, lesson):
    page = client.get(f"{lesson.get_absolute_url()}?back=12-4-next&step=when").text
    way = f'class="btn btn-primary" href="{reverse("quizzes:attempt", args=[12])}?page=4#next"'
    assert page.count("btn-primary") == page.count(way) == 1
    assert page.index("And when?</h2>") < page.index(way) < page.index("What is missing?</h2>")


@pytest.mark.parametrize("step", ["", "nowhere", "\0", "why"])
def test_a_step_that_is_not_there_is_the_page_as_if_nothing_was_asked(client, lesson, step):
    page = client.get(lesson.get_absolute_url(), {"back": "12-4", "step": step})
    assert page.status_code == 200
    assert "Back to item" not in page.text


@pytest.mark.parametrize("back", ["", "x", "12", "12-", "-4", "12-0", "12-4 ", "1" * 19 + "-1", "12-4000", "٣-٤", "\0"])
def test_a_way_back_that_makes_no_sense_is_the_page_as_if_nothing_was_asked(client, lesson, back):
    asked = client.get(lesson.get_absolute_url(), {"back": back, "step": "when"})
    assert asked.status_code == 200
    assert "Back to item" not in asked.text
    assert '<section class="step"' in asked.text


# The case study


def test_every_place_to_which_a_lesson_leads_is_there_once(client, loaded):
    for lesson in Lesson.objects.live().select_related("section__module"):
        for language in ("en", "fr"):
            page = Page(client.get(lesson.get_absolute_url().replace("/en/", f"/{language}/")).text)
            assert [name for name, times in Counter(page.ids).items() if times > 1] == []
            assert page.leads_to - set(page.ids) == set()


def test_every_word_and_every_card_that_is_named_again_leads_back(client, loaded):
    for lesson in Lesson.objects.live().select_related("section__module"):
        text = client.get(lesson.get_absolute_url()).text
        page = Page(text)
        named = {name for name in page.ids if name.startswith("use-")}
        words = {place for place in page.ids if place.startswith("term-")}
        assert {name.split("-", 1)[1].rpartition("-")[0] for name in named} >= {word[5:] for word in words}
        below = Page(text.split('id="lesson-words"')[1]).leads_to if words else set()
        assert len(below) >= len(words)
        again = {name.split("-")[1] for name in named if name.startswith("use-M") and name.endswith("-2")}
        assert again <= {name.split("-")[1] for name in page.leads_to | named if name.startswith("use-M")}
