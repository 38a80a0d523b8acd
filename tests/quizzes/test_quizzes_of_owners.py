"""A quiz that somebody made: what it asks, what is never drawn, what an attempt keeps, and how many are allowed."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from lessons.models import Module, Section
from quizzes.models import Attempt, Bank, Item, Quiz, QuizRule, Recall, Use
from quizzes.models.draws import generator
from quizzes.models.quizzes import MOST, NoneLeft, NothingToAsk, pick
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make.section()
    make.lesson(section)
    return section


@pytest.fixture
def bank(bakary):
    return make.bank(bakary)


def asked(sitting):
    return set(sitting.responses.values_list("item", flat=True))


# What it asks


def test_it_asks_what_is_chosen_and_draws_the_rest(awa, bakary, bank, section):
    own = [make.own_item(bank) for _ in range(5)]
    drawn = [make.item(section) for _ in range(4)]
    quiz = make.own_quiz(bakary, own, [(section.bank, 3)])
    sitting = make.own_sitting(awa, quiz)
    assert quiz.size() == 8
    assert {item.pk for item in own} < asked(sitting)
    assert len(asked(sitting) & {item.pk for item in drawn}) == 3
    assert (sitting.use, sitting.bank, sitting.module, sitting.place) == (Use.QUIZ, None, None, quiz)


def test_neither_drafts_nor_withdrawn_items_nor_those_for_other_uses_are_asked(awa, bakary, bank, section):
    whole = make.own_item(bank)
    others = [make.own_item(bank, is_draft=True), make.own_item(bank, withdrawn_at=make.NOW)]
    others += [make.item(section, uses=uses) for uses in (["exam"], ["check"], ["pre"])]
    quiz = make.own_quiz(bakary, [whole, *others], [(bank, 9), (section.bank, 9)])
    assert quiz.size() == 1
    assert asked(make.own_sitting(awa, quiz)) == {whole.pk}


def test_a_rule_draws_of_its_level_or_objective_alone(awa, bakary, section):
    items = [make.item(section) for _ in range(6)]
    Item.objects.filter(pk__in=[item.pk for item in items[:2]]).update(level="apply")
    Item.objects.filter(pk__in=[item.pk for item in items[2:4]]).update(objective=2)
    quiz = make.own_quiz(bakary, [], [(section.bank, 1, {"level": "apply"}), (section.bank, 1, {"objective": 2})])
    drawn = asked(make.own_sitting(awa, quiz))
    assert len(drawn & {item.pk for item in items[:2]}) == len(drawn & {item.pk for item in items[2:4]}) == 1
    assert len(drawn) == 2


def test_a_rule_draws_first_what_was_met_least(awa, bakary, section):
    items = [make.item(section) for _ in range(4)]
    make.hand_in(make.own_sitting(awa, make.own_quiz(bakary, items[:2])), 0)
    quiz = make.own_quiz(bakary, [], [(section.bank, 2)])
    assert asked(make.own_sitting(awa, quiz)) == {item.pk for item in items[2:]}


LEVELS = st.sampled_from(["", "remember", "apply"])


@given(
    levels=st.lists(st.sampled_from(["remember", "apply"]), max_size=12),
    sizes=st.dictionaries(LEVELS, st.integers(1, 15), max_size=3),
    chosen=st.sets(st.integers(0, 11), max_size=4),
    seed=st.integers(0, 9),
)
def test_whatever_is_asked_for_nothing_comes_twice_and_no_rule_takes_too_much(levels, sizes, chosen, seed):
    pool = [Item(pk=number, bank_id=1, level=level) for number, level in enumerate(levels)]
    rules = [QuizRule(bank_id=1, level=level, size=size) for level, size in sizes.items()]
    drawn = pick(sorted(chosen), rules, pool, {}, generator(seed))
    assert len(drawn) == len(set(drawn)) <= MOST
    assert chosen <= set(drawn)
    free = [item for item in pool if item.pk not in chosen]
    for level in ("remember", "apply"):
        there = sum(item.level == level for item in free)
        taken = sum(item.level == level for item in free if item.pk in drawn)
        assert min(there, sizes.get(level, 0)) <= taken <= there
    assert len(drawn) - len(chosen) <= sum(sizes.values())


PARTS = st.tuples(st.sampled_from(["", "remember", "apply"]), st.integers(0, 2)).filter(lambda part: not all(part))


@given(
    items=st.lists(st.tuples(st.sampled_from(["remember", "apply"]), st.integers(1, 2)), max_size=8),
    sizes=st.dictionaries(PARTS, st.integers(1, 4), max_size=4),
    seeds=st.sets(st.integers(0, 99), min_size=2, max_size=4),
)
@example(items=[("apply", 1), ("apply", 2)], sizes={("apply", 0): 1, ("", 1): 1}, seeds=set(range(9)))
def test_however_rules_overlap_every_seed_draws_as_many_as_there_can_be(items, sizes, seeds):
    pool = [
        Item(pk=number, bank_id=1, level=level, objective=objective) for number, (level, objective) in enumerate(items)
    ]
    rules = [QuizRule(bank_id=1, level=level, objective=number, size=size) for (level, number), size in sizes.items()]
    # By Hall: what some of the rules ask for, and the items that any of the others covers.
    split = [[bool(bits >> number & 1) for number in range(len(rules))] for bits in range(2 ** len(rules))]
    most = min(
        sum(rule.size for rule, asks in zip(rules, side, strict=True) if asks)
        + sum(any(rule.covers(item) for rule, asks in zip(rules, side, strict=True) if not asks) for item in pool)
        for side in split
    )
    assert {len(pick([], rules, pool, {}, generator(seed))) for seed in seeds} == {most}


# What an attempt keeps


def test_whoever_has_begun_keeps_their_draw_and_threshold(awa, bakary, bank):
    first, second = make.own_item(bank), make.own_item(bank)
    quiz = make.own_quiz(bakary, [first], threshold="0.5")
    sitting = make.own_sitting(awa, quiz)
    quiz.items.set([second])
    quiz.threshold = 1
    quiz.save()
    again = make.own_sitting(awa, quiz)
    assert again == sitting
    assert (asked(again), float(again.threshold)) == ({first.pk}, 0.5)


def test_it_is_marked_as_any_quiz_and_can_be_repeated(awa, bakary, bank, section):
    quiz = make.own_quiz(bakary, [make.own_item(bank), make.own_item(bank), make.item(section), make.item(section)])
    sitting = make.own_sitting(awa, quiz, right=3)
    assert (float(sitting.score), sitting.has_passed) == (0.75, False)
    repeat = sitting.retry(make.NOW)
    assert (repeat.quiz, repeat.use, repeat.responses.count()) == (quiz, Use.REVIEW, 1)
    assert make.give(repeat, True).submitted_at == make.NOW


def test_certainty_is_asked_where_the_quiz_says_so(awa, bakary, bank):
    item = make.own_item(bank)
    assert make.own_sitting(awa, make.own_quiz(bakary, [item], asks_certainty=True)).asks_certainty
    assert not make.own_sitting(awa, make.own_quiz(bakary, [item])).asks_certainty


def test_the_review_of_the_day_asks_the_course_s_items_of_it_alone(awa, bakary, bank, section):
    course = make.item(section)
    make.own_sitting(awa, make.own_quiz(bakary, [make.own_item(bank), course]), right=0)
    assert [recall.item for recall in Recall.objects.of(awa).reviewable()] == [course]


# How many


def test_the_allowed_number_is_held_to_and_one_too_many_leaves_nothing(awa, celia, bakary, bank):
    quiz = make.own_quiz(bakary, [make.own_item(bank)], attempts_allowed=2)
    for _ in range(2):
        make.own_sitting(awa, quiz, right=0)
    with pytest.raises(NoneLeft):
        make.own_sitting(awa, quiz)
    assert (Attempt.objects.filter(quiz=quiz).count(), quiz.used_by(awa)) == (2, 2)
    assert make.own_sitting(celia, quiz).is_open


def test_a_trial_and_a_repeat_use_up_no_attempt(bakary, bank):
    quiz = make.own_quiz(bakary, [make.own_item(bank)], attempts_allowed=1)
    make.own_sitting(bakary, quiz, right=0, is_trial=True)
    sitting = make.own_sitting(bakary, quiz, right=0)
    sitting.retry(make.NOW)
    assert (sitting.is_trial, quiz.used_by(bakary)) == (False, 1)


def test_a_quiz_that_asks_nothing_begins_nothing(awa, bakary):
    with pytest.raises(NothingToAsk):
        make.own_sitting(awa, make.own_quiz(bakary))
    assert not Attempt.objects.exists()


def test_the_database_holds_one_open_attempt_per_learner_and_quiz(awa, bakary, bank):
    quiz = make.own_quiz(bakary, [make.own_item(bank)])
    make.own_sitting(awa, quiz)
    make.own_sitting(awa, quiz, is_trial=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(learner=awa, quiz=quiz, use=Use.QUIZ, seed=1, started_at=make.NOW)


@pytest.mark.django_db(transaction=True)
def test_starts_at_once_give_one_attempt(in_parallel, awa, bakary, bank):
    quiz = make.own_quiz(bakary, [make.own_item(bank), make.own_item(bank)], attempts_allowed=1)
    begun = in_parallel(lambda number: make.own_sitting(awa, quiz).pk, 8)
    assert len(set(begun)) == 1
    assert Attempt.objects.get().responses.count() == 2


def test_a_start_takes_as_many_queries_whatever_it_draws(
    awa, celia, bakary, bank, section, django_assert_max_num_queries
):
    few = make.own_quiz(bakary, [make.own_item(bank)])
    many = make.own_quiz(bakary, [make.own_item(bank) for _ in range(5)], [(section.bank, 4), (bank, 9)])
    for _ in range(8):
        make.item(section)
    for learner, quiz in ((awa, few), (celia, many)):
        with django_assert_max_num_queries(12):  # 9, and the ends of two transactions
            make.own_sitting(learner, quiz)


# What is open to its owner


@pytest.fixture
def shared(bakary, danso):
    """A bank of danso's, shared with a cohort that bakary teaches."""
    cohort = make.cohort(danso)
    make.staff(cohort, bakary)
    return make.bank(danso, cohort=cohort)


