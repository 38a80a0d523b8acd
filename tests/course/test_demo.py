"""manage.py demo: people to look around with, on a laptop only."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from course.management.commands.demo import PASSWORD, PEOPLE
from lessons.models import Reading
from tests import make

pytestmark = pytest.mark.django_db


def demo():
    written = io.StringIO()
    call_command("demo", stdout=written)
    return written.getvalue()


def test_it_makes_the_cast_and_prints_how_to_sign_in(client):
    said = demo()
    assert sorted(User.objects.values_list("name", flat=True)) == sorted(PEOPLE)
    for name in PEOPLE:
        assert name in said
        assert client.post("/en/accounts/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    assert set(User.objects.exclude(may_teach_at=None).values_list("name", flat=True)) == {"bakary", "danso"}
    assert not User.objects.filter(is_staff=True).exists()


def test_awa_has_read_the_first_lesson():
    module = make.case_study(sections=2)
    demo()
    reading = Reading.objects.get()
    assert (reading.learner.name, reading.lesson.position, reading.lesson.section.position) == ("awa", 1, 1)
    assert reading.lesson.section.module == module


def test_again_it_changes_nothing():
    make.case_study()
    demo()
    before = list(User.objects.order_by("pk").values()), list(Reading.objects.values())
    demo()
    assert (list(User.objects.order_by("pk").values()), list(Reading.objects.values())) == before


def test_it_leaves_a_person_of_that_name_alone(awa):
    demo()
    awa.refresh_from_db()
    assert awa.check_password(make.PASSWORD)
    assert not awa.readings.exists()
    assert User.objects.count() == len(PEOPLE)


def test_on_a_real_machine_it_refuses(settings):
    settings.REAL_MACHINE = True
    with pytest.raises(CommandError, match="real machine"):
        demo()
    assert not User.objects.exists()
