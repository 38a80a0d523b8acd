"""Looking round as a learner would: nothing of it counts, in any figure; and the items with their keys."""

import re
from html import unescape

import pytest

from cohorts import board, marks
from cohorts.certificates import eligibility_alone
from cohorts.models import Assignment
from lessons.models import Reading
from quizzes.models import Attempt, Response
from quizzes.models.attempts import draw
from tests import make
from tests.cohorts.test_board import cells, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def section(module):
    return module.sections.order_by("position").first()


@pytest.fixture
def looking(as_bakary, module):
    """Bakary's browser in a preview of the module."""
    assert as_bakary.post("/en/preview/", {"module": module.slug})["Location"] == module.get_absolute_url()
    return as_bakary


def walk(client, user, section, right=5):
    """Both lessons read, a quiz begun and handed in, as a browser would; the attempt."""
    for lesson in section.lessons.all():
        client.post(f"{lesson.get_absolute_url()}read/")
    client.post(f"{section.get_absolute_url()}quiz/")
    attempt = Attempt.objects.of(user).open().get()
    fields = {"page": 1, "next": 1}
    for number, response in enumerate(attempt.responses.order_by("position")):
        answer = make.right_answer(response) if number < right else make.wrong_answer(response)
        fields |= make.fields(response, answer)
    client.post(attempt.get_absolute_url(), fields)
    client.post(attempt.get_absolute_url(), {"page": 99, "submit": 1})
    attempt.refresh_from_db()
    assert attempt.score is not None
    return attempt


# The walk


def test_bakary_walks_the_module_as_a_learner_would(looking, bakary, module, section):
    page = looking.get(module.get_absolute_url()).text
    assert section.lessons.order_by("position").first().title in page.split('aria-labelledby="next"')[1][:500]
    attempt = walk(looking, bakary, section)
    assert (attempt.is_trial, attempt.score) == (True, 1)
    result = looking.get(attempt.get_absolute_url())
    assert "Passed: 5 of 5 items right" in result.text
    assert "stays passed" not in result.text
    states = re.findall(r"state s-(\w+)", looking.get(section.get_absolute_url()).text)
    assert states == ["read", "read", "read"]


def test_a_lesson_that_is_read_twice_is_remembered_once(looking, section):
    lesson = section.lessons.first()
    for _ in range(2):
        looking.post(f"{lesson.get_absolute_url()}read/")
    assert looking.session["preview_read"] == [lesson.pk]


def test_every_page_says_that_nothing_counts_and_has_the_way_out(looking, bakary, module, section):
    looking.post(f"{section.get_absolute_url()}quiz/")
    attempt = Attempt.objects.get()
    lesson = section.lessons.first()
    places = ["/en/", module.get_absolute_url(), section.get_absolute_url(), lesson.get_absolute_url()]
    for address in [*places, attempt.get_absolute_url(), f"{section.get_absolute_url()}items/", "/en/cohorts/"]:
        page = looking.get(address).text
        words = "your own quizzes do not count" if address == "/en/cohorts/" else "nothing here counts"
        assert f"Preview: {words}" in page, address
        assert 'name="end"' in page, address
    assert looking.post("/en/preview/", {"end": 1, "module": module.slug})["Location"] == module.get_absolute_url()
    for address in places:
        assert "nothing here counts" not in looking.get(address).text
    assert "nothing here counts" in looking.get(attempt.get_absolute_url()).text


def test_a_preview_begins_anew_and_ones_own_work_waits(as_bakary, bakary, module, section):
    lesson = section.lessons.order_by("position").first()
    make.reading(bakary, lesson)
    own = make.quiz(bakary, section)
    as_bakary.post("/en/preview/", {"module": module.slug})
    page = as_bakary.get(section.get_absolute_url()).text
    assert re.findall(r"state s-(\w+)", page) == ["none", "none", "none"]
    assert own.get_absolute_url() not in as_bakary.get(module.get_absolute_url()).text
    as_bakary.post(f"{section.get_absolute_url()}quiz/")
    trial = Attempt.objects.get(is_trial=True)
    as_bakary.post("/en/preview/", {"end": 1})
    page = as_bakary.get(module.get_absolute_url()).text
    assert own.get_absolute_url() in page
    assert trial.get_absolute_url() not in page
    as_bakary.post(f"{section.get_absolute_url()}quiz/")
    assert Attempt.objects.count() == 2


