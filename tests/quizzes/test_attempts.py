"""An attempt's life: drawn and shuffled once, saved, submitted and marked once, by the current key."""

import uuid
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from quizzes.models import Attempt, Response, Use
from quizzes.models.draws import draw, shuffled
from quizzes.models.responses import Unmarked, rounded_down
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(minutes=20)


@pytest.fixture
def section():
    return make.case_study(items=12).sections.get()


def items_of(attempt):
    return list(attempt.responses.order_by("position").values_list("item_id", flat=True))


def single_section(items, draw=None, **given):
    section = make.section(draw=draw or items)
    for _ in range(items):
        make.item(section, **given)
    return section


# Starting


def test_the_draw_is_made_at_the_start_and_kept(awa, section):
    attempt = make.quiz(awa, section)
    drawn = list(
        attempt.responses.order_by("position").values_list("position", "item", "shown_version", "option_order")
    )
    assert [row[0] for row in drawn] == [1, 2, 3, 4, 5]
    assert len({row[1] for row in drawn}) == 5
    for response in attempt.responses.all():
        make.version(response.item, stem=make.text("Another stem?"))
    make.item(section)
    assert (
        list(attempt.responses.order_by("position").values_list("position", "item", "shown_version", "option_order"))
        == drawn
    )


def test_starting_again_resumes_the_open_one(awa, celia, section):
    attempt = make.quiz(awa, section)
    assert make.quiz(awa, section, at=LATER) == attempt
    assert make.quiz(celia, section) != attempt
    attempt.submit(LATER)
    assert make.quiz(awa, section) != attempt


def test_the_threshold_is_copied_at_the_start(awa, section):
    attempt = make.quiz(awa, section)
    section.module.threshold = Decimal("0.2")
    section.module.save()
    attempt.refresh_from_db()
    assert attempt.threshold == Decimal("0.8")


def test_least_seen_items_come_first(awa, section):
    """Of 12 items 5 are drawn at a time: after 12 quizzes each was met 5 times, never two apart on the way."""
    met = Counter()
    for _ in range(12):
        met.update(items_of(make.quiz(awa, section, right=0)))
        seen = [met[pk] for pk in section.bank.items.values_list("pk", flat=True)]
        assert max(seen) - min(seen) <= 1
    assert set(met.values()) == {5}


def test_what_another_learner_met_does_not_count(awa, celia):
    section = single_section(items=4, draw=2)
    for _ in range(6):
        make.quiz(celia, section, right=0)
    first, second = (items_of(make.quiz(awa, section, right=0)) for _ in range(2))
    assert len({*first, *second}) == 4


def test_only_live_items_for_quizzes_are_drawn(awa):
    section = make.section(draw=9)
    drawable = [make.item(section, uses=["quiz"]) for _ in range(2)]
    make.item(section, uses=["check"])
    make.item(section, uses=["exam", "review"])
    gone = make.item(section)
    gone.withdrawn_at = make.NOW
    gone.save()
    assert sorted(items_of(make.quiz(awa, section))) == [item.pk for item in drawable]


def test_options_are_shuffled_once_for_each_attempt(awa):
    section = single_section(items=1, options=8)
    orders = []
    for _ in range(6):
        attempt = make.quiz(awa, section)
        first = attempt.responses.get().option_order
        assert sorted(first) == list("abcdefgh")
        attempt.save_answers({1: "b"}, "fr", LATER)
        assert make.quiz(awa, section).responses.get().option_order == first
        attempt.submit(LATER)
        orders.append(tuple(attempt.responses.get().option_order))
    assert len(set(orders)) > 1


@pytest.mark.parametrize("kind", ["single", "classify"])
def test_items_that_keep_their_order_are_never_shuffled(awa, kind):
    """Two options keep theirs unless the author says otherwise: the kind sets `shuffle` so when it reads the item."""
    section = single_section(items=1, kind=kind, options=8, shuffle=False)
    for _ in range(6):
        attempt = make.quiz(awa, section, right=1)
        assert attempt.responses.get().option_order == list("abcdefgh")


def test_a_seed_that_is_stored_gives_the_same_order(awa, section):
    attempt = make.quiz(awa, section)
    for response in attempt.responses.select_related("shown_version"):
        assert shuffled(response.shown_version, attempt.seed) == response.option_order
    Response.objects.all().delete()
    again = [item.pk for item in draw(awa, section.bank, section.quiz_size, attempt.seed)]
    assert again == [item.pk for item in draw(awa, section.bank, section.quiz_size, attempt.seed)]


