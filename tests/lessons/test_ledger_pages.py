"""Claims, glossary and timeline: what they show, in either language, and what they cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lessons.models import Event, Term
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return make.section(make.module("mali"), slug="roots")


def page(client, path, language="en"):
    response = client.get(f"/{language}/modules/mali/{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_ledger_shows_a_section_a_page(client, section):
    other = make.section(section.module)
    make.claim(section, "M901")
    make.claim(other, "M902")
    assert "M901" in page(client, "claims/")
    assert "M902" not in page(client, "claims/")
    assert "M902" in page(client, f"claims/?section={other.slug}")


def test_the_ledger_is_filtered_by_label_and_verdict(client, section):
    make.claim(section, "M901", stands="opinion", verdict="judgement")
    make.claim(section, "M902", stands="fact", verdict="wrong")
    assert "M902" not in page(client, "claims/?label=opinion")
    assert "M901" not in page(client, "claims/?verdict=wrong")
    assert "M901" not in page(client, "claims/?label=opinion&verdict=wrong")
    assert "M901" in page(client, "claims/?label=nonsense&verdict=nonsense&section=none")


def test_a_corrected_claim_sets_the_articles_words_against_the_finding(client, section):
    make.claim(section, "M901", verdict="wrong")
    shown = page(client, "claims/M901/")
    assert "<del>As written</del>" in shown
    assert "<ins>As found</ins>" in shown


@pytest.mark.parametrize("stands", ["attributed", "allegation", "estimate"])
def test_somebodys_word_is_confirmed_as_said_not_as_true(client, section, stands):
    term = Term.objects.create(
        module=section.module,
        slug="kremlin",
        document={"kind": "organisation", "name": make.both("Kremlin"), "meaning": make.text("Seat of power")},
    )
    make.claim(section, "M901", stands=stands, presented="attributed", said_by=term)
    assert "Confirmed that Kremlin said so" in page(client, "claims/M901/")


def test_a_claims_page_names_all_that_cites_it(client, section):
    claim = make.claim(section, "M901")
    lesson = make.lesson(section)
    lesson.claims.add(claim)
    make.item(section).claims.add(claim)
    event = Event.objects.create(
        module=section.module,
        slug="t01",
        date="1960-09-22",
        precision="day",
        document={"text": make.text("Independence")},
    )
    event.claims.add(claim)
    shown = page(client, "claims/M901/")
    assert lesson.document["title"]["en"] in shown
    assert "1 item of the banks touches it" in shown
    assert "22 September 1960" in shown
    assert "Independence" in shown


def test_the_glossary_sorts_names_without_their_accents(client, section):
    for slug, name in [("z", "Zebra"), ("e", "Échec"), ("a", "Abstention")]:
        document = {"kind": "term", "name": make.both(name), "meaning": make.text("…")}
        Term.objects.create(module=section.module, slug=slug, document=document)
    shown = page(client, "glossary/", "fr")
    assert shown.index("Abstention") < shown.index("Échec") < shown.index("Zebra")


def happen(section, **days):
    """Events of these days, each of them an act of whoever its slug names."""
    for kind, day in days.items():
        document = {"text": make.text(f"Act of {kind}."), "acts": [kind]}
        Event.objects.create(module=section.module, slug=kind, date=day, precision="day", document=document)


def test_the_timeline_names_each_event_in_its_year_with_its_marks(client, section):
    happen(section, mali="1960-09-22", armed="2012-03-22", society="2012-03-30/2012-04-01")
    Event.objects.get(slug="armed").claims.add(make.claim(section, "M901"))
    shown = page(client, "timeline/")
    assert [shown.count(f">{year}</b>") for year in (1960, 2012)] == [1, 1]
    assert "1961 to 2011: nothing on this list" in shown
    assert "22 March<" in shown
    assert "30 March – 1 April<" in shown
    assert shown.count("Armed groups. </span>") == 1
    assert '<span class="nb">armed.<a class="mark l-fact"' in shown
    assert "22 mars<" in page(client, "timeline/", "fr")


def periods(module):
    rows = [(1960, 2012, "Roots", ["roots/one"]), (2013, 2013, "Later", [])]
    keys = ("first", "last", "title", "lessons")
    document = {
        "periods": [dict(zip(keys, (a, b, make.both(title), names), strict=True)) for a, b, title, names in rows]
    }
    module.annexes.create(part="timeline", document=document)


def told(shown):
    """The last words of the events on a page: who acts in them, see `happen`."""
    return re.findall(r'<span class="nb">(\w+)\.', shown)


def test_the_timeline_is_cut_by_period_and_by_who_acts(client, section):
    periods(section.module)
    happen(section, mali="1960-09-22", armed="2012-03-22", society="2013-01-01")
    every, roots = page(client, "timeline/"), page(client, "timeline/?period=1960")
    assert [every.count("<h2 "), roots.count("<h2 ")] == [2, 1]
    assert "Roots" in every
    assert told(roots) == ["mali", "armed"]
    assert '<option value="1960" selected>' in roots
    assert told(page(client, "timeline/?who=armed")) == ["armed"]
    assert "Nothing on this list is like that" in page(client, "timeline/?period=2013&who=armed")


@pytest.mark.parametrize(
    "query", ["period=1", "who=nobody", "period=&who=", "period=2013x&who=ARMED", "who=" + "a" * 999]
)
def test_whoever_asks_the_timeline_for_what_it_has_not_gets_all_of_it(client, section, query):
    periods(section.module)
    happen(section, mali="1960-09-22", society="2013-01-01")
    shown = page(client, f"timeline/?{query}")
    assert shown.count("<h2 ") == 2
    assert " selected" not in shown


def test_a_period_leads_to_the_lessons_that_draw_on_it_while_they_are_there(client, section):
    periods(section.module)
    happen(section, mali="1960-09-22")
    lesson = make.lesson(section, slug="one")
    assert lesson.get_absolute_url() in page(client, "timeline/")
    lesson.withdrawn_at = timezone.now()
    lesson.save()
    assert lesson.get_absolute_url() not in page(client, "timeline/")


def test_without_events_the_timeline_says_so(client, section):
    assert "No event is loaded yet" in page(client, "timeline/")


@pytest.mark.parametrize("path", ["claims/", "glossary/", "timeline/", "claims/M901/"])
def test_what_they_cost_does_not_grow_with_the_ledger(client, section, path, django_assert_max_num_queries):
    def fill(first, last):
        for number in range(first, last):
            claim = make.claim(section, f"M{number}")
            event = Event.objects.create(
                module=section.module,
                slug=f"t{number}",
                date="2012",
                precision="year",
                document={"text": make.text("Event")},
            )
            event.claims.add(claim)

    fill(900, 903)
    with CaptureQueriesContext(connection) as few:
        page(client, path)
    fill(903, 920)
    with django_assert_max_num_queries(8), CaptureQueriesContext(connection) as many:
        page(client, path)
    assert len(many) == len(few)
