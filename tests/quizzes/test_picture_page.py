"""Where pictures of questions are shown, and who is sent them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from course.erasing import erase
from quizzes import writing
from quizzes.models import Picture
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(bakary):
    """A question of Bakary's with a picture, and the picture."""
    return make.own_item_with_picture(make.bank(bakary, "Bridges"))


def address(item, sent):
    return reverse("quizzes:picture", args=[item.pk, sent.checksum])


def changed(item, colour="blue"):
    """The question with another picture, which is in the version from now on."""
    sent = make.picture(colour)
    writing.write(item, item.source | {"pictures": [sent.entry(make.text("Bridge"))]}, make.NOW, sent=[sent])
    return sent


def status(person, item, sent):
    return browser_of(person).get(address(item, sent)).status_code


def test_whoever_sees_the_bank_is_sent_its_pictures(as_bakary, shown, django_assert_max_num_queries):
    as_bakary.get("/en/")  # the first page of a day is written down
    with django_assert_max_num_queries(6):
        response = as_bakary.get(address(*shown))
    assert response.content == shown[1].data
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Cookie" in response.headers["Vary"]  # who signs in next on a shared computer is asked anew


def test_strangers_and_visitors_are_sent_none(awa, celia, danso, guest, shown):
    assert {status(person, *shown) for person in (awa, celia, danso, guest)} == {404}
    assert Client().get(address(*shown)).status_code == 302


def test_what_is_shared_with_a_cohort_is_sent_to_its_staff(danso, awa, celia):
    cohort = make.cohort(danso, [awa])
    shared = make.own_item_with_picture(make.bank(celia, cohort=cohort))
    assert (status(danso, *shared), status(awa, *shared)) == (200, 404)
    cohort.banks.clear()
    assert status(danso, *shared) == 404


def test_a_learner_is_sent_what_their_attempt_showed_and_no_more(awa, celia, bakary, shown):
    item, first = shown
    make.own_sitting(awa, make.own_quiz(bakary, [item]))
    second = changed(item)
    assert (status(awa, item, first), status(awa, item, second)) == (200, 404)
    assert (status(celia, item, first), status(bakary, item, second)) == (404, 200)


def test_a_trial_shows_a_question_that_is_shared_no_more(bakary, celia):
    item, sent = make.own_item_with_picture(make.bank(celia))
    assert status(bakary, item, sent) == 404
    make.own_quiz(bakary, [item])
    assert status(bakary, item, sent) == 200


def test_the_staff_of_a_cohort_are_sent_what_its_learners_answered(awa, bakary, celia, danso, shown):
    cohort = make.cohort(danso, [awa])
    quiz = make.own_quiz(bakary, [shown[0]])
    make.set_quiz(cohort, quiz)
    assert status(danso, *shown) == 404
    make.own_sitting(awa, quiz, right=1)
    assert (status(danso, *shown), status(celia, *shown)) == (200, 404)


def test_a_picture_of_another_question_is_not_there(bakary, shown):
    other = make.own_item(shown[0].bank)
    assert status(bakary, other, shown[1]) == 404
    assert browser_of(bakary).get(reverse("quizzes:picture", args=[shown[0].pk, "0" * 64])).status_code == 404


def image(page):
    return page.text.count("<img src=")


def test_a_picture_stands_with_its_words_wherever_its_question_is_shown(awa, bakary, shown):
    item, sent = shown
    cohort = make.cohort(bakary, [awa])
    quiz = make.own_quiz(bakary, [item])
    make.set_quiz(cohort, quiz)
    sitting = make.own_sitting(awa, quiz)
    trial = make.own_sitting(bakary, quiz, is_trial=True)
    as_awa, as_bakary = browser_of(awa), browser_of(bakary)
    pages = [as_awa.get(f"{sitting.get_absolute_url()}?page=1"), as_bakary.get(trial.get_absolute_url())]
    make.hand_in(sitting, 0)
    retry = as_awa.post(f"{sitting.get_absolute_url()}retry/", follow=True)
    pages += [retry, as_awa.get(sitting.get_absolute_url())]
    own = f"/en/banks/{item.bank_id}/items/{item.pk}/"
    pages += [as_bakary.get(own), as_bakary.get(f"{own}try/"), as_bakary.post(f"{own}try/", {"q1": "0"})]
    pages += [as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/")]
    papers = [as_bakary.get(f"/en/banks/{item.bank_id}/paper/"), as_bakary.get(f"/en/quizzes/{quiz.pk}/paper/b/")]
    for page in (*pages, *papers):
        assert (page.request["PATH_INFO"], page.status_code, image(page)) == (page.request["PATH_INFO"], 200, 1)
        assert f'src="{address(item, sent)}"' in page.text
        assert 'width="80" height="60" alt="Two rivers that meet"' in page.text
    assert all("loading" in page.text for page in pages)
    assert not any("loading" in page.text for page in papers)  # paper waits for nothing


def test_what_is_sent_is_in_the_reader_s_language(as_bakary, shown):
    page = as_bakary.get(f"/fr/banks/{shown[0].bank_id}/items/{shown[0].pk}/try/")
    assert "Deux rivières qui se rejoignent" in page.text
    assert "/fr/items/" in page.text


def test_a_copy_has_the_pictures_and_a_move_takes_them_along(bakary, danso, shown):
    item, sent = shown
    target = make.bank(danso)
    make.own_item(target)
    copied = writing.copy(danso, item, target, "once", make.NOW)
    assert [bytes(row.data) for row in copied.pictures.all()] == [sent.data]
    assert copied.version.document == item.version.document
    assert status(danso, copied, sent) == 200
    writing.move(bakary, item, make.bank(bakary, "Rivers"))
    writing.withdraw(bakary, item, make.NOW)
    assert status(bakary, item, sent) == 200


def test_a_copy_that_has_to_be_put_right_has_the_pictures_too(bakary, shown):
    item, sent = shown
    item.source = item.source | {"stem": {"en": "In 1960?", "fr": "En 1961 ?"}}
    item.save()
    copied = writing.copy(bakary, item, make.bank(bakary), "once", make.NOW)
    assert copied.draft
    assert status(bakary, copied, sent) == 200


def test_a_copy_has_the_pictures_that_its_text_names_alone(bakary, shown):
    item, former = shown
    latest = changed(item)
    item.source = item.source | {"stem": {"en": "In 1960?", "fr": "En 1961 ?"}}  # to be put right: no version is made
    item.save()
    copied = writing.copy(bakary, item, make.bank(bakary), "once", make.NOW)
    assert {row.checksum for row in item.pictures.all()} == {former.checksum, latest.checksum}
    assert [row.checksum for row in copied.pictures.all()] == [latest.checksum]


def test_pictures_of_whoever_is_erased_go_with_the_questions_that_go(awa, bakary, danso, shown):
    answered, sent = make.own_item_with_picture(shown[0].bank, make.picture("blue"))
    make.own_sitting(awa, make.own_quiz(bakary, [answered]), right=1)
    shared, _picture = make.own_item_with_picture(make.bank(bakary, cohort=make.cohort(danso)))
    erase(User.objects.filter(pk=bakary.pk))
    assert {row.item_id for row in Picture.objects.all()} == {answered.pk, shared.pk}
    assert status(awa, answered, sent) == 200
