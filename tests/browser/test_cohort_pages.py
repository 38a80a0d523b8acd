"""Pages of a cohort on the smallest phone, for staff and learners: axe, and no sideways scroll (quality A5)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from cohorts.models import Certificate, Cohort, Role
from course import corrections
from lessons.models import Module, Section
from quizzes.models import Attempt, Bank
from tests import make
from tests.browser.access import faults, sideways
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
STAFF = ["", "edit/", "members/", "board/", "board/?show=stuck&order=last", "assignments/new/", "assignments/{set}/"]
STAFF += ["schedule/", "assignments/{set}/later/"]
STAFF += ["roster/", "slips/", "slips/?blank=2", "places/{place}/", "places/{own}/", "merge/", "copy/"]
STAFF += ["merge/?row={place}&row={own}"]
RESULTS = [
    "learners/{own}/",
    "attempts/{attempt}/",
    "misses/",
    "notes/",
    "notes/all/",
    "notes/{section}/",
    "remind/",
    "remind/?who=not_joined&language=fr",
    "remind/?who=x",
    "assignments/{set}/marks/",
    "assignments/{set}/certificates/",
    "assignments/{set}/certificates/print/",
    "assignments/{set}/learners/{own}/extension/",
    "learners/{own}/sections/{section}/",
    "learners/{own}/comment/",
    "gradebook/",
]


@pytest.fixture
def cohort(site, transactional_db):
    """Bakary's, with Awa late in it, a place that nobody has taken, and Danso who leads it."""
    module = Module.objects.get(slug="mali")
    sections = list(module.sections.order_by("position")[:2])
    awa, bakary = make.user("Awa"), make.user("Bakary")
    cohort = make.cohort(bakary, [awa], name="Autumn")
    make.staff(cohort, make.user("Danso"), Role.LEAD)
    make.place(cohort, "Zerbo, Mariam")
    make.assignment(cohort, module, sections, due_at=make.NOW + timedelta(days=1))
    make.assignment(cohort, module, is_required=False)
    make.reading(awa, sections[0].lessons.first())
    for hour in range(3):
        quiz = make.quiz(awa, sections[0], right=0, at=make.NOW + timedelta(hours=hour))
    row = cohort.assignments.order_by("pk").first()
    row.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, due_at=row.due_at + timedelta(days=9), reason="Ill")
    make.hand_mark(row, awa, sections[1], "0.85", bakary)
    make.certificate(awa, module, row)
    cohort.write_note(sections[0], "Bring the map.", make.NOW)
    cohort.write_note(None, "No class on Friday.", timezone.now())
    correct_something(awa, quiz)
    return cohort


def correct_something(learner, quiz):
    """Another key, another finding and another text, of what the learner answered and read; and an answered report."""
    for response in quiz.responses.select_related("item", "shown_version"):
        if response.shown_version.kind == "single":
            make.version(response.item, key=response.answer, stem=make.text("Better said?"))
    lesson = learner.readings.get().lesson
    claim = lesson.claims.first()
    former = {
        "document": claim.document | {"finding": make.text("Found otherwise")},
        "stands": "opinion",
        "verdict": None,
    }
    claim.revisions.create(document=former, checksum="0" * 64, made_at=make.NOW + timedelta(days=1))
    source = {text.language: text.source.replace("a", "o") for text in lesson.texts.all()}
    lesson.revisions.create(document={"source": source}, checksum="0" * 64, made_at=make.NOW + timedelta(days=1))
    learner.readings.update(checksum="0" * 64)
    corrections.correct(None, make.NOW + timedelta(days=2))
    learner.reports.create(claim=claim, reason="Why?", answer="So.", made_at=make.NOW, closed_at=make.NOW)


@pytest.fixture
def pages(browser, site, cohort):
    """pages(name): a page of the browser in which that person is signed in."""
    contexts = []

    def of(user):
        context = browser.new_context(viewport={"width": 320, "height": 640})
        contexts.append(context)
        cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        return context.new_page()

    yield of
    for context in contexts:
        context.close()


def faults_of(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page) + sideways(page)
    return found


def exam_pages(cohort):
    """Of an exam with a deadline: its page, an open one, one that ran out of time; and the end of a repeat."""
    module, awa = cohort.assignments.first().module, cohort.enrolments.get(user__name="Awa").user
    now = timezone.now()
    cohort.assignments.update(exam="required", exam_minutes=60, exam_attempts=5)
    timed = make.exam(awa, module, due_at=now + timedelta(minutes=9))
    Attempt.objects.filter(pk=timed.pk).update(is_trial=True)
    over = make.exam(awa, module, due_at=now - timedelta(minutes=9))
    retry = awa.attempts.filter(use="quiz").first().retry(now)
    make.give(retry, *[None] * 20)
    own = [attempt.get_absolute_url()[3:] for attempt in (timed, over, retry)]
    return ["/modules/mali/exam/", *own, f"{own[2]}?page=1"]


