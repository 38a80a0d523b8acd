"""A section's bank leaves as a file: who gets it, what it holds, what is told to be lost."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.bank_files import LOST, languages_of, questions_of
from quizzes.formats import TABLE, WRITERS
from quizzes.formats.base import Outcome
from quizzes.formats.items import draft_of
from quizzes.formats.reading import report
from tests import make

pytestmark = pytest.mark.django_db
KINDS = ("single", "multiple", "classify", "order", "match", "number", "short")


@pytest.fixture
def section():
    section = make.section(make.module("mali"), slug="roots")
    make.lesson(section, slug="first")
    for kind in KINDS:
        make.item(section, kind=kind)
    return section


def address(name, section, query=""):
    return reverse(name, args=[section.module.slug, section.slug]) + query


def test_the_items_page_leads_to_the_files(as_bakary, section):
    page = as_bakary.get(reverse("quizzes:items", args=["mali", "roots"])).text
    assert f'href="{address("bank_ways", section)}"' in page


@pytest.mark.parametrize("language", ["all", "en", "fr"])
@pytest.mark.parametrize("name", ["moodle", "gift", "csv"])
def test_every_kind_leaves_and_can_be_read_again(as_bakary, section, name, language):
    file = as_bakary.get(address("bank_file", section, f"?format={name}&language={language}"))
    languages = ("en", "fr") if language == "all" else (language,)
    assert file.headers["Content-Disposition"].startswith(f'attachment; filename="bank-1-{"-".join(languages)}.')
    assert "no-store" in file.headers["Cache-Control"]
    done = report(file.content, f"bank.{name}", languages[0])
    assert (done.format, len(done.rows), done.of(Outcome.REFUSED)) == (name, len(KINDS), [])
    assert sorted(row.question.kind for row in done.rows) == sorted(KINDS)
    for row in done.rows:
        assert set(row.question.languages) == set(languages)
        assert (row.question.level, row.question.objective, row.question.passage) == ("remember", 1, "first#why")


def test_an_item_that_left_in_xml_comes_back_as_it_is_marked(as_bakary, section):
    file = as_bakary.get(address("bank_file", section, "?format=moodle"))
    labels = {}
    for row in report(file.content, "bank.xml", "en").rows:
        item = section.bank.items.get(slug=row.question.number)
        draft = draft_of(row.question, ("en", "fr"), labels)
        assert draft.version["stem"] == item.version.document["stem"]
        assert draft.document == item.document or item.version.kind in ("classify", "order", "match", "number", "short")
        assert len(item.version.rules.pieces(draft.version)) == len(item.version.rules.pieces(item.version.document))
        assert item.version.rules.mark(draft.version, item.version.rules.key(draft.version)) == 1


def test_what_is_lost_is_told_with_how_many(as_bakary, section):
    page = unescape(as_bakary.get(address("bank_ways", section)).text)
    for lost in WRITERS["gift"].loses(next(q for q in questions_of(section) if q.kind == "number"), ("en", "fr")):
        assert str(LOST[lost]) in page
    assert page.count("Nothing is lost.") == 1  # of the table


def test_all_that_a_format_loses_has_words(loaded):
    for section in loaded.sections.select_related("module", "bank"):
        for question in questions_of(section):
            for writer in (*WRITERS.values(), TABLE):
                assert set(writer.loses(question, languages_of(section))) <= set(LOST)


def test_the_real_bank_leaves_whole_and_leaves_the_same_again(loaded):
    for section in loaded.sections.select_related("module", "bank"):
        questions = questions_of(section)
        for name, writer in WRITERS.items():
            first = "".join(writer.write(questions, ["en", "fr"]))
            rows = report(first.encode(), "bank.xml" if name == "moodle" else "bank.txt", "en").rows
            assert [row.notes for row in rows if row.question is None] == []
            assert len(rows) == len(questions)
            assert "".join(writer.write([row.question for row in rows], ["en", "fr"])) == first


@pytest.mark.parametrize("name", ["bank_ways", "bank_file"])
def test_a_larger_bank_asks_no_more_of_the_database(as_bakary, section, name):
    def count():
        as_bakary.get(address(name, section))
        with CaptureQueriesContext(connection) as queries:
            assert as_bakary.get(address(name, section)).status_code == 200
        return len(queries)

    before = count()
    for kind in KINDS:
        item = make.item(section, kind=kind)
        item.claims.add(make.claim(section))
    assert count() == before <= 8


def test_an_unknown_format_or_language_is_the_usual_one(as_bakary, section):
    asked = as_bakary.get(address("bank_file", section, "?format=<b>&language=xx"))
    assert asked.content == as_bakary.get(address("bank_file", section)).content
    assert re.search(r'filename="bank-1-en-fr\.xml"', asked.headers["Content-Disposition"])


@pytest.mark.parametrize("name", ["bank_ways", "bank_file"])
def test_a_learner_gets_no_key(as_awa, section, name):
    assert as_awa.get(address(name, section)).status_code == 403
