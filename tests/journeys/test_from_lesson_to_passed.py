"""What a person does, from the first page to a section passed and kept; on the real case study, whatever it says."""

import re
from html import unescape

import pytest

from accounts.models import User
from quizzes.models import Attempt, Response, Use
from tests import make


@pytest.fixture(params=["en", "fr"])
def language(request):
    return request.param


class Person:
    """Somebody at a browser: follows links and sends forms that stand on the page before them."""

    def __init__(self, client):
        self.client = client

    def open(self, address):
        self.page = self.client.get(address.split("#")[0], follow=True)
        assert self.page.status_code == 200, address
        self.text = unescape(self.page.text)
        self.main = self.text.split("<main")[1]
        return self

    @property
    def address(self):
        return self.page.wsgi_request.path

    def forms(self, ending):
        """The addresses of the forms on the page whose address ends so."""
        return [each for each in re.findall(r'action="([^"]+)"', self.main) if each.endswith(ending)]

    def send(self, address, fields):
        response = self.client.post(address, fields)
        assert response.status_code == 302, response.text
        self.landed = response["Location"]
        return self.open(self.landed)

    def press_main_button(self):
        return self.open(re.search(r'class="btn btn-primary" href="([^"]+)"', self.main)[1])

    def answer_quiz(self, right):
        """Every page of the open quiz, then hand in."""
        own = self.address
        attempt = Attempt.objects.get(pk=own.split("/")[-2])
        while 'name="submit"' not in self.main:
            shown = [int(each) for each in re.findall(r'<fieldset class="item" id="i(\d+)"', self.main)]
            assert 1 <= len(shown) <= 10
            fields = {"page": re.search(r'name="page" value="(\d+)"', self.main)[1], "next": 1}
            for response in attempt.responses.filter(position__in=shown):
                fields |= make.fields(response, make.right_answer(response) if right else make.wrong_answer(response))
            self.send(own, fields)
        assert "todo" not in self.main
        return self.send(own, {"page": 99, "submit": 1})


def test_from_the_first_lesson_to_a_section_passed_and_kept(client, loaded, language):
    person = Person(client).open(f"/{language}/")
    assert f'<html lang="{language}"' in person.text

    # The questions before the first section, of which nothing is kept, told at once.
    section = loaded.sections.order_by("position").first()
    lessons = list(section.lessons.live().order_by("position"))
    person.press_main_button()
    assert person.address == f"/{language}/modules/{loaded.slug}/{section.slug}/before/"
    told = client.post(person.address, {}).text
    assert 'role="status"' in told

    # The first lesson, with an item to try in it or in a later one; nobody was asked for a name.
    person.open(re.search(r'class="btn btn-primary" href="([^"]+)"', told.split("<main")[1])[1])
    assert person.address == f"/{language}/modules/{loaded.slug}/{section.slug}/{lessons[0].slug}/"
    assert not User.objects.exists()
    with_check = next(lesson for lesson in lessons if lesson.checks)
    item = section.bank.items.get(slug=with_check.checks[0])
    lesson = f"/{language}/modules/{loaded.slug}/{section.slug}/{with_check.slug}/"
    person.open(lesson)

    # An answer to it, first wrong and then right: told at once, and a guest by that act.
    explanation = item.document["explanation"][language]
    assert explanation not in person.main
    [check] = person.forms(f"/checks/{item.slug}/")
    version = item.current_version
    shown = Response(item=item, shown_version=version, option_order=version.rules.pieces(version.document))
    wrong, right = (renamed(shown, item, answer(shown)) for answer in (make.wrong_answer, make.right_answer))
    person.send(check, wrong)
    assert person.landed == f"{lesson}checks/{item.slug}/"
    assert f'href="{lesson}#check-{item.slug}-end"' in person.main
    assert explanation in person.main
    guest = User.objects.get()
    assert guest.is_guest
    person.open(f"{lesson}checks/{item.slug}/?again").send(check, right)
    outcomes = [each.outcome for each in Response.objects.filter(attempt__use=Use.CHECK).order_by("pk")]
    assert outcomes == ["wrong", "right"]

    # Every lesson read, one after another.
    person.open(f"/{language}/modules/{loaded.slug}/{section.slug}/{lessons[0].slug}/")
    for _ in lessons:
        person.send(person.forms("/read/")[0], {})
    home = f"/{language}/modules/{loaded.slug}/{section.slug}/"
    assert person.address == home
    assert "s-read" in person.main
    assert "s-passed" not in section_state(person)

    # A quiz that fails: the way leads back to the passages, and to another draw.
    person.send(person.forms("/quiz/")[0], {}).answer_quiz(right=False)
    first = Attempt.objects.get(use=Use.QUIZ)
    assert (first.score, first.has_passed) == (0, False)
    passage = re.search(r'class="btn btn-primary" href="([^"]+#([^"]+))"', person.main)
    again = person.forms("/quiz/")[0]
    person.open(passage[1])
    assert f'id="{passage[2]}"' in person.main
    person.open(home)
    assert "s-read" in section_state(person)

    # Another draw that passes, and the state that follows.
    person.send(again, {}).answer_quiz(right=True)
    second = Attempt.objects.filter(use=Use.QUIZ).latest("pk")
    assert (second.pk != first.pk, second.score, second.has_passed) == (True, 1, True)
    assert "s-passed" in section_state(person.open(home))

    # A name, and everything is still there, from another browser too.
    result = f"/{language}/attempts/{second.pk}/"
    keep = re.search(r'href="([^"]+sign-up/[^"]*)"', person.open(result).main)[1]
    person.open(keep)
    assert re.search(r'name="next" value="([^"]+)"', person.main)[1] == result
    name = {"name": "Aïssata", "password": make.PASSWORD, "next": result}
    assert client.post(f"/{language}/accounts/sign-up/", name).status_code < 400
    kept = User.objects.get()
    assert (kept.pk, kept.name, kept.is_guest) == (guest.pk, "Aïssata", False)
    other = Person(type(client)())
    other.client.post(f"/{language}/accounts/sign-in/", {"username": "aïssata", "password": make.PASSWORD})
    assert "s-passed" in section_state(other.open(home))
    other.open(result)


def renamed(shown, item, answer):
    """The fields of a check carry its slug where a quiz's carry the position."""
    return {name.replace(shown.name, item.slug, 1): value for name, value in make.fields(shown, answer).items()}


def section_state(person):
    """The mark by the heading of the section's own page."""
    return person.main.split("</h1>")[1].split("<h2")[0]
