"""What a class misses: of what its staff may see, in counts, from five learners on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.misses import missed_items
from cohorts.models import Assignment
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=3)


@pytest.fixture
def section():
    """A section whose quiz asks two items, `first` and `second`; the key of each is `a`."""
    section = make.section(draw=2)
    for slug in ("first", "second"):
        make.item(section, slug=slug)
    return section


@pytest.fixture
def learners(db):
    return [make.user(f"Learner number {number}") for number in range(5)]


@pytest.fixture
def cohort(bakary, learners, section):
    """Bakary's five learners, for whom the section is set."""
    row = make.cohort(bakary, learners)
    make.assignment(row, section.module, [section])
    return row


def sit(learner, section, at=make.NOW, use=make.quiz, **given):
    """A quiz handed in with these options, by the slug of the item; the others are right."""
    attempt = use(learner, section if use is make.quiz else section.module, at=at)
    rows = attempt.responses.select_related("item", "shown_version")
    answers = {row.position: given.get(row.item.slug, make.right_answer(row)) for row in rows}
    attempt.save_answers(answers, "en", at)
    attempt.submit(at)


def missed(cohort, with_exams=True):
    rows = missed_items(Assignment.objects.filter(cohort=cohort), with_exams)
    return [(row.item.slug, row.missed, row.people, row.lured) for row in rows]


def text(client, cohort, language="en"):
    return plain(client.get(f"/{language}/cohorts/{cohort.pk}/misses/").content.decode())


def test_the_item_that_most_missed_comes_first_with_what_they_chose(as_bakary, cohort, learners, section):
    for number, learner in enumerate(learners):
        sit(learner, section, first="c" if number else "d", second="b" if number < 2 else "a")
    assert missed(cohort) == [("first", 5, 5, 4), ("second", 2, 5, 2)]
    item = section.bank.items.get(slug="first")
    lure = item.version.options["c"]
    shown = text(as_bakary, cohort)
    assert f"4 of 5 chose: “{lure}”" in shown
    assert "Read the passage: Why it matters" in shown


def test_of_fewer_than_five_learners_nothing_is_told(as_bakary, cohort, learners, section):
    for learner in learners[:4]:
        sit(learner, section, first="c")
    assert missed(cohort) == []
    assert "There is nothing to tell yet." in text(as_bakary, cohort)


def test_what_one_alone_chose_is_not_named(cohort, learners, section):
    for learner, option in zip(learners, "abcda", strict=True):
        sit(learner, section, first=option)
    [row] = missed_items(cohort.assignments.all(), with_exams=True)
    assert (row.missed, row.lure) == (3, "")


def test_neither_rates_nor_flags_are_shown(as_bakary, cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c")
    shown = text(as_bakary, cohort)
    assert not {"%", "Facility", "Discrimination"} & set(shown.split())


def test_only_first_answers_count(cohort, learners, section):
    for learner in learners:
        sit(learner, section)
        sit(learner, section, at=LATER, first="c")
    assert missed(cohort) == []


def test_what_was_done_while_away_is_not_told(cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c")
    place = cohort.enrolments.get(user=learners[0])
    place.keep([(LATER, None)])
    assert missed(cohort) == []  # of four people


def test_what_is_not_set_is_not_told(cohort, learners, section):
    other = make.section(section.module, draw=1)
    make.item(other, slug="elsewhere")
    for learner in learners:
        sit(learner, other, elsewhere="b")
    assert missed(cohort) == []


def test_a_withdrawn_item_is_not_told(cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c", second="c")
    section.bank.items.filter(slug="first").update(withdrawn_at=LATER)
    assert [slug for slug, *_ in missed(cohort)] == ["second"]


def test_versions_of_an_item_are_counted_together(cohort, learners, section):
    for learner in learners[:3]:
        sit(learner, section, first="c")
    make.version(section.bank.items.get(slug="first"), stem=make.text("Asked anew?"))
    for learner in learners[3:]:
        sit(learner, section, first="c")
    assert missed(cohort) == [("first", 5, 5, 3)]


def test_answers_that_are_no_options_are_counted_and_not_named(cohort, learners, section):
    make.item(section, slug="labels", kind="classify")
    section.document["quiz"]["draw"] = 3
    section.save()
    for learner in learners:
        sit(learner, section, labels={"a": "attributed"})
    assert missed(cohort) == [("labels", 5, 5, 0)]


def test_exams_are_told_to_those_who_may_see_keys(as_bakary, bakary, cohort, learners, section, settings):
    settings.OPEN_TEACHING = False
    cohort.assignments.update(exam="open")
    for learner in learners:
        sit(learner, section, use=make.exam, first="c")
    assert missed(cohort) == [("first", 5, 5, 5)]
    assert missed(cohort, with_exams=False) == []
    assert "5 of 5" in text(as_bakary, cohort)
    bakary.may_teach_at = None
    bakary.save()
    shown = text(as_bakary, cohort)
    assert "Answers in exams are left out" in shown
    assert "5 of 5" not in shown


def test_without_assignments_the_page_says_so(as_bakary, bakary):
    assert "Nothing is set yet" in text(as_bakary, make.cohort(bakary))


def test_two_modules_are_chosen_from(as_bakary, cohort):
    other = make.case_study()
    make.assignment(cohort, other)
    shown = as_bakary.get(f"/en/cohorts/{cohort.pk}/misses/", {"module": other.slug})
    assert shown.context["chosen"] == other


def test_strangers_get_what_is_not_there(as_celia, as_danso, cohort):
    for client in (as_celia, as_danso):
        assert client.get(f"/en/cohorts/{cohort.pk}/misses/").status_code == 404


def test_more_learners_and_items_cost_no_more_queries(as_bakary, cohort, learners, section):
    def cost():
        text(as_bakary, cohort)
        with CaptureQueriesContext(connection) as queries:
            text(as_bakary, cohort)
        return len(queries)

    for learner in learners:
        sit(learner, section, first="c")
    before = cost()
    for number in range(3):
        learner = make.user(f"Another number {number}")
        cohort.join(learner, make.NOW)
        sit(learner, section, first="d", second="b")
    assert cost() == before <= 12
