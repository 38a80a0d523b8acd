"""Terms of an exam: it counts for what it began under, whatever joins, leaves or signs in afterwards (quality R22)."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.locking import PersonGone
from cohorts import intervals, places
from cohorts.board import board_of
from cohorts.exams import held_back, practised_sections, terms_of
from cohorts.intervals import INSTANT
from cohorts.models import Assignment, AttemptTerms, Enrolment, ExamRule, Membership
from cohorts.overview import figures_of
from course import exams, moving
from quizzes.models import Attempt, Use
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def section(module):
    return module.sections.get(position=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def own(cohort, awa):
    return cohort.enrolments.get(user=awa)


def asks(cohort, module, **fields):
    return make.assignment(
        cohort, module, **{"exam": ExamRule.REQUIRED, "exam_attempts": 1, "exam_minutes": 5} | fields
    )


def sit(learner, module, at, right=0):
    """An exam started and handed in as on its page; None where none may be started."""
    sitting = exams.start(learner, module, at)
    return sitting and make.hand_in(sitting, right, at)


def counted(cohort):
    return set(cohort.assignments.attempts())


# Being in is intervals


def stays(enrolment):
    return enrolment.intervals()


def test_joining_leaving_and_rejoining_open_and_close_intervals(cohort, awa, own):
    own.leave(NOW + DAY)
    cohort.join(awa, NOW + 3 * DAY)
    own.refresh_from_db()
    assert stays(own) == [(NOW, NOW + DAY), (NOW + 3 * DAY, None)]
    assert (own.joined_at, own.left_at) == (NOW, None)
    cohort.join(awa, NOW + 4 * DAY)
    assert Membership.objects.filter(enrolment=own).count() == 2


def test_nobody_is_in_twice_at_once_nor_until_before_they_came(own):
    for row in ({"from_at": NOW + DAY}, {"from_at": NOW + DAY, "until_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            own.memberships.create(**row)


def test_leaving_at_a_clock_that_was_put_back_ends_where_it_began(own):
    own.leave(NOW - HOUR)
    assert stays(own) == [(NOW, NOW)]


@pytest.mark.parametrize("verb", [lambda row, by: row.leave(NOW), lambda row, by: row.change_role("lead", by, NOW)])
def test_of_whoever_is_off_the_roster_meanwhile_nothing_changes(own, bakary, verb):
    Enrolment.objects.filter(pk=own.pk).delete()
    with pytest.raises(PersonGone):
        verb(own, bakary)


def test_staff_take_somebody_out_and_the_interval_ends(cohort, own, bakary):
    assert places.remove(own, bakary, NOW + DAY)
    assert stays(own) == [(NOW, NOW + DAY)]


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_come_back_at_once_one_opens_the_interval(cohort, awa, own, in_parallel):
    own.leave(NOW + HOUR)
    in_parallel(lambda number: cohort.join(awa, NOW + DAY), 8)
    assert stays(own) == [(NOW, NOW + HOUR), (NOW + DAY, None)]


def figures(cohort):
    """What board, overview and marks say, each in its own way."""
    assignment, at = cohort.assignments.get(), NOW + 99 * DAY
    board = board_of(cohort, assignment.module, [assignment], at)
    rows = board.rows(one for one in board.people if one.member.user_id)
    return [cell.standing.best and cell.standing.best.pk for row in rows for cell in row.cells]


@pytest.mark.parametrize("code", ["join code", "personal code"])
def test_what_was_done_while_away_is_never_shown_and_earlier_stays_count(
    as_bakary, as_awa, cohort, module, section, awa, own, code
):
    """Awa hands in a quiz while she is in, one while she is away, one after she is back."""
    make.assignment(cohort, module)
    before = make.quiz(awa, section, right=2, at=NOW + HOUR)
    own.leave(NOW + DAY)
    away = make.quiz(awa, section, right=5, at=NOW + 2 * DAY)
    address = f"/en/cohorts/{cohort.pk}/attempts/"
    assert as_bakary.get(f"{address}{away.pk}/").status_code == 404
    door = cohort.grouped_code if code == "join code" else make.place(cohort).grouped_code
    as_awa.post(f"/en/join/{door}/")
    again = make.quiz(awa, section, right=3, at=timezone.now() + HOUR)
    assert counted(cohort) == {before, again}
    assert [as_bakary.get(f"{address}{row.pk}/").status_code for row in (before, away, again)] == [200, 404, 200]
    assert away.pk not in figures(cohort)
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/learners/{own.pk}/").text
    assert f"attempts/{away.pk}/" not in page
    assert f"attempts/{before.pk}/" in page
    marks = as_bakary.get(f"{cohort.assignments.get().get_absolute_url()}marks/").text
    assert f"attempts/{away.pk}/" not in marks


def test_the_overview_goes_by_the_same_intervals(danso, module, section):
    cohort = make.cohort(danso, [make.user(f"Learner {number}") for number in range(5)])
    make.staff(cohort, make.user("Hawa"), "lead")
    row = make.assignment(cohort, module, [section])
    place = cohort.enrolments.learners().order_by("pk").first()
    place.leave(NOW + HOUR)
    make.quiz(place.user, section, right=5, at=NOW + DAY)
    cohort.join(place.user, NOW + 2 * DAY)
    assert figures_of([cohort], NOW + 3 * DAY)[0].counts["passed"] == 0
    make.quiz(place.user, section, right=5, at=NOW + 3 * DAY)
    assert figures_of([cohort], NOW + 4 * DAY)[0].counts["passed"] == 1
    assert board_of(cohort, module, [row], NOW + 4 * DAY).columns[0].passed_count == 1


def test_lessons_count_whenever_they_were_read(cohort, module, section, awa, own):
    row = make.assignment(cohort, module)
    own.leave(NOW + HOUR)
    make.reading(awa, section.lessons.first(), NOW + DAY)
    cohort.join(awa, NOW + 2 * DAY)
    board = board_of(cohort, module, [row], NOW + 3 * DAY)
    [line] = board.rows(board.people)
    assert line.cells[0].standing.read_count == 1


@given(
    parts=st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=5),
    cuts=st.sets(st.integers(0, 60), max_size=5),
)
def test_a_union_holds_what_one_of_them_held_and_a_cut_leaves_out_its_moments_alone(parts, cuts):
    given_ones = [(NOW + a * HOUR, None if b is None else NOW + (a + b) * HOUR) for a, b in parts]
    moments = [NOW + cut * HOUR for cut in cuts]
    whole = intervals.union(given_ones)
    rest = intervals.without(whole, moments)
    assert sum(end is None for _, end in whole) <= 1
    for moment in [NOW + number * HOUR / 2 for number in range(130)]:
        was_in = intervals.holds(given_ones, moment)
        assert intervals.holds(whole, moment) == was_in
        assert intervals.holds(rest, moment) == (was_in and moment not in moments)


# The ways round


def test_an_exam_sat_as_a_guest_comes_as_practice_and_that_is_told(cohort, module, awa, guest):
    asks(cohort, module)
    official = sit(awa, module, NOW + HOUR)
    assert exams.start(awa, module, NOW + 2 * HOUR) is None
    window = browser_of(guest)
    other = sit(guest, module, NOW + 2 * HOUR, right=6)
    window.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    page = window.post("/en/visit/whose/", {"mine": "1"}, follow=True)
    assert "it does not count there" in page.text
    other.refresh_from_db()
    assert other.learner == awa
    assert counted(cohort) == {official}


def test_an_exam_sat_alone_between_leaving_and_coming_back_counts_for_nothing(cohort, module, awa, own):
    asks(cohort, module)
    official = sit(awa, module, NOW + HOUR)
    own.leave(NOW + 2 * HOUR)
    alone = sit(awa, module, NOW + 3 * HOUR, right=6)
    assert (alone.due_at, alone.terms.count()) == (None, 0)
    cohort.join(awa, NOW + 4 * HOUR)
    assert counted(cohort) == {official}
    assert exams.start(awa, module, NOW + 5 * HOUR) is None


@pytest.mark.parametrize("too_early", ["before joining", "before the opening"])
def test_an_exam_begun_too_early_and_handed_in_later_counts_for_nothing(as_celia, celia, cohort, module, too_early):
    if too_early == "before the opening":
        cohort.join(celia, NOW)
    asks(cohort, module, opens_at=NOW + DAY if too_early == "before the opening" else NOW)
    early = exams.start(celia, module, NOW + HOUR)
    cohort.join(celia, NOW + 2 * HOUR)
    assert "counts as practice alone" in as_celia.get(f"{module.get_absolute_url()}exam/").text
    make.hand_in(early, 6, NOW + 2 * DAY)
    assert counted(cohort) == set()
    official = sit(celia, module, NOW + 3 * DAY, right=6)
    assert counted(cohort) == {official}
    assert exams.start(celia, module, NOW + 4 * DAY) is None


def test_an_exam_begun_under_the_terms_counts_also_if_it_is_handed_in_away(cohort, module, awa, own):
    """Leaving is no way to undo an attempt; while she is away the staff see nothing of it."""
    asks(cohort, module)
    sitting = exams.start(awa, module, NOW + HOUR)
    own.leave(NOW + HOUR + MINUTE)
    make.hand_in(sitting, 1, NOW + HOUR + 2 * MINUTE)
    assert counted(cohort) == set()
    cohort.join(awa, NOW + DAY)
    assert counted(cohort) == {sitting}


def test_what_was_set_while_it_ran_does_not_take_it(cohort, module, awa):
    sitting = exams.start(awa, module, NOW)
    asks(cohort, module)
    make.hand_in(sitting, 6, NOW + HOUR)
    assert counted(cohort) == set()


def test_it_counts_for_those_alone_whose_attempts_were_not_used_up(cohort, module, awa, bakary):
    one = asks(cohort, module)
    first = sit(awa, module, NOW + HOUR)
    two = asks(make.cohort(bakary, [awa]), module, exam_attempts=2)
    second = sit(awa, module, NOW + 2 * HOUR)
    assert set(Assignment.objects.filter(pk=one.pk).attempts()) == {first}
    assert set(Assignment.objects.filter(pk=two.pk).attempts()) == {second}


def test_a_guest_of_the_cohort_brings_the_exam_that_counts(cohort, module, celia, guest):
    asks(cohort, module)
    cohort.join(guest, NOW)
    official = sit(guest, module, NOW + HOUR, right=6)
    moved = moving.move(guest, celia, NOW + 2 * HOUR)
    assert moved.practice == 0
    assert counted(cohort) == {official}
    assert exams.start(celia, module, NOW + DAY) is None


def test_two_who_were_one_person_have_no_more_attempts_than_one(cohort, module, awa, guest):
    """What the account began stays; of the guest's the first come first, as far as the limit goes."""
    asks(cohort, module, exam_attempts=2)
    cohort.join(guest, NOW)
    own = sit(awa, module, NOW + 3 * HOUR)
    first, second = sit(guest, module, NOW + HOUR), sit(guest, module, NOW + 2 * HOUR, right=6)
    assert moving.move(guest, awa, NOW + 4 * HOUR).practice == 1
    assert counted(cohort) == {own, first}
    assert AttemptTerms.objects.filter(attempt=second, counts=False).exists()
    assert exams.start(awa, module, NOW + DAY) is None


