"""Who gets what, by every address and method (quality R2). An address without a row fails.

A row gives "GET POST" for each role, in the order of ROLES; `=` repeats the role before. The attempt is Awa's.
"""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
ROLES = ["visitor", "guest", "awa", "celia", "bakary", "editor"]
READ_ONLY = ["200 405", "=", "=", "=", "=", "="]
WRITE_ONLY = ["405 302", "=", "=", "=", "=", "="]
PAGE = ["mali"]
SECTION = ["mali", "roots"]
LESSON = ["mali", "roots", "first"]
TABLE = {
    "home": ([], READ_ONLY),
    "healthz": ([], READ_ONLY),
    "readyz": ([], READ_ONLY),
    "who_sees_what": ([], READ_ONLY),
    "module": (PAGE, READ_ONLY),
    "claims": (PAGE, READ_ONLY),
    "claim": (["mali", "M901"], READ_ONLY),
    "glossary": (PAGE, READ_ONLY),
    "timeline": (PAGE, READ_ONLY),
    "section": (SECTION, READ_ONLY),
    "lesson": (LESSON, READ_ONLY),
    "quiz": (SECTION, WRITE_ONLY),
    "read": (LESSON, WRITE_ONLY),
    "check": ([*LESSON, "try-it"], WRITE_ONLY),
    "attempt": ([], ["302 401", "404 404", "200 302", "404 404", "=", "="]),
    "accounts:sign_in": ([], ["200 422", "=", "=", "=", "=", "="]),
    "accounts:sign_up": ([], ["200 422", "=", "302 302", "=", "=", "="]),
    "accounts:sign_out": ([], WRITE_ONLY),
    "accounts:recover": ([], ["200 422", "=", "=", "=", "=", "="]),
    "accounts:settings": ([], ["302 302", "200 422", "=", "=", "=", "="]),
    "accounts:new_words": ([], ["302 302", "=", "200 422", "=", "=", "="]),
    "accounts:change_password": ([], ["302 302", "=", "200 422", "=", "=", "="]),
}


@pytest.fixture
def people(guest, awa, celia, bakary):
    return {
        "guest": guest,
        "awa": awa,
        "celia": celia,
        "bakary": bakary,
        "editor": make.user("Ely", is_staff=True),
    }


@pytest.fixture
def attempt(awa):
    section = make.section(make.module("mali"), slug="roots")
    make.lesson(section, slug="first", checks=["try-it"])
    make.claim(section, "M901")
    make.item(section, slug="try-it", uses=["check"])
    for _ in range(5):
        make.item(section)
    return make.quiz(awa, section)


def names(patterns, prefix=""):
    """Every named address, with its namespace."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if getattr(pattern, "namespace", None) else prefix
            yield from names(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}"


def expected(cells):
    """{role: (GET, POST)} of a row."""
    filled = []
    for cell in cells:
        filled.append(filled[-1] if cell == "=" else tuple(int(code) for code in cell.split()))
    return dict(zip(ROLES, filled, strict=True))


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(names(get_resolver().url_patterns)) == set(TABLE)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_its_row_says(name, language, people, attempt):
    arguments, cells = TABLE[name]
    arguments = [attempt.pk] if name == "attempt" else arguments
    with translation.override(language):
        address = reverse(name, args=arguments)
    found = {}
    for role in ROLES:
        codes = []
        for method in ("get", "post"):
            client = browser_of(people[role]) if role in people else Client()
            data = {"try-it": "0"} if method == "post" else {}
            codes.append(getattr(client, method)(address, data).status_code)
        found[role] = tuple(codes)
    assert found == expected(cells)


@pytest.mark.parametrize("name", [name for name in TABLE if TABLE[name][0] or name == "attempt"])
def test_what_is_withdrawn_or_never_was_is_a_404(name, people, attempt):
    arguments = [999_999] if name == "attempt" else ["no-such", *TABLE[name][0][1:]]
    client = browser_of(people["celia"])
    for method in (client.get, client.post):
        assert method(reverse(name, args=arguments)).status_code in (404, 405)


def test_a_strangers_attempt_answers_exactly_like_an_absent_one(people, attempt):
    client, address = browser_of(people["celia"]), attempt.get_absolute_url()
    theirs = client.get(address), client.post(address, {"page": 1})
    attempt.delete()
    absent = client.get(address), client.post(address, {"page": 1})
    for one, other in zip(theirs, absent, strict=True):
        assert one.content == other.content
        assert one.headers == other.headers
