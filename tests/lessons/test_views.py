"""A lesson, "I have read this", and a claim's own page, as visitor and learner."""

import gzip
from datetime import UTC, datetime

import brotli
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lessons.models import Lesson, Module, Reading, Section, Visibility
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lessons():
    section = make.section()
    return [make.lesson(section) for _ in range(3)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_visitor_reads_a_lesson_in_either_language(client, lessons, language):
    first, second, third = lessons
    page = client.get(second.get_absolute_url().replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    assert second.document["title"][language] in page.text
    assert second.texts.get(language=language).parts[0]["html"] in page.text
    for neighbour in (first, third):
        assert f'{neighbour.get_absolute_url()}"'.replace("/en/", f"/{language}/") in page.text
    assert page["Cache-Control"] == "private, no-cache" or "no-cache" in page["Cache-Control"]


def test_reading_leads_to_the_next_lesson_and_after_the_last_to_the_section(as_awa, awa, lessons):
    ways = [as_awa.post(f"{lesson.get_absolute_url()}read/")["Location"] for lesson in lessons]
    assert ways == [
        lessons[1].get_absolute_url(),
        lessons[2].get_absolute_url(),
        lessons[0].section.get_absolute_url(),
    ]
    assert Reading.objects.of(awa).count() == 3


def test_reading_again_keeps_the_first_day_and_what_was_read_last(as_awa, lessons):
    as_awa.post(f"{lessons[0].get_absolute_url()}read/")
    first = Reading.objects.get()
    Lesson.objects.update(checksum="f" * 64)
    as_awa.post(f"{lessons[0].get_absolute_url()}read/")
    again = Reading.objects.get()
    assert (again.read_at, again.checksum) == (first.read_at, "f" * 64)


# The same for everybody (docs/decisions/0026)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lesson_has_the_same_bytes_for_whoever_reads_it(client, as_guest, as_awa, awa, lessons, language):
    make.item(lessons[0].section, uses=["check"], slug="try-it")
    lesson = make.lesson(lessons[0].section, checks=["try-it"])
    address = lesson.get_absolute_url().replace("/en/", f"/{language}/")
    browsers = [client, as_guest, as_awa]
    before = {browser.get(address).content for browser in browsers}
    as_awa.post(f"{address}read/")
    as_awa.post(f"{address}checks/try-it/", {"try-it": 1})
    as_awa.post("/en/accounts/settings/", {"name": "Awa", "language": "en", "time_zone": "UTC", "shared": "on"})
    after = {browser.get(address).content for browser in browsers}
    assert len(before | after) == 1
    assert Reading.objects.of(awa).exists()
    page = before.pop().decode()
    assert "Awa" not in page
    assert "csrfmiddlewaretoken" not in page


def test_what_is_to_be_told_waits_for_a_page_of_ones_own(as_awa, lessons):
    as_awa.post("/en/accounts/settings/", {"name": "Awa", "language": "en", "time_zone": "UTC"})
    assert "Your settings are saved." not in as_awa.get(lessons[0].get_absolute_url()).text
    assert "Your settings are saved." in as_awa.get("/en/").text


def test_a_second_request_for_a_lesson_is_answered_without_its_bytes(as_awa, lessons):
    address = lessons[0].get_absolute_url()
    first = as_awa.get(address)
    assert {part.strip() for part in first["Cache-Control"].split(",")} == {"private", "no-cache"}
    second = as_awa.get(address, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    lessons[0].texts.update(parts=[{"html": "<p>Another text</p>"}])
    Module.objects.update(fingerprint="of another load")
    assert as_awa.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.fixture
def rendered(lessons, client):
    """A lesson that this process has rendered since its module was loaded."""
    Module.objects.update(fingerprint="of a load")
    address = lessons[0].get_absolute_url()
    assert client.get(address).status_code == 200
    return lessons[0]


def test_a_lesson_is_rendered_once_for_everybody(rendered, client, as_awa, django_assert_num_queries):
    """Awa's costs her session and whether she may see the module; a visitor's the last alone."""
    address = rendered.get_absolute_url()
    rendered.texts.update(parts=[{"html": "<p>Not in any fingerprint</p>"}])
    with django_assert_num_queries(1):
        page = client.get(address).text
    as_awa.get("/en/")
    with django_assert_num_queries(2):
        assert as_awa.get(address).text == page
    assert "Not in any fingerprint" not in page


def test_the_other_language_another_day_and_another_load_are_rendered_anew(rendered, client, monkeypatch):
    address = rendered.get_absolute_url()
    with override("fr"):
        french = rendered.get_absolute_url()
    assert client.get(french).text != client.get(address).text
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 11, 2, tzinfo=UTC))
    assert "Nobody has checked it since" in client.get(address).text
    rendered.texts.update(parts=[{"html": "<p>As it is now</p>"}])
    Module.objects.update(fingerprint="of a later load")
    assert "As it is now" in client.get(address).text


def test_a_module_that_is_hidden_is_not_shown_from_what_was_rendered(rendered, client, as_awa):
    Module.objects.update(visibility=Visibility.COHORTS)
    for browser in (client, as_awa):
        assert browser.get(rendered.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("name", "cut"), [("claims", {"label": "fact"}), ("timeline", {"who": "armed", "period": ""})])
def test_a_cut_of_a_page_is_rendered_once_too_and_apart(rendered, client, name, cut, django_assert_num_queries):
    module = rendered.section.module
    module.events.create(slug="rising", date="2012", precision="year", document={"text": make.text("Rising.")})
    address = reverse(f"lessons:{name}", args=[module.slug])
    whole, part = client.get(address), client.get(address, cut)
    assert part["ETag"] != whole["ETag"]
    with django_assert_num_queries(1):
        assert client.get(address, cut)["ETag"] == part["ETag"]


def test_a_preview_and_what_an_address_asks_for_are_not_shown_from_what_was_rendered(rendered, as_bakary):
    address = rendered.get_absolute_url()
    assert "?x=1" in as_bakary.get(address, {"x": "1"}).text
    as_bakary.post(reverse("lessons:look_round"), {"module": rendered.section.module.slug})
    assert "Preview: nothing here counts" in as_bakary.get(address).text
    as_bakary.post(reverse("lessons:look_round"), {"module": rendered.section.module.slug, "end": "1"})
    assert "Preview: nothing here counts" not in as_bakary.get(address).text


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.5", "br"),
        ("br;q=0.0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_lesson_comes_packed_as_the_browser_takes_it(rendered, client, accepted, encoding):
    plain = client.get(rendered.get_absolute_url())
    page = client.get(rendered.get_absolute_url(), headers={"accept-encoding": accepted})
    assert page.headers.get("Content-Encoding", "") == encoding
    assert "Accept-Encoding" in page["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert unpack(page.content) == plain.content
    assert page["ETag"] == plain["ETag"]


def test_a_head_says_the_etag_of_the_page(rendered, client):
    page = client.get(rendered.get_absolute_url())
    assert client.head(rendered.get_absolute_url())["ETag"] == page["ETag"]


def test_a_lesson_gives_no_cookie(client, lessons):
    assert not client.get(lessons[0].get_absolute_url()).cookies


# Its forms have no token: the browser says from where they are sent

HERE, AWAY = "http://testserver", "https://evil.example"
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": HERE},
    {"Referer": f"{HERE}/en/modules/mali/"},
    {"Sec-Fetch-Site": "same-origin", "Origin": HERE, "Referer": f"{HERE}/"},
]
FORGED = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Origin": AWAY},
    {"Origin": "null"},
    {"Origin": "null", "Referer": f"{HERE}/"},
    {"Origin": f"{HERE}.evil.example"},
    {"Origin": "https://testserver"},
    {"Origin": f"{HERE}:8000"},
    {"Origin": ""},
    {"Referer": f"{AWAY}/?{HERE}/"},
    {"Referer": "http://testserver@evil.example/"},
    {"Referer": "http://[broken"},
]


@pytest.fixture
def strict(awa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(awa)
    return client


@pytest.mark.parametrize("headers", OURS)
def test_a_form_from_a_page_of_ours_is_taken_without_a_token(strict, awa, lessons, headers):
    assert strict.post(f"{lessons[0].get_absolute_url()}read/", headers=headers).status_code == 302
    assert awa.readings.count() == 1


@pytest.mark.parametrize("headers", FORGED)
def test_a_form_from_elsewhere_or_nowhere_is_refused(strict, awa, lessons, headers):
    make.item(lessons[0].section, uses=["check"], slug="try-it")
    for path in ("read/", "checks/try-it/"):
        page = strict.post(f"{lessons[0].get_absolute_url()}{path}", {"try-it": 1}, headers=headers)
        assert page.status_code == 403
    assert (awa.readings.count(), awa.attempts.count()) == (0, 0)


@pytest.mark.parametrize("withdrawn", [Lesson, Section, Module])
def test_what_is_withdrawn_is_no_page(client, lessons, withdrawn):
    withdrawn.objects.update(withdrawn_at=timezone.now())
    address = lessons[0].get_absolute_url()
    assert client.get(address).status_code == 404
    assert client.post(f"{address}read/").status_code == 404
    assert not Reading.objects.exists()


def test_a_lesson_stands_only_under_its_own_section_and_module(client, lessons):
    other = make.lesson()
    for address in (
        f"{other.section.get_absolute_url()}{lessons[0].slug}/",
        lessons[0].get_absolute_url().replace(lessons[0].section.module.slug, other.section.module.slug),
    ):
        assert client.get(address).status_code == 404


def test_a_lesson_costs_no_more_queries_in_a_longer_section(as_awa, lessons, django_assert_max_num_queries):
    as_awa.get("/en/")
    section = lessons[0].section
    for _ in range(15):
        make.lesson(section)
    with django_assert_max_num_queries(8):
        assert as_awa.get(lessons[0].get_absolute_url()).status_code == 200


# A claim


def test_a_claim_has_a_page_that_names_the_lessons_that_cite_it(client):
    section = make.section()
    claim = make.claim(section, presented="allegation", stands="allegation")
    citing, other = make.lesson(section), make.lesson(section)
    citing.claims.add(claim)
    page = client.get(claim.get_absolute_url())
    assert page.status_code == 200
    main = page.text.split("<main")[1]
    assert "As found" in main
    assert f'{citing.get_absolute_url()}"' in main
    assert f'{other.get_absolute_url()}"' not in main


def test_a_corrected_claim_sets_the_articles_words_against_the_finding(client):
    page = client.get(make.claim(verdict="wrong").get_absolute_url())
    assert "<del>As written</del>" in page.text
    assert "<ins>As found</ins>" in page.text


def test_a_withdrawn_claim_and_an_unknown_one_are_no_page(client):
    claim = make.claim(withdrawn_at=timezone.now())
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert client.get(claim.get_absolute_url().replace(claim.key, "M999")).status_code == 404


def test_titles_stay_neutral(client, lessons):
    """Of the module, the name of the tab says only that it is a case study (quality R13)."""
    claim = make.claim(lessons[0].section)
    for row in (lessons[0], lessons[0].section, claim, claim.module):
        title = client.get(row.get_absolute_url()).text.split("<title>")[1].split("</title>")[0]
        assert "The case of" not in title
        assert lessons[0].title not in title
