"""An exam with attempts left shows its score and what was weak, and no key, until the last one (quality R1, R22)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.exams import held_back
from cohorts.models import ExamRule
from course import exams
from course.changes import changes_of
from quizzes import remarking
from quizzes.models import Attempt, Item, ItemVersion, Recall, Remark
from tests import make
from tests.crawl import crawl

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CANARY = "canary"


@pytest.fixture
def module():
    """Every explanation, every feedback and every option that is a key sings."""
    module = make.case_study(sections=2)
    for item in Item.objects.all():
        item.document = {
            "explanation": make.both(f"{CANARY}-explanation-{item.pk}"),
            "feedback": {each: make.both(f"{CANARY}-feedback-{item.pk}-{each}") for each in "abcd"},
        }
        item.save()
    return module


@pytest.fixture
def cohort(awa, bakary):
    return make.cohort(bakary, [awa])


@pytest.fixture
def assignment(cohort, module):
    return make.assignment(cohort, module, exam=ExamRule.REQUIRED, exam_attempts=2)


def sit(learner, module, right=0, at=None):
    at = at or timezone.now()
    return make.hand_in(exams.start(learner, module, at), right, at)


def sings(pages):
    return sorted(address for address, page in pages.items() if CANARY in page.text)


def singing(client, *starts):
    return sings(crawl(client, "/en/", "/fr/", *starts))


def files(client):
    """One's own data as JSON and as tables, in text."""
    archive = zipfile.ZipFile(io.BytesIO(client.post("/en/my-data/csv/").content))
    tables = {name: archive.read(name).decode() for name in archive.namelist()}
    return client.post("/en/my-data/json/").json(), tables


def test_the_result_shows_score_and_weak_sections_and_nothing_of_the_items(as_awa, awa, module, assignment):
    sitting = sit(awa, module)
    page = as_awa.get(sitting.get_absolute_url()).text
    assert "Exam not passed yet: 0 of 6" in page
    for section in module.sections.all():
        assert section.title in page
    assert 'class="item"' not in page
    assert "#why" not in page
    for response in sitting.responses.all():
        assert response.shown_version.stem not in page
    assert "Give up my last attempt" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_that_links_lead_to_sings(as_awa, awa, module, assignment, language):
    sitting = sit(awa, module)
    own = sitting.get_absolute_url().replace("/en/", f"/{language}/")
    assert singing(as_awa, own) == []
    for address in (f"{own}retry/", own):
        assert CANARY not in as_awa.post(address, {"page": 1, "submit": 1}, follow=True).text
    assert not sitting.retries.exists()


def test_ones_own_data_tell_no_mark_of_an_item(as_awa, awa, module, assignment):
    sitting = sit(awa, module, right=3)
    data, tables = files(as_awa)
    assert CANARY not in json.dumps(data) + "".join(tables.values())
    assert {row["score"] for row in data["responses"]} == {None}
    assert data["recalls"] == []
    [row] = [row for row in data["attempts"] if row["attempt"] == sitting.pk]
    assert row["score"] is not None
    assert Recall.objects.of(awa).exists()


def test_a_correction_is_told_once_keys_are_shown(as_awa, awa, module, assignment):
    sitting = sit(awa, module)
    response = sitting.responses.filter(shown_version__kind="single").first()
    make.version(response.item, key=make.wrong_answer(response))
    remarking.remark([sitting.pk], None, timezone.now())
    assert Remark.objects.exists()
    assert changes_of(awa, timezone.now()).items == []
    as_awa.post("/en/changes/")
    assert "Right answer" not in as_awa.get("/en/changes/").text
    sit(awa, module)
    assert len(changes_of(awa, timezone.now()).items) == 1
    assert Remark.objects.filter(seen_at=None).exists()


def test_nobody_reports_an_item_that_is_not_shown_yet(as_awa, awa, module, assignment, settings):
    settings.OPEN_TEACHING = False
    response = sit(awa, module).responses.first()
    section = response.item.bank.section
    address = f"{section.get_absolute_url()}items/{response.item.slug}/report/"
    assert as_awa.get(address).status_code == 404
    sit(awa, module)
    assert as_awa.get(address).status_code == 200


