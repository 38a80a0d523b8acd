"""manage.py second_step: the last editor who lost the phone, and every code, gets in again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import second_step
from accounts.models import Audit, SecurityEvent
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("second_step", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def ely(db):
    ely = make.user("Ely", is_staff=True)
    second_step.turn_on(ely, "ab" * 20, -1, None, timezone.now())
    return ely


def test_it_is_taken_off_by_name_whatever_its_case_and_noted(ely):
    signed_in = browser_of(ely)
    signed_in.get("/en/")
    assert "is off" in run("--off", "ELY")
    ely.refresh_from_db()
    assert ely.second_step_at is None
    assert not signed_in.get("/en/").wsgi_request.user.is_authenticated
    assert SecurityEvent.objects.filter(user=ely, what=SecurityEvent.What.SECOND_STEP_LOST).count() == 1
    assert (Audit.objects.get().who, Audit.objects.get().on_what) == (None, f"user {ely.pk}: taken off, by command")


@pytest.mark.parametrize("name", ["Nobody", "Awa", "", "guest"])
def test_where_there_is_none_it_says_so_and_changes_nothing(ely, awa, guest, name):
    with pytest.raises(CommandError, match=f"“{guest.name if name == 'guest' else name}”"):
        run("--off", guest.name if name == "guest" else name)
    ely.refresh_from_db()
    assert ely.second_step_at
    assert Audit.objects.count() == 0
    assert SecurityEvent.objects.count() == 1


def test_it_asks_whose(ely):
    with pytest.raises(CommandError, match="--off"):
        run()
