"""What people of a cohort do: an instructor's first five minutes, an intake to the certificate, two cohorts at once."""

import re
from html import unescape

from django.test import Client

from accounts.models import User
from cohorts.models import Certificate, Cohort
from tests import make
from tests.journeys.test_from_lesson_to_passed import Person


class Clicking(Person):
    """A person whose clicks are counted: each link that is followed and each button that is pressed."""

    def __init__(self):
        super().__init__(Client())
        self.clicks = 0

    def follow(self, ending):
        """The first link of the page whose address ends so."""
        self.clicks += 1
        links = [each for each in re.findall(r'href="(/[^"]*)"', self.text) if each.split("?")[0].endswith(ending)]
        return self.open(links[0])

    def press(self, ending, fields):
        """The button of the form whose address ends so, or of the one that posts to the page itself."""
        self.clicks += 1
        posted = [*self.forms(ending), *([self.address] if self.address.endswith(ending) else [])]
        response = self.client.post(posted[0], fields)
        if response.status_code == 302:
            return self.open(response["Location"])
        assert response.status_code == 200, response.text
        self.text = unescape(response.text)
        self.main = self.text.split("<main")[1]
        return self

    def pass_section(self, section, language="en"):
        """Begin the section's quiz and answer all of it rightly."""
        self.open(f"/{language}/modules/{section.module.slug}/{section.slug}/")
        return self.send(self.forms("/quiz/")[0], {}).answer_quiz(right=True)


def signed_up(name):
    """Somebody with a name, on the first page."""
    person = Clicking().open("/en/")
    person.follow("/sign-in/").follow("/sign-up/").press("/sign-up/", {"name": name, "password": make.PASSWORD})
    return person.follow("/en/")


def assigned(person, module, **more):
    """A cohort made and the whole module set, as the forms stand on the page."""
    person.follow("/cohorts/").follow("/cohorts/new/").press("/new/", {"name": "Autumn", "time_zone": "Africa/Bamako"})
    person.follow("/assignments/new/")
    opens = re.search(r'name="opens_at" value="([^"]+)"', person.main)[1]
    return person.press("/assignments/new/", {"module": module.pk, "opens_at": opens, "is_required": "on"} | more)


def joined(person, link):
    return person.open(link).press("/join/cohort/", {"code": link.split("/")[3], "said_name": "Mariam Zerbo"})


def link_of(person):
    return re.search(r'href="http://testserver(/en/join/[^"]+)"', person.main)[1]


def test_an_instructors_first_five_minutes_in_ten_clicks(loaded):
    instructor = assigned(signed_up("Bakary"), loaded)
    learner = joined(Clicking(), link_of(instructor))
    section = loaded.sections.order_by("position").first()
    learner.pass_section(section)
    assert User.objects.filter(is_guest=True).count() == 1

    instructor.follow("/board/")
    assert '100<span class="visually-hidden">/100' in instructor.main
    assert instructor.clicks <= 10

    # From the mark to what made it: two clicks more.
    instructor.follow(f"/learners/{Cohort.objects.get().enrolments.get(role='learner').pk}/")
    result = re.search(r'href="(/en/cohorts/\d+/attempts/\d+/)"', instructor.main)[1]
    assert "Passed:" in instructor.open(result).main


def test_an_intake_from_the_code_to_a_certificate_that_anybody_can_check(loaded):
    """Danso leads it; Awa joins as a guest, takes a name, and is certified under a pseudonym."""
    sections = [section for section in loaded.sections.live().order_by("position") if not section.is_optional][:2]
    chosen = [section.pk for section in sections]
    lead = assigned(signed_up("Danso"), loaded, sections=chosen, months_valid=12)
    code = Cohort.objects.get().grouped_code

    awa = Clicking().open("/en/join/").press("/join/", {"code": code.lower().replace("-", " ")})
    awa.press("/join/cohort/", {"code": code, "said_name": "Awa Coulibaly"})
    awa.pass_section(sections[0])
    awa.open(re.search(r'href="([^"]+sign-up/[^"]*)"', awa.main)[1])
    awa.press("/sign-up/", {"name": "Awa", "password": make.PASSWORD})

    # One section is missing: the page says which, and nothing is issued.
    cohort = Cohort.objects.get().get_absolute_url()
    awa.open(cohort).follow("/certificate/")
    assert sections[1].title in awa.main.split("Still missing")[1]
    awa.pass_section(sections[1])
    awa.open(cohort).follow("/certificate/").press("/certificate/", {"name": "A. C."})
    certificate = Certificate.objects.get()
    assert awa.address == f"/en/certificates/{certificate.public_id}/"
    assert "Valid until" in awa.main

    # The lead sees that she is done, takes the file and prints; an employer checks, without an account.
    lead.open(cohort).follow("/marks/")
    assert re.search(r"<b>done</b>", lead.main)
    done = lead.client.post(lead.forms("/done/csv/")[0]).getvalue().decode("utf-8-sig").splitlines()
    assert done[1].startswith("Awa Coulibaly,,,done,")
    lead.follow("/certificates/").follow("/certificates/print/")
    address = re.search(r'href="http://testserver(/en/certificates/\w+/)"', lead.main)[1]
    employer = Clicking().open(address)
    assert "A. C." not in employer.main
    employer.press(address, {"name": "A. C."})
    assert "Yes: this is the name on the certificate." in employer.main
    for secret in ("Awa", "Autumn", "Danso", loaded.title):
        assert secret not in employer.main


def test_a_learner_in_two_cohorts_whose_staff_see_only_their_own(loaded):
    first, second, third = loaded.sections.live().order_by("position")[:3]
    bakary = assigned(signed_up("Bakary"), loaded, sections=[first.pk])
    danso = assigned(signed_up("Danso"), loaded, sections=[first.pk, second.pk])
    awa = joined(signed_up("Awa"), link_of(bakary))
    awa.pass_section(first)
    joined(awa, link_of(danso))
    for section in (second, third):
        awa.pass_section(section)

    # Each board shows what was done for it since she joined.
    assert "s-passed" in bakary.follow("/board/").main.split("<tbody>")[1]
    board = danso.follow("/board/").main.split("<tbody>")[1]
    assert re.findall(r'class="s-(\w+)', board) == ["none", "passed"]

    # Each opens the attempts of its own sections, and gets a 404 for those of the other and of neither.
    attempts = {each.bank.section: each.pk for each in User.objects.get(name="Awa").attempts.all()}
    seen = {
        (person, section): person.client.get(f"{cohort.get_absolute_url()}attempts/{pk}/").status_code
        for person, cohort in ((bakary, bakary_s()), (danso, danso_s()))
        for section, pk in attempts.items()
    }
    assert [seen[bakary, each] for each in (first, second, third)] == [200, 404, 404]
    assert [seen[danso, each] for each in (first, second, third)] == [404, 200, 404]
    assert bakary.client.get(f"{danso_s().get_absolute_url()}board/").status_code == 404


def bakary_s():
    return Cohort.objects.order_by("pk")[0]


def danso_s():
    return Cohort.objects.order_by("pk")[1]