def test_after_the_last_attempt_both_results_show_all(as_awa, awa, module, assignment):
    first = sit(awa, module)
    running = exams.start(awa, module, timezone.now())
    assert CANARY not in as_awa.get(first.get_absolute_url()).text
    make.hand_in(running, 0, timezone.now())
    for sitting in (first, running):
        assert CANARY in as_awa.get(sitting.get_absolute_url()).text
    assert {row["score"] for row in files(as_awa)[0]["responses"]} != {None}


def test_the_date_that_has_passed_shows_all_and_a_later_one_for_this_person_does_not(awa, module, assignment, cohort):
    type(assignment).objects.update(due_at=NOW + DAY)
    sitting = sit(awa, module, at=NOW)
    assert set(held_back(awa, NOW + DAY - HOUR)) == {sitting.pk}
    assert held_back(awa, NOW + DAY) == {}
    extension = assignment.extensions.create(
        enrolment=cohort.enrolments.get(user=awa), due_at=NOW + 2 * DAY, reason="Ill"
    )
    assert set(held_back(awa, NOW + DAY)) == {sitting.pk}
    assert held_back(awa, NOW + 2 * DAY) == {}
    extension.is_excused = True
    extension.save()
    assert set(held_back(awa, NOW + 2 * DAY)) == {sitting.pk}


def test_another_attempt_from_the_staff_holds_it_back_again(awa, module, assignment, cohort, bakary):
    for _ in range(2):
        sit(awa, module, at=NOW)
    assert held_back(awa, NOW) == {}
    assignment.extend(cohort.enrolments.get(user=awa), bakary, NOW, exam_attempts=1, reason="Ill")
    assert len(held_back(awa, NOW)) == 2


def test_what_is_given_up_is_gone_until_staff_give_more(as_awa, awa, module, assignment, cohort, bakary):
    sitting = sit(awa, module)
    address = f"{sitting.get_absolute_url()}give-up/"
    assert as_awa.get(address).status_code == 302
    page = as_awa.post(address, follow=True)
    assert CANARY in page.text
    assert exams.start(awa, module, timezone.now()) is None
    assert "no attempt to give up" in as_awa.post(address, follow=True).text
    assignment.extend(cohort.enrolments.get(user=awa), bakary, timezone.now(), exam_attempts=1, reason="Asked")
    assert exams.start(awa, module, timezone.now())


def test_nothing_is_given_up_while_one_runs(as_awa, awa, module, assignment):
    first = sit(awa, module)
    type(assignment).objects.update(exam_attempts=5)
    exams.start(awa, module, timezone.now())
    assert "Give up" not in as_awa.get(first.get_absolute_url()).text
    as_awa.post(f"{first.get_absolute_url()}give-up/")
    assert first.terms.get().given_up == 0


def test_leaving_shows_no_key(awa, module, assignment, cohort):
    sitting = sit(awa, module, at=NOW)
    cohort.enrolments.get(user=awa).leave(NOW + HOUR)
    assert set(held_back(awa, NOW + DAY)) == {sitting.pk}


def test_without_a_number_of_attempts_keys_come_with_passing(awa, module, assignment):
    type(assignment).objects.update(exam_attempts=None)
    first = sit(awa, module, at=NOW)
    assert held_back(awa, NOW) == {first.pk: 0}
    sit(awa, module, right=6, at=NOW + HOUR)
    assert held_back(awa, NOW + HOUR) == {}


@pytest.mark.parametrize("rule", ["alone", "open to those who want it", "in the archive"])
def test_where_nothing_hangs_on_it_all_is_shown_at_once(as_awa, awa, module, cohort, assignment, rule):
    if rule == "alone":
        assignment.delete()
    elif rule == "open to those who want it":
        type(assignment).objects.update(exam=ExamRule.OPEN, exam_attempts=None)
    sitting = sit(awa, module, at=NOW)
    if rule == "in the archive":
        cohort.archive(NOW)
    assert CANARY in as_awa.get(sitting.get_absolute_url()).text


def test_others_keys_are_held_back_for_their_own_reasons(awa, celia, module, assignment, cohort):
    cohort.join(celia, NOW)
    sit(awa, module, at=NOW)
    for _ in range(2):
        sit(celia, module, at=NOW)
    assert held_back(celia, NOW) == {}
    assert len(held_back(awa, NOW)) == 1


