"""The settings in processes of their own: a laptop, a real machine, and every half-configured one refused."""

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONG = "k9" * 16 + "Z-x_7q" * 8
HOST = "learn.example.org"
REAL = {"SECRET_KEY": LONG, "ALLOWED_HOSTS": HOST}


def python(var, *arguments, **environment):
    """Run Python in the project with that environment alone, and its files in `var`."""
    given = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "course.settings",
        **environment,
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120
    )


def ask(var, expression, **environment):
    """What `expression` on the settings is; the process must start."""
    ran = python(var, "-c", f"import course.settings as s; print(({expression}))", **environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"SECRET_KEY": LONG}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "short", "ALLOWED_HOSTS": HOST}, "50 characters"),
        ({"SECRET_KEY": LONG[:49], "ALLOWED_HOSTS": HOST}, "50 characters"),
        ({**REAL, "DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": HOST}, "SECRET_KEY"),
        ({**REAL, "LANGUAGES": ""}, "LANGUAGES=fr,en"),
        ({**REAL, "LANGUAGES": " , "}, "LANGUAGES=fr,en"),
        ({**REAL, "LANGUAGES": "fr,french"}, "“french”"),
        ({**REAL, "EMAIL_URL": "smtp+tls://h:587"}, "MAIL_FROM"),
        ({**REAL, "EMAIL_URL": "smtp+tls://h:587", "MAIL_FROM": "nobody"}, "MAIL_FROM"),
        ({**REAL, "MAIL_FROM": "course@example.org"}, "EMAIL_URL"),
        ({**REAL, "EMAIL_URL": "smtp://:25", "MAIL_FROM": "course@example.org"}, "names no server"),
        ({**REAL, "EMAIL_URL": "smtps://h:465", "MAIL_FROM": "course@example.org"}, "smtp+ssl"),
        ({**REAL, "ALLOWED_HOSTS": "*", "EMAIL_URL": "smtp://h", "MAIL_FROM": "course@example.org"}, "SITE_URL"),
    ],
    ids=[
        "no hosts",
        "short key",
        "a key of 49",
        "debug on a real machine",
        "hosts without a key",
        "no language",
        "a comma for languages",
        "a language of another name",
        "mail from nobody",
        "mail from no address",
        "mail without a server",
        "a mail server without a name",
        "TLS in the other way",
        "mail without the site's address",
    ],
)
def test_half_configured_refuses_to_start_and_says_what_to_set(tmp_path, environment, word):
    ran = python(tmp_path, "manage.py", "check", **environment)
    assert ran.returncode != 0
    assert "ImproperlyConfigured" in ran.stderr
    assert word in ran.stderr
    assert not (tmp_path / "secret-key").exists()


def test_a_complete_real_machine_passes_the_deployment_check(tmp_path):
    ran = python(tmp_path, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "DEBUG", **REAL)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "no issues" in ran.stdout


@pytest.mark.parametrize("languages", ["fr,en", " fr , en ", "fr,en,fr", "fr,,en"])
def test_the_languages_are_taken_as_they_are_meant(tmp_path, languages):
    assert ask(tmp_path, "[code for code, _ in s.LANGUAGES], s.LANGUAGE_CODE", LANGUAGES=languages) == (
        "(['fr', 'en'], 'fr')"
    )


READ = re.compile(r'\b(?:env(?:\.\w+)?|listed)\(\s*"([A-Z_]+)"')
WITHOUT = {"DEBUG"}  # refused on a real machine, so that nobody is told of it
OF_THE_IMAGE = {"VAR_DIR"}  # what the container mounts


def passed_on():
    """{variable: what compose.yaml gives the site for it}; without a value that of .env, or it is not set."""
    site = (ROOT / "compose.yaml").read_text().partition("  environment:\n")[2].partition("\n  volumes:")[0]
    return dict(re.findall(r"^    ([A-Z_]+):(?: (.*))?$", site, re.M))


def test_every_variable_is_told_of_and_can_be_set_in_a_container():
    read = set(READ.findall((ROOT / "course/settings.py").read_text())) - WITHOUT
    assert len(read) > 10
    table = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/deploying.md").read_text(), re.M)
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(table))) == read
    assert set(passed_on()) == read - OF_THE_IMAGE


