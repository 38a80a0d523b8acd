"""manage.py watch: each trouble is told when it begins, once a day, and when it is over, by whatever way there is."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from course import channels
from course.lateness import BACKUP, READY, TIDY
from course.management.commands import watch
from tests import make
from tests.test_settings import REAL, python

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = make.NOW
ALL_WELL = {READY: "", TIDY: "", BACKUP: ""}


class Webhook(ThreadingHTTPServer):
    """A real server on this machine, which answers as `answer` does and keeps what it got."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.bodies, self.over = by(200), [], threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}/hooks/secret?token=secret"

    @property
    def texts(self):
        return [json.loads(body)["text"].partition("\n")[2] for body in self.bodies]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths = [self.path]
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.answer(self)

    def do_GET(self):
        raise AssertionError("a redirect was followed")

    def log_message(self, *arguments):
        """Write nothing."""


def by(status, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


def hanging(handler):
    handler.server.over.wait(60)


def dripping(handler):
    """Send a byte of a header now and then, each long before a wait for one byte would end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not handler.server.over.wait(0.05):
        handler.wfile.write(b"x")


def none_of_http(handler):
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def nothing(handler):
    handler.close_connection = True


@pytest.fixture
def webhook(settings):
    server = Webhook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.OPERATOR_WEBHOOK = server.address
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def alone(settings, tmp_path, monkeypatch):
    """Neither way is set, and nothing was told before."""
    settings.VAR_DIR, settings.SITE_NAME = tmp_path, "River School"
    settings.OPERATOR_WEBHOOK = settings.OPERATOR_MAIL = ""
    monkeypatch.setattr(channels, "WEBHOOK_SECONDS", 60)  # a busy machine is no fault


@pytest.fixture
def run(monkeypatch, capsys):
    """run(hours, late) what the command ends with, and its error output, so many hours after NOW."""

    def command(hours, **late):
        monkeypatch.setattr(timezone, "now", lambda: NOW + hours * HOUR)
        monkeypatch.setattr(watch, "look", lambda at: {**ALL_WELL, **late} if READY not in late else late)
        capsys.readouterr()
        try:
            call_command("watch", verbosity=0)
        except SystemExit as end:
            return end.code, capsys.readouterr().err
        return 0, capsys.readouterr().err

    return command


def test_each_trouble_is_told_once_a_day_and_when_it_is_over(webhook, run):
    assert run(0) == (0, "")
    assert webhook.texts == []
    for hours in (1, 2, 24.9):
        assert run(hours, tidy="No tidy.") == (0, "")
    assert webhook.texts == ["No tidy."]
    run(25, tidy="No tidy for a day.", backup="No backup.")
    run(26, backup="No backup.")
    run(27)
    run(28)
    assert webhook.texts == [
        "No tidy.",
        "No tidy for a day.\nNo backup.",
        "“tidy” has run again.",
        "A backup has succeeded again.",
    ]
    assert json.loads(webhook.bodies[0])["text"].startswith("What should run by itself on River School\n")
    assert webhook.paths == ["/hooks/secret?token=secret"]


def test_what_cannot_be_looked_at_meanwhile_is_neither_over_nor_told_twice(webhook, run):
    run(0, tidy="No tidy.")
    run(1, ready="No database.")
    run(2, ready="No database.")
    run(3, tidy="No tidy.")
    assert webhook.texts == ["No tidy.", "No database.", "The site can serve again."]


def test_a_clock_that_was_ahead_keeps_nothing_back(webhook, run):
    run(9999, tidy="No tidy.")
    run(1, tidy="No tidy.")
    run(2, tidy="No tidy.")
    assert len(webhook.texts) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (by(500), "it answered 500"),
        (by(404), "it answered 404"),
        (by(302, Location="/elsewhere"), "it answered 302"),
        (by(307, Location="/elsewhere"), "it answered 307"),
        (hanging, "it did not answer within 0.5 seconds"),
        (dripping, "it did not answer within 0.5 seconds"),
        (none_of_http, "BadStatusLine"),
        (nothing, "RemoteDisconnected"),
    ],
    ids=["500", "404", "302", "307", "hangs", "drips", "no http", "closes"],
)
def test_a_webhook_that_does_not_take_it_is_one_sentence_and_is_told_again(
    webhook, run, monkeypatch, tmp_path, answer, words
):
    if "within" in words:
        monkeypatch.setattr(channels, "WEBHOOK_SECONDS", 0.5)
    webhook.answer = answer
    for hours in (0, 1):
        code, errors = run(hours, tidy="No tidy.")
        assert (code, errors) == (1, f"OPERATOR_WEBHOOK: {words}. It will be told again at the next run.\n")
        assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(channels, "WEBHOOK_SECONDS", 60)
    webhook.answer = by(204)
    assert run(2, tidy="No tidy.") == (0, "")
    assert webhook.texts[-1] == "No tidy."
    assert run(3, tidy="No tidy.") == (0, "")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1/x", "Connection refused"),
        ("http://nowhere.invalid/x", ""),
        ("https://", ""),
        ("http://127.0.0.1:99999/", "ValueError"),
        ("http://a b/", "InvalidURL"),
        ("http://127.0.0.1:1/é", "UnicodeEncodeError"),
    ],
)
def test_an_address_at_which_nobody_is_is_one_sentence_without_the_address(run, settings, tmp_path, address, words):
    settings.OPERATOR_WEBHOOK = address
    code, errors = run(0, tidy="No tidy.")
    assert code == 1
    assert errors.startswith(f"OPERATOR_WEBHOOK: {words}")
    assert errors.count("\n") == 1
    assert address.partition("//")[2] not in errors or not address.partition("//")[2]
    assert list(tmp_path.iterdir()) == []


def test_with_neither_way_cron_gets_it_on_the_error_output(run):
    assert run(0) == (0, "")
    assert run(1, mail="Mail waits.") == (1, "What should run by itself on River School\nMail waits.\n")
    assert run(2, mail="Mail waits.") == (0, "")
    assert run(3, mail="")[1].endswith("No mail waits for more than an hour any more.\n")


def test_a_mail_goes_at_once_past_the_outbox(run, settings):
    settings.OPERATOR_MAIL = "operator@example.org"
    assert run(0, mail="Mail waits.") == (0, "")
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["operator@example.org"], "What should run by itself on River School")
    assert letter.body == "Mail waits."


def test_each_way_knows_what_it_has_told(webhook, run, settings):
    settings.OPERATOR_MAIL = "operator@example.org"
    webhook.answer = by(500)
    assert run(0, tidy="No tidy.")[0] == 1
    webhook.answer = by(200)
    assert run(1, tidy="No tidy.") == (0, "")
    assert (len(mail.outbox), webhook.texts) == (1, ["No tidy."] * 2)


def test_a_mail_server_that_is_not_there_is_one_sentence(run, settings):
    settings.OPERATOR_MAIL = "operator@example.org"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    code, errors = run(0, tidy="No tidy.")
    assert (code, errors) == (1, "OPERATOR_MAIL: Connection refused. It will be told again at the next run.\n")


def test_a_run_that_is_stopped_between_two_ways_repeats_none(run, monkeypatch, webhook):
    def stopped(subject, text):
        raise KeyboardInterrupt

    ways = {"OPERATOR_WEBHOOK": channels._by_webhook, "OPERATOR_MAIL": stopped}
    monkeypatch.setattr(watch, "channels", lambda: ways)
    with pytest.raises(KeyboardInterrupt):
        run(0, tidy="No tidy.")
    with pytest.raises(KeyboardInterrupt):
        run(1, tidy="No tidy.")
    assert webhook.texts == ["No tidy."]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"OPERATOR_WEBHOOK": 3}', '{"OPERATOR_WEBHOOK": {"tidy": 3}}', "\xff"]
)
def test_a_file_that_was_cut_off_tells_all_anew(run, webhook, tmp_path, text):
    run(0, tidy="No tidy.")
    (tmp_path / "watch.json").write_text(text, encoding="latin-1")
    assert run(1, tidy="No tidy.") == (0, "")
    assert run(2, tidy="No tidy.") == (0, "")
    assert len(webhook.texts) == 2


def test_where_it_cannot_be_kept_that_it_was_told_the_command_says_so(run, webhook, tmp_path):
    (tmp_path / "watch.new").mkdir()
    code, errors = run(0, tidy="No tidy.")
    assert code == 1
    assert errors.startswith(f"{tmp_path}/watch.json: Is a directory.")
    assert webhook.texts == ["No tidy."]


@pytest.mark.django_db
def test_called_by_hand_it_says_how_things_stand(capsys):
    make.module()
    call_command("watch")
    assert capsys.readouterr().out == "Nothing is late.\n"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"OPERATOR_WEBHOOK": "hooks.example.org"}, "begins with https://"),
        ({"OPERATOR_MAIL": "operator@example.org"}, "set EMAIL_URL too"),
    ],
)
def test_half_configured_refuses_to_start(tmp_path, environment, words):
    ran = python(tmp_path, "manage.py", "check", **REAL, **environment)
    assert ran.returncode != 0
    assert words in ran.stderr
