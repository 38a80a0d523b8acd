"""Sending what waits: once, each in the end, and never what is not wanted any more."""

import contextlib
import smtplib
import socket
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import delivery
from accounts.delivery import BATCH, deliver, is_unknown
from accounts.models import Outbox
from accounts.models.outbox import FIRST_WAIT, LEASE
from tests import make, sink

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE = timedelta(minutes=1)
UNKNOWN = (550, b"5.1.1 no such person")


@pytest.fixture(autouse=True)
def sends_mail(settings):
    settings.SENDS_MAIL, settings.MAIL_FROM = True, "Course <course@example.org>"
    settings.SITE_URL, settings.EMAIL_TIMEOUT = "https://learn.example.org", 1


class Power(Exception):
    """Somebody pulls the plug."""


class Server:
    """A mail server that answers as it is told to, and then takes everything; what it took, by key."""

    def __init__(self, monkeypatch, answers=()):
        self.answers, self.taken, self.opened = list(answers), [], 0
        monkeypatch.setattr(delivery, "get_connection", lambda: self)

    def open(self):
        self.opened += 1

    def close(self):
        pass

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if answer not in (None, "after"):
            raise answer
        self.taken += [message.extra_headers["Message-ID"] for message in messages]
        if answer == "after":
            raise Power
        return len(messages)


def run(at=NOW):
    return deliver(lambda: at)


@pytest.fixture
def reader(awa):
    return make.reads_mail(awa)


def test_what_waits_is_sent_once_the_oldest_first(reader, monkeypatch):
    server = Server(monkeypatch)
    make.mail(reader, "second", NOW)
    make.mail(reader, "first", NOW - MINUTE)
    assert run().sent == 2
    assert len(server.taken) == 2
    assert run(NOW + LEASE).sent == 0
    assert len(server.taken) == 2
    assert server.opened == 1
    assert list(Outbox.objects.order_by("made_at").values_list("sent_at", flat=True)) == [NOW, NOW]


def test_a_mail_is_the_same_each_time_it_goes_out(reader):
    row = make.mail(reader, at=NOW)
    first, second = (delivery.message_of(Outbox.objects.get()).extra_headers for _ in range(2))
    assert first == second
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@learn.example.org>")
    assert row.key not in first["Message-ID"]
    row.key = "another"
    assert delivery.message_of(row).extra_headers["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize(
    "fields",
    [{"mail_rhythm": "never"}, {"email": ""}, {"is_active": False}],
    ids=["none wanted", "no address", "shut out"],
)
def test_what_is_not_wanted_any_more_is_not_sent(reader, monkeypatch, fields):
    server = Server(monkeypatch)
    make.mail(reader, at=NOW)
    type(reader).objects.update(**fields)
    assert run().sent == 0
    assert server.taken == []


def test_to_an_address_that_is_not_confirmed_goes_the_link_alone(reader, monkeypatch):
    server = Server(monkeypatch)
    make.mail(reader, at=NOW)
    make.mail(reader, "link", NOW, kind="link")
    type(reader).objects.update(email_confirmed_at=None)
    assert run().sent == 1
    assert len(server.taken) == 1
    assert Outbox.objects.get(sent_at=None).kind == "digest"


def test_what_fails_waits_twice_as_long_each_time_and_is_given_up_after_a_week(reader, monkeypatch):
    later = SMTPDataError(451, b"try later")
    Server(monkeypatch, [later] * 99)
    make.mail(reader, at=NOW)
    at, waits = NOW, []
    while True:
        done = run(at)
        row = Outbox.objects.get()
        if done.given_up:
            break
        assert done.failed == 1
        assert not Outbox.objects.due(row.next_try_at - MINUTE).exists()
        waits.append(row.next_try_at - at)
        at = row.next_try_at
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert max(waits) == timedelta(days=1)
    assert row.given_up_at == at
    assert timedelta(days=7) < at - NOW < timedelta(days=8)
    assert (run(at + timedelta(days=1)).failed, row.failures) == (0, len(waits))


def test_one_mail_that_fails_keeps_no_other_back(awa, celia, monkeypatch):
    server = Server(monkeypatch, [SMTPDataError(554, b"no"), SMTPRecipientsRefused({"x": (450, b"4.2.1 later")})])
    for number, person in enumerate((awa, celia, make.user("Moussa"))):
        make.mail(make.reads_mail(person), at=NOW + number * timedelta(seconds=1))
    done = run()
    assert (done.sent, done.failed, done.fault) == (1, 2, "")
    assert len(server.taken) == 1


