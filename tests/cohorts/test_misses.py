"""What a class misses: of what its staff may see, in counts, from five learners on."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.misses import missed_items
from cohorts.quizzes import USUAL
from quizzes.models import Attempt, Item, Quiz, Response
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
    rows = missed_items(cohort.assignments.all(), cohort.quiz_assignments.all(), None, with_exams)
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
    [row] = missed_items(cohort.assignments.all(), cohort.quiz_assignments.all(), None, with_exams=True)
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
    assert cost() == before <= 14


# What its staff asked themselves


@pytest.fixture
def own(bakary, cohort):
    """An own quiz of Bakary's that is set: two questions of a bank of theirs."""
    bank = make.bank(bakary)
    quiz = make.own_quiz(bakary, [make.own_item(bank, stem="Whose bridge?"), make.own_item(bank, stem="Which river?")])
    make.set_quiz(cohort, quiz)
    return quiz


def test_what_was_missed_in_a_quiz_of_staff_is_told_with_its_own_page(as_bakary, cohort, learners, own):
    for learner in learners:
        make.own_sitting(learner, own, 0)
    item = own.items.order_by("pk").first()
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/misses/")
    assert {(offer.missed.item.pk, offer.missed.missed) for offer in page.context["offered"]} == {
        (each.pk, 5) for each in own.items.all()
    }
    assert f'href="/en/banks/{item.bank_id}/items/{item.pk}/"' in page.text
    assert "Read the passage" not in page.text


def test_a_quiz_of_staff_is_told_where_no_section_is_set(as_bakary, cohort, learners, own):
    cohort.assignments.all().delete()
    for learner in learners:
        make.own_sitting(learner, own, 0)
    assert "Whose bridge?" in text(as_bakary, cohort)


def test_what_staff_asked_of_another_module_stands_with_that_one(as_bakary, bakary, cohort, learners, section):
    other = make.section()
    make.assignment(cohort, other.module, [other])
    item = make.item(other, slug="elsewhere")
    make.set_quiz(cohort, make.own_quiz(bakary, [item]))
    for learner in learners:
        make.own_sitting(learner, Quiz.objects.get(), 0)
    address = f"/en/cohorts/{cohort.pk}/misses/?module="
    shown = {slug: as_bakary.get(address + slug).text for slug in (section.module.slug, other.module.slug)}
    assert [item.version.stem in page for page in shown.values()] == [False, True]


def test_what_does_not_count_in_the_cohort_is_not_told(cohort, learners, own):
    for learner in learners:
        make.own_sitting(learner, own, 0, make.NOW - timedelta(days=1))
        make.own_sitting(learner, own, 0, is_trial=True)
    assert missed(cohort) == []


# A quiz of what was missed


def offered(client, cohort):
    """The address of the page, what its form sends beside ticks, and the ids that it offers."""
    address = f"/en/cohorts/{cohort.pk}/misses/"
    context = client.get(address).context
    rows = [offer.missed.item for offer in context["offered"] if not offer.hindrance]
    return address, {"press": context["form"]["press"].value()}, {row.slug: row.pk for row in rows}


def test_what_is_ticked_becomes_a_quiz_once_and_leads_to_its_page(as_bakary, bakary, cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c", second="c")
    address, data, ids = offered(as_bakary, cohort)
    pages = [as_bakary.post(address, data | {"items": [ids["second"]]}) for _ in range(2)]
    quiz = Quiz.objects.get()
    assert {page["Location"] for page in pages} == {f"/en/quizzes/{quiz.pk}/"}
    assert (quiz.owner, [item.slug for item in quiz.items.all()], quiz.threshold) == (bakary, ["second"], USUAL)
    assert f"/en/cohorts/{cohort.pk}/quizzes/new/?quiz={quiz.pk}" in as_bakary.get(quiz.get_absolute_url()).text


def test_without_a_tick_nothing_is_made_and_the_page_says_what_to_do(as_bakary, cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c")
    address, data, _ids = offered(as_bakary, cohort)
    page = as_bakary.post(address, data)
    assert (page.status_code, "Tick at least one question." in page.text) == (422, True)
    assert not Quiz.objects.exists()


def test_what_cannot_be_asked_meanwhile_is_refused_and_the_other_ticks_stay(as_bakary, cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c", second="c")
    address, data, ids = offered(as_bakary, cohort)
    Item.objects.filter(pk=ids["first"]).update(uses=["exam"])
    page = as_bakary.post(address, data | {"items": list(ids.values())})
    assert (page.status_code, "cannot be asked any more" in page.text) == (422, True)
    assert re.findall(r"id=.item-(\d+).\s+checked", page.text) == [str(ids["second"])]
    assert not Quiz.objects.exists()


def test_what_is_kept_for_exams_has_no_tick_and_says_why(as_bakary, cohort, learners, section):
    kept = make.item(section, uses=["exam"])
    cohort.assignments.update(exam="open")
    for learner in learners:
        make.answered(learner, kept, right=False)
    rows = Response.objects.filter(item=kept)
    Attempt.objects.filter(responses__in=rows).update(module=section.module)
    for attempt in Attempt.objects.all():
        make.under_terms(attempt)
    [offer] = as_bakary.get(f"/en/cohorts/{cohort.pk}/misses/").context["offered"]
    assert offer.hindrance == "It is kept for exams: a quiz of your own cannot ask it."
    address, data, ids = offered(as_bakary, cohort)
    assert ids == {}
    assert as_bakary.post(address, data | {"items": [kept.pk]}).status_code == 422


def test_of_a_bank_of_a_colleague_s_nothing_is_asked_or_opened(as_danso, danso, cohort, learners, own):
    make.staff(cohort, danso)
    for learner in learners:
        make.own_sitting(learner, own, 0)
    page = as_danso.get(f"/en/cohorts/{cohort.pk}/misses/")
    assert {(offer.address, offer.hindrance.partition(":")[0]) for offer in page.context["offered"]} == {
        ("", "It stands in a bank of somebody else")
    }
    address, data, _ids = offered(as_danso, cohort)
    item = own.items.first()
    assert as_danso.post(address, data | {"items": [item.pk]}).status_code == 422
    cohort.banks.add(item.bank)
    assert as_danso.post(address, data | {"items": [item.pk]}).status_code == 302


def test_staff_who_may_not_teach_tick_nothing(as_bakary, bakary, cohort, learners, section, settings):
    settings.OPEN_TEACHING = False
    for learner in learners:
        sit(learner, section, first="c")
    bakary.may_teach_at = None
    bakary.save()
    address = f"/en/cohorts/{cohort.pk}/misses/"
    assert 'name="items"' not in as_bakary.get(address).text
    assert as_bakary.post(address, {"items": [section.bank.items.first().pk]}).status_code == 404


def test_in_another_language_the_ticks_stay(as_bakary, cohort, learners, section):
    for learner in learners:
        sit(learner, section, first="c", second="c")
    address, data, ids = offered(as_bakary, cohort)
    page = as_bakary.post(address.replace("/en/", "/fr/"), data | {"items": [ids["second"]], "show": "1"})
    assert re.findall(r'id="item-(\d+)" checked', page.text) == [str(ids["second"])]
    assert page.context["form"]["press"].value() == data["press"]
    assert not Quiz.objects.exists()