# Saving


def test_before_it_is_marked_nothing_of_an_item_is_told(awa):
    attempt = make.quiz(awa, single_section(items=1))
    with pytest.raises(Unmarked):
        attempt.responses.get().review()
    attempt.submit(LATER)
    assert "right" in attempt.responses.get().review()


def test_answers_are_saved_and_replaced_while_it_is_open(awa):
    attempt = make.quiz(awa, single_section(items=3))
    assert attempt.save_answers({1: "b", 2: "c"}, "en", make.NOW)
    assert attempt.save_answers({2: "a"}, "fr", LATER)
    rows = attempt.responses.order_by("position").values_list("answer", "language", "saved_at", "score")
    assert list(rows) == [("b", "en", make.NOW, None), ("a", "fr", LATER, None), (None, "", None, None)]


def test_nothing_is_saved_after_submission(awa):
    attempt = make.quiz(awa, single_section(items=2), right=2)
    before = list(attempt.responses.order_by("position").values())
    assert attempt.save_answers({1: "d", 2: "d"}, "fr", LATER) is False
    assert list(attempt.responses.order_by("position").values()) == before


def test_nothing_is_saved_once_it_has_expired(awa):
    attempt = make.quiz(awa, single_section(items=1))
    Attempt.objects.update(expired_at=LATER)
    assert attempt.save_answers({1: "a"}, "en", LATER) is False
    assert attempt.submit(LATER) is False
    assert attempt.responses.get().answer is None


# Submitting and marking


@pytest.mark.parametrize(
    ("items", "right", "score", "passed"),
    [
        (3, 2, "0.6666", False),
        (3, 1, "0.3333", False),
        (6, 5, "0.8333", True),
        (5, 4, "0.8", True),
        (7, 0, "0", False),
        (7, 7, "1", True),
        (9, 7, "0.7777", False),
    ],
)
def test_the_score_is_the_mean_rounded_down_to_four_places(awa, items, right, score, passed):
    attempt = make.quiz(awa, single_section(items), right=right)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.has_passed) == (Decimal(score), passed)


def test_the_mean_is_taken_of_exact_shares(awa):
    """Three items of three statements, each with two right: 2/3, where the mean of 0.6666s would be short of it."""
    section = single_section(items=3, kind="classify", options=3)
    attempt = make.quiz(awa, section)
    two = {"a": "fact", "b": "fact", "c": "allegation"}
    attempt.save_answers({1: two, 2: two, 3: two}, "en", make.NOW)
    attempt.submit(LATER)
    attempt.refresh_from_db()
    assert attempt.score == Decimal("0.6666")
    assert set(attempt.responses.values_list("score", flat=True)) == {Decimal("0.6666")}
    half = make.quiz(awa, section)
    half.save_answers({1: two, 2: two, 3: two | {"c": "fact"}}, "en", make.NOW)
    half.submit(LATER)
    assert half.score == Decimal("0.7777")


@given(parts=st.integers(1, 40), data=st.data())
def test_rounding_down_never_lifts_a_score_over_a_threshold(parts, data):
    share = Fraction(data.draw(st.integers(0, parts)), parts)
    score = rounded_down(share)
    assert Fraction(score) <= share < Fraction(score) + Fraction(1, 10000)
    assert (score >= Decimal("0.8")) == (share >= Fraction(4, 5))


def test_what_was_not_answered_counts_as_wrong(awa):
    attempt = make.quiz(awa, single_section(items=2))
    attempt.save_answers({1: "a"}, "en", make.NOW)
    attempt.submit(LATER)
    assert attempt.score == Decimal("0.5")
    assert [response.outcome for response in attempt.responses.order_by("position")] == ["right", "wrong"]


def test_submitting_twice_marks_once(awa):
    attempt = make.quiz(awa, single_section(items=2), right=1)
    first = Attempt.objects.filter(pk=attempt.pk).values().get()
    marked = list(attempt.responses.order_by("position").values())
    same = Attempt.objects.get(pk=attempt.pk)
    for response in attempt.responses.all():
        make.version(response.item, key="d")
    assert same.submit(LATER) is False
    assert Attempt.objects.filter(pk=attempt.pk).values().get() == first
    assert list(attempt.responses.order_by("position").values()) == marked
    assert same.score == first["score"]


