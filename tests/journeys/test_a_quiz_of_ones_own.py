"""What two people do: an instructor makes a quiz and sets it, a learner sits it and sees why, he sees her mark."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from quizzes.models import Attempt, Quiz
from tests import make
from tests.conftest import browser_of
from tests.journeys.test_with_a_cohort import Clicking


def at_a_browser_of(user):
    person = Clicking()
    person.client = browser_of(user)
    return person


def fields_of(person):
    """The hidden fields of the page's form, as it carries them."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', person.main))


def test_bakary_makes_a_quiz_awa_sits_it_and_he_sees_her_mark(awa, bakary):
    module = make.case_study(lessons=1, items=6)
    section = module.sections.get()
    bank = make.bank(bakary, title="Rivers")
    own = [make.own_item(bank) for _ in range(5)]
    cohort = make.cohort(bakary, [awa], at=timezone.now() - timedelta(days=2))

    # Five items of his own bank, and three drawn of section 1.
    teacher = at_a_browser_of(bakary).open("/en/cohorts/").follow("/quizzes/").follow("/quizzes/new/")
    teacher.press("/new/", {"title": "After week one", "points": "80"} | fields_of(teacher))
    quiz = Quiz.objects.get()
    assert "It asks nothing yet" in teacher.main
    teacher.follow(f"/banks/{bank.pk}/")
    teacher.press(f"/banks/{bank.pk}/", {"items": [item.pk for item in own]} | fields_of(teacher))
    teacher.follow(f"/banks/{section.bank.pk}/")
    teacher.press(f"/banks/{section.bank.pk}/", {"draw-0": "3"} | fields_of(teacher))
    assert "It asks 8 questions." in teacher.main

    # A look at it as a learner sees it, then it is set.
    teacher.press("/try/", {})
    assert Attempt.objects.get().is_trial
    teacher.open(f"/en/quizzes/{quiz.pk}/").follow(f"/cohorts/{cohort.pk}/quizzes/new/")
    opens = re.search(r'name="opens_at" value="([^"]+)"', teacher.main)[1]
    due = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    teacher.press("/new/", {"quiz": quiz.pk, "opens_at": opens, "due_at": due} | fields_of(teacher))
    marks = teacher.address
    assert "1 learner has not handed it in." in teacher.main

    # Awa finds it on the first page, sits it, and sees what was right and why.
    learner = at_a_browser_of(awa).open("/en/").follow(f"/quizzes/{quiz.pk}/").press("/begin/", {})
    learner.answer_quiz(right=True)
    assert "Passed: 8 of 8 items right" in " ".join(learner.main.split())
    assert "Own explanation" in learner.main
    learner.press_main_button()
    assert learner.address == f"/en/quizzes/{quiz.pk}/"
    assert "100 of 100 points" in learner.main

    # He sees her mark, and the answers behind it; a stranger sees nothing of all this.
    teacher.open(marks)
    assert "Everybody has handed it in." in teacher.main
    sitting = Attempt.objects.get(learner=awa)
    teacher.follow(f"/attempts/{sitting.pk}/")
    assert "After week one" in teacher.main
    assert Client().get(f"/en/quizzes/{quiz.pk}/").status_code == 302