def test_an_address_that_nobody_has_is_unconfirmed_and_gets_nothing_more(reader, monkeypatch):
    Server(monkeypatch, [SMTPRecipientsRefused({"awa@example.org": UNKNOWN})])
    make.mail(reader, at=NOW)
    make.mail(reader, "two", NOW + MINUTE)
    done = run(NOW + MINUTE)
    reader.refresh_from_db()
    assert (done.refused, done.fault) == (1, "")
    assert (reader.email, reader.email_confirmed_at) == ("awa@example.org", None)
    assert not Outbox.objects.due(NOW + 9 * MINUTE).filter(kind="digest").exists()


def test_a_refused_address_does_not_unconfirm_the_one_that_came_meanwhile(reader, monkeypatch):
    class Slow(Server):
        def send_messages(self, messages):
            make.reads_mail(reader, address="new@example.org")
            return super().send_messages(messages)

    Slow(monkeypatch, [SMTPRecipientsRefused({"awa@example.org": UNKNOWN})])
    make.mail(reader, at=NOW)
    run()
    reader.refresh_from_db()
    assert reader.email_confirmed_at is not None


@pytest.mark.parametrize(
    ("code", "text", "unknown"),
    [
        (550, b"5.1.1 no such person", True),
        (553, b"bad name", True),
        (550, b"5.7.1 relaying denied", False),
        (450, b"4.2.1 greylisted", False),
    ],
)
def test_only_who_is_unknown_for_good_is_unknown(code, text, unknown):
    assert is_unknown(SMTPRecipientsRefused({"a@example.org": (code, text)})) is unknown


@pytest.mark.parametrize(
    "fault",
    [SMTPServerDisconnected("gone"), SMTPSenderRefused(550, b"not you", "course@example.org"), TimeoutError()],
    ids=["hung up", "will not have us", "hangs"],
)
def test_a_server_that_is_to_blame_ends_the_run_and_others_are_tried_at_once_in_the_next(
    awa, celia, monkeypatch, fault
):
    server = Server(monkeypatch, [fault])
    make.mail(make.reads_mail(awa), at=NOW - MINUTE)
    make.mail(make.reads_mail(celia), at=NOW)
    done = run()
    assert (done.sent, done.failed) == (0, 1)
    assert type(fault).__name__ in done.fault
    assert "course@example.org" not in done.fault
    assert run().sent == 1
    assert run(NOW + FIRST_WAIT).sent == 1
    assert len(server.taken) == 2


def test_a_server_that_does_not_let_us_in_counts_as_no_failure_of_a_mail(reader, monkeypatch):
    class Closed(Server):
        def open(self):
            raise SMTPAuthenticationError(535, b"wrong password")

    Closed(monkeypatch)
    make.mail(reader, at=NOW)
    assert "SMTPAuthenticationError 535" in run().fault
    row = Outbox.objects.get()
    assert (row.failures, row.next_try_at) == (0, None)


def test_nothing_is_asked_of_the_server_where_nothing_waits(reader, monkeypatch):
    server = Server(monkeypatch)
    run()
    assert server.opened == 0


@pytest.mark.parametrize("count", [1, BATCH])
def test_a_batch_takes_three_queries_and_each_mail_one(reader, monkeypatch, count):
    Server(monkeypatch)
    for number in range(count):
        make.mail(reader, f"mail-{number}", NOW)
    with CaptureQueriesContext(connection) as queries:
        assert run().sent == count
    asked = [row["sql"] for row in queries if "SAVEPOINT" not in row["sql"]]
    assert len(asked) == 3 + 2 + 1 + count  # given up, what is due; a batch; the end; the mails


def test_runs_side_by_side_send_each_mail_once(in_parallel, awa, monkeypatch):
    reader = make.reads_mail(awa)
    server = Server(monkeypatch)
    for number in range(40):
        make.mail(reader, f"mail-{number}", NOW)
    done = in_parallel(lambda number: run().sent, 4)
    assert sum(done) == 40
    assert len(server.taken) == len(set(server.taken)) == 40


LATER, GONE = SMTPDataError(451, b"later"), SMTPServerDisconnected("gone")


