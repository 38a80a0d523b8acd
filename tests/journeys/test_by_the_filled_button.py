"""Whoever presses nothing but the one filled button of each page: from the first page to a printed certificate."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from lessons.models import Section
from quizzes.models import Attempt, Recall, Use
from tests import make

pytestmark = pytest.mark.django_db


@dataclass
class Way:
    """A filled button: where it leads, and what it sends; None where it is a link."""

    address: str
    sent: dict[str, str] | None = None
    asked: set[str] = field(default_factory=set)


class Filled(HTMLParser):
    """The filled buttons in the main part of a page."""

    def __init__(self, page):
        super().__init__()
        self.page, self.ways, self.form, self.in_main = page, [], None, False
        self.feed(page.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.in_main |= tag == "main"
        if tag == "form":
            address = attributes.get("action") or self.page.wsgi_request.get_full_path()
            self.form = Way(address, {}) if attributes.get("method") == "post" else None
        elif tag == "input" and self.form and attributes.get("type") == "hidden" and "disabled" not in attributes:
            self.form.sent[attributes["name"]] = attributes.get("value", "")
        elif tag in ("input", "select") and self.form and attributes.get("name"):
            self.form.asked.add(attributes["name"])
        if self.in_main and "btn-primary" in (attributes.get("class") or ""):
            if tag == "a":
                self.ways.append(Way(attributes["href"]))
            else:
                self.form.sent |= {attributes["name"]: attributes["value"]} if "name" in attributes else {}
                self.ways.append(self.form)

    def handle_endtag(self, tag):
        self.form = None if tag == "form" else self.form
        self.in_main &= tag != "main"


class Walker:
    """A learner who knows the answers, and of the pages only their filled button."""

    def __init__(self, language):
        self.browser, self.language, self.path = Client(), language, []
        self.page = self.browser.get(f"/{language}/")

    def press(self):
        """Press it: one page has one. Items that the page asks are answered rightly, a name is given."""
        (way,) = Filled(self.page).ways
        self.path.append(way.address)
        if way.sent is None:
            self.page = self.browser.get(way.address, follow=True)
        else:
            self.page = self.browser.post(way.address, way.sent | self.answers(way), follow=True)
        assert self.page.status_code == 200, way.address

    def answers(self, way):
        given = {"name": "Awa D."} if "name" in way.asked and "/certificates/" in way.address else {}
        context = self.page.context or {}  # a lesson that was rendered before has none
        for response in context.get("responses") or [context.get("response")]:
            if response and response.pk and response.name in "".join(way.asked) and response.marked_at is None:
                given |= make.fields(response, make.right_answer(response))
        return given

    def walk(self, until, most=400):
        """Press until the page says so; return how often."""
        for presses in range(most):
            if until(self.page):
                return presses
            self.press()
        raise AssertionError(f"never there: {self.path[-12:]}")


def shows(*words):
    return lambda page: all(word in page.text for word in words)


@pytest.fixture(params=["en", "fr"])
def walker(request, loaded):
    return Walker(request.param)


def passed():
    return Attempt.objects.filter(use=Use.QUIZ, submitted_at__isnull=False).count()


def test_from_the_first_page_to_the_certificate(walker, django_user_model):
    module = f"/{walker.language}/modules/mali/"
    walker.walk(lambda page: passed() == 2)
    learner = django_user_model.objects.get()
    assert [attempt.has_passed for attempt in Attempt.objects.filter(use=Use.QUIZ)] == [True, True]
    assert Attempt.objects.filter(use=Use.QUIZ).first().bank.section.position == 1

    # The next day six items are due, whatever page the learner comes back to.
    today = timezone.localdate()
    Recall.objects.of(learner).update(first_on=today - timedelta(days=1), last_on=today - timedelta(days=1))
    due = Recall.objects.of(learner).reviewable().values("pk")[:6]
    Recall.objects.filter(pk__in=due).update(due_on=today)
    walker.page = walker.browser.get(module)
    walker.press()
    assert walker.path[-1] == f"/{walker.language}/review/"
    walker.walk(lambda page: not Recall.objects.of(learner).reviewable().filter(due_on__lte=today).exists())

    walker.walk(lambda page: page.wsgi_request.path == f"{module}exam/")
    required = [section for section in Section.objects.live() if not section.is_optional]
    assert {section.pk for section in required} <= {
        attempt.bank.section_id for attempt in Attempt.objects.filter(use=Use.QUIZ)
    }
    walker.walk(lambda page: page.wsgi_request.path == f"{module}end/")
    assert Attempt.objects.get(use=Use.EXAM).has_passed

    # A guest chooses a name first; then the certificate is issued, and printed.
    walker.press()
    assert "/accounts/sign-up/" in walker.page.wsgi_request.path
    learner.is_guest, learner.name, learner.name_key = False, "Awa", "awa"
    learner.save()
    walker.page = walker.browser.get(f"{module}go-on/", follow=True)
    walker.walk(shows("Awa D."))
    walker.page = walker.browser.get(f"{module}go-on/", follow=True)
    walker.press()
    assert walker.path[-1].endswith("/print/")
    assert "Awa D." in walker.page.text


def test_whoever_fails_is_led_to_the_passages_and_to_another_quiz(walker):
    walker.walk(lambda page: page.wsgi_request.path.startswith(f"/{walker.language}/attempts/"))
    attempt = Attempt.objects.get(use=Use.QUIZ)
    attempt.submit(timezone.now())
    walker.page = walker.browser.get(f"/{walker.language}/", follow=True)
    walker.press()
    assert walker.page.wsgi_request.path.endswith(attempt.get_absolute_url()[3:])
    walker.press()
    assert "?back=" in walker.path[-1]
    walker.walk(lambda page: passed() == 2)
    assert Attempt.objects.filter(use=Use.QUIZ).last().has_passed


def test_a_review_that_is_due_comes_before_the_next_lesson_on_every_page(as_awa, awa):
    module = make.case_study(sections=2, items=6)
    section = module.sections.order_by("position").first()
    for lesson in section.lessons.all():
        make.reading(awa, lesson)
    make.quiz(awa, section, right=5, at=timezone.now() - timedelta(days=1))
    Recall.objects.filter(learner=awa).update(due_on=timezone.localdate())
    for address in ("/en/", module.get_absolute_url()):
        (way,) = Filled(as_awa.get(address)).ways
        assert way.address == "/en/review/"