def test_what_the_account_did_by_itself_stays_its_own_where_the_guest_was_in(cohort, section, module, celia, guest):
    """Celia is in as a guest of the classroom; at home, under her name, she is in no cohort."""
    make.assignment(cohort, module)
    cohort.join(guest, NOW)
    there = make.quiz(guest, section, right=2, at=NOW + HOUR)
    at_home = make.quiz(celia, section, right=5, at=NOW + 2 * HOUR)
    moving.move(guest, celia, NOW + 3 * HOUR)
    after = make.quiz(celia, section, right=3, at=NOW + 4 * HOUR)
    assert counted(cohort) == {there, after}
    assert at_home.learner == celia


def test_what_was_done_while_both_were_out_stays_out(cohort, section, module, awa, own, guest):
    make.assignment(cohort, module)
    cohort.join(guest, NOW + HOUR)
    cohort.enrolments.get(user=guest).leave(NOW + 2 * HOUR)
    own.leave(NOW + 3 * HOUR)
    away = [make.quiz(who, section, right=5, at=NOW + 4 * HOUR) for who in (awa, guest)]
    moving.move(guest, awa, NOW + 5 * HOUR)
    own.refresh_from_db()
    assert stays(own) == [(NOW, NOW + 3 * HOUR)]
    cohort.join(awa, NOW + DAY)
    assert not counted(cohort) & set(away)


