"""The ends: of a section, with what one can now do and when to come back, and of the module, with the certificate."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lessons.models import Module
from quizzes.models import Recall
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return make.case_study(sections=2, items=6)


def end_of(module):
    return f"{module.get_absolute_url()}end/"


def pass_sections(learner, module):
    for section in module.sections.all():
        for lesson in section.lessons.all():
            make.reading(learner, lesson)
        make.quiz(learner, section, right=5)
    Recall.objects.filter(learner=learner).update(due_on=timezone.localdate() + timedelta(days=3))


def pass_all(learner, module):
    pass_sections(learner, module)
    exam = make.exam(learner, module)
    make.hand_in(exam, right=exam.responses.count())
    Recall.objects.filter(learner=learner).update(due_on=timezone.localdate() + timedelta(days=3))


def filled(page):
    return re.findall(r'class="btn btn-primary"[^>]*href="([^"]+)"', page.text.split("<main")[1])


# Of a section


def test_a_passed_quiz_says_what_one_can_now_do_and_when_to_come_back(as_awa, awa, module):
    section = module.sections.order_by("position").first()
    section.document["objectives"].append({"level": "apply", "text": make.text("Never asked.")})
    section.save()
    attempt = make.quiz(awa, section, right=4)
    Recall.objects.filter(learner=awa).update(due_on=timezone.localdate() + timedelta(days=2))
    page = as_awa.get(attempt.get_absolute_url()).text
    end = page.split('id="can"')[1].split("</ul>")[0]
    assert section.document["objectives"][0]["text"]["en"] in end
    assert "4 of 5 items right in this quiz" in end
    assert "Never asked." not in end
    days = page.split('id="come-back"')[1].split("</ol>")[0]
    assert days.count("<li>") == 1
    assert "5 items" in days
    assert "about 2 minutes" in days


def test_a_failed_quiz_and_a_trial_have_no_such_end(as_awa, awa, module):
    section = module.sections.first()
    assert 'id="can"' not in as_awa.get(make.quiz(awa, section, right=1).get_absolute_url()).text


def test_the_days_to_come_are_the_sections_own_the_next_four(as_awa, awa, module):
    first, second = module.sections.order_by("position")
    make.quiz(awa, second, right=5)
    attempt = make.quiz(awa, first, right=5)
    today = timezone.localdate()
    Recall.objects.filter(learner=awa).update(due_on=today + timedelta(days=40))
    for number, recall in enumerate(Recall.objects.filter(learner=awa, item__bank__section=first)):
        Recall.objects.filter(pk=recall.pk).update(due_on=today + timedelta(days=number))
    page = as_awa.get(attempt.get_absolute_url()).text
    days = page.split('id="come-back"')[1].split("</ol>")[0]
    assert days.count("<li>") == 4
    assert days.count("1 item") == 4


# Partial marks


def test_a_part_that_counts_is_explained_beside_the_score(as_awa, awa):
    section = make.section(draw=2)
    make.item(section, kind="multiple")
    make.item(section)
    attempt = make.quiz(awa, section)
    for response in attempt.responses.select_related("shown_version"):
        answer = make.right_answer(response)
        response.answer = answer[:1] if response.shown_version.kind == "multiple" else answer
        response.save()
    attempt.submit(make.NOW)
    assert "1 item was partly right, and its part counts." in as_awa.get(attempt.get_absolute_url()).text
    whole = make.quiz(awa, section, right=2)
    assert "partly" not in as_awa.get(whole.get_absolute_url()).text


# Of the module


def test_whoever_is_not_at_the_end_is_led_to_the_next_step(client, as_awa, awa, module):
    first = module.sections.order_by("position").first().lessons.order_by("position").first()
    assert client.get(end_of(module))["Location"] == first.get_absolute_url()
    pass_sections(awa, module)
    assert as_awa.get(end_of(module))["Location"] == f"{module.get_absolute_url()}exam/"


def test_the_end_offers_the_certificate_and_then_prints_it(as_awa, awa, module):
    pass_all(awa, module)
    address = end_of(module)
    page = as_awa.get(address)
    assert "The course is done" in page.text
    assert "2 of 2 sections passed" in page.text
    (ask,) = filled(page)
    assert ask == f"/en/certificates/new/{module.slug}/"
    issued = as_awa.post(ask, {"name": "Awa D."})["Location"]
    page = as_awa.get(address)
    assert "Awa D." in page.text
    assert filled(page) == [f"{issued}print/"]
    assert as_awa.get(f"{module.get_absolute_url()}go-on/")["Location"] == address


def test_a_learner_of_a_cohort_is_offered_the_certificate_of_what_it_has_set(as_awa, awa, bakary, module):
    cohort = make.cohort(bakary, [awa])
    assignment = make.assignment(cohort, module)
    pass_all(awa, module)
    page = as_awa.get(end_of(module))
    assert filled(page) == [f"/en/cohorts/{cohort.pk}/assignments/{assignment.pk}/certificate/"]
    assert f'href="/en/certificates/new/{module.slug}/"' in page.text


def test_a_certificate_that_has_run_out_is_asked_for_again(as_awa, awa, module):
    pass_all(awa, module)
    make.certificate(awa, module, expires_at=timezone.now() - timedelta(days=1))
    assert filled(as_awa.get(end_of(module))) == [f"/en/certificates/new/{module.slug}/"]


def test_the_end_costs_no_more_queries_in_a_larger_module(as_awa, awa, django_assert_max_num_queries):
    for module in (make.case_study(sections=1), make.case_study(sections=5)):
        pass_all(awa, module)
        as_awa.get(end_of(module))
        with django_assert_max_num_queries(11):
            assert as_awa.get(end_of(module)).status_code == 200


def test_a_module_without_items_for_an_exam_ends_without_one(as_awa, awa, module):
    for section in module.sections.all():
        section.document["exam_items"] = 0
        section.save()
    pass_sections(awa, module)
    assert as_awa.get(f"{module.get_absolute_url()}go-on/")["Location"] == end_of(module)
    assert "The exam is passed." not in as_awa.get(end_of(module)).text


# An exam for the certificate of whoever learns alone


def test_a_module_may_ask_for_the_exam_too(as_awa, awa, module):
    pass_sections(awa, module)
    address = f"/en/certificates/new/{module.slug}/"
    assert 'name="name"' in as_awa.get(address).text
    module.document["exam"]["certificate"] = True
    Module.objects.filter(pk=module.pk).update(document=module.document)
    page = as_awa.get(address).text
    assert 'name="name"' not in page
    assert "the exam" in page.split("Still missing")[1]
    assert "To the certificate at once" not in as_awa.get(module.get_absolute_url()).text
    make.exam(awa, module, right=0)
    assert 'name="name"' not in as_awa.get(address).text
    exam = make.exam(awa, module)
    make.hand_in(exam, right=exam.responses.count())
    page = as_awa.get(address).text
    assert 'name="name"' in page
    assert "Passed the exam over all sections" in page
