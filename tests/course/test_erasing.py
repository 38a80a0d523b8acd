"""manage.py tidy: nothing stays longer than the page "Who sees what I do here" says."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import RateLimitBucket, User
from course.erasing import TYPED, erase, erase_idle_guests
from quizzes.models import Attempt, Response
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "erased"), [(180, 0), (181, 1)])
def test_a_guest_who_was_away_for_more_than_180_days_is_erased(days, erased):
    make.guest()
    assert erase_idle_guests(make.NOW.date() + timedelta(days=days)) == erased
    assert User.objects.count() == 1 - erased


def test_people_with_a_name_stay(awa):
    User.objects.update(last_seen_on="2020-01-01")
    assert erase_idle_guests(make.NOW.date()) == 0


def test_erasing_cuts_the_link_and_keeps_choices_and_scores(awa, celia):
    section = make.case_study().sections.get()
    make.reading(awa, section.lessons.first())
    quiz, others = make.quiz(awa, section, right=3), make.quiz(celia, section, right=3)
    Response.objects.update(certainty=2)
    before = list(quiz.responses.order_by("position").values_list("answer", "score"))
    assert erase(User.objects.named("Awa")) == 1
    quiz = Attempt.objects.get(pk=quiz.pk)
    assert (quiz.learner, quiz.score is not None) == (None, True)
    assert list(quiz.responses.order_by("position").values_list("answer", "score")) == before
    assert set(quiz.responses.values_list("certainty", flat=True)) == {None}
    assert set(others.responses.values_list("certainty", flat=True)) == {2}


def test_typed_text_goes(awa):
    section = make.case_study().sections.get()
    quiz = make.quiz(awa, section, right=5)
    typed = quiz.responses.first()
    make.version(typed.item, kind="short")
    typed.shown_version = typed.item.current_version
    typed.save()
    erase(User.objects.named("Awa"))
    assert [each.answer for each in quiz.responses.all() if each.pk == typed.pk] == [None]
    assert sum(each.answer is not None for each in quiz.responses.all()) == 4


def test_the_command_does_it_all_and_can_be_repeated(capsys):
    make.guest()
    User.objects.update(last_seen_on=timezone.now().date() - timedelta(days=181))
    RateLimitBucket.objects.take("network", "203.0.113.7", 300, 300, timezone.now() - timedelta(minutes=61))
    RateLimitBucket.objects.take("network", "198.51.100.4", 300, 300, timezone.now() - timedelta(minutes=5))
    RateLimitBucket.objects.create(key_hash="a", tokens=1, at=timezone.now() - timedelta(hours=2))
    call_command("tidy")
    assert User.objects.count() == 0
    assert RateLimitBucket.objects.count() == 1
    call_command("tidy")
    assert "0 idle guests, 0 limits" in capsys.readouterr().out.splitlines()[1]


def test_words_that_a_kind_calls_typed_are_those_that_go():
    assert TYPED == ["short"]