def test_whoever_was_in_for_one_moment_that_is_their_accounts_own_was_never_in(cohort, section, celia, guest):
    cohort.join(guest, NOW)
    cohort.enrolments.get(user=guest).leave(NOW + INSTANT)
    make.quiz(celia, section, right=5, at=NOW)
    moving.move(guest, celia, NOW + HOUR)
    assert stays(cohort.enrolments.get(user=celia)) == []


@pytest.fixture
def circle(celia, awa, settings):
    """A cohort that Celia, who may not teach, has made for the two of them."""
    settings.OPEN_TEACHING = False
    return make.cohort(celia, [awa], name="Circle")


def test_a_cohort_of_learners_lengthens_no_exam_of_others(as_celia, circle, cohort, module, awa):
    official = asks(cohort, module)
    own = asks(circle, module, exam=ExamRule.OPEN, exam_attempts=None, exam_minutes=1440)
    sitting = exams.start(awa, module, timezone.now())
    assert sitting.closes_at - sitting.started_at == 5 * MINUTE
    assert list(sitting.terms.values_list("assignment", "counts")) == [(official.pk, True)]
    as_celia.post(f"/en/cohorts/{circle.pk}/exams/", {"end": f"{sitting.pk} {sitting.closes_at.isoformat()}"})
    own.extend(circle.enrolments.get(user=awa), circle.enrolments.get(role="instructor").user, NOW, is_excused=True)
    sitting.refresh_from_db()
    assert sitting.closes_at - sitting.started_at == 5 * MINUTE
    make.hand_in(sitting, 6, sitting.started_at)
    assert terms_of(awa, module, timezone.now()).attempts_left is None
    later = sit(awa, module, timezone.now())
    assert (counted(cohort), counted(circle)) == ({sitting}, {later})


