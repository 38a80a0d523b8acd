"""Claims, glossary and timeline: what they show, in either language, and what they cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lessons.models import Event, Lesson, LessonText, Term
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
        make.term(section.module, slug, name)
    shown = page(client, "glossary/", "fr")
    assert shown.index("Abstention") < shown.index("Échec") < shown.index("Zebra")


def test_the_glossary_has_an_index_of_the_letters_that_there_are(client, section):
    for slug, name in [
        ("z", "Zebra"),
        ("e", "Échec"),
        ("e2", "Embargo"),
        ("n", {"en": "5+5 group", "fr": "Groupe 5+5"}),
    ]:
        make.term(section.module, slug, name)
    for language, letters in {"en": ["#", "E", "Z"], "fr": ["E", "G", "Z"]}.items():
        shown = page(client, "glossary/", language)
        index = shown.split('id="letters"')[1].split("</nav>")[0]
        assert re.findall(r'<a href="#([\w-]+)">(.)</a>', index) == [
            (f"letter-{number}", letter) for number, letter in enumerate(letters, 1)
        ]
        assert re.findall(r'<h2 id="([\w-]+)">(.)</h2>', shown) == re.findall(r'<a href="#([\w-]+)">(.)</a>', index)
        assert shown.count('<a href="#letters">') == 3


def test_the_glossary_is_cut_to_a_kind(client, section):
    make.term(section.module, "kidal", kind="place")
    make.term(section.module, "keita", kind="person")
    assert {"term-kidal", "term-keita"} <= ids(page(client, "glossary/"))
    assert ids(page(client, "glossary/?show=place")) & {"term-kidal", "term-keita"} == {"term-kidal"}
    assert ids(page(client, "glossary/?show=term")) & {"term-kidal", "term-keita"} == set()
    assert {"term-kidal", "term-keita"} <= ids(page(client, "glossary/?show=nonsense"))


def ids(shown):
    return set(re.findall(r' id="([^"]+)"', shown))


def test_the_glossary_leads_to_the_lessons_that_use_a_word(client, section):
    term = make.term(section.module, "kidal")
    make.term(section.module, "gao")
    first, second = (make.lesson(section, terms=terms) for terms in (["kidal"], ["kidal", "mopti"]))
    other = make.lesson(make.section(section.module), terms=["kidal"])
    make.lesson(section, terms=["kidal"], withdrawn_at=make.NOW)
    shown = page(client, "glossary/")
    entries = {key: shown.split(f'id="term-{key}"')[1].split("</div>")[0] for key in ("kidal", "gao")}
    uses = re.findall(r'<a href="([^"]+)">([\d.]+)<', entries["kidal"])
    assert uses == [
        (f"{lesson.get_absolute_url()}#use-{term.slug}-1", number)
        for lesson, number in ((first, "1.1"), (second, "1.2"), (other, "2.1"))
    ]
    assert first.title in entries["kidal"]
    assert "<a" not in entries["gao"]


def test_a_lesson_that_the_former_release_wrote_names_no_terms(client, section):
    make.term(section.module, "kidal")
    lesson = make.lesson(section, terms=["kidal"])
    del lesson.document["terms"]
    lesson.save()
    assert lesson.get_absolute_url() not in page(client, "glossary/")


def test_what_a_lesson_uses_is_written_on_load(loaded):
    lessons = Lesson.objects.filter(section__module=loaded)
    assert all(lesson.terms for lesson in lessons.exclude(section__slug="audit"))
    assert {slug for lesson in lessons for slug in lesson.terms} <= {*loaded.terms.values_list("slug", flat=True)}
    for text in LessonText.objects.filter(lesson__in=lessons).select_related("lesson"):
        html = "".join(part.get("html", "") for part in text.parts)
        assert [slug for slug in text.lesson.terms if f'id="use-{slug}-1"' not in html] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reference_leads_to_all_that_can_be_looked_up(client, loaded, language):
    shown = page(client, "reference/", language).split("<main")[1]
    for path in ("article", "claims", "sources", "corrections", "timeline", "map", "glossary"):
        assert f'href="/{language}/modules/mali/{path}/"' in shown
    assert f'action="/{language}/modules/mali/search/"' in shown.split("<section")[0]
    words = {"en": ("claims", "events", "entries"), "fr": ("affirmations", "événements", "entrées")}[language]
    counts = (loaded.claims.live().count(), loaded.events.count(), loaded.terms.count())
    for count, name in zip(counts, words, strict=True):
        assert f"{count} {name}" in shown


def test_the_reference_counts_the_sources_that_something_rests_on(client, section):
    claim, withdrawn = make.claim(section), make.claim(section, withdrawn_at=make.NOW)
    for slug, rests in (("a", [claim, make.claim(section)]), ("b", [withdrawn]), ("c", [])):
        make.reference(section.module, slug).claims.set(rests)
    assert "1 source<" in page(client, "reference/")


def test_what_a_module_lacks_is_not_offered(client, section):
    section.module.document |= {"map": False, "article": {}, "corrections": False}
    section.module.save()
    shown = page(client, "reference/")
    assert not [path for path in ("map/", "article/", "corrections/") if f"/mali/{path}" in shown]


PAGES = ["article/", "claims/", "sources/", "corrections/", "timeline/", "map/", "glossary/", "search/?q=gold"]


@pytest.mark.parametrize("path", PAGES)
def test_each_of_its_pages_leads_back_to_it(client, loaded, path):
    crumbs = page(client, path).split('class="crumbs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/en/modules/mali/", "/en/modules/mali/reference/"]


def test_the_modules_page_leads_there_once_in_the_text(client, loaded):
    main = page(client, "").split("<main")[1].split("</main>")[0]
    assert main.count("/reference/") == 1
    assert not [path for path in PAGES[:-1] if f"/modules/mali/{path}" in main]


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


@pytest.mark.parametrize("path", ["reference/", "claims/", "glossary/", "timeline/", "claims/M901/"])
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
            make.term(section.module, f"word-{number}")
            make.lesson(section, terms=[f"word-{number}"])

    fill(900, 903)
    with CaptureQueriesContext(connection) as few:
        page(client, path)
    fill(903, 920)
    with django_assert_max_num_queries(8), CaptureQueriesContext(connection) as many:
        page(client, path)
    assert len(many) == len(few)
