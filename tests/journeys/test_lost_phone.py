"""A learner who loses the phone is back in three pages, with nobody's help but a new slip."""

import re

from django.test import Client
from django.utils import timezone

from accounts.models import User
from cohorts import places
from quizzes.models import Attempt
from tests import make
from tests.journeys.test_with_a_cohort import Clicking


def slip(place, by):
    """What the instructor prints: the link of a code made anew."""
    assert places.renew_code(place, by, timezone.now())
    place.refresh_from_db()
    return f"/en/join/{place.grouped_code}/"


def test_back_in_three_pages_and_the_account_takes_it_back(bakary, as_bakary):
    section = make.case_study().sections.get()
    cohort = make.cohort(bakary, name="Monday group")
    make.assignment(cohort, section.module)
    place = make.place(cohort, "Zerbo, M.")

    # On the phone that will be lost: a guest joins by the slip, passes the section, and leaves a quiz half done.
    awa = Clicking().open(f"/en/join/{place.grouped_code}/").press("/join/cohort/", {"code": place.grouped_code})
    lost = User.objects.get(is_guest=True)
    make.quiz(lost, section, right=5, at=timezone.now())
    half_done = make.quiz(lost, section, at=timezone.now())

    # The link of the new slip leads to one page, its button to the cohort.
    found = Clicking().open(slip(cohort.enrolments.get(user=lost), bakary))
    assert found.address == "/en/join/place/"
    assert "Your place in “Monday group”, on this phone" in found.main
    assert found.main.count("btn-primary") == 1
    assert "Zerbo" not in found.text
    found.press("/join/place/", {"code": re.search(r'name="code" value="([^"]+)"', found.main)[1]})
    assert found.address == cohort.get_absolute_url()
    assert "Your place is on this phone now" in found.main
    assert found.clicks == 1

    # All of the cohort's work is there, under the guest of the new phone; what was half done goes on.
    new = User.objects.exclude(pk=lost.pk).get(is_guest=True)
    assert Attempt.start_quiz(new, section, timezone.now()) == half_done
    board = as_bakary.get(f"/en/cohorts/{cohort.pk}/board/").text
    assert "Zerbo, M." in board
    assert cohort.assignments.attempts().get().learner == new

    # Whoever has the old phone is told on the next page, and takes the place back with one button.
    awa.open("/en/").follow("/own/warnings/")
    assert "your place went to another phone" in awa.main
    awa.send(awa.forms("/undo/")[0], {})
    assert "It is as it was before" in awa.main
    assert Attempt.start_quiz(lost, section, timezone.now()) == half_done
    assert Client().get("/en/join/place/")["Location"] == "/en/join/"
