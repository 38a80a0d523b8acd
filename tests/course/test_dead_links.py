"""Addresses of sources are asked: what is gone is an error with its file and line, what gives no answer a warning."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from course import dead_links
from tests.content import line_of, write_module


class Site(BaseHTTPRequestHandler):
    """Answers by the path: the status to HEAD, a slash, the status to GET."""

    def answer(self, place):
        self.send_response(int(self.path.split("/")[place]))
        self.end_headers()

    def do_HEAD(self):  # noqa: N802 - the name that http.server asks for
        self.answer(1)

    def do_GET(self):  # noqa: N802 - as above
        self.answer(2)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("200/200", ("", False)),
        ("405/200", ("", False)),
        ("403/200", ("", False)),
        ("403/403", ("answers 403", False)),
        ("404/200", ("answers 404", True)),
        ("405/410", ("answers 410", True)),
        ("503/503", ("answers 503", False)),
    ],
)
def test_a_page_is_dead_only_where_the_site_says_so(site, path, fault):
    assert dead_links.fault(f"{site}/{path}") == fault


def test_a_site_that_nobody_knows_is_dead(monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert dead_links.fault("http://no-such-site.invalid/") == ("leads to a site that nobody knows", True)


def test_a_site_that_is_silent_is_not_dead():
    words, is_dead = dead_links.fault("http://127.0.0.1:1/")
    assert words.startswith("gives no answer")
    assert not is_dead


def check(folder, *options):
    problems = StringIO()
    call_command("load_content", str(folder), "--check", *options, stdout=StringIO(), stderr=problems)
    return problems.getvalue()


@pytest.mark.django_db
def test_a_dead_address_is_told_with_its_file_and_line(tmp_path, monkeypatch):
    write_module(tmp_path)
    monkeypatch.setattr(dead_links, "fault", lambda address: ("answers 404", True))
    problems = StringIO()
    with pytest.raises(CommandError, match="1 errors"):
        call_command("load_content", str(tmp_path), "--check", "--addresses", stderr=problems)
    line = line_of(tmp_path, "references", "url =")
    assert f"references.toml:{line}: this address answers 404" in problems.getvalue()


@pytest.mark.django_db
def test_no_answer_is_a_warning_and_nothing_is_asked_unless_wanted(tmp_path, monkeypatch):
    write_module(tmp_path)
    monkeypatch.setattr(dead_links, "fault", lambda address: ("gives no answer: timed out", False))
    assert "warning: this address gives no answer: timed out" in check(tmp_path, "--addresses")
    assert "address" not in check(tmp_path)


@pytest.mark.django_db
def test_addresses_are_asked_by_a_check_alone(tmp_path):
    with pytest.raises(CommandError, match="goes with --check"):
        call_command("load_content", str(write_module(tmp_path)), "--addresses")