def test_a_repeat_that_was_begun_is_closed_with_its_exam(as_awa, awa, module, assignment, cohort, bakary):
    last = [sit(awa, module) for _ in range(2)][1]
    as_awa.post(f"{last.get_absolute_url()}retry/")
    repeat = last.retries.get()
    make.give(repeat, False)
    assert CANARY in as_awa.get(repeat.get_absolute_url(), {"page": 1}).text
    assignment.extend(cohort.enrolments.get(user=awa), bakary, timezone.now(), exam_attempts=1, reason="Ill")
    assert as_awa.get(repeat.get_absolute_url(), {"page": 1})["Location"] == last.get_absolute_url()


def test_the_bytes_of_the_result_do_not_change_when_the_key_moves(as_awa, awa, module, assignment):
    own = sit(awa, module, right=2).get_absolute_url()
    as_awa.get(own)
    before = as_awa.get(own).text
    for version in ItemVersion.objects.filter(kind="single"):
        version.document["key"] = "c"
        version.save()
    token = 'name="csrfmiddlewaretoken" value="'
    after = as_awa.get(own).text
    cut = [part.split('"', 1)[-1] for text in (before, after) for part in text.split(token)]
    assert cut[: len(cut) // 2] == cut[len(cut) // 2 :]


def test_the_result_costs_at_most_eight_queries(as_awa, awa, module, assignment, django_assert_max_num_queries):
    own = sit(awa, module).get_absolute_url()
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(own)
    sit(awa, module)
    with django_assert_max_num_queries(10):
        as_awa.get(own)


# Items that are kept for exams


def keep(section, count):
    """So many items of the section kept for exams; their ids."""
    return {make.item(section, uses=["exam"]).pk for _ in range(count)}


def items_of(attempt):
    return set(attempt.responses.values_list("item", flat=True))


def test_an_exam_that_certifies_takes_first_what_is_kept_and_the_rest_of_the_others(awa, module, assignment):
    first, second = module.sections.order_by("position")
    many, one = keep(first, 4), keep(second, 1)
    drawn = items_of(exams.start(awa, module, NOW))
    assert len(drawn) == 6
    assert len(drawn & many) == 3
    assert drawn & one == one
    assert len(drawn & set(second.bank.items.values_list("pk", flat=True))) == 3


def test_what_is_kept_is_asked_nowhere_else(as_awa, awa, celia, guest, module):
    section = module.sections.get(position=1)
    kept = keep(section, 5)
    for learner in (awa, celia, guest):
        assert not items_of(sit(learner, module, at=NOW)) & kept
        assert not items_of(make.quiz(learner, section, right=0)) & kept
    item = Item.objects.get(pk=min(kept))
    lesson = section.lessons.first()
    assert as_awa.post(f"{lesson.get_absolute_url()}checks/{item.slug}/", {item.slug: 0}).status_code == 404


def test_what_is_kept_comes_neither_in_a_repeat_nor_in_the_days_review(as_awa, awa, module, assignment):
    kept = keep(module.sections.get(position=1), 3) | keep(module.sections.get(position=2), 2)
    for _ in range(2):
        last = sit(awa, module, at=NOW)
    assert "Repeat the missed item now" in as_awa.get(last.get_absolute_url()).text
    assert not items_of(last.retry(NOW)) & kept
    assert set(Recall.objects.of(awa).reviewable().values_list("item", flat=True)) & kept == set()


def test_staff_are_warned_where_an_exam_takes_what_is_practised(as_bakary, module, assignment):
    page = as_bakary.get(assignment.get_absolute_url()).text
    assert "In 2 sections the exam takes items that are practised too" in page
    keep(module.sections.get(position=1), 3)
    assert "In 1 section the exam takes" in as_bakary.get(assignment.get_absolute_url()).text
    keep(module.sections.get(position=2), 3)
    assert "practised too" not in as_bakary.get(assignment.get_absolute_url()).text
    type(assignment).objects.update(exam=ExamRule.NOT_ASKED)
    assert "practised too" not in as_bakary.get(assignment.get_absolute_url()).text


def test_a_module_of_kept_items_alone_has_no_exam_for_practice(as_awa, awa, cohort):
    module = make.case_study(items=0)
    keep(module.sections.get(), 3)
    assert "There are no items for an exam" in as_awa.get(f"{module.get_absolute_url()}exam/").text
    as_awa.post(f"{module.get_absolute_url()}exam/")
    assert not Attempt.objects.exists()
    make.assignment(cohort, module, exam=ExamRule.REQUIRED)
    as_awa.post(f"{module.get_absolute_url()}exam/")
    assert Attempt.objects.get().responses.count() == 3