def test_marking_follows_the_current_key_whatever_was_shown(awa):
    section = single_section(items=1)
    attempt = make.quiz(awa, section)
    shown = attempt.responses.get().shown_version
    attempt.save_answers({1: "b"}, "en", make.NOW)
    current = make.version(section.bank.items.get(), key="b")
    attempt.submit(LATER)
    response = attempt.responses.get()
    assert (response.shown_version, response.marked_version, response.outcome) == (shown, current, "right")


def test_an_answer_that_the_new_version_cannot_read_counts_for_nobody(awa):
    section = single_section(items=2)
    attempt = make.quiz(awa, section)
    first, second = attempt.responses.order_by("position")
    attempt.save_answers({1: "d", 2: "a"}, "en", make.NOW)
    make.version(first.item, options=first.shown_version.document["options"][:3])
    attempt.submit(LATER)
    outcomes = [response.outcome for response in attempt.responses.order_by("position")]
    assert (outcomes, attempt.score) == (["void", "right"], 1)
    assert second.item.current_version == attempt.responses.get(position=2).marked_version


@pytest.mark.parametrize(
    ("kind", "document"),
    [("short", {"accepted": {"en": ["2"], "fr": ["2"]}}), ("number", {"value": "2", "tolerance": "0"})],
)
def test_an_answer_to_another_kind_of_item_counts_for_nobody(awa, kind, document):
    """The new version would take it: a typed word or number may read like the id of the option that was chosen."""
    section = single_section(items=1)
    item = section.bank.items.get()
    make.version(item, options=[{"id": each, "text": make.text(each)} for each in "123"], key="1")
    attempt = make.quiz(awa, section)
    attempt.save_answers({1: "2"}, "en", make.NOW)
    current = make.version(item, kind=kind, document=document)
    assert current.rules.mark(current.document, "2") == 1
    attempt.submit(LATER)
    assert (attempt.responses.get().outcome, attempt.score) == ("void", 0)


def test_a_withdrawn_item_counts_for_nobody(awa):
    attempt = make.quiz(awa, single_section(items=3))
    gone = attempt.responses.get(position=1).item
    gone.withdrawn_at = make.NOW
    gone.save()
    attempt.save_answers({1: "b", 2: "a", 3: "b"}, "en", make.NOW)
    attempt.submit(LATER)
    assert [response.outcome for response in attempt.responses.order_by("position")] == ["void", "right", "wrong"]
    assert attempt.score == Decimal("0.5")


def test_a_quiz_of_withdrawn_items_alone_passes_nobody(awa):
    section = single_section(items=1)
    attempt = make.quiz(awa, section)
    section.bank.items.update(withdrawn_at=make.NOW)
    attempt.submit(LATER)
    assert (attempt.score, attempt.has_passed) == (0, False)


def test_the_first_marked_response_to_an_item_is_known_as_such(awa, celia):
    section = single_section(items=2)
    first, again = make.quiz(awa, section, right=0), make.quiz(awa, section, right=2)
    assert set(first.responses.values_list("is_first", flat=True)) == {True}
    assert set(again.responses.values_list("is_first", flat=True)) == {False}
    assert set(make.quiz(celia, section, right=0).responses.values_list("is_first", flat=True)) == {True}


def test_what_counted_for_nobody_was_not_the_first(awa):
    section = single_section(items=1)
    attempt = make.quiz(awa, section)
    section.bank.items.update(withdrawn_at=make.NOW)
    attempt.submit(make.NOW)
    section.bank.items.update(withdrawn_at=None)
    assert make.quiz(awa, section, right=1).responses.get().is_first is True


def test_a_check_is_never_the_first(awa):
    section = single_section(items=1, uses=["quiz", "check"])
    check = Attempt.answer_check(awa, section.bank.items.get(), "a", list("abcd"), make.NOW)
    assert check.responses.get().is_first is None
    assert not check.has_passed  # it has a score, and no threshold
    assert make.quiz(awa, section, right=1).responses.get().is_first is True


def test_a_trial_is_never_the_first(awa):
    section = single_section(items=1)
    trial = Attempt.start_quiz(awa, section, make.NOW, is_trial=True)
    trial.submit(LATER)
    assert trial.responses.get().is_first is False
    assert make.quiz(awa, section, right=1).responses.get().is_first is True


# Many at once, on SQLite's file or PostgreSQL (quality R4)


