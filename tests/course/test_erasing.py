"""manage.py tidy: nothing stays longer than the page "Who sees what I do here" says."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import RateLimitBucket, User
from course.erasing import erase, erase_idle_guests
from quizzes import remarking
from quizzes.kinds import TYPED
from quizzes.models import Attempt, Remark, Response
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


@pytest.fixture
def typed_and_chosen(awa):
    """Awa's quiz: a short answer that is right, an option that is wrong, and a short answer that she left out."""
    section = make.section(draw=3)
    for slug, kind in (("typed", "short"), ("chosen", "single"), ("gap", "short")):
        make.item(section, kind=kind, slug=slug)
    quiz = make.quiz(awa, section)
    given = {row.position: make.right_answer(row) for row in quiz.responses.all() if row.item.slug == "typed"}
    quiz.save_answers(given | {row.position: "b" for row in quiz.responses.filter(item__slug="chosen")}, "en", make.NOW)
    quiz.submit(make.NOW)
    return quiz


def mark_again():
    return [change for ids in remarking.batches() for change in remarking.remark(ids, None, make.NOW)]


def scores(quiz):
    return {slug: float(score) for slug, score in quiz.responses.values_list("item__slug", "score")}


@pytest.mark.parametrize("change", [{"stem": make.text("Reworded?")}, {"accepted": make.both(["Kidal"])}])
def test_what_was_typed_is_not_marked_again_without_it(typed_and_chosen, change):
    quiz = typed_and_chosen
    before, score = scores(quiz), quiz.score
    erase(User.objects.named("Awa"))
    for slug in ("typed", "gap"):
        make.version(quiz.responses.get(item__slug=slug).item, **change)
    assert mark_again() == []
    assert list(remarking.batches()) == []
    assert before == {"typed": 1, "chosen": 0, "gap": 0} == scores(quiz)
    assert (Attempt.objects.get(pk=quiz.pk).score, Remark.objects.count()) == (score, 0)


def test_what_was_typed_keeps_its_share_where_another_item_is_corrected(typed_and_chosen):
    quiz = typed_and_chosen
    erase(User.objects.named("Awa"))
    make.version(quiz.responses.get(item__slug="typed").item, stem=make.text("Reworded?"))
    make.version(quiz.responses.get(item__slug="chosen").item, key="b")
    assert [change.becomes for change in mark_again()] == ["risen"]
    assert scores(quiz) == {"typed": 1, "chosen": 1, "gap": 0}
    assert str(Attempt.objects.get(pk=quiz.pk).score) == "0.6666"


def test_what_was_typed_counts_for_nobody_where_its_item_is_withdrawn(typed_and_chosen):
    quiz = typed_and_chosen
    erase(User.objects.named("Awa"))
    item = quiz.responses.get(item__slug="typed").item
    item.withdrawn_at = make.NOW
    item.save()
    assert [change.becomes for change in mark_again()] == ["void"]
    item.withdrawn_at = None
    item.save()
    assert mark_again() == []
    assert quiz.responses.get(item=item).score is None


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
