"""An instructor's first day and a lead's list, in a browser without JavaScript; what it costs is counted."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from cohorts import places
from cohorts.models import Assignment, Certificate, Cohort, Role
from lessons.models import Section
from tests import make
from tests.browser.test_walk import answer
from tests.browser.walker import Walker
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
FAMILIES = ["Coulibaly", "Diarra", "Keïta", "Konaté", "Sangaré", "Traoré"]
FIRST = ["Aïssata", "Bintou", "Drissa", "Fatoumata", "Moussa", "Oumar", "Rokia", "Salif", "Seydou", "Youssouf"]


def two_groups_of_sixty():
    """The export of a school's register: a title, headings, a number, two groups, and every name once."""
    names = [(family, f"{first} {letter}") for letter in "AB" for family in FAMILIES for first in FIRST]
    rows = [["Licence 2, semestre 1"], ["Matricule", "Nom", "Prénom", "Groupe"]]
    rows += [[f"2026-{at:04}", *name, f"TD {1 + at // 60}"] for at, name in enumerate(names)]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue()


def test_an_instructor_with_two_groups_of_sixty_sets_dates_within_twelve_pages(site, desk, capsys):
    bakary = Walker(desk, site)
    bakary.open("/en/")
    bakary.follow("Teach")
    bakary.sign_up("Bakary", "Choose a name and a password")
    bakary.fill("name", "Licence 2")
    bakary.fill("time_zone", "Africa/Bamako")
    bakary.press()
    bakary.follow("Names from a list")
    bakary.attach("register.csv", two_groups_of_sixty())
    bakary.press("Look at it first")
    bakary.press("Make 120 places")
    bakary.follow("Set dates for all sections")
    bakary.fill("first_on", "2027-01-08")
    bakary.press("Fill in the dates")
    bakary.press("Save the schedule")
    expect(desk.locator("main")).to_contain_text("The schedule is saved.")

    cohort = Cohort.objects.get()
    groups = cohort.enrolments.learners().values_list("group__name", flat=True)
    assert Counter(groups) == {"TD 1": 60, "TD 2": 60}
    dues = sorted(row.due_at for row in cohort.assignments.all() if row.sections.exists())
    assert {(later - day).days for day, later in pairwise(dues)} == {7}
    assert (len(bakary.pages), bakary.refused) == (12, 0), bakary.pages
    with capsys.disabled():
        print(f"\n{len(bakary.pages)} pages, {bakary.fields} fields, nothing refused, nothing looked up", end="")


