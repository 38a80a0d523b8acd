"""Home, module and section: how each section stands, the one next step, and what a page costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lessons.models import Module, Section
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {"none": "Not started", "reading": "Reading", "read": "Read", "passed": "Passed"}


@pytest.fixture
def module():
    return make.case_study(sections=4, lessons=2, items=6)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


def states(page):
    """The state of each section in its list: (glyph's class, word)."""
    main = page.text.split("<main")[1]
    return re.findall(r'<span class="state s-(\w+)"><svg[^>]*><use[^>]*></svg>([^<]*?)\s*</span>', main)


def next_step(page):
    """Where the page's filled button leads, and how."""
    box = page.text.split('aria-labelledby="next"')[1].split("</section>")[0]
    found = re.findall(r'<a class="btn btn-primary" href="([^"]+)"|<form method="post" action="([^"]+)"', box)
    assert len(found) <= 1
    return found[0][0] or found[0][1] if found else None


def read_all(learner, section):
    for lesson in section.lessons.all():
        make.reading(learner, lesson)


def test_a_visitor_finds_the_first_lesson(client, module, sections):
    first = sections[0].lessons.order_by("position").first()
    home = client.get("/en/").text
    assert re.findall(r'class="btn btn-primary" href="([^"]+)"', home) == [first.get_absolute_url()]
    page = client.get(module.get_absolute_url())
    assert next_step(page) == first.get_absolute_url()
    assert states(page) == [("none", "Not started")] * 4
    assert client.get(sections[2].get_absolute_url()).status_code == 200


def test_without_content_the_first_page_says_how_to_load_it(client):
    page = client.get("/en/")
    assert page.status_code == 200
    assert "load_content" in page.text


def test_the_root_leads_to_the_language_of_the_browser(client):
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="fr-ML,fr;q=0.9")["Location"] == "/fr/"
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="bm")["Location"] == "/en/"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_leads_to_itself_in_the_other_language(client, module, sections, language):
    other = {"en": "fr", "fr": "en"}[language]
    for row in (module, sections[0]):
        address = row.get_absolute_url().replace("/en/", f"/{language}/")
        page = client.get(address)
        assert f'href="{address.replace(f"/{language}/", f"/{other}/", 1)}" lang="{other}"' in page.text
        assert row.document["title"][language] in page.text


def test_the_other_language_is_asked_the_same(client, module):
    page = client.get(f"{module.get_absolute_url()}search/?q=d%C3%A9p%C3%B4t&page=1")
    there = module.get_absolute_url().replace("/en/", "/fr/", 1)
    assert f'href="{there}search/?q=d%C3%A9p%C3%B4t&amp;page=1" lang="fr"' in page.text


def test_each_section_says_how_it_stands_by_glyph_and_word(as_awa, awa, module, sections):
    make.reading(awa, sections[1].lessons.first())
    read_all(awa, sections[2])
    make.quiz(awa, sections[3], right=5)
    expected = ["none", "reading", "read", "passed"]
    assert states(as_awa.get(module.get_absolute_url())) == [(state, WORDS[state]) for state in expected]
    for section, state in zip(sections, expected, strict=True):
        assert states(as_awa.get(section.get_absolute_url()))[0] == (state, WORDS[state])
    strip = as_awa.get(module.get_absolute_url()).text.split('class="strip"')[1].split("</ol>")[0]
    assert re.findall(r'class="s-(\w+)', strip) == expected


def test_a_failed_quiz_says_the_last_score_and_a_passed_one_stays(as_awa, awa, module, sections):
    make.quiz(awa, sections[0], right=3)
    assert "Last quiz 60 of 100; 80 passes" in as_awa.get(module.get_absolute_url()).text
    make.quiz(awa, sections[0], right=5)
    make.quiz(awa, sections[0], right=0)
    page = as_awa.get(module.get_absolute_url())
    assert states(page)[0] == ("passed", "Passed")
    assert "best quiz 100 of 100" in page.text


def test_nobody_sees_anothers_state(as_celia, as_guest, client, awa, module, sections):
    read_all(awa, sections[0])
    make.quiz(awa, sections[1], right=5)
    make.quiz(awa, sections[2])
    for browser in (as_celia, as_guest, client):
        assert states(browser.get(module.get_absolute_url())) == [("none", "Not started")] * 4
        assert "/attempts/" not in browser.get(sections[2].get_absolute_url()).text


def not_due(learner):
    learner.recalls.update(due_on=timezone.localdate() + timedelta(days=3))


def leads_on(client, module):
    """Where the one next step leads, the same from the module's page, from home and by the address that goes on."""
    address = module.get_absolute_url()
    there = client.get(f"{address}go-on/")["Location"]
    steps = {next_step(client.get(page)) for page in (address, "/en/")}
    assert len(steps) == 1
    step = steps.pop()
    assert there == (f"{step.removesuffix('quiz/')}#quiz" if step.endswith("/quiz/") else step)
    return step


