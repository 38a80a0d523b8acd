"""manage.py run_outbox: makes what is to be told and sends it; says plainly what stands in the way."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Outbox
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sends_mail(settings):
    settings.SENDS_MAIL, settings.MAIL_FROM = True, "course@example.org"
    settings.SITE_URL = "https://learn.example.org"


@pytest.fixture
def due(awa, bakary):
    """Awa, who is to be told of a section that is due tomorrow; it is noon where she is."""
    hour = timezone.now().hour
    make.reads_mail(awa, time_zone=f"Etc/GMT{hour - 12:+}")
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, make.case_study(), due_at=timezone.now() + timedelta(days=1))
    return awa


def run(**options):
    out = StringIO()
    call_command("run_outbox", stdout=out, **options)
    return out.getvalue()


def test_it_makes_the_mail_and_sends_it_once(due):
    assert run() == "sent: 1; to be tried again: 0; given up: 0; addresses that nobody has: 0\n"
    assert [message.to for message in mail.outbox] == [["awa@example.org"]]
    assert "Section 1 is due" in mail.outbox[0].body
    assert run() == "sent: 0; to be tried again: 0; given up: 0; addresses that nobody has: 0\n"
    assert len(mail.outbox) == 1
    assert run(verbosity=0) == ""


def test_a_server_that_is_away_is_a_failure_of_the_command_in_one_sentence(due, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match=r"^The mail server 127\.0\.0\.1:1 cannot be reached"):
        run()
    assert Outbox.objects.get().sent_at is None


def test_where_no_mail_is_set_up_nothing_is_made_or_sent(due, settings):
    settings.SENDS_MAIL = False
    assert run() == "No mail is sent: EMAIL_URL is not set.\n"
    assert not Outbox.objects.exists()
    assert mail.outbox == []
