"""Who gets what, by every address and method (quality R2). An address without a row fails."""

import re
from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import translation

from cohorts.models import Cohort
from tests import make
from tests.access_rows import CODE, COHORT, OF_TEACHERS, OF_THE_ATTEMPT, ROLES, TABLE
from tests.access_world import attempt_of, people_of
from tests.conftest import browser_of, forget

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Who asks, and Awa's open quiz: made once for a file, in a transaction in which each of its tests has its own."""
    forget()  # the file before this one had rows with the same numbers
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        bakary, danso = (make.user(name, may_teach_at=make.NOW) for name in ("Bakary", "Danso"))
        cast = people_of(make.guest(), make.user("Awa"), make.user("Celia"), bakary, danso)
        yield cast, attempt_of(cast["awa"], bakary, danso)
        transaction.set_rollback(True)


@pytest.fixture
def people(db, world, settings):
    settings.OPEN_TEACHING = False
    settings.SENDS_MAIL = True
    return deepcopy(world[0])


@pytest.fixture
def attempt(db, world):
    return deepcopy(world[1])


def names(patterns, prefix=""):
    """Every named address, with its namespace; Django's admin as one."""
    for pattern in patterns:
        if getattr(pattern, "namespace", None) == "admin":
            yield "admin:index"
        elif hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if getattr(pattern, "namespace", None) else prefix
            yield from names(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}"


def expected(cells):
    """{role: (GET, POST)} of a row."""
    filled = []
    for cell in cells:
        filled.append(filled[-1] if cell == "=" else tuple(int(code) for code in cell.split()))
    filled += filled[-1:] * (len(ROLES) - len(filled))
    return dict(zip(ROLES, filled, strict=True))


def absent(arguments):
    """The same address, of something that never was."""
    never = {int: 999_999, str: "no-such"} if arguments[0] != CODE else {str: "3333-4444-6666"}
    return [never[type(arguments[0])], *arguments[1:]]


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(names(get_resolver().url_patterns)) == set(TABLE)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_its_row_says(name, language, people, attempt):
    arguments, cells = TABLE[name]
    arguments = [attempt.pk] if name in OF_THE_ATTEMPT else arguments
    with translation.override(language):
        address = reverse(name, args=arguments)
    found = {}
    for role in ROLES:
        codes = []
        for method in ("get", "post"):
            client = browser_of(people[role]) if role in people else Client()
            data = {"try-it": "0", "module": "mali"} if method == "post" else {}
            codes.append(getattr(client, method)(address, data).status_code)
        found[role] = tuple(codes)
    assert found == expected(cells)


@pytest.mark.parametrize("name", TABLE)
def test_head_answers_as_get_does_and_changes_nothing(name, people, attempt):
    """Watchers and previews of links ask by HEAD."""
    address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else TABLE[name][0])
    for role in ROLES:
        client = browser_of(people[role]) if role in people else Client()
        client.get(address)  # the first page of a day is written down, and brings the cookie of forms
        shown = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            asked = client.head(address)
        assert (role, asked.status_code, asked.content) == (role, shown.status_code, b"")
        missing = {*shown.headers} ^ {*asked.headers}
        assert missing <= {"ETag"}  # which is made of the body, unless that was rendered before
        assert {*asked.cookies} == {*shown.cookies}
        assert [row["sql"] for row in queries if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize("name", [name for name in TABLE if "302 302" in TABLE[name][1] or "302 200" in TABLE[name][1]])
def test_the_address_of_a_button_leads_to_the_page_that_has_it(name, people, attempt):
    """Whoever opens or reloads a page that is only posted to finds a page, or their way to sign in."""
    address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else TABLE[name][0])
    for role in ("visitor", "awa", "bakary"):
        client = browser_of(people[role]) if role in people else Client()
        page = client.get(address, follow=True)
        assert page.status_code in (200, 403, 404)


OF_SOMETHING = [name for name in TABLE if (TABLE[name][0] or name in OF_THE_ATTEMPT) and name != "cohorts:join_pasted"]


@pytest.mark.parametrize("name", OF_SOMETHING)
def test_what_is_withdrawn_or_never_was_is_a_404(name, people, attempt):
    arguments = absent(TABLE[name][0] or [attempt.pk])
    client = browser_of(people["celia"])
    for method in (client.get, client.post):
        refused = (403, 405) if TABLE[name][1] in OF_TEACHERS else (404, 405)  # how to ask is told of whatever it names
        assert method(reverse(name, args=arguments), follow=True).status_code in refused


def test_a_strangers_attempt_answers_exactly_like_an_absent_one(people, attempt):
    client, addresses = browser_of(people["celia"]), [reverse(name, args=[attempt.pk]) for name in OF_THE_ATTEMPT]

    def answers():
        return [send(address, {"page": 1}) for address in addresses for send in (client.get, client.post)]

    theirs = answers()
    attempt.delete()
    for one, other in zip(theirs, answers(), strict=True):
        assert one.status_code in (302, 404)
        assert one.content == other.content
        assert one.headers == other.headers


def headers(response):
    """The headers; where the answer leads to without its numbers, since they were asked for."""
    return {name: re.sub(r"/\d+/", "/", value) for name, value in response.headers.items()}


COHORT_PAGES = [name for name in TABLE if TABLE[name][0][:1] == COHORT]


@pytest.mark.parametrize("role", ["guest", "celia", "editor", "danso"])
@pytest.mark.parametrize("name", COHORT_PAGES)
def test_a_strangers_cohort_answers_exactly_like_an_absent_one(name, role, people, attempt):
    client = browser_of(people[role])
    theirs, nowhere = reverse(name, args=TABLE[name][0]), reverse(name, args=absent(TABLE[name][0]))
    for method in (client.get, client.post):
        one, other = method(theirs), method(nowhere)
        assert one.status_code in (302, 404, 405)
        assert one.text.replace(theirs, nowhere) == other.text
        assert headers(one) == headers(other)


OF_ANOTHER = ["cohorts:cohort_member", *(name for name in COHORT_PAGES if len(TABLE[name][0]) > 1)]


@pytest.mark.parametrize("name", OF_ANOTHER)
def test_what_belongs_to_another_cohort_is_not_reached_through_ones_own(name, people, attempt):
    own = Cohort.objects.taught_by(people["danso"]).get()
    client, address = browser_of(people["danso"]), reverse(name, args=[own.pk, *TABLE[name][0][1:]])
    assert client.get(address).status_code in (302, 404, 405)  # the address of a button leads to its page, unasked
    assert client.post(address).status_code in (404, 405)
    assert Cohort.objects.get(pk=900901).assignments.exists()