def test_the_next_step_is_what_is_open_a_quiz_its_passages_what_is_due_a_lesson_and_the_exam(
    as_awa, awa, module, sections
):
    first = sections[0]
    lessons = [list(section.lessons.order_by("position")) for section in sections]
    make.reading(awa, lessons[0][0])
    assert leads_on(as_awa, module) == lessons[0][1].get_absolute_url()
    make.reading(awa, lessons[0][1])
    assert leads_on(as_awa, module) == f"{first.get_absolute_url()}quiz/"
    attempt = make.quiz(awa, first)
    assert leads_on(as_awa, module) == attempt.get_absolute_url()
    make.hand_in(attempt, right=1)
    assert leads_on(as_awa, module) == attempt.get_absolute_url()
    page = as_awa.get("/en/").text
    assert "Read again what you missed in section&nbsp;1" in page
    assert f'href="{first.get_absolute_url()}#quiz"' in page
    assert "20 of 100 in the last quiz; 80 passes." in page
    make.quiz(awa, first, right=5)
    assert leads_on(as_awa, module) == "/en/review/"
    not_due(awa)
    assert leads_on(as_awa, module) == lessons[1][0].get_absolute_url()
    for section in sections[1:]:
        read_all(awa, section)
    for section in sections[1:]:
        assert leads_on(as_awa, module) == f"{section.get_absolute_url()}quiz/"
        make.quiz(awa, section, right=5)
    assert leads_on(as_awa, module) == "/en/review/"
    not_due(awa)
    address = module.get_absolute_url()
    assert leads_on(as_awa, module) == f"{address}exam/"
    exam = make.exam(awa, module)
    assert leads_on(as_awa, module) == exam.get_absolute_url()
    make.hand_in(exam, right=exam.responses.count())
    awa.recalls.update(due_on=timezone.localdate() + timedelta(days=3))
    assert leads_on(as_awa, module) == f"{address}end/"
    assert "Ask for your certificate" in as_awa.get(address).text
    make.certificate(awa, module)
    assert leads_on(as_awa, module) == f"{address}end/"
    page = as_awa.get(address).text
    assert "The next review is on" in page
    assert "4 of 4 sections passed" in page


def test_a_new_section_begins_with_its_questions_or_straight_with_the_lesson(client, as_awa, awa, module, sections):
    section = sections[0]
    section.document["before"] = 2
    section.save()
    for number in range(2):
        make.item(section, slug=f"pre-{number}", uses=["pre"])
    first, second = section.lessons.order_by("position")
    before = f"{section.get_absolute_url()}before/"
    home = client.get("/en/").text
    assert re.findall(r'class="btn btn-primary" href="([^"]+)"', home) == [before]
    assert f'href="{first.get_absolute_url()}"' in home
    asked, told = client.get(before).text, client.post(before, {}).text
    assert f'href="{first.get_absolute_url()}"' in asked
    assert f'class="btn btn-primary" href="{first.get_absolute_url()}"' in told
    for other in sections[1:]:
        read_all(awa, other)
        make.quiz(awa, other, right=5)
    not_due(awa)
    assert leads_on(as_awa, module) == before
    make.reading(awa, first)
    assert leads_on(as_awa, module) == second.get_absolute_url()


def test_an_optional_section_is_offered_and_its_quiz_is_not_asked_for(as_awa, awa, module, sections):
    section = sections[0]
    section.document["optional"] = True
    section.save()
    read_all(awa, section)
    make.quiz(awa, section, right=0)
    not_due(awa)
    assert leads_on(as_awa, module) == sections[1].lessons.order_by("position").first().get_absolute_url()


def test_a_quiz_that_was_failed_before_reading_leads_to_the_lessons(as_awa, awa, module, sections):
    make.quiz(awa, sections[0], right=0)
    not_due(awa)
    assert leads_on(as_awa, module) == sections[0].lessons.order_by("position").first().get_absolute_url()


def test_where_no_lesson_is_left_the_quiz_comes_whatever_was_read(as_awa, awa, module, sections):
    module.sections.exclude(pk=sections[0].pk).update(withdrawn_at=make.NOW)
    sections[0].lessons.update(withdrawn_at=make.NOW)
    make.quiz(awa, sections[0], right=5)
    assert leads_on(as_awa, module) == "/en/review/"
    not_due(awa)
    assert leads_on(as_awa, module) == f"{module.get_absolute_url()}exam/"


def test_home_is_about_the_course_for_who_is_new_and_about_the_way_for_who_has_begun(as_awa, awa, module, sections):
    pitch = "Start the first lesson"
    assert pitch in as_awa.get("/en/").text
    make.reading(awa, sections[0].lessons.first())
    page = as_awa.get("/en/")
    assert pitch not in page.text
    assert states(page) == [("reading", "Reading"), *[("none", "Not started")] * 3]
    assert "0 of 4 sections passed" in page.text


def test_a_result_leads_on_by_one_tap_or_back_to_what_was_missed(as_awa, awa, module, sections):
    read_all(awa, sections[0])
    failed = make.quiz(awa, sections[0], right=1)
    assert next_step(as_awa.get(failed.get_absolute_url())).startswith(sections[0].get_absolute_url())
    passed = make.quiz(awa, sections[0], right=5)
    assert next_step(as_awa.get(passed.get_absolute_url())) == f"{module.get_absolute_url()}go-on/"