def test_pages_of_the_staff_have_no_fault(site, pages, cohort, language):
    own, people = f"{site}/{language}/cohorts/{cohort.pk}/", cohort.enrolments
    parts = {"set": cohort.assignments.first().pk, "own": people.get(user__name="Awa").pk}
    parts |= {"place": people.untaken().get().pk, "attempt": people.get(user__name="Awa").user.attempts.first().pk}
    parts["section"] = Section.objects.get(slug="who-is-speaking").pk
    page = pages(people.get(user__name="Bakary").user)
    addresses = [own + path.format(**parts) for path in STAFF + RESULTS]
    addresses.append(f"{site}/{language}/modules/mali/recall/")
    assert faults_of(page, [*addresses, f"{site}/{language}/cohorts/", f"{site}/{language}/cohorts/new/"]) == []
    page.goto(f"{own}assignments/new/")
    page.locator("main form.stacked [name=opens_at]").fill("")
    page.locator("main form.stacked").evaluate("form => { form.noValidate = true; form.submit() }")
    page.wait_for_selector("[role=alert]")
    assert faults(page) == []
    for names in ("Koné, Issa\nTraoré, Moussa", "Koné, Issa\nkoné, issa"):
        page.goto(f"{own}roster/")
        page.fill("form.stacked [name=names]", names)
        page.locator("form.stacked button").click()
        assert faults(page) == []


def test_pages_of_a_lead_have_no_fault(site, pages, cohort, language):
    for number in range(5):
        cohort.join(make.user(f"Learner {number}"), make.NOW)
    page = pages(cohort.enrolments.get(user__name="Danso").user)
    cohorts = f"{site}/{language}/cohorts/"
    assert faults_of(page, [f"{cohorts}overview/", cohorts]) == []
    cohort.archive(make.NOW)
    assert faults_of(page, [cohorts, f"{cohorts}{cohort.pk}/"]) == []


def test_pages_of_a_preview_have_no_fault(site, pages, cohort, language):
    user = cohort.enrolments.get(user__name="Bakary").user
    user.may_teach_at = make.NOW
    user.save()
    page, module = pages(user), f"{site}/{language}/modules/mali/"
    page.goto(module)
    page.locator("section[aria-labelledby=teach] button").click()
    section = f"{module}who-is-speaking/"
    items = Bank.objects.get(section__slug="who-is-speaking").items.all()
    kinds = {item.current_version.kind: item.slug for item in items}
    shown = [f"{slug}/{part}" for slug in kinds.values() for part in ("", "statistics/")]
    shown = [f"{section}items/{path}" for path in ("", "statistics/", *shown)]
    assert faults_of(page, [module, section, *shown]) == []
    page.goto(section)
    page.locator("section[aria-labelledby=quiz] button").click()
    page.wait_for_load_state()
    assert page.locator(".preview").count() == 1
    assert faults_of(page, [page.url]) == []


def test_pages_of_a_learner_have_no_fault(site, pages, cohort, language):
    link = f"{site}/{language}/join/{cohort.grouped_code}/"
    module = f"{site}/{language}/modules/mali/"
    page = pages(cohort.enrolments.get(user__name="Awa").user)
    own = f"{site}/{language}/cohorts/{cohort.pk}/"
    own_certificate = Certificate.objects.get()
    paths = ["certificates/", "certificates/new/mali/", "modules/mali/who-is-speaking/"]
    paths += [f"certificates/{own_certificate.public_id}/{ending}" for ending in ("", "print/")]
    paths.append(f"cohorts/{cohort.pk}/assignments/{own_certificate.assignment_id}/certificate/")
    assert faults_of(page, [f"{site}/{language}/{path}" for path in paths]) == []
    assert faults_of(page, [own, module, link, f"{site}/{language}/cohorts/", f"{site}/{language}/join/"]) == []
    personal = cohort.enrolments.untaken().get().grouped_code
    assert faults_of(pages(make.user("Celia")), [link, f"{site}/{language}/join/{personal}/"]) == []
    assert faults_of(page, [f"{site}/{language}{path}" for path in exam_pages(cohort)]) == []
    unsure = make.quiz(cohort.enrolments.get(user__name="Awa").user, Section.objects.get(slug="petitions-and-coup"))
    memory = [f"{site}/{language}/{path}/" for path in ("review", "progress", f"attempts/{unsure.pk}")]
    assert faults_of(page, memory) == []
    page.goto(f"{site}/{language}/calendar/")
    assert faults(page) + sideways(page) == []
    page.locator("main button.btn-primary").click()
    page.wait_for_selector("#address")
    assert faults(page) + sideways(page) == []
    mine = ["calendar/", "own/", "changes/", "reports/", "my-data/", "my-data/erase/", ""]
    assert faults_of(page, [f"{site}/{language}/{path}" for path in mine]) == []
    assert page.locator("main .note.is-now a").count() == 1
    assert Cohort.objects.count() == 1
