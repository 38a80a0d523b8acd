"""manage.py make_editor: the first editor of a machine, who opened the account on the site."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Audit, User
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_an_account_becomes_an_editor_who_finds_the_desk_and_may_teach(awa, capsys):
    call_command("make_editor", "AWA")
    awa.refresh_from_db()
    assert (awa.is_staff, awa.may_teach) == (True, True)
    assert browser_of(awa).get("/en/admin/").status_code == 200
    assert "the desk is linked" in capsys.readouterr().out
    assert [(line.who, line.on_what) for line in Audit.objects.all()] == [(None, f"user {awa.pk}: made, by command")]


def test_it_is_taken_back_and_who_may_teach_goes_on(bakary):
    since = bakary.may_teach_at
    call_command("make_editor", "Bakary")
    call_command("make_editor", "Bakary", "--no-longer")
    bakary.refresh_from_db()
    assert (bakary.is_staff, bakary.may_teach_at) == (False, since)
    assert browser_of(bakary).get("/en/admin/").status_code == 404


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("Nobody", [], "Open the account on the site first"),
        ("guest", [], "Open the account on the site first"),
        ("Awa", ["--no-longer"], "is no editor already"),
        ("Ely", [], "is an editor already"),
    ],
)
def test_what_it_cannot_do_it_says_and_changes_nothing(awa, guest, name, more, words):
    User.objects.create_user("Ely", is_staff=True)
    with pytest.raises(CommandError, match=words):
        call_command("make_editor", guest.name if name == "guest" else name, *more)
    assert not Audit.objects.exists()


def test_djangos_own_command_makes_an_editor_too(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-enough-one")
    call_command("createsuperuser", "--noinput", name="Ely")
    assert User.objects.get(name="Ely").is_staff