def test_a_check_in_a_preview_shows_its_outcome_there_alone(looking, bakary, section):
    check = make.item(section, uses=["check"])
    lesson = make.lesson(section, checks=[check.slug])
    tried = f"{lesson.get_absolute_url()}checks/{check.slug}/"
    looking.post(tried, {check.slug: 1})
    assert Attempt.objects.get().is_trial
    explanation = check.document["explanation"]["en"]
    assert explanation in looking.get(tried).text
    looking.post("/en/preview/", {"end": 1})
    assert explanation not in looking.get(tried).text


def test_signing_out_ends_it(looking, bakary, module):
    looking.post("/en/accounts/sign-out/")
    looking.force_login(bakary)
    assert "nothing here counts" not in looking.get("/en/").text


def test_it_ends_with_the_right_to_teach(looking, bakary, section):
    bakary.may_teach_at = None
    bakary.save()
    assert "nothing here counts" not in looking.get("/en/").text
    looking.post(f"{section.get_absolute_url()}quiz/")
    assert not Attempt.objects.get().is_trial


# It leaves no trace in any figure


@pytest.fixture
def walked(as_bakary, bakary, danso, module, section):
    """A preview by Bakary, who learns in Danso's cohort too: whatever counted would be seen there."""
    cohort = make.cohort(danso, [bakary], at=make.NOW)
    make.assignment(cohort, module)
    as_bakary.post("/en/preview/", {"module": module.slug})
    walk(as_bakary, bakary, section)
    as_bakary.post("/en/preview/", {"end": 1})
    return cohort


def test_no_reading_is_stored(walked):
    assert not Reading.objects.exists()


def test_progress_is_untouched(walked, as_bakary, module, section):
    assert re.findall(r"state s-(\w+)", as_bakary.get(module.get_absolute_url()).text) == ["none", "none"]
    assert re.findall(r"state s-(\w+)", as_bakary.get(section.get_absolute_url()).text) == ["none", "none", "none"]


def test_the_board_and_the_marks_of_a_cohort_are_untouched(walked, as_danso, bakary):
    assert [state for state, _ in cells(as_danso, walked)] == ["none", "none"]
    row = Assignment.objects.select_related("module").get()
    line = marks.grade_row_of(row, walked.enrolments.select_related("user").get(user=bakary))
    assert [mark.rows for mark in line.marks] == [[], []]
    attempt = Attempt.objects.get()
    assert as_danso.get(f"/en/cohorts/{walked.pk}/attempts/{attempt.pk}/").status_code == 404
    whole = board.board_of(walked, row.module, [row], make.NOW)
    assert whole.rows(whole.people)[0].last_at is None


def test_what_staff_do_for_a_cohort_counts_and_the_bar_says_so(looking, bakary, awa, module, section):
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, module)
    place = cohort.enrolments.get(user=awa)
    address = f"/en/cohorts/{cohort.pk}/learners/{place.pk}/sections/{section.pk}/"
    page = looking.get(address).text
    assert "nothing here counts" not in page
    assert "what you do for a cohort does" in page
    looking.post(address, {"points": "90", "score": "90", "reason": "Told aloud"})
    assert cells(looking, cohort)[0][0] == "passed"


def test_nothing_is_certified(walked, bakary, module):
    assert all(mark.rows == [] for mark in eligibility_alone(bakary, module).asked)


def test_no_response_is_a_first_and_the_first_that_counts_still_is(walked, bakary, section):
    assert set(Response.objects.values_list("is_first", flat=True)) == {False}
    own = make.quiz(bakary, section, right=5)
    assert set(own.responses.values_list("is_first", flat=True)) == {True}