def test_a_cohort_of_learners_is_asked_nothing_that_is_kept_for_exams(circle, module, section, awa, bakary):
    kept = {make.item(section, uses=["exam"]).pk for _ in range(3)}
    row = asks(circle, module)
    assert practised_sections(row) == 2
    assert not set(sit(awa, module, NOW).responses.values_list("item", flat=True)) & kept
    make.staff(circle, bakary)
    type(row).objects.update(exam_attempts=2)
    assert kept <= set(exams.start(awa, module, NOW + HOUR).responses.values_list("item", flat=True))


ACTS = ("join", "leave", "start", "submit", "open", "guest", "sign in")


@pytest.mark.parametrize(
    "order", [order for order in permutations(ACTS, 5) if "start" in order and "submit" in order][::37]
)
def test_the_limits_of_an_exam_hold_whatever_the_order(bakary, celia, module, section, order):
    """Five acts an hour apart, then three exams and a quiz; what is in the books is what began under the terms."""
    cohort = make.cohort(bakary)
    opens_at = NOW + (order.index("open") + 1) * HOUR if "open" in order else NOW
    row = asks(cohort, module, opens_at=opens_at)
    guest, official = make.guest(), set()
    shown: set[Attempt] = set()

    def is_in(who, at):
        return any(intervals.holds(place.intervals(), at) for place in cohort.enrolments.of(who))

    for hour, act in enumerate(
        (*order, "join", "start", "submit", "leave", "start", "submit", "join", "start", "submit")
    ):
        at = NOW + (hour + 1) * HOUR
        if act == "join":
            cohort.join(celia, at)
        elif act == "leave" and is_in(celia, at):
            cohort.enrolments.get(user=celia).leave(at)
        elif act == "start":
            due = is_in(celia, at) and at >= opens_at and not Attempt.objects.of(celia).open().exists()
            sitting = exams.start(celia, module, at)
            if due and sitting and not official:
                official = {sitting}
            assert sitting is None or sitting.due_at is not None or sitting not in official
        elif act == "submit":
            for sitting in Attempt.objects.of(celia).open():
                sitting.submit(at)
            quiz = make.quiz(celia, section, right=5, at=at)
            shown |= {quiz} if is_in(celia, at) and at >= opens_at else set()
        elif act == "guest" and guest.pk:
            sit(guest, module, at, right=6)
        elif act == "sign in" and guest.pk:
            moving.move(guest, celia, at)
            guest = make.guest()
    cohort.join(celia, NOW + DAY)
    handed_in = {sitting for sitting in official if not Attempt.objects.get(pk=sitting.pk).is_open}
    assert counted(cohort) == shown | handed_in
    assert AttemptTerms.objects.filter(assignment=row, counts=True).count() <= 1
    assert terms_of(celia, module, NOW + 2 * DAY).attempts_left == (0 if official else 1)


# Whose keys are shown


def test_while_another_cohort_holds_keys_back_only_staff_who_may_see_keys_see_them(
    as_celia, celia, cohort, module, awa, settings, danso, as_bakary
):
    """Awa's exam counts in a cohort of Danso's too, where Celia is on the staff, who may not teach."""
    settings.OPEN_TEACHING = False
    asks(cohort, module, exam_attempts=2, exam_minutes=None)
    other = make.cohort(danso, [awa])
    make.staff(other, celia)
    make.assignment(other, module, exam=ExamRule.OPEN)
    sitting = sit(awa, module, NOW + HOUR)
    assert sitting.pk in held_back(awa, NOW + HOUR)
    page = as_celia.get(f"/en/cohorts/{other.pk}/attempts/{sitting.pk}/")
    assert "Explanation" not in page.text
    assert "not shown yet" in page.text
    assert "Explanation" in as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/").text
    assert Attempt.objects.filter(use=Use.EXAM).count() == 1