def test_what_is_not_set_for_a_container_is_not_set_in_it_so_that_the_default_holds():
    """An empty one would be a value: no language, no address, no number."""
    given = {name for name, value in passed_on().items() if value}
    assert given == {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"}


SERVE = """
import django
django.setup()
from django.test import Client
from course.wsgi import application
far = {"HTTP_HOST": "learn.example.org", "REMOTE_ADDR": "203.0.113.7"}
near = far | {"HTTP_X_FORWARDED_PROTO": "https"}
client = Client()
print(client.get("/en/", **far).status_code)
page = client.get("/en/accounts/sign-in/", **near)
print(page.status_code)
print(page.cookies.output())
print(page["Strict-Transport-Security"], page["Content-Security-Policy"])
print(Client().get("/en/", **near | {"HTTP_HOST": "elsewhere.example"}).status_code)
"""


def test_a_real_machine_serves_securely(tmp_path):
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        ran = python(tmp_path, "manage.py", *command, **REAL)
        assert ran.returncode == 0, ran.stderr
    ran = python(tmp_path, "-c", SERVE, **REAL)
    assert ran.returncode == 0, ran.stderr
    plain, signed, *cookies, headers, elsewhere = ran.stdout.splitlines()
    assert (plain, signed, elsewhere) == ("301", "200", "400")
    assert all("__Host-" in each and "Secure" in each and "Path=/;" in each for each in cookies)
    assert "max-age=31536000" in headers
    assert "default-src 'self'" in headers
    assert "unsafe" not in headers


def test_spaces_in_the_list_of_hosts_are_left_out(tmp_path):
    assert ask(tmp_path, "s.ALLOWED_HOSTS", **REAL | {"ALLOWED_HOSTS": f"{HOST}, example.org ,"}) == (
        f"['{HOST}', 'example.org']"
    )


MAIL = "s.SENDS_MAIL, s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_TIMEOUT"


def test_without_a_mail_server_no_mail_goes_out(tmp_path):
    assert ask(tmp_path, "s.SENDS_MAIL, s.EMAIL_BACKEND.split('.')[-2]", **REAL) == "(False, 'dummy')"


@pytest.mark.parametrize(
    ("address", "port"), [("smtp+tls://u:p%40x@h", 587), ("smtp+tls://u:p%40x@h:2525", 2525)], ids=["usual", "chosen"]
)
def test_a_mail_server_is_taken_as_it_is_meant(tmp_path, address, port):
    mail = {"EMAIL_URL": address, "MAIL_FROM": "Course <course@example.org>"}
    assert ask(tmp_path, MAIL, **REAL, **mail) == f"(True, 'smtp', 'h', {port}, True, 10)"
    assert ask(tmp_path, "s.EMAIL_HOST_PASSWORD, s.SITE_URL", **REAL, **mail) == f"('p@x', 'https://{HOST}')"


def test_a_real_machine_makes_no_key_and_opens_no_keys_to_teach_with(tmp_path):
    assert ask(tmp_path, "s.SECRET_KEY", **REAL) == LONG
    assert ask(tmp_path, "s.OPEN_TEACHING, s.DEBUG, s.ALLOWED_HOSTS", **REAL) == f"(False, False, ['{HOST}'])"
    assert not (tmp_path / "secret-key").exists()


def test_staff_of_cohorts_need_a_second_step_where_it_is_set(tmp_path):
    asked = [ask(tmp_path, "s.SECOND_STEP_FOR_STAFF", **REAL, **more) for more in ({}, {"SECOND_STEP_FOR_STAFF": "1"})]
    assert asked == ["False", "True"]


def test_a_laptop_starts_with_nothing_set_and_is_reached_from_itself_only(tmp_path):
    assert ask(tmp_path, "s.REAL_MACHINE, s.DEBUG, s.OPEN_TEACHING") == "(False, False, True)"
    assert ask(tmp_path, "set(s.ALLOWED_HOSTS) <= {'localhost', '127.0.0.1', '[::1]'}") == "True"
    assert ask(tmp_path, "hasattr(s, 'SECURE_SSL_REDIRECT')") == "False"


def test_a_postgresql_that_does_not_answer_is_given_up_soon(tmp_path):
    """Else every thread would wait two minutes for it, and the pages that need none with them."""
    address = "postgres://course@127.0.0.1/course"
    options = "s.DATABASES['default']['OPTIONS']"
    assert ask(tmp_path, options, DATABASE_URL=address) == "{'connect_timeout': 5}"
    given = ask(tmp_path, options, DATABASE_URL=f"{address}?connect_timeout=9&sslmode=require")
    assert given == "{'connect_timeout': 9, 'sslmode': 'require'}"


def test_a_laptop_makes_its_key_once_for_its_owner_alone(tmp_path):
    first = ask(tmp_path, "s.SECRET_KEY")
    assert len(first) >= 50
    assert ask(tmp_path, "s.SECRET_KEY") == first
    assert mode(tmp_path / "secret-key") == 0o600


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_database_of_a_laptop_is_for_its_owner_alone(tmp_path):
    """Its write-ahead log too, which SQLite makes with the rights of the database; also one that was open to all.

    And the file of its line: whoever could open that could hold up everybody who writes.
    """
    (tmp_path / "course.sqlite3").touch(mode=0o644)
    ran = python(tmp_path, "manage.py", "migrate", "--verbosity", "0")
    assert ran.returncode == 0, ran.stderr
    looked = (
        "import django, os; django.setup(); from django.db import connection as c; k = c.cursor();"
        "k.execute('CREATE TABLE t (x)'); k.execute('PRAGMA secure_delete');"
        "print(k.fetchone()[0], *(oct(os.stat(os.environ['VAR_DIR'] + '/course.sqlite3' + end).st_mode & 0o777)"
        " for end in ('', '-wal', '-shm', '-line')))"
    )
    assert python(tmp_path, "-c", looked).stdout.split() == ["1", *["0o600"] * 4]


def test_static_files_are_served_by_their_hashed_names_alone_and_their_list_is_not(tmp_path):
    ran = python(tmp_path, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "staticfiles.json").is_file()
    assert not (tmp_path / "static" / "staticfiles.json").exists()
    served = [path.name for path in (tmp_path / "static").rglob("*") if path.is_file()]
    assert served
    assert [name for name in served if not re.search(r"\.[0-9a-f]{12}(\.|\Z)", name)] == []


def test_processes_that_start_together_share_one_key(tmp_path):
    """gunicorn's workers, or the workers of a first test run, in a fresh checkout."""
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: ask(tmp_path, "s.SECRET_KEY"), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
