"""The questions before a section: told at once, and kept nowhere (quality L9)."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from quizzes.models import Attempt, Response
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make.section()
    make.lesson(section)
    for kind in ("single", "classify"):
        make.item(section, uses=["pre"], kind=kind, slug=f"before-{kind}")
    make.item(section)
    return section


@pytest.fixture
def address(section):
    return reverse("quizzes:before", args=[section.module.slug, section.slug])


def test_a_section_not_started_leads_to_its_questions(as_awa, awa, loaded):
    section = loaded.sections.get(slug="information")
    address = reverse("quizzes:before", args=["mali", "information"])
    link = f'<a href="{address}">Before you read: 3 questions, and nothing is kept'
    assert link in as_awa.get(section.get_absolute_url()).text
    make.reading(awa, section.lessons.first())
    assert "Before you read" not in as_awa.get(section.get_absolute_url()).text


def test_they_stand_on_a_page_of_their_own(client, address):
    page = client.get(address).text
    assert page.count('<fieldset class="item"') == 2
    assert "Nothing of this is kept." in page


def test_its_heading_has_the_colon_of_its_language(client, address, section):
    assert f"Before you read: {section.title}" in client.get(address).text
    with override("fr"):
        page = client.get(address.replace("/en/", "/fr/")).text
        assert f"Avant de lire\u00a0: {section.title}" in page


def test_an_answer_is_told_at_once_with_its_reason(client, address, section):
    item = section.bank.items.get(slug="before-single")
    place = sorted(each.slug for each in section.bank.items.filter(slug__startswith="before")).index(item.slug) + 1
    page = client.post(address, {f"q{place}": 1}).text
    assert item.explanation in page
    assert item.document["feedback"]["b"]["en"] in page
    assert "Wrong" in page
    assert "Right" in client.post(address, {f"q{place}": 0}).text


def test_nothing_is_kept_and_nobody_becomes_a_guest(client, address):
    client.post(address, {"q1": 0, "q2": 1})
    assert not client.session.items()
    assert (User.objects.count(), Attempt.objects.count(), Response.objects.count()) == (0, 0, 0)


def test_no_answer_is_told_as_that(client, address):
    assert client.post(address).text.count("No answer") >= 2


def test_what_was_not_on_offer_is_no_answer(client, address):
    assert client.post(address, {"q2": "99", "q1-0": "x"}).status_code == 200


def test_another_language_keeps_a_number_that_cannot_be_read(client, address, section):
    item = make.item(section, uses=["pre"], slug="how-many")
    stem = item.current_version.document["stem"]
    make.version(
        item, "number", {"stem": stem, "shuffle": False, "value": "12", "tolerance": "0", "unit": {}, "mistakes": []}
    )
    page = client.post(address.replace("/en/", "/fr/"), {"q3": "a dozen", "show": "1"})
    assert 'value="a dozen"' in page.text
    assert client.post(address, {"q3": "a dozen"}).status_code == 200


def test_the_key_stays_on_the_server_until_something_was_sent(client, address, section):
    for page in (client.get(address).text, client.get(section.get_absolute_url()).text):
        assert "Explanation" not in page
        assert "Feedback" not in page


def test_a_section_without_such_questions_has_no_such_page(client):
    section = make.section()
    make.item(section)
    assert client.get(reverse("quizzes:before", args=[section.module.slug, section.slug])).status_code == 404


def test_more_questions_cost_no_more_queries(client, address, section, django_assert_max_num_queries):
    for _ in range(5):
        make.item(section, uses=["pre"])
    with django_assert_max_num_queries(4):
        client.get(address)
