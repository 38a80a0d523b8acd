"""What the course rests on: a source's line on a card, its page, the way out to it, and the article's page."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lessons.models import Ground, Term
from tests import make

pytestmark = pytest.mark.django_db
OPEN = "/en/modules/mali/sources/gazette/open/"
PAGE = "/en/modules/mali/sources/gazette/"


@pytest.fixture
def section():
    return make.section(make.module("mali"), slug="roots")


@pytest.fixture
def claim(section):
    return make.claim(section, "M901")


@pytest.fixture
def gazette(section, claim):
    source = make.reference(section.module, "gazette", publisher=make.text("River Gazette"))
    claim.references.add(source)
    return source


def shown(client, path="claims/M901/", language="en"):
    response = client.get(f"/{language}/modules/mali/{path}")
    assert response.status_code == 200
    return response.text


# A line on a card


def test_a_card_has_one_line_and_one_link_for_a_source(client, gazette):
    page = shown(client, "claims/")
    assert page.count(f'href="{OPEN}" rel="external noreferrer"') == 1
    assert "(in English, read whole)" in page
    assert "river-gazette.net" in page
    assert "https://www.river-gazette.net" not in page


def test_a_french_page_names_publisher_and_language_in_french(client, gazette):
    page = shown(client, "claims/", "fr")
    assert "River Gazette (fr)" in page
    assert "anglais" in page


def test_a_card_shows_three_sources_and_leads_to_the_others(client, section, claim):
    for number in range(5):
        claim.references.add(make.reference(section.module, f"source-{number}"))
    page = shown(client, "claims/")
    assert page.count('rel="external noreferrer"') == 3
    assert "All sources of this claim" in page
    assert shown(client).count("<h3>") == 5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "Undisputed record"),
        ([{"copy": True, "via": make.both("A mirror")}], "Copies alone were read"),
        ([{"read": "address"}], "The original was not opened"),
        ([{"read": "address"}, {"read": "excerpt"}], None),
    ],
)
def test_a_card_says_why_nothing_was_read(client, section, claim, fields, words):
    for document in fields:
        claim.references.add(make.reference(section.module, **document))
    reasons = ("Undisputed record", "Copies alone were read", "The original was not opened")
    assert [reason for reason in reasons if reason in shown(client, "claims/")] == ([words] if words else [])


def test_a_copy_is_named_as_one(client, section, claim, gazette):
    gazette.document |= {"copy": True, "via": make.both("A mirror")}
    gazette.save()
    page = shown(client)
    assert "River Gazette, copied on A mirror" in page
    assert "Journalism, a copy" in page


def test_an_agency_is_read_in_a_client_s_paper(client, gazette):
    gazette.document |= {"via": make.both("The Daily")}
    gazette.save()
    assert "River Gazette, in The Daily" in shown(client)


def test_originals_come_before_copies_and_documents_before_the_press(section, claim):
    module = section.module
    rows = [
        make.reference(module, "a-copy", copy=True, kind="law", via=make.both("A mirror")),
        make.reference(module, "b-press"),
        make.reference(module, "c-unread", kind="law", read="address"),
        make.reference(module, "d-law", kind="law"),
    ]
    claim.references.set(rows)
    assert [source.slug for source in claim.sources] == ["d-law", "b-press", "c-unread", "a-copy"]
    assert claim.ground == Ground.PRIMARY
    claim.references.set(rows[:1])
    assert claim.ground == Ground.COPY
    claim.references.clear()
    assert claim.ground == Ground.NONE


def test_an_estimate_says_how_it_was_counted(client, section):
    document = {"article": make.text("Many"), "finding": make.text("Some 20"), "note": {}, "method": make.text("By N")}
    make.claim(section, "M902", stands="estimate", document=document)
    page = shown(client, "claims/M902/")
    assert "How it was counted" in page
    assert "By N" in page


def test_our_own_reading_is_signed_as_ours(client, section):
    make.claim(section, "M902", stands="opinion", said_by_role="course")
    page = shown(client, "claims/M902/")
    assert "Our own reading" in page
    assert "The authors of the article" not in page


# The way out


def test_the_first_link_of_a_visit_warns_and_leads_out_without_telling_from_where(client, gazette):
    assert client.get(OPEN)["Location"] == PAGE
    assert client.get(f"{OPEN}?paragraph=1")["Location"] == f"{PAGE}?paragraph=1"
    page = client.get(PAGE).text
    assert "river-gazette.net and the network see that you come" in page
    assert f'href="{gazette.document["url"]}"' in page
    assert 'rel="external noopener noreferrer"' in page
    assert 'referrerpolicy="no-referrer"' in page


def test_whoever_has_read_the_warning_goes_straight_until_the_browser_is_closed(client, gazette):
    response = client.post(PAGE)
    cookie = response.cookies["open_sources"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)
    response = client.get(OPEN)
    assert (response.status_code, response["Location"]) == (302, gazette.document["url"])
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "Open sources at once" not in client.get(PAGE).text


def text_alone(page, url):
    return url in page and f'href="{url}"' not in page


def test_on_a_shared_browser_the_address_stands_as_text(awa, gazette):
    browser = Client()
    data = {"username": "awa", "password": make.PASSWORD, "shared": "on"}
    browser.post("/en/accounts/sign-in/", data)
    browser.post(PAGE)
    assert browser.get(OPEN)["Location"].startswith(PAGE)
    assert text_alone(browser.get(PAGE).text, gazette.document["url"])


def test_where_the_operator_wants_it_every_address_stands_as_text(as_awa, gazette, settings):
    settings.ADDRESSES_AS_TEXT = True
    as_awa.post(PAGE)
    assert as_awa.get(OPEN)["Location"].startswith(PAGE)
    assert text_alone(as_awa.get(PAGE).text, gazette.document["url"])


def test_what_may_be_no_link_stands_as_text(client, gazette):
    gazette.document |= {"link": False}
    gazette.save()
    client.post(PAGE)
    assert client.get(OPEN)["Location"] == PAGE
    assert client.get(f"{OPEN}?paragraph=1")["Location"] == f"{PAGE}?paragraph=1"
    assert text_alone(client.get(PAGE).text, gazette.document["url"])
    assert OPEN not in shown(client)


def test_a_source_without_an_address_says_why(client, gazette):
    gazette.document = {key: value for key, value in gazette.document.items() if key != "url"}
    gazette.document |= {"link": False, "offline": make.text("In the town's library")}
    gazette.save()
    for page in (client.get(PAGE).text, shown(client)):
        assert "In the town&#x27;s library" in page


@pytest.mark.parametrize("path", ["sources/nowhere/", "sources/nowhere/open/"])
def test_a_source_that_is_not_there_is_not_found(client, section, path):
    assert client.get(f"/en/modules/mali/{path}").status_code == 404


# The list of sources


def test_sources_are_listed_by_section_and_kind_with_what_rests_on_them(client, section, gazette):
    other = make.section(section.module, slug="branches")
    make.claim(other, "M902").references.add(make.reference(section.module, "law", kind="law"))
    page = shown(client, "sources/")
    assert "2 sources, each with how it was read" in page
    assert "Journalism (1)" in page
    assert "M901" in page
    assert "Law or ruling (1)" not in page
    assert "Law or ruling (1)" in shown(client, "sources/?section=branches")


def test_the_picture_says_what_the_course_rests_on(client, section, gazette):
    page = shown(client, "sources/")
    assert "Journalism and opinion: 1 source." in page
    assert "Asia, the Gulf, Oceania: 1 source." in page
    assert "English: 1 source." in page


def test_a_module_without_sources_has_no_picture(client, section):
    page = shown(client, "sources/")
    assert "0 sources" in page
    assert "<figure" not in page


def test_the_list_costs_the_same_however_many_and_reads_no_claims_texts(
    client, section, claim, django_assert_num_queries
):
    for _ in range(3):
        claim.references.add(make.reference(section.module))
    with django_assert_num_queries(5):
        shown(client, "sources/")
    for number in range(12):
        make.claim(section, f"M8{number:02}").references.add(make.reference(section.module))
    with django_assert_num_queries(5) as queries:
        shown(client, "sources/")
    asked = "".join(query["sql"] for query in queries.captured_queries)
    assert '"lessons_claim"."key"' in asked
    assert '"lessons_claim"."document"' not in asked


# The article


def test_the_article_is_laid_out_in_our_lines_with_what_the_check_found(client, claim):
    make.article(claim.module, "gazette")
    page = shown(client, "article/")
    assert "A bridge opens" in page
    assert "As written <b>Confirmed.</b>" in page
    assert f'href="{OPEN}?paragraph=1"' in page


def test_a_paragraph_opens_at_its_place_in_the_original(client, claim):
    source = make.article(claim.module, "gazette")
    client.post(f"{PAGE}?paragraph=1")
    address = f"{source.document['url']}#:~:text=At%20last%20the%20bridge"
    assert client.get(f"{OPEN}?paragraph=1")["Location"] == address
    assert f'href="{address}"' in client.get(f"{PAGE}?paragraph=1").text


def test_a_dash_of_an_opening_is_no_sign_of_the_address(client, claim):
    source = make.article(claim.module, "gazette")
    annex = claim.module.annexes.get(part="article")
    annex.document["paragraphs"][0]["opening"] = "A pro-bridge group"
    annex.save()
    client.post(PAGE)
    address = f"{source.document['url']}#:~:text=A%20pro%2Dbridge%20group"
    assert client.get(f"{OPEN}?paragraph=1")["Location"] == address


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "²", "9" * 5000, ""])
def test_a_paragraph_that_is_not_there_opens_the_whole(client, claim, number):
    source = make.article(claim.module, "gazette")
    client.post(PAGE)
    assert client.get(OPEN, {"paragraph": number})["Location"] == source.document["url"]


def test_the_article_is_cut_to_what_one_looks_for(client, claim):
    make.article(claim.module, "gazette")
    assert "A bridge opens" in shown(client, "article/?show=fact")
    assert "A bridge opens" in shown(client, "article/?show=nonsense")
    assert "A bridge opens" not in shown(client, "article/?show=opinion")
    assert "A bridge opens" not in shown(client, "article/?show=corrected")
    claim.verdict = "wrong"
    claim.save()
    assert "A bridge opens" in shown(client, "article/?show=corrected")


def test_a_module_that_reads_no_article_has_no_such_page(client, section):
    assert client.get("/en/modules/mali/article/").status_code == 404


def test_the_article_costs_the_same_however_many_claims(client, section, claim, django_assert_num_queries):
    for number in range(20):
        document = {"kind": "person", "name": make.both(f"Speaker {number}"), "meaning": make.both("Speaks")}
        speaker = Term.objects.create(module=section.module, slug=f"speaker-{number}", document=document)
        make.claim(section, f"M8{number:02}", presented="attributed", said_by=speaker)
    make.article(section.module, "gazette")
    with django_assert_num_queries(5):
        shown(client, "article/")


def test_every_lesson_is_one_link_from_the_article_and_its_original(client, claim):
    make.article(claim.module, "gazette")
    lesson = make.lesson(claim.section)
    page = client.get(lesson.get_absolute_url()).text
    assert f'href="{OPEN}"' in page
    assert 'href="/en/modules/mali/article/"' in page


@pytest.mark.parametrize("path", ["", "claims/M901/", "claims/", "sources/"])
def test_each_page_says_once_that_quotations_are_translated(client, claim, path):
    assert shown(client, path).count("Quotations from other languages are translated by us.") == 1


# Three dates and a keeper


@pytest.mark.parametrize("address", ["/en/modules/mali/", "/en/modules/mali/claims/"])
def test_three_dates_stand_on_the_modules_page_and_in_the_footer(client, claim, address):
    page = client.get(address).text
    for day in ("1 October 2026", "10 October 2026", "20 October 2026"):
        assert day in page


@pytest.mark.parametrize(("days", "told"), [(90, False), (91, True)])
def test_past_its_promise_the_page_says_that_nobody_has_checked(claim, monkeypatch, days, told):
    noon = datetime.combine(claim.module.checked_on + timedelta(days=days), time(12), tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    page = Client().get("/en/modules/mali/").text
    assert ("Nobody has checked this module since 20 October 2026." in page) is told
    assert ("Nobody has checked it since" in page) is told
    assert "Who is responsible for checking it every 90 days: The editors" in page


# What was corrected


def test_a_module_says_what_it_corrected_of_its_own(client, as_awa, claim):
    make.corrections(claim.module)
    assert "The year of the bridge." in shown(client, "corrections/")
    assert 'href="/en/modules/mali/corrections/"' in shown(client, "reference/")
    page = as_awa.get("/en/changes/").text
    assert page.index("/en/modules/mali/corrections/") < page.index("Nothing that you answered or read")


def test_a_module_that_corrected_nothing_is_not_said_to_have(client, as_awa, claim):
    assert "No card of the ledger has changed" in shown(client, "corrections/")
    assert "/mali/corrections/" not in shown(client, "reference/")
    assert "/mali/corrections/" not in as_awa.get("/en/changes/").text
