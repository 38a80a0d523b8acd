"""What every response carries: the policy of contents, and what may be kept of it (quality R11)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.access_rows import OF_THE_ATTEMPT, TABLE
from tests.access_world import attempt, people  # noqa: F401 - fixtures
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
OPEN_TEXT = {
    "lessons:lesson",
    "lessons:reference",
    "lessons:claim",
    "lessons:claims",
    "lessons:article",
    "lessons:sources",
    "module_corrections",
    "about",
    "teach",
    "onboard",
    "start",
    "data-sheet",
    "reuse",
    "accessibility",
    "help",
    "sample_sheet",
    "sample_items",
    "specimen",
    "corrections",
    "lessons:glossary",
    "lessons:timeline",
    "lessons:map",
}  # the same for everybody


# What may be looked for: pages that are the same for whoever comes by. An address that is not named here is private.
INDEXED = OPEN_TEXT | {
    *(
        "home",
        "healthz",
        "readyz",
        "robots",
        "sitemap",
        "try",
        "sample_file",
        "corrections_feed",
        "sources",
        "who_sees_what",
        "module",
        "section",
        "go_on",
        "section_go_on",
        "end",
        "quotes",
        "exam",
        "quiz",
    ),
    *("lessons:source", "lessons:open_source", "lessons:search", "lessons:sheet", "lessons:read"),
    *("quizzes:before", "quizzes:check", "quizzes:checks", "quizzes:recall"),
    *("quizzes:items", "quizzes:items_paper", "quizzes:item", "bank_ways", "bank_file"),
    *("quizzes:statistics", "quizzes:item_statistics"),
    *("quizzes:report_claim", "quizzes:report_item", "quizzes:report_lesson", "nowhere"),
}


def responses(people, attempt):  # noqa: F811
    """(name, response) of each address by GET, for a visitor and for Awa."""
    for name, (arguments, _) in TABLE.items():
        address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else arguments)
        yield name, Client().get(address)
        yield name, browser_of(people["awa"]).get(address)
    yield "nowhere", Client().get("/en/nowhere/")


def test_every_response_has_the_policy_and_its_companions(people, attempt):  # noqa: F811
    for name, response in responses(people, attempt):
        found = {each.strip() for each in response.headers["Content-Security-Policy"].split(";")}
        assert found == POLICY, name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        carries_code = name in {"cohorts:join_by_link", "cohorts:invited_by_link"}
        assert response.headers["Referrer-Policy"] == ("no-referrer" if carries_code else "same-origin"), name
        # Browsers send the forms of a page that tells nobody where it is with Origin: null, and they are refused.
        assert not (carries_code and 'method="post"' in response.text), name
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_only_what_is_the_same_for_everybody_may_be_kept(people, attempt):  # noqa: F811
    """Every answer to every address: pages, redirects, refusals, by GET and by POST."""
    for name, (arguments, _) in TABLE.items():
        address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else arguments)
        for client in (Client(), browser_of(people["awa"])):
            for response in (client.get(address), client.post(address, {"try-it": "0"})):
                if name == "quizzes:picture":
                    continue  # what its address names never changes: see its own test
                kept = {part.strip() for part in response.headers.get("Cache-Control", "").split(",")}
                is_open = name in OPEN_TEXT and response.status_code == 200
                assert ({"private", "no-cache"} == kept) if is_open else "no-store" in kept, f"{name}: {kept}"
                assert ("ETag" in response.headers) == is_open, name


def test_pages_that_may_be_kept_know_nobody(people, attempt):  # noqa: F811
    for name in sorted(OPEN_TEXT):
        address = reverse(name, args=TABLE[name][0])
        pages = {browser_of(people[person]).get(address).content for person in ("guest", "awa", "bakary")}
        assert pages == {Client().get(address).content}, name


@pytest.mark.parametrize("name", sorted(OPEN_TEXT))
def test_a_page_that_a_browser_has_is_not_sent_again(people, attempt, name):  # noqa: F811
    address = reverse(name, args=TABLE[name][0])
    for client in (Client(), browser_of(people["awa"])):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"if-none-match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert client.get(address, headers={"if-none-match": '"of another text"'}).status_code == 200


def test_a_result_may_not_be_stored(awa, as_awa):
    section = make.section(make.module("mali"), slug="roots")
    for _ in range(5):
        make.item(section)
    done = make.quiz(awa, section, right=3)
    assert "no-store" in as_awa.get(done.get_absolute_url()).headers["Cache-Control"]


def test_no_page_holds_inline_style_or_script(people, attempt):  # noqa: F811
    for name, response in responses(people, attempt):
        page = response.content.decode()
        assert " style=" not in page, name
        assert "<style" not in page, name
        assert "<script>" not in page, name
        assert "data:" not in page, name


def test_search_engines_are_asked_to_leave_out_what_has_an_address_of_its_own(people, attempt):  # noqa: F811
    for name, response in responses(people, attempt):
        if name == "sitemap":  # a list for robots, which Django itself keeps out of their index
            continue
        is_open = name in INDEXED and response.status_code != 404
        assert response.headers.get("X-Robots-Tag") == (None if is_open else "noindex"), name


def test_robots_are_told_in_each_language(people, attempt, client, settings):  # noqa: F811
    settings.LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
    rules = client.get("/robots.txt").text.splitlines()
    assert rules[0] == "User-agent: *"
    for name, (arguments, _) in TABLE.items():
        address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else arguments)
        for language in ("en", "fr", "ar"):
            there = address.replace("/en/", f"/{language}/")
            is_left_out = any(there.startswith(rule.removeprefix("Disallow: ")) for rule in rules[1:])
            assert is_left_out == (name not in INDEXED), (name, language)