def test_a_draw_does_not_count_what_a_preview_showed(walked, bakary, celia, section):
    for seed in range(20):
        mine = [item.pk for item in draw(bakary, section.bank, 5, seed)]
        assert mine == [item.pk for item in draw(celia, section.bank, 5, seed)]


def test_a_preview_draws_like_a_first_quiz_whatever_was_taken_before(bakary, section):
    make.quiz(bakary, section, right=5)
    trial = Attempt.start_quiz(bakary, section, make.NOW, is_trial=True)
    assert (trial.is_trial, trial.responses.count()) == (True, 5)


# Who may


@pytest.mark.parametrize("browser", ["as_awa", "as_guest"])
def test_whoever_may_not_teach_finds_neither_preview_nor_items(request, browser, module, section):
    client = request.getfixturevalue(browser)
    assert client.post("/en/preview/", {"module": module.slug}).status_code == 404
    assert client.get(f"{section.get_absolute_url()}items/").status_code == 403
    for address in (module.get_absolute_url(), section.get_absolute_url()):
        page = client.get(address).text
        assert "/items/" not in page
        assert "/preview/" not in page
    client.post(f"{section.get_absolute_url()}quiz/")
    assert not Attempt.objects.get().is_trial


def test_where_teaching_is_open_every_name_may_and_no_guest(settings, as_awa, as_guest, module):
    settings.OPEN_TEACHING = True
    assert as_awa.post("/en/preview/", {"module": module.slug}).status_code == 302
    assert as_guest.post("/en/preview/", {"module": module.slug}).status_code == 404


def test_a_module_that_is_none_begins_nothing(as_bakary):
    assert as_bakary.post("/en/preview/", {"module": "no-such"}).status_code == 404
    assert as_bakary.post("/en/preview/").status_code == 404


# Items with their keys


def test_the_list_leads_to_each_item_with_key_explanation_feedback_and_claims(as_bakary, section):
    claim = make.claim(section, "M777")
    item = section.bank.items.first()
    item.claims.add(claim)
    item.rests_on.add(claim)
    listed = as_bakary.get(f"{section.get_absolute_url()}items/").text
    assert listed.count("/items/") >= section.bank.items.count()
    page = unescape(as_bakary.get(f"{section.get_absolute_url()}items/{item.slug}/").text)
    for text in (item.explanation, "M777", "the key rests on it", *(each["en"] for each in feedback_of(item))):
        assert text in page
    rows = page.split('<dl class="said">')[1].split("</dl>")[0].split("<div>")[1:]
    assert ["The key" in row for row in rows] == [True, False, False, False]


def feedback_of(item):
    return item.document["feedback"].values()


def test_every_kind_of_the_real_case_study_has_its_page(as_bakary, loaded, django_assert_max_num_queries):
    kinds = {}
    for section in loaded.sections.live():
        for item in section.bank.items.live().select_related("current_version"):
            kinds.setdefault(item.current_version.kind, (section, item))
    assert len(kinds) == 7
    as_bakary.get("/en/")
    for section, item in kinds.values():
        for language in ("en", "fr"):
            address = f"/{language}/modules/{loaded.slug}/{section.slug}/items/{item.slug}/"
            with django_assert_max_num_queries(8):
                page = plain(as_bakary.get(address).text)
            for feedback in feedback_of(item):
                assert " ".join(feedback[language].split()) in page


def test_withdrawn_items_and_sections_have_none(as_bakary, section):
    item = section.bank.items.first()
    type(item).objects.filter(pk=item.pk).update(withdrawn_at=make.NOW)
    assert as_bakary.get(f"{section.get_absolute_url()}items/{item.slug}/").status_code == 404
    type(section).objects.filter(pk=section.pk).update(withdrawn_at=make.NOW)
    assert as_bakary.get(f"{section.get_absolute_url()}items/").status_code == 404


def test_the_list_costs_at_most_8_queries(as_bakary, section, django_assert_max_num_queries):
    as_bakary.get("/en/")
    with django_assert_max_num_queries(8):
        as_bakary.get(f"{section.get_absolute_url()}items/")
