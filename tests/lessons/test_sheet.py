"""The facilitator's sheet of a section, for those who may teach."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from lessons.models import Section
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    section = make.section()
    return reverse("lessons:sheet", args=[section.module.slug, section.slug])


@pytest.fixture(autouse=True)
def real_machine(settings):
    settings.OPEN_TEACHING = False


def test_whoever_may_teach_reads_it(as_bakary, address):
    assert "Ask for reasons." in as_bakary.get(address).text


def test_a_learner_is_told_how_to_ask_for_it(as_awa, as_guest, address):
    assert as_awa.get(address).status_code == as_guest.get(address).status_code == 403


def test_a_visitor_is_told_how_to_ask_before_they_make_an_account(client, address):
    page = client.get(address)
    assert page.status_code == 403
    assert f'href="/en/accounts/sign-in/?next={address}"' in page.text


def test_the_section_leads_there_for_those_who_may_teach(as_awa, as_bakary, address):
    section = Section.objects.get().get_absolute_url()
    assert address in as_bakary.get(section).text
    assert address not in as_awa.get(section).text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_marks_lead_to_the_pages_of_the_claims(as_bakary, loaded, language):
    with override(language):
        page = as_bakary.get(reverse("lessons:sheet", args=["mali", "information"])).text
        assert f'href="{reverse("lessons:claim", args=["mali", "M065"])}"' in page
    assert 'href="#M' not in page