def test_a_failed_quiz_of_which_nothing_counts_any_more_leads_to_a_new_one(as_awa, awa, module, sections):
    read_all(awa, sections[0])
    failed = make.quiz(awa, sections[0], right=1)
    failed.responses.update(score=None, marked_version=None)
    page = as_awa.get(failed.get_absolute_url())
    assert next_step(page) == f"{sections[0].get_absolute_url()}#quiz"


def test_progress_leads_on_too(as_awa, awa, module, sections):
    make.reading(awa, sections[0].lessons.first())
    assert f'class="btn btn-primary" href="{module.get_absolute_url()}go-on/"' in as_awa.get("/en/progress/").text


def test_going_on_costs_no_more_than_a_page(as_awa, awa, module, sections, django_assert_max_num_queries):
    read_all(awa, sections[0])
    as_awa.get("/en/")
    with django_assert_max_num_queries(7):
        assert as_awa.get(f"{module.get_absolute_url()}go-on/").status_code == 302


def test_a_section_that_may_be_left_out_says_its_notice_and_the_way_past_it(client, sections):
    section = sections[1]
    section.document |= {"notice": make.text("It tells of killings."), "optional": True}
    section.save()
    note = client.get(section.get_absolute_url()).text.split('class="note is-now"')[1].split("</div>")[0]
    assert "It tells of killings." in note
    assert f'href="{sections[2].get_absolute_url()}"' in note


def test_a_section_leads_to_its_next_lesson_and_its_quiz(as_awa, awa, sections):
    section = sections[0]
    first, second = section.lessons.order_by("position")
    make.reading(awa, first)
    page = as_awa.get(section.get_absolute_url())
    assert page.context["section"].next_lesson == second
    assert states(page) == [("reading", "Reading"), ("read", "Read"), ("none", "Not started")]
    make.reading(awa, second)
    assert as_awa.get(section.get_absolute_url()).context["section"].next_lesson is None
    assert f'action="{section.get_absolute_url()}quiz/"' in page.text


@pytest.mark.parametrize("withdrawn", [Section, Module])
def test_what_is_withdrawn_is_no_page_and_has_no_quiz(as_awa, sections, withdrawn):
    withdrawn.objects.update(withdrawn_at=timezone.now())
    address = sections[0].get_absolute_url()
    assert as_awa.get(address).status_code == 404
    assert as_awa.post(f"{address}quiz/").status_code == 404
    assert not Attempt.objects.exists()


def test_a_withdrawn_lesson_is_not_asked_of_anybody(as_awa, awa, module, sections):
    first, second = sections[0].lessons.order_by("position")
    make.reading(awa, first)
    second.withdrawn_at = make.NOW
    second.save()
    page = as_awa.get(module.get_absolute_url())
    assert states(page)[0] == ("read", "Read")
    assert second.get_absolute_url() not in page.text


@pytest.mark.parametrize("address", ["/en/modules/absent/", "/en/modules/absent/who/", "/en/absent/"])
def test_what_does_not_exist_is_said_not_to(as_awa, address):
    assert as_awa.get(address).status_code == 404


# What a page costs (quality P4)


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_cost_the_same_with_five_times_the_people_items_and_sections(as_awa, client, awa):
    module = make.case_study(sections=2, lessons=2, items=6)
    people(2, module)
    section = module.sections.order_by("position").first()
    make.reading(awa, section.lessons.first())
    make.quiz(awa, section, right=3)
    attempt = make.quiz(awa, section)
    done = make.quiz(awa, module.sections.last(), right=2)
    lesson = section.lessons.first()
    addresses = [each.get_absolute_url() for each in (module, section, lesson, attempt, done)]
    pages = ["/en/", *addresses]
    as_awa.get("/en/")
    before = {address: cost(as_awa, address) for address in pages}
    grow(module)
    people(8, module)
    after = {address: cost(as_awa, address) for address in pages}
    assert after == before
    assert max(after.values()) <= 8
    assert max(cost(client, address) for address in pages[:4]) <= 8


def people(count, module):
    """So many more learners, each with readings and a quiz in every section."""
    for number in range(count):
        learner = make.user(f"Learner {module.pk}-{count}-{number}")
        for section in module.sections.all():
            make.reading(learner, section.lessons.first())
            make.quiz(learner, section, right=3)


def grow(module):
    for section in module.sections.all():
        for _ in range(24):
            make.item(section)
    for _ in range(8):
        section = make.section(module)
        for _ in range(2):
            make.lesson(section)
        for _ in range(6):
            make.item(section)


def test_starting_and_handing_in_cost_the_same_with_many_items(as_awa, awa, django_assert_max_num_queries):
    section = make.section(draw=30)
    for _ in range(40):
        make.item(section)
    as_awa.get("/en/")
    with django_assert_max_num_queries(18):
        as_awa.post(f"{section.get_absolute_url()}quiz/")
    with django_assert_max_num_queries(18):
        as_awa.post(Attempt.objects.get().get_absolute_url(), {"submit": 1})