class NeverTwiceNeverLost(TestCase):
    """Whatever happens: what was noted as taken is never sent again, and in the end each mail is sent or given up."""

    @given(st.lists(st.sampled_from([None, LATER, GONE, Power(), "after"]), max_size=30), st.integers(1, 6))
    def test_over_random_runs(self, answers, count):
        with pytest.MonkeyPatch.context() as patch:
            server = Server(patch, answers)
            reader = make.reads_mail(make.user("Awa"))
            mails = [make.mail(reader, f"mail-{number}", NOW) for number in range(count)]
            noted, cut, at = set(), answers.count("after"), NOW
            while server.answers and at < NOW + timedelta(days=6):
                before = list(server.taken)
                with contextlib.suppress(Power):  # the next run finds things as they are
                    run(at)
                assert not noted & set(server.taken[len(before) :])
                noted |= {
                    delivery.message_of(row).extra_headers["Message-ID"] for row in Outbox.objects.exclude(sent_at=None)
                }
                at += timedelta(minutes=35)
            server.answers.clear()
            for _ in range(2):
                at += timedelta(days=1)
                run(at)
            sent = Outbox.objects.exclude(sent_at=None).count()
            given_up = Outbox.objects.exclude(given_up_at=None).count()
            assert sent + given_up == len(mails)
            assert len(server.taken) - len(set(server.taken)) <= cut
            assert len(set(server.taken)) >= sent


def test_what_goes_over_the_wire_is_as_the_standards_say(reader, settings):
    make.mail(reader, at=NOW, subject="À faire bientôt", body="La section 3 est à rendre le 1ᵉʳ décembre.\n\n<link>\n")
    with sink.server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
        assert run().sent == 1
    (envelope,) = server.mails
    assert (envelope.sender, envelope.receivers) == ("course@example.org", ["awa@example.org"])
    assert envelope.data.isascii() or b"Content-Transfer-Encoding: 8bit" in envelope.data
    head = envelope.data.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    message = message_from_bytes(envelope.data, policy=policy.default)
    assert message["Subject"] == "À faire bientôt"
    assert message["From"] == "Course <course@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(message["List-Unsubscribe"].split())
    assert link.startswith("<https://learn.example.org/en/accounts/mail/stop/")
    body = message.get_content()
    assert body.startswith("La section 3 est à rendre le 1ᵉʳ décembre.")
    assert link.strip("<>") in body
    assert message.get_content_type() == "text/plain"
    assert "mali" not in envelope.data.decode().lower()


def test_a_real_server_refuses_one_address_and_takes_the_next(awa, celia, settings):
    make.mail(make.reads_mail(awa, address="nobody@example.org"), at=NOW - MINUTE)
    make.mail(make.reads_mail(celia), at=NOW)
    with sink.server(refuses={"nobody@example.org"}) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
        done = run()
    assert (done.sent, done.refused) == (1, 1)
    assert [envelope.receivers for envelope in server.mails] == [["celia@example.org"]]


@pytest.fixture
def waits(monkeypatch, settings):
    """How often an answer of the server was waited for; each wait ends, or fails before it begins."""
    counted, getreply = [], smtplib.SMTP.getreply

    def wait(client):
        assert client.sock.gettimeout() == settings.EMAIL_TIMEOUT
        counted.append(client)
        return getreply(client)

    monkeypatch.setattr(smtplib.SMTP, "getreply", wait)
    return counted


@pytest.mark.parametrize(
    ("says", "most"), [(b"", 1), (b"220 hello\r\n", 2)], ids=["from the first", "after a greeting"]
)
def test_a_server_that_hangs_is_waited_for_once_and_told_in_one_sentence(reader, settings, waits, says, most):
    for key in ("one", "two", "three"):
        make.mail(reader, key, at=NOW)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held = []

        def hang():
            taken, _address = listening.accept()
            taken.sendall(says)
            held.append(taken)

        threading.Thread(target=hang, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        fault = run().fault
        for taken in held:
            taken.close()
    assert len(waits) == most
    assert fault.count(".\n") == 0
    assert "hangs" in fault
    assert not Outbox.objects.exclude(sent_at=None).exists()


def test_a_server_that_is_not_there_is_told_in_one_sentence(reader, settings):
    make.mail(reader, at=NOW)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    assert run().fault == (
        f"The mail server 127.0.0.1:{port} cannot be reached, hangs or refuses this site (ConnectionRefusedError); "
        "what waits is kept."
    )
    assert mail.outbox == []