@pytest.mark.django_db(transaction=True)
def test_16_parallel_submits_have_one_winner_and_one_mark(in_parallel, awa):
    attempt = make.quiz(awa, make.case_study(items=6).sections.get())
    answers = {response.position: make.right_answer(response) for response in attempt.responses.all()[:3]}
    attempt.save_answers(answers, "en", make.NOW)

    def submit(number):
        mine = Attempt.objects.get(pk=attempt.pk)
        won = mine.submit(LATER + timedelta(seconds=number))
        return won, mine.score, mine.submitted_at

    outcomes = in_parallel(submit)
    assert Counter(won for won, _, _ in outcomes) == {True: 1, False: 15}
    assert len({(score, at) for _, score, at in outcomes}) == 1
    [(_, score, at)] = [outcome for outcome in outcomes if outcome[0]]
    attempt.refresh_from_db()
    assert (attempt.score, attempt.submitted_at) == (score, at)
    assert set(attempt.responses.values_list("marked_at", flat=True)) == {at}


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_this_race_would_be_seen(in_parallel, awa):
    """The control: reading first and writing then lets several win. It shows that the test above can fail."""
    attempt = make.quiz(awa, make.case_study(items=6).sections.get())
    read = Barrier(16, timeout=30)

    def submit(number):
        is_open = Attempt.objects.get(pk=attempt.pk).is_open
        read.wait()
        return is_open and bool(Attempt.objects.filter(pk=attempt.pk).update(submitted_at=LATER))

    assert sum(in_parallel(submit)) == 16


@pytest.mark.django_db(transaction=True)
def test_16_parallel_starts_open_one_quiz(in_parallel, awa):
    section = make.case_study(items=12).sections.get()
    started = in_parallel(lambda _: Attempt.start_quiz(awa, type(section).objects.get(pk=section.pk), make.NOW).pk)
    attempt = Attempt.objects.get()
    assert set(started) == {attempt.pk}
    assert attempt.responses.count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_with_the_submission_is_marked_or_refused(in_parallel, awa):
    """Nobody is told "saved" of an answer that was not marked."""
    attempt = make.quiz(awa, single_section(items=1))

    def act(number):
        mine = Attempt.objects.get(pk=attempt.pk)
        return mine.submit(LATER) if number == 7 else mine.save_answers({1: "a"}, "en", make.NOW)

    saved = [told for number, told in enumerate(in_parallel(act)) if number != 7]
    response = attempt.responses.get()
    assert (response.answer, response.score) == (("a", 1) if any(saved) else (None, 0))


# What the tables refuse


def attempt_of(learner, section, **fields):
    given = {"module": section.module, "bank": section.bank, "use": Use.QUIZ, "seed": 1, "started_at": make.NOW}
    return Attempt.objects.create(learner=learner, **given | fields)


@pytest.mark.parametrize(
    "fields",
    [{}, {"use": Use.EXAM, "bank": None}, {"use": Use.REVIEW, "bank": None, "module": None}],
    ids=["quiz", "exam", "review"],
)
def test_a_second_open_one_is_refused(awa, celia, section, fields):
    first = attempt_of(awa, section, **fields)
    attempt_of(celia, section, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt_of(awa, section, **fields)
    first.submitted_at = LATER
    first.save()
    assert attempt_of(awa, section, **fields)


def test_a_second_open_retry_and_a_second_sending_are_refused(awa, section):
    first = attempt_of(awa, section, submitted_at=LATER)
    attempt_of(awa, section, use=Use.REVIEW, retry_of=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt_of(awa, section, use=Use.REVIEW, retry_of=first)
    same = {"use": Use.CHECK, "submitted_at": LATER, "client_id": uuid.uuid4()}
    attempt_of(awa, section, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt_of(awa, section, **same)


@pytest.mark.parametrize("fields", [{"score": "0.5"}, {"score": "1.0001", "submitted_at": LATER}])
def test_a_score_is_from_0_to_1_and_only_once_submitted(awa, section, fields):
    with pytest.raises(IntegrityError, match="a_score_from_0_to_1_once_submitted"), transaction.atomic():
        attempt_of(awa, section, **fields)


def test_one_response_per_position_and_per_item_and_no_score_before_marking(awa, section):
    attempt = make.quiz(awa, section)
    first, second = attempt.responses.order_by("position")[:2]
    for changes in ({"position": first.position}, {"item": first.item}, {"score": "1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.filter(pk=second.pk).update(**changes)