def thirty():
    """An export of the personnel office: a title, two people of one name, a sum below; thirty people."""
    names = [f"{family} {first}" for family in FAMILIES[:3] for first in FIRST][:29] + ["Keïta Aïssata"]
    rows = [["Personnel, nouvelles recrues", ""], ["Nom complet", "Matricule"]]
    rows += [[name, f"RH-{at:03}"] for at, name in enumerate(names, 1)] + [["Total", "30"]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def test_a_lead_takes_thirty_from_a_file_to_certificates_and_hands_over(site, desk, phones):
    danso = Walker(desk, site)
    danso.open("/en/onboard/")
    danso.follow("Make a cohort", "main")
    danso.sign_up("Danso", "I have no name here yet")
    danso.fill("name", "Intake")
    danso.press()
    danso.follow("Names from a list")
    danso.attach("staff.csv", thirty())
    danso.press("Look at it first")
    danso.press("Make 30 places")
    cohort = Cohort.objects.get()
    names = list(cohort.enrolments.learners().values_list("roster_name", flat=True))
    assert [name for name in names if name.startswith("Keïta Aïssata")] == [
        "Keïta Aïssata (RH-021)",
        "Keïta Aïssata (RH-030)",
    ]

    danso.open(cohort.get_absolute_url())
    danso.follow("Set a module or sections", "main")
    desk.locator("main input[name=sections]").first.check()
    desk.locator("summary", has_text="Which attempt counts").click()
    danso.fill("months_valid", "12")
    danso.press()
    work = cohort.assignments.get()

    # Awa passes on a phone of her own, by her slip; Seydou passes too, and Celia has only joined when the date comes.
    section = work.sections.get()
    first, second, third = cohort.enrolments.learners().order_by("pk")[:3]
    awa = Walker(phones(), site)
    awa.open(f"/en/join/{first.grouped_code}/")
    awa.press()
    awa.open(section.get_absolute_url())
    awa.press("Start the quiz")
    answer(awa.page, right=True)
    seydou = make.user("Seydou")
    places.claim_place(second, seydou, timezone.now())
    places.claim_place(third, make.user("Celia"), timezone.now())
    quiz = make.quiz(seydou, section, at=timezone.now())
    make.hand_in(quiz, quiz.responses.count(), timezone.now())
    now = timezone.now()
    Assignment.objects.update(opens_at=now - timedelta(days=7), due_at=now)

    danso.follow("Cohorts", "header")
    expect(desk.locator("main")).to_contain_text("28 learners of Intake have something overdue")
    danso.open(cohort.get_absolute_url())
    danso.follow("Gradebook", "main")
    desk.locator("summary", has_text="Take marks out as a file").click()
    with desk.expect_download() as taken:
        desk.locator("form[action$='/done/csv/'] button").first.click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text("utf-8-sig"))))
    assert Counter(row[3] for row in rows[1:]) == Counter({"done": 2, "overdue": 1, "not joined": 27})

    # Certificates for both at once, by the names on the list; Awa takes a name here and accepts hers.
    danso.open(cohort.get_absolute_url())
    danso.follow("Certificates", "main")
    danso.press_link("Offer certificates for:")
    danso.press("Offer certificates to those who are ticked")
    awa.open("/en/")
    awa.press_link("Accept it")
    awa.sign_up("Awa", "Choose a name first")
    awa.press()
    certificate = Certificate.objects.get()
    assert (certificate.name_shown, certificate.user.name) == ("Coulibaly Aïssata", "Awa")
    assert certificate.expires_at > now + timedelta(days=360)

    # A colleague is let in by a link of her own, and Danso goes.
    danso.open(cohort.get_absolute_url())
    danso.follow("Invite a colleague", "main")
    danso.press("Make the link")
    mariam = Walker(phones(), site)
    mariam.open(re.search(r"/en/cohorts/invited/\w[\w-]*/", desk.locator("main").inner_html())[0])
    mariam.sign_up("Mariam", "Choose a name and a password")
    mariam.press("Join the staff as Mariam")
    danso.open(cohort.get_absolute_url())
    desk.locator("summary", has_text="Leave this cohort").click()
    danso.press("Leave")
    mariam.open(f"{cohort.get_absolute_url()}certificates/")
    expect(mariam.page.locator("main")).to_contain_text("1 certificate holds today.")
    assert set(cohort.enrolments.current().exclude(role=Role.LEARNER).values_list("user__name", flat=True)) == {
        "Mariam"
    }
    assert (danso.refused, awa.refused, mariam.refused) == (0, 0, 0)


def test_a_learner_who_lost_the_phone_is_back_in_three_pages(site, desk, phones):
    bakary = make.user("Bakary")
    section = Section.objects.order_by("position").first()
    cohort = make.cohort(bakary, name="Monday group")
    make.assignment(cohort, section.module, [section])
    code = make.place(cohort, "Zerbo, M.").grouped_code
    lost = Walker(phones(), site)
    lost.open(f"/en/join/{code}/")
    lost.press()
    lost.open(section.get_absolute_url())
    lost.press("Start the quiz")
    answer(lost.page, right=True)

    # The instructor needs four pages: the members, the person, the code, its slip.
    cookie = browser_of(bakary).cookies[settings.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    at_desk = Walker(desk, site)
    at_desk.open(f"{cohort.get_absolute_url()}members/")
    at_desk.follow("Zerbo, M.", "main")
    desk.locator("summary", has_text="New personal code").click()
    at_desk.press("Yes, make a new code")
    at_desk.follow("Slip to print", "main")
    slip = re.search(r"/en/join/[A-Z0-9-]+/", desk.locator("main").inner_text())[0]
    assert code not in slip

    # The learner needs the slip and one button, and sees the passed section at once.
    back = Walker(phones(), site)
    back.open(slip)
    back.press()
    expect(back.page.locator("main")).to_contain_text("Your place is on this phone now")
    back.open(section.get_absolute_url())
    expect(back.page.locator("main .s-passed").first).to_be_visible()
    assert (len(back.pages), back.refused, len(at_desk.pages), at_desk.refused) == (3, 0, 4, 0), back.pages

    # Whoever has the phone now is told of it on every page.
    lost.open("/en/")
    lost.press_link("Somebody changed something")
    expect(lost.page.locator("main")).to_contain_text("your place went to another phone")