def test_of_a_bank_that_is_shared_no_more_what_was_chosen_is_asked_and_nothing_is_drawn(awa, bakary, shared):
    chosen, other = make.own_item(shared), make.own_item(shared)
    quiz = make.own_quiz(bakary, [chosen], [(shared, 5)])
    assert {item.pk for item in quiz.items_in_order(1)} == {chosen.pk, other.pk}
    shared.cohorts.clear()
    make.own_item(shared)
    assert quiz.size() == 1
    assert quiz.items_in_order(1) == [chosen]
    assert asked(make.own_sitting(awa, quiz)) == {chosen.pk}


def test_of_a_bank_that_was_never_shared_nothing_is_drawn(bakary, danso):
    theirs = make.bank(danso)
    make.own_item(theirs)
    assert make.own_quiz(bakary, [], [(theirs, 1)]).size() == 0


@pytest.mark.parametrize("is_erased", [True, False])
def test_whoever_may_teach_no_more_draws_from_the_course_and_their_own_alone(bakary, bank, section, shared, is_erased):
    own, course = make.own_item(bank), make.item(section)
    make.own_item(shared)
    quiz = make.own_quiz(bakary, [], [(shared, 9), (bank, 9), (section.bank, 9)])
    assert quiz.size() == 3
    if is_erased:
        Bank.objects.filter(owner=bakary).update(owner=None)
        Quiz.objects.update(owner=None)
    else:
        User.objects.filter(pk=bakary.pk).update(may_teach_at=None)
    assert set(Quiz.objects.get().items_in_order(1)) == {own, course}


def test_items_of_a_withdrawn_section_or_module_are_not_asked(bakary, section):
    other = make.section()
    items = [make.item(section), make.item(other)]
    quiz = make.own_quiz(bakary, items[:1], [(other.bank, 1)])
    assert quiz.size() == 2
    Section.objects.filter(pk=section.pk).update(withdrawn_at=make.NOW)
    assert quiz.size() == 1
    Module.objects.filter(pk=other.module_id).update(withdrawn_at=make.NOW)
    assert quiz.size() == 0
